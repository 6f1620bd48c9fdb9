// The waiting room: the known facts about the host, a message if there is one, the self-view, and a chat.
import {html, nothing} from 'lit/html.js';
import {hosts} from '../../core/call.js';
import {ownLineLost} from '../../core/outage.js';
import {awaited} from '../../ui/awaited.js';
import {askLeave} from '../../ui/call_dialog.js';
import {preview} from '../../ui/check.js';
import {deviceChoice, deviceNews} from '../../ui/device_parts.js';
import {frame} from '../../ui/frame.js';
import {icon} from '../../ui/icon.js';
import {linkBar} from '../../ui/link_bar.js';
import {micMeter} from '../../ui/mic_meter.js';
import {cookiesWork} from '../../ui/page.js';
import {soundTest} from '../../ui/sound_test.js';
import {t} from '../../ui/texts.js';

/** @typedef {import('../../core/call.js').Call} Call */
/** @typedef {import('../../ui/ui.js').Ui} Ui */

/** @param {Call} call  @param {Ui} ui */
export const waitingScreen = (call, ui) =>
    frame(
        call,
        ui,
        html`${linkBar(call, ui)}
            <div class="waiting">
                <section class="card waiting-card" aria-labelledby="waiting-title">
                    <div class="stack">
                        ${isLost(call, ui) ? nothing : html`<p class="eyebrow row">${icon('circle-check')}<span>${t('waiting.checked_in')}</span></p>`}
                        <h1 id="waiting-title" tabindex="-1">${t(titleKey(call))}</h1>
                        <p class="lead">${statusWords(call, ui)}</p>
                        ${again(call)} ${message(call)} ${ui.later?.lastWords(call)} ${isLost(call, ui) ? nothing : position(call)}
                    </div>
                    <div class="stack">
                        ${preview(call, ui)} ${micMeter(call)} ${deviceNews(call, ui)}
                        ${deviceChoice(ui, later => html`<div class="stack">${later.devicePickers(call, ui)} ${soundTest(call, ui)}</div>`)}
                    </div>
                    <div class="stack waiting-rest">
                        <ul class="tips small muted">
                            <li>${t('waiting.tip_keep_open')}</li>
                            <li>${t(cookiesWork() ? 'waiting.tip_place' : 'no_cookies.guest')}</li>
                        </ul>
                        <button class="button wide" data-do="leave" @click=${() => askLeave(ui)}>
                            ${icon('log-out', 'mirrored')}<span>${t('waiting.leave')}</span>
                        </button>
                    </div>
                </section>
                <section class="card chat-card" aria-labelledby="waiting-chat">
                    <h2 id="waiting-chat">${t('waiting.chat')}</h2>
                    ${ui.later ? ui.later.chatPanel(call, ui, t('waiting.chat_hint')) : html`<div class="chat">${awaited(ui)}</div>`}
                </section>
            </div>`,
    );

/** @param {Call} call */
const hostInside = call => hosts(call).find(h => h.state === 'inside');

/** @param {Call} call */
function titleKey(call) {
    const {held, reason} = call.waiting;
    if (reason === 'host_left' && !hostInside(call)) return 'waiting.title_host_left';
    if (held) return 'waiting.title_held';
    return WAITS_AGAIN.has(reason) ? 'waiting.title_returned' : 'waiting.title';
}

const WAITS_AGAIN = new Set(['returned', 'host_left', 'lost_place']);

/** Then nothing is known about the host or the place in line. @param {Call} call  @param {Ui} ui */
const isLost = (call, ui) => ownLineLost(call, ui.visit.deps.clock.now());

/** The meaning of the host's presence for the person. While our connection is lost, nobody knows. @param {Call} call  @param {Ui} ui */
function statusWords(call, ui) {
    const host = hostInside(call);
    const name = host?.name || call.invitation?.hostName || '';
    if (isLost(call, ui)) return t('waiting.not_known');
    if (host) return html`<span class="presence here" aria-hidden="true"></span>${t('waiting.host_here', {name})}`;
    return html`<span class="presence" aria-hidden="true"></span>${absenceWords(call, name)}`;
}

/** @param {Call} call  @param {string} name */
function absenceWords(call, name) {
    const writer = call.chat.findLast(l => l.role === 'host' && !l.mine)?.name;
    if (writer && !WAITS_AGAIN.has(call.waiting.reason)) return t('waiting.host_writes', {name: writer});
    if (!name) return t('waiting.nobody');
    return t(WAITS_AGAIN.has(call.waiting.reason) ? 'waiting.host_gone' : 'waiting.host_away', {name});
}

/** The reason why a guest who was in the call waits again. @param {Call} call */
function again(call) {
    const {reason} = call.waiting;
    if (reason === 'returned') return html`<p>${t('waiting.returned')}</p>`;
    return reason === 'lost_place' ? html`<p>${t('waiting.lost_place')}</p>` : nothing;
}

/** @param {Call} call */
function message(call) {
    const {text, held} = call.waiting;
    if (!text && !held) return nothing;
    return html`<div class="notice" role="status">
        ${icon(held ? 'hourglass' : 'message-square')}
        <p><bdi>${text || t('waiting.held')}</bdi></p>
    </div>`;
}

/** @param {Call} call */
const position = call =>
    call.waiting.position > 0
        ? html`<p class="chip">${t('waiting.position', {n: call.waiting.position})}</p>`
        : nothing;
