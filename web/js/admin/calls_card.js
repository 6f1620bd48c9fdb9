/* The last visits of a room: how well each person received the others, the worst moment, and what most likely was the matter. */
import {html, nothing} from 'lit/html.js';
import {formatTime, formatWhen} from '../core/i18n.js';
import {mark} from '../features/quality/mark.js';
import {ORDER} from '../features/quality/slice.js';
import {icon} from '../ui/icon.js';
import {currentLanguage, t} from '../ui/texts.js';
import {emptyState, loaded} from './pieces.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./types.js').Room} Room */
/** @typedef {import('../features/quality/judge.js').Word} Word */
/** @typedef {{name: string, role: string, quality: Word | null, cause: string | null, lost_s: number, loss: number, concealed: number, rtt_ms: number,
 *   frozen_ms: number, path: string | null, worst_at: string | null, worst_bad_s: number, worst_fair_s: number}} Heard one person's side */
/** @typedef {{began_at: string, last_at: string, people: Heard[]}} CallVisit */

const FETCHED = 50;
const SHOWN = 5;
const MORE = 10;
const MINUTE_S = 60;

/** @param {Room} room */
const pathOf = room => `/rooms/${room.id}/quality?limit=${FETCHED}`;

/** @param {App} app  @param {Room} room */
export const loadCalls = (app, room) => app.load(pathOf(room));

/** @param {App} app  @param {Room} room */
export const callsCard = (app, room) => html`
    <section class="card stack" aria-labelledby="calls-title">
        <h2 id="calls-title">${t('calls.title')}</h2>
        <p class="muted">${t('calls.text')} <a href="/check" target="_blank">${t('calls.check')}</a></p>
        ${loaded(
            app,
            app.state.data[pathOf(room)],
            () => loadCalls(app, room),
            ({items}) =>
                items.length ? callList(app, items) : emptyState('signal-high', t('calls.none'), t('calls.none_text')),
        )}
    </section>`;

/** @param {App} app  @param {CallVisit[]} visits */
function callList(app, visits) {
    const shown = app.state.ui['calls'] ?? SHOWN;

    return html`
        <ol class="calls">${visits.slice(0, shown).map((visit, i) => callItem(app, visit, i))}</ol>
        ${visits.length > shown ? html`<div><button class="button" type="button" data-do="more-calls" @click=${() => showMore(app, shown)}>${t('calls.more')}</button></div>` : nothing}`;
}

/** The cursor goes on where the new ones begin. @param {App} app  @param {number} shown */
function showMore(app, shown) {
    app.ui({calls: shown + MORE});
    requestAnimationFrame(() => document.getElementById(`call-${shown}`)?.focus());
}

/** @param {App} app  @param {CallVisit} visit  @param {number} i */
function callItem(app, visit, i) {
    const began = new Date(visit.began_at);
    const lasted = (Date.parse(visit.last_at) - began.getTime()) / 1000;
    const worst = worstOf(visit.people);

    return html`
        <li class="call" data-quality=${worst?.quality ?? ''}>
            <h3 id="call-${i}" tabindex="-1">${formatWhen(currentLanguage(), began, app.clock.date())}${lasted > 0 ? html` <span class="muted">${span(lasted)}</span>` : nothing}</h3>
            <ul class="call-people">${visit.people.map(personRow)}</ul>
            ${worst && worst.quality !== 'good' ? explanation(worst, visit.people) : nothing}
        </li>`;
}

/** The person who received the others worst; of equals the one where it is known why. @param {Heard[]} people */
function worstOf(people) {
    const rank = (/** @type {Heard} */ p) => (p.quality ? 2 * ORDER.indexOf(p.quality) + (p.cause ? 0 : 1) : 9);

    return people.toSorted((a, b) => rank(a) - rank(b)).find(p => p.quality);
}

/** @param {Heard} p */
const personRow = p => html`
    <li>
        <span class="call-name"><bdi>${p.name}</bdi></span>
        ${p.quality ? html`<span class="quality ${p.quality}">${mark(p.quality)}</span>` : html`<span class="muted">${t('calls.unknown')}</span>`}
        ${p.worst_at ? html`<span class="muted small call-worst">${worstMoment(p, p.worst_at)}</span>` : nothing}
    </li>`;

/** @param {Heard} p  @param {string} at */
const worstMoment = (p, at) =>
    t(p.worst_bad_s ? 'calls.worst_poor' : 'calls.worst_fair', {
        time: formatTime(currentLanguage(), new Date(at)),
        span: span(p.worst_bad_s || p.worst_fair_s),
    });

/** @param {Heard} worst  @param {Heard[]} people */
function explanation(worst, people) {
    const detour = people.find(p => /^relay\/t/.test(p.path ?? ''));

    return html`
        ${finding(`calls.cause.${worst.cause ?? 'none'}`, `calls.help.${worst.cause ?? 'none'}`, {name: worst.name, ...figures(worst)})}
        ${detour && worst.cause !== 'lost' ? finding('calls.cause.detour', 'calls.help.detour', {name: detour.name}) : nothing}`;
}

/** @param {string} what  @param {string} help  @param {Record<string, string>} blanks */
const finding = (what, help, blanks) => html`
    <div class="finding warn">
        ${icon('info')}
        <div class="stack tight grow">
            <p>${t(what, blanks)}</p>
            <p class="remedy">${t(help)}</p>
        </div>
    </div>`;

/** @param {Heard} p  @returns {Record<string, string>} */
function figures(p) {
    const language = currentLanguage();

    switch (p.cause) {
        case 'lost':
            return {span: span(p.lost_s)};
        case 'loss':
            return {share: new Intl.NumberFormat(language, {style: 'percent'}).format(Math.max(p.loss, p.concealed))};
        case 'delay':
            return {span: unit(p.rtt_ms / 1000, 'second', 1)};
        case 'frozen':
            return {span: span(p.frozen_ms / 1000)};
        default:
            return {};
    }
}

/** "12 minutes", "40 seconds". @param {number} seconds */
const span = seconds =>
    seconds < MINUTE_S ? unit(Math.max(1, seconds), 'second', 0) : unit(seconds / MINUTE_S, 'minute', 0);

/** @param {number} n  @param {'second' | 'minute'} name  @param {number} digits */
const unit = (n, name, digits) =>
    new Intl.NumberFormat(currentLanguage(), {
        style: 'unit',
        unit: name,
        unitDisplay: 'long',
        maximumFractionDigits: digits,
    }).format(n);
