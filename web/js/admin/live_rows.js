/* The rows of the live page: one person each, with the allowed actions. A host lets in with one press (dashboard_admit.js asks where two
 * guests would meet); every other action that moves a person opens a strip in the row first, so that nobody is sent away by mistake. */
import {html, nothing} from 'lit/html.js';
import {goneMinutes} from '../core/admitting.js';
import {verbsFor} from '../core/host_verbs.js';
import {formatTime} from '../core/i18n.js';
import {CHAT_MAX_BYTES, fitting, HOST_TEXT_MAX_BYTES} from '../core/protocol.js';
import {icon} from '../ui/icon.js';
import {lineWords} from '../ui/line_words.js';
import {currentLanguage, t} from '../ui/texts.js';
import {wrongBelow} from '../ui/wrong.js';
import {letIn} from './dashboard_admit.js';
import {reduceAsked, reduceLine, reduceRead, reduceSaid} from './dashboard_feed.js';
import {fromDashboard} from './dashboard_protocol.js';
import {may} from './may.js';
import {avatar, chip} from './pieces.js';
import {waitedMinutes, waitLevel} from './wait_level.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./types.js').View} View */
/** @typedef {import('./dashboard_feed.js').SeatInRoom} SeatInRoom */
/** @typedef {import('../core/host_verbs.js').HostVerb} HostVerb */

/** @param {App} app  @param {SeatInRoom} seat  @returns {HostVerb | null} the strip that is open in this row */
const openStrip = (app, seat) => (app.state.ui['strip']?.id === seat.id ? app.state.ui['strip'].verb : null);

/** @param {App} app  @param {SeatInRoom} seat  @param {HostVerb | null} verb */
function setStrip(app, seat, verb) {
    app.ui({strip: verb && {id: seat.id, verb}});
    if (verb?.name === 'chat') app.update(s => ({dashboard: reduceRead(s.dashboard, seat.id)}));
    if (verb) requestAnimationFrame(showStrip);
}

/** With its buttons in view, which on a phone lie below the field that gets the focus. */
function showStrip() {
    const strip = document.querySelector('.strip');

    /** @type {HTMLElement | null | undefined} */ (strip?.querySelector('[data-first]'))?.focus();
    strip?.scrollIntoView({block: 'nearest'});
}

/** Closes the strip and gives the focus back to its row. @param {App} app  @param {SeatInRoom} seat */
function closeStrip(app, seat) {
    setStrip(app, seat, null);
    requestAnimationFrame(() => document.getElementById(`seat-${seat.id}`)?.focus());
}

/** A guest who waits. @param {App} app  @param {SeatInRoom} seat */
export function waitingRow(app, seat) {
    const level = seat.away ? 'gone' : waitLevel(seat.since, app.state.nowMs);

    return html`
        <li class="item seat wait-${level}" id="seat-${seat.id}" data-row tabindex="0" aria-label=${`${seat.name}, ${waitWords(app, seat)}`}>
            <div class="item-main">
                ${avatar(seat.name)}
                <div class="grow">
                    <p class="item-name"><bdi>${seat.name}</bdi></p>
                    <p class="muted small">${seat.room.name} · ${t(`from.${seat.name_from}`)}</p>
                    <div class="chips">${waitChips(app, seat, level)}</div>
                </div>
                <div class="row actions">${verbButtons(app, seat, 'waiting')}</div>
            </div>
            ${strip(app, seat)}
        </li>`;
}

/** @param {App} app  @param {SeatInRoom} seat */
function waitWords(app, seat) {
    const gone = goneMinutes(seat, app.state.nowMs);

    if (seat.away) return gone ? t('live.gone', {n: gone}) : t('live.gone_now');
    const n = waitedMinutes(seat.since, app.state.nowMs);

    return n ? t('live.waiting_for', {n}) : t('live.waiting_now');
}

const WAIT_KINDS = /** @type {const} */ ({fresh: '', long: 'warn', 'very-long': 'danger'});

/** @param {SeatInRoom} seat */
function lineChip(seat) {
    const found = lineWords(seat.status);

    return found
        ? html`<span data-line=${seat.status?.check}>${chip(t(found.key), found.kind, found.icon)}</span>`
        : nothing;
}

/** @param {App} app  @param {SeatInRoom} seat  @param {'fresh' | 'long' | 'very-long' | 'gone'} level */
const waitChips = (app, seat, level) => html`
    ${level === 'gone' ? chip(waitWords(app, seat), '', 'wifi-off') : chip(waitWords(app, seat), WAIT_KINDS[level], 'clock')}
    ${lineChip(seat)}
    ${seat.held ? chip(t('live.held'), '', 'pause') : nothing}
    ${seat.same_invitation ? chip(t('live.same_invitation'), 'warn', 'triangle-alert') : nothing}`;

/** @param {App} app  @param {SeatInRoom} seat  @param {'waiting' | 'inside'} of */
const verbButtons = (app, seat, of) => verbsFor(of, seat.role, seat.room.may ?? []).map(v => verbButton(app, seat, v));

/** @param {HostVerb} verb  @param {SeatInRoom} seat */
const named = (verb, seat) => t('verb.named', {verb: t(`verb.${verb.name}`), name: seat.name});

/** @param {App} app  @param {SeatInRoom} seat  @param {HostVerb} verb */
function verbButton(app, seat, verb) {
    const {name} = verb;
    const pending = app.state.dashboard.pending.some(p => p.participant === seat.id && p.verb === name);
    const unread = name === 'chat' ? (app.state.dashboard.unread[seat.id] ?? 0) : 0;
    const off = app.state.dashboard.link !== 'live' || pending;

    return html`
        <button class="button ${name === 'admit' && !seat.away ? 'primary' : ''}" type="button" ?disabled=${off} data-do=${name}
            aria-expanded=${openStrip(app, seat) === verb ? 'true' : 'false'} aria-label=${named(verb, seat)}
            @click=${() => press(app, seat, verb)}>
            ${pending ? html`<span class="spinner" aria-hidden="true"></span>` : icon(verb.icon)}<span>${t(`verb.${name}`)}</span>
            ${unread ? html`<span class="badge"><span aria-hidden="true">${unread}</span><span class="visually-hidden">${t('live.unread', {n: unread})}</span></span>` : nothing}
        </button>`;
}

/** A host lets in with one press; everything else opens its strip first. @param {App} app  @param {SeatInRoom} seat  @param {HostVerb} verb */
function press(app, seat, verb) {
    if (verb.name === 'admit' && may(seat.room, 'enter')) letIn(app, seat);
    else if (openStrip(app, seat) === verb) closeStrip(app, seat);
    else setStrip(app, seat, verb);
}

/** A person in a room. @param {App} app  @param {SeatInRoom} seat */
export function insideRow(app, seat) {
    return html`
        <li class="item seat" id="seat-${seat.id}" data-row tabindex="0" aria-label=${seat.name}>
            <div class="item-main">
                ${avatar(seat.name)}
                <div class="grow">
                    <p class="item-name"><bdi>${seat.name}</bdi></p>
                    <p class="muted small">${t(`role.${seat.role}`)} · ${t('live.inside_since', {time: formatTime(currentLanguage(), new Date(seat.since))})}</p>
                </div>
                <div class="chips">
                    ${seat.state === 'away' ? chip(t('live.away'), 'warn', 'wifi-off') : nothing}
                    ${seat.status?.['mic'] === false ? chip(t('live.mic_off'), '', 'mic-off') : nothing}
                    ${seat.status?.['cam'] === false ? chip(t('live.cam_off'), '', 'video-off') : nothing}
                </div>
                <div class="row actions">${verbButtons(app, seat, 'inside')}</div>
            </div>
            ${strip(app, seat)}
        </li>`;
}

/** @param {App} app  @param {SeatInRoom} seat */
function strip(app, seat) {
    const verb = openStrip(app, seat);

    if (!verb) return nothing;
    return html`
        <div class="strip" role="group" aria-label=${named(verb, seat)}
            @keydown=${(/** @type {KeyboardEvent} */ e) => {
                if (e.key === 'Escape') closeStrip(app, seat);
            }}>
            ${verb.name === 'chat' ? chatStrip(app, seat) : decideStrip(app, seat, verb)}
        </div>`;
}

/** @param {import('./dashboard_feed.js').DashboardRoom} room */
const hostInside = room => room.participants.some(p => p.role === 'host' && p.state === 'inside');

/** A user who is no host of the room lets in without joining. @param {SeatInRoom} seat  @param {HostVerb} verb */
const askAdmit = (seat, verb) => html`
    <p>${icon(verb.icon)} ${t('ask.admit', {name: seat.name, room: seat.room.name})}
        ${seat.name_from === 'self' ? html`<span class="muted">${t('ask.self_named')}</span>` : nothing}</p>
    <p class="warn-words">${t(hostInside(seat.room) ? 'ask.admit_not_host' : 'ask.admit_nobody', {name: seat.name, room: seat.room.name})}</p>`;

/** @param {SeatInRoom} seat  @param {HostVerb} verb */
const askAbout = (seat, {name, icon: picture}) => html`
    <p>${icon(picture)} <strong>${t(`ask.${name}`, {name: seat.name})}</strong> <span class="muted">${seat.room.name}</span></p>
    <p>${t(`ask.${name}_then`)}</p>`;

/** @param {App} app  @param {SeatInRoom} seat  @param {HostVerb} verb */
function decideStrip(app, seat, verb) {
    const {name, text, block, danger} = verb;
    return html`
        <form class="stack" novalidate @submit=${(/** @type {SubmitEvent} */ e) => decide(app, seat, verb, e)} @input=${mended(app, HOST_TEXT_MAX_BYTES)}>
            ${name === 'admit' ? askAdmit(seat, verb) : askAbout(seat, verb)}
            ${text ? textField(app, verb) : nothing}
            ${block ? html`<label class="check"><input type="checkbox" name="block"><span>${t('ask.block')}</span></label>` : nothing}
            <div class="row">
                <button class="button ${danger ? 'danger' : 'primary'}" type="submit" ?data-first=${!text} data-do="confirm-${name}">${t(name === 'admit' ? 'ask.admit_yes' : `verb.${name}`)}</button>
                <button class="button" type="button" @click=${() => closeStrip(app, seat)}>${t('cancel')}</button>
            </div>
        </form>`;
}

/** @param {App} app  @param {HostVerb} verb */
function textField(app, verb) {
    const {wrong} = app.state.ui['strip'];

    return html`<label class="field"><span class="label">${t('ask.text')}</span>
        <input class="input" name="text" autocomplete="off" dir="auto" data-first aria-invalid=${wrong ? 'true' : 'false'} aria-describedby=${wrong ? 'strip-wrong' : ''} placeholder=${t(`ask.${verb.name}_text`)}>
        ${wrongWords(app)}</label>`;
}

/** @param {HTMLFormElement} form */
const textOf = form => String(new FormData(form).get('text') ?? '').trim();

/** @typedef {{key: string, max?: number}} Wrong the problem with the text of a strip */
/** @param {string} text  @param {number} bytes  @returns {Wrong} */
const tooLong = (text, bytes) => ({key: 'error.too_long', max: fitting(text, bytes)});

/** Shows it below the field; the typed text stays. @param {App} app  @param {HTMLFormElement} form  @param {Wrong} wrong */
function sayWrong(app, form, wrong) {
    app.ui({strip: {...app.state.ui['strip'], wrong}});
    /** @type {HTMLElement} */ (form.querySelector('[data-first]')).focus();
}

/** @param {App} app */
function wrongWords(app) {
    /** @type {Wrong | undefined} */
    const wrong = app.state.ui['strip']?.wrong;

    return wrong ? wrongBelow('strip-wrong', t(wrong.key, {max: wrong.max ?? 0})) : nothing;
}

/** The message goes as soon as it no longer holds. @param {App} app  @param {number} bytes */
const mended = (app, bytes) => (/** @type {Event} */ e) => {
    const strip = app.state.ui['strip'];

    if (strip?.wrong && !fitting(textOf(/** @type {HTMLFormElement} */ (e.currentTarget)), bytes))
        app.ui({strip: {...strip, wrong: undefined}});
};

/** @param {App} app  @param {SeatInRoom} seat  @param {HostVerb} verb  @param {SubmitEvent} event */
function decide(app, seat, verb, event) {
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    const data = new FormData(form);
    const text = textOf(form);

    event.preventDefault();
    if (verb.name === 'admit') {
        closeStrip(app, seat);
        return letIn(app, seat);
    }
    if (fitting(text, HOST_TEXT_MAX_BYTES)) return sayWrong(app, form, tooLong(text, HOST_TEXT_MAX_BYTES));
    if (
        !app.ask(fromDashboard.decide(seat.room.id, verb.type, seat.id, {...verb.more, text, block: data.has('block')}))
    )
        return;
    app.update(s => ({dashboard: reduceAsked(s.dashboard, {participant: seat.id, verb: verb.name})}));
    closeStrip(app, seat);
}

/** @param {App} app  @param {SeatInRoom} seat */
function chatStrip(app, seat) {
    const lines = app.state.dashboard.chats[seat.id] ?? [];
    const {wrong} = app.state.ui['strip'];

    return html`
        ${
            lines.length
                ? html`<ol class="chat" aria-label=${t('chat.with', {name: seat.name})}>${lines.map(
                      l =>
                          html`<li class=${l.mine ? 'mine' : ''}>${l.by ? html`<span class="muted small"><bdi>${l.by}</bdi>${l.role ? ` · ${t(`role.${l.role}`)}` : ''}</span>` : html`<span class="visually-hidden">${l.mine ? t('you') : seat.name}:</span>`}<p dir="auto">${l.text}</p><span class="muted small">${formatTime(currentLanguage(), new Date(l.at))}</span>${fate(app, seat, l)}</li>`,
                  )}</ol>`
                : html`<p class="muted small">${t('chat.none', {name: seat.name})}</p>`
        }
        <form class="row" novalidate @submit=${(/** @type {SubmitEvent} */ e) => say(app, seat, e)} @input=${mended(app, CHAT_MAX_BYTES)}>
            <label class="grow"><span class="visually-hidden">${t('chat.to', {name: seat.name})}</span>
                <input class="input" name="text" autocomplete="off" dir="auto" data-first aria-invalid=${wrong ? 'true' : 'false'} aria-describedby=${wrong ? 'strip-wrong' : ''} placeholder=${t('chat.placeholder')}></label>
            <button class="button primary" type="submit" data-do="send">${icon('send', 'mirrored')}${t('chat.send')}</button>
            <button class="button" type="button" @click=${() => closeStrip(app, seat)}>${t('close')}</button>
            ${wrongWords(app)}
        </form>`;
}

/** The fate of a line that we wrote, unless it was simply heard.
 * @param {App} app  @param {SeatInRoom} seat  @param {import('./dashboard_feed.js').ChatLine} l */
function fate(app, seat, l) {
    if (l.status === 'sending') return html`<span class="muted small" data-fate="sending">${t('chat.sending')}</span>`;
    if (l.status === 'later')
        return html`<span class="muted small" data-fate="later">${t('chat.later', {name: seat.name})}</span>`;
    if (l.status !== 'failed') return nothing;
    const again = () => {
        if (!app.ask(fromDashboard.chat(seat.room.id, seat.id, l.text, String(l.id)))) return;
        app.update(s => ({dashboard: reduceLine(s.dashboard, seat.id, String(l.id), 'sending')}));
    };
    return html`<span class="wrong small" data-fate="failed" role="alert">${icon('circle-alert')}<span>${t('chat.failed')}</span></span>
        <button class="button small" type="button" data-do="say-again" @click=${again}>${t('chat.say_again')}</button>`;
}

/** @param {App} app  @param {SeatInRoom} seat  @param {SubmitEvent} event */
function say(app, seat, event) {
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    const text = textOf(form);

    event.preventDefault();
    if (!text) return sayWrong(app, form, {key: 'chat.empty'});
    if (fitting(text, CHAT_MAX_BYTES)) return sayWrong(app, form, tooLong(text, CHAT_MAX_BYTES));
    const id = crypto.randomUUID();
    if (!app.ask(fromDashboard.chat(seat.room.id, seat.id, text, id))) return;
    app.update(s => ({
        dashboard: reduceRead(reduceSaid(s.dashboard, seat.id, text, app.clock.date().toISOString(), id), seat.id),
    }));
    form.reset();
}
