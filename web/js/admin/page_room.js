/* One room: its links, its last calls, its rules, and its end. */
import {html, nothing} from 'lit/html.js';
import {icon} from '../ui/icon.js';
import {t} from '../ui/texts.js';
import {callsCard, loadCalls} from './calls_card.js';
import {confirmFirst} from './dialog.js';
import {invitationSection} from './invitations.js';
import {may} from './may.js';
import {openRoomLink} from './page_live.js';
import {roomChips} from './page_rooms.js';
import {follow, loaded, pageHead} from './pieces.js';
import {rulesForm} from './room_form.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./types.js').Room} Room */

/** @type {import('./types.js').Page} */
export const roomPage = {
    title: 'room.title',
    enter(app, params) {
        const path = `/rooms/${params['room']}`;

        loadRoom(app, path);
        if (may(app.state.me, 'administer')) app.loadList('/users');
    },
    view(app, params) {
        const path = `/rooms/${params['room']}`;

        return html`
            <p class="crumb"><a href="/app/rooms" @click=${follow(app, '/app/rooms')}>${icon('arrow-left', 'mirrored')}${t('rooms.title')}</a></p>
            ${loaded(
                app,
                app.state.data[path],
                () => loadRoom(app, path),
                room => roomView(app, room, path),
            )}`;
    },
};

/** The room, and then what it leads to. @param {App} app  @param {string} path */
async function loadRoom(app, path) {
    await app.load(path);
    const room = app.state.data[path]?.value;
    if (room && may(room, 'invite')) app.loadList(`/rooms/${room.id}/invitations`);
    if (room && may(room, 'edit')) loadCalls(app, room);
}

/** @param {App} app  @param {Room} room  @param {string} path */
function roomView(app, room, path) {
    return html`
        ${pageHead(room.name, html`<bdi dir="ltr">/r/${room.slug}</bdi> <span class="chips inline">${roomChips(room)}</span>`, openRoomLink(room, 'primary'))}
        ${may(room, 'invite') ? invitationSection(app, room) : html`<div class="notice">${icon('info')}<span>${t('room.not_host')}</span></div>`}
        ${may(room, 'edit') ? callsCard(app, room) : nothing}
        ${may(room, 'edit') ? rulesForm(app, room, path) : nothing}
        ${may(room, 'delete') ? endOfRoom(app, room) : nothing}`;
}

/** @param {App} app  @param {Room} room */
const endOfRoom = (app, room) => html`
    <section class="card stack tight" aria-labelledby="delete-title">
        <h2 id="delete-title">${t('room.delete_title')}</h2>
        <p class="muted">${t('room.delete_text')}</p>
        <div><button class="button danger" type="button" data-do="delete-room" @click=${() => deleteRoom(app, room)}>${icon('trash-2')}${t('room.delete')}</button></div>
    </section>`;

/** @param {App} app  @param {Room} room */
async function deleteRoom(app, room) {
    const sure = await confirmFirst(app, {
        title: t('room.delete_ask', {name: room.name}),
        text: t('room.delete_warning'),
        action: t('room.delete'),
    });

    if (!sure) return;
    const done = await app.attempt(() => app.api.del(`/rooms/${room.id}`).then(() => true));
    if (!done) return;
    app.dropItem('/rooms', room.id);
    app.go('/app/rooms', {replace: true});
    app.toast(t('room.deleted', {name: room.name}));
}
