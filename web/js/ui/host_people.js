// The host's part of the list of people: the line, the menus, the lock.
import {repeat} from 'lit/directives/repeat.js';
import {html, nothing} from 'lit/html.js';
import {goneMinutes} from '../core/admitting.js';
import {nameOf, waitingHere, waitingPeople} from '../core/call.js';
import {lock} from '../core/host_asks.js';
import {verbsFor} from '../core/host_verbs.js';
import {avatar} from './avatar.js';
import {askVerb} from './host_dialogs.js';
import {icon} from './icon.js';
import {lineWords} from './line_words.js';
import {origin} from './name_origin.js';
import {t} from './texts.js';
import {waitedWords} from './waited.js';

/** @typedef {import('../core/call.js').Call} Call */
/** @typedef {import('../core/protocol.js').Participant} Participant */
/** @typedef {import('../core/host_verbs.js').HostVerb} HostVerb */
/** @typedef {import('./ui.js').Ui} Ui */

/** @param {Call} call  @param {Ui} ui */
export function waitingList(call, ui) {
    const waiting = waitingPeople(call);
    return html`<section class="stack tight" aria-labelledby="waiting-list-title">
        <h3 id="waiting-list-title">${t('people.waiting', {n: waitingHere(call).length})}</h3>
        ${waiting.length === 0 ? html`<p class="muted small">${t('people.nobody_waits')}</p>` : nothing}
        <ul class="people-list">
            ${repeat(
                waiting,
                p => p.id,
                p => waitingPerson(ui, p),
            )}
        </ul>
    </section>`;
}

/** @param {Ui} ui  @param {Participant} p */
function waitingPerson(ui, p) {
    return html`<li class="person waiting-person ${p.away ? 'gone' : ''}" data-person-row=${p.id}>
        ${avatar(p.name)}
        <div class="grow">
            <strong><bdi>${p.name}</bdi></strong>
            <span class="small muted">${p.away ? goneWords(p, ui.visit.deps.clock.wall()) : waitedWords(p, ui.visit.deps.clock.wall())}${p.held ? ` · ${t('people.held')}` : ''}</span>
            ${origin(p)} ${line(p)}
        </div>
        <div class="row">
            ${ui.visit.call.may.includes('admit') ? admitButton(ui, p) : nothing}
            ${menuButton(ui, p)}
        </div>
        ${ui.personMenu === p.id ? personMenu(ui, p, 'waiting') : nothing}
    </li>`;
}

/** @param {Participant} p */
function line(p) {
    const found = lineWords(p.status);
    return found
        ? html`<span class="chip ${found.kind}" data-line=${p.status.check}>${icon(found.icon)}${t(found.key)}</span>`
        : nothing;
}

/** @param {Ui} ui  @param {Participant} p */
const admitButton = (
    ui,
    p,
) => html`<button class="button ${p.away ? '' : 'primary'}" data-do="admit" @click=${() => ui.letIn(p.id)}>
                <span>${t('verb.admit')}</span><span class="visually-hidden">${p.name}</span>
            </button>`;

/** The actions on a person inside. @param {Ui} ui  @param {Participant} p */
export const insideMenu = (ui, p) => personMenu(ui, p, 'inside');

/** Letting in has its own button. @param {Ui} ui  @param {Participant} p  @param {'waiting' | 'inside'} of */
const personMenu = (ui, p, of) => html`<div class="person-menu">
    ${verbsFor(of, p.role, ui.visit.call.may)
        .filter(v => v.name !== 'admit')
        .map(v => menuItem(ui, p, v))}
</div>`;

/** @param {Ui} ui  @param {Participant} p  @param {HostVerb} verb */
function menuItem(ui, p, verb) {
    const press = () => {
        ui.personMenu = '';
        if (verb.name === 'chat') writeTo(ui, p);
        else if (verb.quick) ui.visit.decide(verb.type, p.id, verb.more);
        else askVerb(ui, p, verb);
        ui.redraw();
    };
    return html`<button class="button quiet" data-do=${verb.name === 'chat' ? 'message' : verb.name} @click=${press}>
        ${icon(verb.icon)}<span>${t(`verb.${verb.name}`)}</span>
    </button>`;
}

/** @param {Ui} ui  @param {Participant} p */
export function menuButton(ui, p) {
    const open = ui.personMenu === p.id;
    const press = () => {
        ui.personMenu = open ? '' : p.id;
        ui.redraw();
    };
    return html`<button class="button square quiet" data-do="person-menu" aria-expanded=${open} @click=${press}>
        ${icon('ellipsis-vertical')}<span class="visually-hidden">${t('people.more', {name: p.name})}</span>
    </button>`;
}

/** A guest who is away is marked, and is not waited for. @param {Participant} p  @param {number} now by the server's clock */
function goneWords(p, now) {
    const n = goneMinutes(p, now);
    return n < 1 ? t('people.gone_now') : t('people.gone', {n});
}

/** @param {Ui} ui  @param {Participant} p */
function writeTo(ui, p) {
    ui.visit.dispatch({type: 'panel', panel: 'chat', to: p.id});
}

/** @param {Call} call  @param {Ui} ui */
export function lockSwitch(call, ui) {
    if (!call.may.includes('room')) return nothing;
    const locked = call.room?.locked === true;
    return html`<button class="button wide" data-do="lock" aria-pressed=${locked} @click=${() => lock(ui.visit, !locked)}>
        ${icon(locked ? 'lock' : 'lock-open')}<span>${t('people.lock')}</span>
        <span class="chip ${locked ? 'warn' : ''}">${t(locked ? 'people.locked' : 'people.open')}</span>
    </button>`;
}

/** In the place of the picture, while nobody is inside but the host. @type {import('./ui.js').PersonPiece} */
export const firstWaits = (ui, first) => html`<p class="lead">${t('stage.first_waits', {name: first.name})}</p>
    <p class="muted">${waitedWords(first, ui.visit.deps.clock.wall())}</p>
    <button class="button primary large" data-do="admit-first" @click=${() => ui.letIn(first.id)}>${icon('door-open')}<span>${t('people.admit_name', {name: first.name})}</span></button>`;

/** The recipient of a line, while a guest waits. @param {Call} call  @param {Ui} ui */
export function recipient(call, ui) {
    const waiting = waitingPeople(call);
    const {chatTo} = call;
    if (waiting.length === 0 && !chatTo) return nothing;
    // The recipient stays until another is chosen: otherwise a line for one patient could go to another.
    const name = nameOf(call, chatTo);
    const other = chatTo && !waiting.some(p => p.id === chatTo);
    const change = (/** @type {Event} */ e) => {
        ui.visit.dispatch({type: 'panel', panel: 'chat', to: /** @type {HTMLSelectElement} */ (e.currentTarget).value});
        ui.visit.dispatch({type: 'draft', text: call.draft?.text ?? ''}); // it is for the new one now
    };
    return html`<div class="field chat-to">
        <label for="chat-to">${t('chat.for')}</label>
        <select id="chat-to" class="select" @change=${change}>
            <option value="" ?selected=${!chatTo}>${t('chat.everyone')}</option>
            ${other ? html`<option value=${chatTo} selected>${name || t('chat.left')}</option>` : nothing}
            ${waiting.map(p => html`<option value=${p.id} ?selected=${p.id === chatTo}>${t('chat.waiting', {name: p.name})}</option>`)}
        </select>
    </div>`;
}

/** In the header of the call: a note that a guest waits, while the list is closed. @param {Call} call  @param {Ui} ui */
export function waitingChip(call, ui) {
    const waiting = waitingHere(call).length;
    if (!waiting) return nothing;
    const show = () => ui.visit.dispatch({type: 'panel', panel: 'people'});
    return html`<button class="chip warn waiting-chip" data-do="show-waiting" @click=${show}>
        ${icon('armchair')}<span aria-hidden="true" class="number">${waiting}</span><span class="words">${t('stage.waiting', {n: waiting})}</span>
    </button>`;
}
