// A problem, with a text of its own, and the way out.
import {ref} from 'lit/directives/ref.js';
import {html, nothing} from 'lit/html.js';
import {wordsOf} from '../core/problem_words.js';
import {frame} from './frame.js';
import {icon} from './icon.js';
import {drawQr} from './qr.js';
import {t} from './texts.js';

/** @typedef {import('../core/call.js').Call} Call */
/** @typedef {import('./ui.js').Ui} Ui */

/**
 * The ways out. `again`: ask to be let in once more. `reload`, `https`, `copy` (open elsewhere), `signin`, `invitation`.
 * @type {Record<string, {icon: string, ways: string[]}>}
 */
export const PROBLEMS = {
    insecure: {icon: 'lock-open', ways: ['https']},
    no_webrtc: {icon: 'shield-check', ways: ['reload']},
    in_app: {icon: 'external-link', ways: ['copy']},
    unsupported: {icon: 'globe', ways: ['copy']},
    room_locked: {icon: 'lock', ways: ['again']},
    room_full: {icon: 'users', ways: ['again']},
    pin_locked: {icon: 'key', ways: ['again']},
    early: {icon: 'clock', ways: ['invitation']},
    expired: {icon: 'hourglass', ways: ['invitation']},
    used: {icon: 'link', ways: ['invitation']},
    revoked: {icon: 'ban', ways: ['invitation']},
    blocked: {icon: 'ban', ways: ['again']},
    wait: {icon: 'clock', ways: ['again']},
    not_found: {icon: 'door-open', ways: ['signin']},
    forbidden: {icon: 'door-open', ways: ['signin']},
    unauthorized: {icon: 'log-in', ways: ['again']},
    signed_out: {icon: 'log-in', ways: ['signin']},
    network: {icon: 'wifi-off', ways: ['again']},
    timeout: {icon: 'wifi-off', ways: ['again']},
    unreachable: {icon: 'wifi-off', ways: ['again']},
    busy: {icon: 'clock', ways: ['again']},
    failed: {icon: 'circle-alert', ways: ['again']},
};
const OTHER = {icon: 'circle-alert', ways: ['again', 'reload']};

/** Problems whose text sends a guest to the practice: a host is the practice. */
const FOR_HOSTS = new Set(['insecure', 'room_full', 'not_found', 'forbidden', 'other']);

/** @param {Call} call  @param {Ui} ui */
export function problemScreen(call, ui) {
    const code = wordsOf(call.problem?.code ?? 'failed');
    const known = PROBLEMS[code];
    const {icon: picture, ways} = known ?? OTHER;
    const key = known ? code : 'other';
    return frame(
        call,
        ui,
        html`<section class="card narrow stack" data-problem=${code}>
            <div class="pictures warn" aria-hidden="true">${icon(picture)}</div>
            <h1 tabindex="-1">${t(`problem.${key}.title`)}</h1>
            <p>${t(call.host && FOR_HOSTS.has(key) ? `problem.${key}.host` : `problem.${key}.text`)}</p>
            ${call.problem?.requestId && !known ? html`<p class="small muted">${t('error.reference', {id: call.problem.requestId})}</p>` : nothing}
            <div class="stack tight">${ways.map(way => wayOut(way, call, ui))}</div>
        </section>`,
    );
}

/** @param {string} way  @param {Call} call  @param {Ui} ui */
function wayOut(way, call, ui) {
    switch (way) {
        case 'again':
            return html`<button class="button primary large wide" data-do="again" ?disabled=${call.busy} @click=${() => ui.visit.seat.rejoin()}>${icon('refresh-cw')}<span>${t('retry')}</span></button>`;
        case 'reload':
            return html`<button class="button wide" data-do="reload" @click=${() => location.reload()}>${icon('refresh-cw')}<span>${t('problem.reload')}</span></button>`;
        case 'https':
            return html`<a class="button primary large wide" href="https://${location.host}${location.pathname}${location.hash}">${icon('lock')}<span>${t('problem.https')}</span></a>`;
        case 'copy':
            return html`<button class="button primary large wide" data-do="copy" @click=${() => copyLink(ui)}>${icon('copy')}<span>${t(ui.copied === 'yes' ? 'copied' : 'problem.copy')}</span></button>
                ${ui.copied === 'no' ? linkByHand() : nothing}
                ${/android/i.test(navigator.userAgent) ? html`<a class="button wide" href=${intentLink()}>${icon('external-link')}<span>${t('problem.open_browser')}</span></a>` : nothing}
                ${linkToScan(ui)}`;
        case 'signin':
            return html`<a class="button wide" data-do="signin" href="/signin?next=${encodeURIComponent(location.pathname)}">${icon('log-in', 'mirrored')}<span>${t('problem.signin')}</span></a>`;
        case 'invitation':
            return html`<button class="button primary large wide" data-do="reload" @click=${() => location.reload()}>${icon('arrow-left', 'mirrored')}<span>${t('problem.invitation')}</span></button>`;
        default:
            return nothing;
    }
}

/** For another device, whose browser can do it. @param {Ui} ui */
function linkToScan(ui) {
    if (!ui.qr) {
        ui.qr = 'under way';
        drawQr(location.href, t('problem.qr')).then(picture => {
            ui.qr = picture;
            ui.redraw();
        });
    }
    return typeof ui.qr === 'string'
        ? nothing
        : html`<figure class="qr">${ui.qr}<figcaption class="muted small">${t('problem.qr')}</figcaption></figure>`;
}

/** Android opens the person's own browser from inside another program. */
const intentLink = () => `intent://${location.host}${location.pathname}${location.hash}#Intent;scheme=https;end`;

/** @param {Ui} ui */
async function copyLink(ui) {
    try {
        await navigator.clipboard.writeText(location.href);
        ui.copied = 'yes';
    } catch {
        ui.copied = 'no'; // browsers inside other programs often deny it to pages
    }
    ui.redraw();
}

const linkByHand = () => html`<div class="field">
    <label for="link-by-hand">${t('problem.copy_by_hand')}</label>
    <input id="link-by-hand" class="input" readonly dir="ltr" .value=${location.href} ${ref(selectAll)} />
</div>`;

/** Once it is in the page. @param {Element | undefined} el */
function selectAll(el) {
    if (!(el instanceof HTMLInputElement)) return;
    queueMicrotask(() => {
        el.focus();
        el.select();
    });
}
