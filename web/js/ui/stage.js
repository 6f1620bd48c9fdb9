// The call: the others as large as can be, ourselves in a corner, who and how long above, the bar below.

import {repeat} from 'lit/directives/repeat.js';
import {html, nothing} from 'lit/html.js';
import {callDetail, inside, waitingHere} from '../core/call.js';
import {formatElapsed} from '../core/i18n.js';
import {outage} from '../core/outage.js';
import {chatPanel} from './chat.js';
import {controls} from './controls.js';
import {deviceNotes} from './device_notes.js';
import {icon} from './icon.js';
import {initials} from './initials.js';
import {linkBar} from './link_bar.js';
import {peoplePanel} from './people.js';
import {selfView} from './self_view.js';
import {t} from './texts.js';
import {toasts} from './toasts.js';
import {playAll, remoteMedia} from './videos.js';

/** @typedef {import('../core/call.js').Call} Call */
/** @typedef {import('../core/call.js').Person} Person */
/** @typedef {import('./ui.js').Ui} Ui */

/** @param {Call} call  @param {Ui} ui */
export const stageScreen = (call, ui) => html`<div class="call stage-theme ${call.panel ? 'with-panel' : ''}">
    ${head(call, ui)} ${linkBar(call, ui)}
    <main id="main" class="stage" tabindex="-1" aria-label=${t('stage.label')}>
        ${tiles(call, ui)}
        ${nobody(call, ui)} ${selfView(call, ui)} ${tapToHear(ui)}
        <div class="stage-top">${ui.dialog ? nothing : toasts(call)} ${deviceTrouble(call, ui)}</div>
    </main>
    ${panel(call, ui)} ${controls(call, ui)}
</div>`;

/** @param {Call} call  @param {Ui} ui */
function head(call, ui) {
    const others = inside(call);
    const [only] = others;
    const name = others.length === 1 && only ? only.name : (call.room?.name ?? '');
    const elapsed = call.insideSince ? formatElapsed(ui.visit.deps.clock.now() - call.insideSince) : '';
    const waiting = call.host ? waitingHere(call).length : 0;
    return html`<header class="call-head">
        <h1 class="call-name" tabindex="-1"><bdi>${name}</bdi></h1>
        <span class="elapsed" dir="ltr"><span class="visually-hidden">${t('stage.elapsed')}</span>${elapsed}</span>
        <span class="bar-gap"></span>
        ${quality(call)}
        ${
            waiting
                ? html`<button class="chip warn waiting-chip" data-do="show-waiting" @click=${() => ui.visit.dispatch({type: 'panel', panel: 'people'})}>
                  ${icon('armchair')}<span aria-hidden="true" class="number">${waiting}</span><span class="words">${t('stage.waiting', {n: waiting})}</span>
              </button>`
                : nothing
        }
    </header>`;
}

/** The worst of the lines, as picture and word. @param {Call} call */
function quality(call) {
    const words = Object.values(call.peers).map(p => (p.state === 'live' ? p.quality : ''));
    const worst = ['poor', 'fair', 'good'].find(w => words.some(x => x === w));
    if (!worst) return nothing;
    const picture = {poor: 'signal-low', fair: 'signal-medium', good: 'signal-high'}[worst] ?? '';
    return html`<span class="quality ${worst}">${icon(picture)}<span>${t(`quality.${worst}`)}</span></span>`;
}

/** @param {Call} call  @param {Ui} ui */
function tiles(call, ui) {
    const said = outage(call, ui.visit.deps.clock.now()).tiles;
    return html`<div class="tiles" data-count=${inside(call).length}>
        ${repeat(
            inside(call),
            p => p.id,
            p => tile(call, ui, p, said[p.id]),
        )}
    </div>`;
}

/** @param {Call} call  @param {Ui} ui  @param {Person} p  @param {import('../core/outage.js').Outage['tiles'][string]} [said] */
function tile(call, ui, p, said) {
    const view = call.peers[p.id]?.state ?? 'connecting';
    const noPicture = p.status.cam === false || view === 'connecting';
    return html`<figure class="tile ${view} ${said?.dim ? 'away' : ''}" data-tile=${p.id} data-peer=${view}>
        ${remoteMedia(ui, p.id, t('stage.picture_of', {name: p.name}))}
        ${noPicture ? html`<div class="no-picture">${initials(p.name)}</div>` : nothing}
        <figcaption class="tile-name">
            ${p.status.mic === false ? html`<span class="mic-off">${icon('mic-off')}<span class="visually-hidden">${t('people.mic_off')}</span></span>` : nothing}
            <bdi>${p.name}</bdi>
        </figcaption>
        ${said ? tileNote(said.picture, t(said.key, said.params)) : nothing}
    </figure>`;
}

/** @param {string} picture  @param {string} words */
const tileNote = (picture, words) =>
    html`<div class="tile-note">${picture ? icon(picture) : html`<span class="spinner" aria-hidden="true"></span>`}<span>${words}</span></div>`;

/** Nobody else is inside. @param {Call} call  @param {Ui} ui */
function nobody(call, ui) {
    if (callDetail(call) !== 'alone') return nothing;
    const [first] = call.host && ui.host ? waitingHere(call) : [];
    return html`<div class="nobody">
        <div class="nobody-picture" aria-hidden="true">${icon(first ? 'armchair' : 'users')}</div>
        ${
            first
                ? ui.host?.firstWaits(ui, first)
                : html`<p class="lead">${t('stage.alone')}</p><p class="muted">${t(call.host ? 'stage.alone_host' : 'stage.alone_guest')}</p>`
        }
    </div>`;
}

/** @param {Call} call  @param {Ui} ui */
function panel(call, ui) {
    if (!call.panel) return nothing;
    const close = () => ui.visit.dispatch({type: 'panel', panel: ''});
    return html`<aside class="panel" aria-labelledby="panel-title" data-panel=${call.panel}>
        <header class="panel-head">
            <h2 id="panel-title">${t(`control.${call.panel}`)}</h2>
            <button class="button square quiet" data-do="close-panel" @click=${close}>${icon('x')}<span class="visually-hidden">${t('close')}</span></button>
        </header>
        ${call.panel === 'chat' ? chatPanel(call, ui, t('chat.empty')) : peoplePanel(call, ui)}
    </aside>`;
}

/** Trouble with the own devices during the call; silence is the only one nobody notices alone.
 *  @param {Call} call  @param {Ui} ui */
function deviceTrouble(call, ui) {
    const {micState, camState, mic, silent} = call.local;
    const odd = (/** @type {string} */ s) => !['on', 'off', 'asking'].includes(s);
    if (ui.hideTrouble || !((silent && mic) || odd(micState) || odd(camState))) return nothing;
    const hide = () => {
        ui.hideTrouble = true;
        ui.redraw();
    };
    return html`<div class="trouble">
        ${deviceNotes(call, ui)}
        <button class="button" data-do="hide-trouble" @click=${hide}>${t('close')}</button>
    </div>`;
}

/** @param {Ui} ui */
const tapToHear = ui =>
    ui.needsTap
        ? html`<button class="button primary large tap" data-do="tap" @click=${() => playAll(ui)}>${icon('volume-2')}<span>${t('stage.tap_to_hear')}</span></button>`
        : nothing;
