// The people waiting and inside; the host's decisions come with the part for hosts (host_people.js).

import {repeat} from 'lit/directives/repeat.js';
import {html, nothing} from 'lit/html.js';
import {inside} from '../core/call.js';
import {qualityWords} from '../features/quality/panel.js';
import {avatar} from './avatar.js';
import {icon} from './icon.js';
import {origin} from './name_origin.js';
import {t} from './texts.js';

/** @typedef {import('../core/call.js').Call} Call */
/** @typedef {import('../core/protocol.js').Participant} Participant */
/** @typedef {import('./ui.js').Ui} Ui */

/** @param {Call} call  @param {Ui} ui */
export const peoplePanel = (call, ui) => html`<div class="people">
    ${call.host ? ui.host?.waitingList(call, ui) : nothing}
    <section class="stack tight" aria-labelledby="inside-title">
        <h3 id="inside-title">${t('people.inside', {n: inside(call).length + 1})}</h3>
        <ul class="people-list">
            <li class="person">${avatar(call.name)}<div class="grow"><strong><bdi>${call.name || t('you')}</bdi></strong><span class="small muted">${t('you')}</span></div></li>
            ${repeat(
                inside(call),
                p => p.id,
                p => insidePerson(call, ui, p),
            )}
        </ul>
    </section>
    ${call.host ? ui.host?.lockSwitch(call, ui) : nothing}
</div>`;

/** @param {Call} call  @param {Ui} ui  @param {Participant} p */
function insidePerson(call, ui, p) {
    const role = t(`role.${p.role === 'host' ? 'host' : 'guest'}`);
    const facts = p.state === 'away' ? t('people.away') : qualityWords(call, p.id) || role;
    return html`<li class="person" data-person-row=${p.id}>
        ${avatar(p.name)}
        <div class="grow">
            <strong><bdi>${p.name}</bdi></strong>
            <span class="small muted">${facts}</span>
            ${origin(p)}
        </div>
        <div class="row">
            ${stateIcon(p.status.mic === false, 'mic-off', 'people.mic_off')}
            ${stateIcon(p.status.cam === false, 'video-off', 'people.cam_off')}
            ${call.host ? ui.host?.menuButton(ui, p) : nothing}
        </div>
        ${call.host && ui.personMenu === p.id ? ui.host?.insideMenu(ui, p) : nothing}
    </li>`;
}

/** @param {boolean} show  @param {string} picture  @param {string} key */
const stateIcon = (show, picture, key) =>
    show
        ? html`<span class="state-icon">${icon(picture)}<span class="visually-hidden">${t(key)}</span></span>`
        : nothing;
