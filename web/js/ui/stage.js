// The call: the others as large as possible, ourselves in a corner, names and duration above, the bar below.

import {html, nothing} from 'lit/html.js';
import {callDetail, inside, waitingHere} from '../core/call.js';
import {formatElapsed} from '../core/i18n.js';
import {outage} from '../core/outage.js';
import {slots} from '../core/slots.js';
import {avatar} from './avatar.js';
import {awaited, wantsLater} from './awaited.js';
import {controls} from './controls.js';
import {icon} from './icon.js';
import {linkBar} from './link_bar.js';
import {selfView} from './self_view.js';
import {t} from './texts.js';
import {playAll, remoteMedia} from './videos.js';

/** @typedef {import('../core/call.js').Call} Call */
/** @typedef {import('../core/call.js').Person} Person */
/** @typedef {import('./ui.js').Ui} Ui */

/** @param {Call} call  @param {Ui} ui */
export const stageScreen = (
    call,
    ui,
) => html`<div class="call stage-theme ${call.panel && ui.later ? 'with-panel' : ''}">
    ${head(call, ui)} ${linkBar(call, ui)}
    <main id="main" class="stage" tabindex="-1" aria-label=${t('stage.label')}>
        ${tiles(call, ui)}
        ${nobody(call, ui)} ${selfView(call, ui)} ${tapToHear(ui)}
        <div class="stage-top">${above(call, ui)}</div>
    </main>
    ${panel(call, ui, ui.later)} ${controls(call, ui)}
</div>`;

/** @param {Call} call  @param {Ui} ui */
function head(call, ui) {
    const others = inside(call);
    const [only] = others;
    const name = others.length === 1 && only ? only.name : (call.room?.name ?? '');
    const elapsed = call.insideSince ? formatElapsed(ui.visit.deps.clock.now() - call.insideSince) : '';
    return html`<header class="call-head">
        <h1 class="call-name" tabindex="-1"><bdi>${name}</bdi></h1>
        <span class="elapsed" dir="ltr"><span class="visually-hidden">${t('stage.elapsed')}</span>${elapsed}</span>
        <span class="bar-gap"></span>
        ${ui.later?.quality(call)}
        ${ui.host?.waitingChip(call, ui)}
    </header>`;
}

/** @param {Call} call  @param {Ui} ui */
function tiles(call, ui) {
    const said = outage(call, ui.visit.deps.clock.now()).tiles;
    const people = inside(call);
    return html`<div class="tiles" data-count=${people.length}>
        ${slots(ui.tiles, people).map(p => (p ? tile(call, ui, p, said[p.id]) : nothing))}
    </div>`;
}

/** @param {Call} call  @param {Ui} ui  @param {Person} p  @param {import('../core/outage.js').Outage['tiles'][string]} [said] */
function tile(call, ui, p, said) {
    const view = call.peers[p.id]?.state ?? 'connecting';
    const noPicture = p.status.cam === false || view === 'connecting';
    return html`<figure class="tile ${view} ${said?.dim ? 'away' : ''}" data-tile=${p.id} data-peer=${view}>
        ${remoteMedia(ui, p.id, t('stage.picture_of', {name: p.name}))}
        ${noPicture ? html`<div class="no-picture">${avatar(p.name)}</div>` : nothing}
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

/** The notices over the pictures. @param {Call} call  @param {Ui} ui */
function above(call, ui) {
    const {later} = ui;
    if (!later) return wantsLater(call, ui) && ui.laterTrouble ? awaited(ui) : nothing;
    return html`${ui.dialog ? nothing : later.toasts(call)} ${ui.steady?.notes(call)} ${later.deviceTrouble(call, ui)}`;
}

/** @param {Call} call  @param {Ui} ui  @param {import('./ui.js').LaterParts | null} later */
function panel(call, ui, later) {
    if (!call.panel || !later) return nothing;
    const close = () => ui.visit.dispatch({type: 'panel', panel: ''});
    return html`<aside class="panel" aria-labelledby="panel-title" data-panel=${call.panel}>
        <header class="panel-head">
            <h2 id="panel-title">${t(`control.${call.panel}`)}</h2>
            <button class="button square quiet" data-do="close-panel" @click=${close}>${icon('x')}<span class="visually-hidden">${t('close')}</span></button>
        </header>
        ${call.panel === 'chat' ? later.chatPanel(call, ui, t('chat.empty')) : later.peoplePanel(call, ui)}
    </aside>`;
}

/** @param {Ui} ui */
const tapToHear = ui =>
    ui.needsTap
        ? html`<button class="button primary large tap" data-do="tap" @click=${() => playAll(ui)}>${icon('volume-2')}<span>${t('stage.tap_to_hear')}</span></button>`
        : nothing;
