/* All rooms this person may see. */

import {repeat} from 'lit/directives/repeat.js';
import {html, nothing} from 'lit/html.js';
import {icon} from '../ui/icon.js';
import {t} from '../ui/texts.js';
import {newVisitLink} from './link_dialog.js';
import {may} from './may.js';
import {openRoomLink} from './page_live.js';
import {
    chip,
    emptyState,
    follow,
    loaded,
    matchesSearch,
    nothingFound,
    pageHead,
    rowKeys,
    searchField,
} from './pieces.js';
import {openNewRoom} from './room_new.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./types.js').Room} Room */

/** From this many rows on, a search is worth its place. */
export const SEARCH_FROM = 6;

/** @type {import('./types.js').Page} */
export const roomsPage = {
    title: 'rooms.title',
    enter: app => app.loadList('/rooms'),
    view: app => html`
        ${pageHead(t('rooms.title'), t('rooms.text'), mayCreate(app) ? newButton(app) : nothing)}
        ${loaded(
            app,
            app.state.data['/rooms'],
            () => app.loadList('/rooms'),
            rooms => roomList(app, rooms),
        )}`,
};

/** @param {App} app */
const mayCreate = app => may(app.state.me, 'create');

/** @param {App} app */
const newButton = app => html`
    <button class="button primary" type="button" data-do="new-room" @click=${() => openNewRoom(app)}>${icon('plus')}${t('rooms.new')}</button>`;

/** @param {App} app  @param {Room[]} rooms */
function roomList(app, rooms) {
    const found = rooms.filter(r => matchesSearch(app, [r.name, r.slug, r.owner.name]));

    if (rooms.length === 0) {
        return mayCreate(app)
            ? emptyState('door-open', t('rooms.none'), t('rooms.none_text'), newButton(app))
            : emptyState('door-open', t('rooms.none'), t('rooms.none_text_desk'));
    }
    return html`
        ${rooms.length >= SEARCH_FROM ? searchField(app, t('rooms.search')) : nothing}
        ${
            found.length
                ? html`<ul class="rows" @keydown=${rowKeys}>${repeat(
                      found,
                      r => r.id,
                      r => roomRow(app, r),
                  )}</ul>`
                : nothingFound(app)
        }`;
}

/** @param {App} app  @param {Room} room */
function roomRow(app, room) {
    const path = `/app/rooms/${room.id}`;

    return html`
        <li class="item">
            <div class="item-main">
                <div class="grow">
                    <a class="item-name" href=${path} data-row @click=${follow(app, path)}>${room.name}</a>
                    <p class="muted small"><bdi dir="ltr">/r/${room.slug}</bdi>${room.owner.name && !room.host ? html` · ${room.owner.name}` : nothing}</p>
                    <div class="chips">${roomChips(room)}</div>
                </div>
                <div class="row actions">
                    ${openRoomLink(room)}
                    ${
                        may(room, 'invite')
                            ? html`<button class="button" type="button" aria-label=${t('visit.new_in', {name: room.name})} @click=${() => newVisitLink(app, room)}>${icon('link')}${t('visit.new')}</button>`
                            : nothing
                    }
                </div>
            </div>
        </li>`;
}

/** The unusual rules of a room. @param {Room} room */
export const roomChips = room => html`
    ${room.locked ? chip(t('room.locked'), 'warn', 'lock') : nothing}
    ${room.waiting_room ? nothing : chip(t('room.no_waiting'), '', 'door-open')}
    ${room.access === 'link' ? chip(t('room.open_link'), '', 'globe') : nothing}
    ${room.has_pin ? chip(t('room.pin_set'), '', 'key') : nothing}
    ${room.relay_only ? chip(t('room.relayed'), '', 'shield-check') : nothing}`;
