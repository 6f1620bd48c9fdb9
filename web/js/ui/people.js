// Who waits and who is inside; a host decides here.

import {repeat} from 'lit/directives/repeat.js';
import {html, nothing} from 'lit/html.js';
import {inside, waitingPeople} from '../core/call.js';
import {askDeny, askHold, askRemove} from './dialog.js';
import {icon} from './icon.js';
import {initials} from './initials.js';
import {t} from './texts.js';

/** @typedef {import('../core/call.js').Call} Call */
/** @typedef {import('../core/protocol.js').Participant} Participant */
/** @typedef {import('./ui.js').Ui} Ui */

/** @param {Call} call  @param {Ui} ui */
export const peoplePanel = (call, ui) => html`<div class="people">
    ${call.host ? waitingList(call, ui) : nothing}
    <section class="stack tight" aria-labelledby="inside-title">
        <h3 id="inside-title">${t('people.inside', {n: inside(call).length + 1})}</h3>
        <ul class="people-list">
            <li class="person">${initials(call.name)}<div class="grow"><strong><bdi>${call.name || t('you')}</bdi></strong><span class="small muted">${t('you')}</span></div></li>
            ${repeat(
                inside(call),
                p => p.id,
                p => insidePerson(call, ui, p),
            )}
        </ul>
    </section>
    ${call.host ? lockSwitch(call, ui) : nothing}
</div>`;

/** @param {Call} call  @param {Ui} ui */
function waitingList(call, ui) {
    const waiting = waitingPeople(call);
    return html`<section class="stack tight" aria-labelledby="waiting-list-title">
        <h3 id="waiting-list-title">${t('people.waiting', {n: waiting.length})}</h3>
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
    return html`<li class="person waiting-person" data-person-row=${p.id}>
        ${initials(p.name)}
        <div class="grow">
            <strong><bdi>${p.name}</bdi></strong>
            <span class="small muted">${waitedWords(p, ui.visit.deps.clock.wall())}${p.held ? ` · ${t('people.held')}` : ''}${p.away ? ` · ${t('people.away')}` : ''}</span>
            ${origin(p)}
        </div>
        <div class="row">
            <button class="button primary" data-do="admit" @click=${() => ui.visit.decide('admit', p.id)}>
                <span>${t('people.admit')}</span><span class="visually-hidden">${p.name}</span>
            </button>
            ${menuButton(ui, p)}
        </div>
        ${
            ui.personMenu === p.id
                ? html`<div class="person-menu">
                  ${menuItem(ui, 'message', 'message-square', 'people.message', () => writeTo(ui, p))}
                  ${menuItem(ui, 'hold', 'hourglass', 'people.hold', () => askHold(ui, p))}
                  ${menuItem(ui, 'deny', 'user-x', 'people.deny', () => askDeny(ui, p))}
              </div>`
                : nothing
        }
    </li>`;
}

/** @param {Call} call  @param {Ui} ui  @param {Participant} p */
function insidePerson(call, ui, p) {
    const view = call.peers[p.id];
    const facts =
        p.state === 'away'
            ? t('people.away')
            : view?.state === 'live' && view.quality
              ? t(`quality.${view.quality}`)
              : t(`role.${p.role === 'host' ? 'host' : 'guest'}`);
    return html`<li class="person" data-person-row=${p.id}>
        ${initials(p.name)}
        <div class="grow">
            <strong><bdi>${p.name}</bdi></strong>
            <span class="small muted">${facts}</span>
            ${origin(p)}
        </div>
        <div class="row">
            ${stateIcon(p.status.mic === false, 'mic-off', 'people.mic_off')}
            ${stateIcon(p.status.cam === false, 'video-off', 'people.cam_off')}
            ${call.host ? menuButton(ui, p) : nothing}
        </div>
        ${
            call.host && ui.personMenu === p.id
                ? html`<div class="person-menu">
                  ${menuItem(ui, 'mute', 'mic-off', 'people.mute', () => ui.visit.askMute(p.id, 'audio'))}
                  ${menuItem(ui, 'mute-video', 'video-off', 'people.mute_video', () => ui.visit.askMute(p.id, 'video'))}
                  ${p.role === 'host' ? nothing : menuItem(ui, 'return', 'undo-2', 'people.return', () => ui.visit.decide('return', p.id))}
                  ${p.role === 'host' ? nothing : menuItem(ui, 'remove', 'user-x', 'people.remove', () => askRemove(ui, p))}
              </div>`
                : nothing
        }
    </li>`;
}

/** @param {Ui} ui  @param {string} name  @param {string} picture  @param {string} key  @param {() => void} run */
function menuItem(ui, name, picture, key, run) {
    const press = () => {
        ui.personMenu = '';
        run();
        ui.redraw();
    };
    return html`<button class="button quiet" data-do=${name} @click=${press}>${icon(picture)}<span>${t(key)}</span></button>`;
}

/** @param {Ui} ui  @param {Participant} p */
function menuButton(ui, p) {
    const open = ui.personMenu === p.id;
    const press = () => {
        ui.personMenu = open ? '' : p.id;
        ui.redraw();
    };
    return html`<button class="button square quiet" data-do="person-menu" aria-expanded=${open} @click=${press}>
        ${icon('ellipsis-vertical')}<span class="visually-hidden">${t('people.more', {name: p.name})}</span>
    </button>`;
}

/** Where a name comes from decides how far to trust it. @param {Participant} p */
const origin = p => html`
    ${p.kind === 'guest' && p.name_from === 'self' ? html`<span class="small muted">${t('people.name_self')}</span>` : nothing}
    ${p.same_invitation ? html`<span class="chip warn">${icon('triangle-alert')}${t('people.same_invitation')}</span>` : nothing}
`;

/** @param {boolean} show  @param {string} picture  @param {string} key */
const stateIcon = (show, picture, key) =>
    show
        ? html`<span class="state-icon">${icon(picture)}<span class="visually-hidden">${t(key)}</span></span>`
        : nothing;

/** @param {Participant} p  @param {number} now by the server's clock */
export function waitedWords(p, now) {
    const minutes = Math.floor((now - (Date.parse(p.since) || now)) / 60_000);
    return minutes < 1 ? t('people.just_came') : t('people.waits', {n: minutes});
}

/** @param {Ui} ui  @param {Participant} p */
function writeTo(ui, p) {
    ui.visit.dispatch({type: 'panel', panel: 'chat', to: p.id});
}

/** @param {Call} call  @param {Ui} ui */
function lockSwitch(call, ui) {
    const locked = call.room?.locked === true;
    return html`<button class="button wide" data-do="lock" aria-pressed=${locked} @click=${() => ui.visit.lock(!locked)}>
        ${icon(locked ? 'lock' : 'lock-open')}<span>${t('people.lock')}</span>
        <span class="chip ${locked ? 'warn' : ''}">${t(locked ? 'people.locked' : 'people.open')}</span>
    </button>`;
}
