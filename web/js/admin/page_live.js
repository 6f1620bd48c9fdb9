/* Today: the people waiting, the people inside, and the rooms to go to. Everything here comes over the live feed. */

import {repeat} from 'lit/directives/repeat.js';
import {html, nothing} from 'lit/html.js';
import {formatDate} from '../core/i18n.js';
import {isInside} from '../core/queue.js';
import {icon} from '../ui/icon.js';
import {currentLanguage, t} from '../ui/texts.js';
import {chime, notifyState, writeSwitch} from './alerts.js';
import {askedSection} from './asked.js';
import {countWaiting, occupied, waiting} from './dashboard_feed.js';
import {newVisitLink} from './link_dialog.js';
import {insideRow, waitingRow} from './live_rows.js';
import {may} from './may.js';
import {emptyState, follow, pageHead, rowKeys, skeleton} from './pieces.js';
import {openNewRoom} from './room_new.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./dashboard_feed.js').DashboardRoom} DashboardRoom */

/** @type {import('./types.js').Page} */
export const livePage = {
    title: 'live.title',
    enter: app => app.loadList('/rooms'),
    view: app => html`
        ${pageHead(t('live.title'), formatDate(currentLanguage(), new Date(app.state.nowMs)), switches(app))}
        ${app.state.dashboard.ready ? sections(app) : skeleton(3)}`,
};

/** Sound and notifications, each with its state. @param {App} app */
function switches(app) {
    const {sound, blocked, notify} = app.state.alerts;

    return html`
        <a class="button" href="/check" target="_blank" data-do="check-device">${icon('shield-check')}${t('live.check_device')}</a>
        <button class="button" type="button" aria-pressed=${sound ? 'true' : 'false'} @click=${() => switchSound(app)}>
            ${icon(sound ? 'volume-2' : 'volume-x')}${t(sound && blocked ? 'live.sound_blocked' : sound ? 'live.sound_on' : 'live.sound_off')}
        </button>
        ${
            notify === 'default'
                ? html`<button class="button" type="button" @click=${() => askNotify(app)}>${icon('bell')}${t('live.notify')}</button>`
                : nothing
        }
        ${notify === 'denied' ? html`<span class="muted small">${t('live.notify_denied')}</span>` : nothing}`;
}

/** @param {App} app */
async function switchSound(app) {
    const {sound, blocked} = app.state.alerts;
    const on = blocked ? true : !sound;

    writeSwitch('sound', on);
    app.update(s => ({alerts: {...s.alerts, sound: on, blocked: false}}));
    if (on) await chime();
}

/** @param {App} app */
async function askNotify(app) {
    await Notification.requestPermission();
    app.update(s => ({alerts: {...s.alerts, notify: notifyState()}}));
}

/** @param {App} app */
function sections(app) {
    const {dashboard} = app.state;
    const rooms = occupied(dashboard);

    if (dashboard.rooms.length === 0) return noRooms(app);
    return html`
        <div class="live ${dashboard.link === 'live' ? '' : 'late'}">
            ${waitingSection(app)}
            ${askedSection(app)}
            ${
                rooms.length
                    ? html`<section aria-labelledby="inside-title"><h2 id="inside-title">${t('live.inside')}</h2>${repeat(
                          rooms,
                          r => r.id,
                          r => roomCard(app, r),
                      )}</section>`
                    : nothing
            }
            ${roomsSection(app)}
        </div>`;
}

/** @param {App} app */
const noRooms = app =>
    may(app.state.me, 'create')
        ? emptyState(
              'door-open',
              t('live.no_rooms'),
              t('live.no_rooms_text'),
              html`<button class="button primary large" type="button" @click=${() => openNewRoom(app)}>${icon('plus')}${t('rooms.new')}</button>`,
          )
        : emptyState('door-open', t('live.no_rooms'), t('rooms.none_text_desk'));

/** @param {App} app */
function waitingSection(app) {
    const guests = waiting(app.state.dashboard);

    return html`
        <section aria-labelledby="waiting-title">
            <h2 id="waiting-title">${t('live.waiting')} <span class="count">${countWaiting(app.state.dashboard)}</span></h2>
            ${
                guests.length
                    ? html`<ul class="rows" @keydown=${rowKeys}>${repeat(
                          guests,
                          g => g.id,
                          g => waitingRow(app, g),
                      )}</ul>`
                    : html`<div class="calm">${icon('armchair')}<p>${t('live.nobody')}<br><span class="muted">${t('live.nobody_text')}</span></p></div>`
            }
        </section>`;
}

/** @param {App} app  @param {DashboardRoom} room */
const roomCard = (app, room) => html`
    <article class="card room-card" aria-label=${room.name}>
        <header class="row spread">
            <h3>${room.name}</h3>
            ${openRoomLink(room)}
        </header>
        <ul class="rows plain" @keydown=${rowKeys}>
            ${repeat(
                room.participants.filter(isInside),
                p => p.id,
                p => insideRow(app, {...p, room}),
            )}
        </ul>
    </article>`;

/** @param {{slug: string, name: string, may?: string[]}} room  @param {string} [extra] */
export const openRoomLink = (room, extra = '') =>
    may(room, 'enter')
        ? html`<a class="button ${extra}" href="/r/${room.slug}" target="_blank" rel="noopener" aria-label=${t('room.open_named', {name: room.name})}>
              ${icon('video')}${t('room.open')}
          </a>`
        : nothing;

/** One row a room: the two actions needed on a working day. @param {App} app */
function roomsSection(app) {
    const {dashboard} = app.state;

    return html`
        <section aria-labelledby="rooms-title">
            <div class="row spread">
                <h2 id="rooms-title">${t('live.rooms')}</h2>
                <a href="/app/rooms" @click=${follow(app, '/app/rooms')}>${t('live.all_rooms')}</a>
            </div>
            <ul class="rows">
                ${repeat(
                    dashboard.rooms.slice(0, 12),
                    r => r.id,
                    r => html`
                        <li class="item">
                            <a class="item-name grow" href="/app/rooms/${r.id}" @click=${follow(app, `/app/rooms/${r.id}`)}>${r.name}</a>
                            ${r.locked ? html`<span class="chip warn">${icon('lock')}${t('room.locked')}</span>` : nothing}
                            <div class="row actions">
                                ${openRoomLink(r)}
                                ${
                                    may(r, 'invite')
                                        ? html`<button class="button" type="button" aria-label=${t('visit.new_in', {name: r.name})} @click=${() => newVisitLink(app, r)}>${icon('link')}${t('visit.new')}</button>`
                                        : nothing
                                }
                            </div>
                        </li>`,
                )}
            </ul>
        </section>`;
}
