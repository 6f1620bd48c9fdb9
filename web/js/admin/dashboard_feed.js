/* The dashboard's live picture: a snapshot of the rooms this user may see, then changes to it, in order and without a gap
 * (dashboard_socket.js asks for a new snapshot when one is missing, because a queue that lacks a person is worse than a queue that
 * is late by a second). Pure: every function returns a new picture and leaves the old one alone. It does not draw. */

import {cameBack} from '../core/admitting.js';
import {SAID_LATELY_MS} from '../core/protocol.js';
import {isAway, isHere, isInside, line} from '../core/queue.js';

/** @typedef {import('./dashboard_protocol.js').Seat} Seat */
/** @typedef {import('./dashboard_protocol.js').DashboardRoom} DashboardRoom */
/** @typedef {import('./dashboard_protocol.js').DashboardMessage} DashboardMessage */
/** @typedef {{text: string, at: string, mine: boolean, by?: string, role?: string, id?: string, status?: '' | 'sending' | 'later' | 'failed'}} ChatLine
 *   mine: from our side; by: the colleague who said it; id: the writer's own name for it; status: of what we wrote ourselves */
/** @typedef {{participant: string, verb: string}} Pending */
/**
 * @typedef {object} Dashboard
 * @property {'idle' | 'connecting' | 'live' | 'lost' | 'refused' | 'too_many'} link
 * @property {string} cause why it is lost or refused, as core/refusals.js names it
 * @property {number} retryAtMs wall clock; 0 when no try is planned
 * @property {boolean} ready whether a snapshot has ever come
 * @property {string} self my user id
 * @property {string} epoch the run of the server that we hear; another one has forgotten messages it had to pass on
 * @property {DashboardRoom[]} rooms
 * @property {Record<string, ChatLine[]>} chats by the guest's participant id
 * @property {Record<string, number>} unread lines of a guest not read yet
 * @property {Pending[]} pending actions not yet answered
 * @property {{code: string, of: string, participant: string} | null} refusal the last `error`
 */

/** How many lines of a conversation are kept: chat is never stored, so only as many as people read. */
const CHAT_LINES_MAX = 100;

/** @returns {Dashboard} */
export function emptyDashboard() {
    return {
        link: 'idle',
        retryAtMs: 0,
        cause: '',
        ready: false,
        self: '',
        epoch: '',
        rooms: [],
        chats: {},
        unread: {},
        pending: [],
        refusal: null,
    };
}

/**
 * The picture after the connection changed. An action sent over a lost socket may or may not have arrived, so
 * nothing stays pending: the next snapshot shows the truth.
 * @param {Dashboard} dashboard  @param {Dashboard['link']} link  @param {number} retryAtMs  @param {string} [cause]  @returns {Dashboard}
 */
export function reduceLink(dashboard, link, retryAtMs, cause = '') {
    return {...dashboard, link, retryAtMs, cause, pending: link === 'live' ? dashboard.pending : []};
}

/**
 * The picture after a message of the server.
 * @param {Dashboard} dashboard  @param {DashboardMessage} m  @returns {Dashboard}
 */
export function reduceMessage(dashboard, m) {
    switch (m.type) {
        case 'welcome':
            return snapshot(dashboard, m);
        case 'participant':
            return seatChanged(dashboard, m);
        case 'room':
            return roomChanged(dashboard, m);
        case 'chat':
            return chatArrived(dashboard, m);
        case 'error':
            return refused(dashboard, m);
        default:
            return dashboard;
    }
}

/** @param {Dashboard} dashboard  @param {import('./dashboard_protocol.js').DashboardWelcome} m  @returns {Dashboard} */
function snapshot(dashboard, {self, epoch, rooms}) {
    const seated = new Set(rooms.flatMap(r => r.participants.map(p => p.id)));

    return {
        ...dashboard,
        ready: true,
        self,
        epoch,
        rooms,
        ...conversations({...dashboard, self}, rooms, seated),
        pending: [],
        refusal: null,
    };
}

/** Adds the lines of the waiting rooms from the time without a connection to those shown already.
 * @param {Dashboard} dashboard  @param {DashboardRoom[]} rooms  @param {Set<string>} seated */
function conversations(dashboard, rooms, seated) {
    const chats = keepOnly(dashboard.chats, seated);
    const unread = keepOnly(dashboard.unread, seated);

    for (const seat of rooms.flatMap(r => r.participants)) {
        const known = settled(chats[seat.id] ?? [], seat);
        if (known.length) chats[seat.id] = known;
        const said = (seat.chat ?? []).map(m => lineOf(dashboard.self, m, m.from !== seat.id));
        const news = said.filter(l => !known.some(k => sameLine(k, l)));
        if (!news.length) continue;
        chats[seat.id] = [...known, ...news].sort((a, b) => Date.parse(a.at) - Date.parse(b.at)).slice(-CHAT_LINES_MAX);
        const answered = said.findLastIndex(l => l.mine);
        const count = said.slice(answered + 1).filter(l => news.includes(l)).length;
        if (count) unread[seat.id] = (unread[seat.id] ?? 0) + count;
    }
    return {chats, unread};
}

/** @param {string} self  @param {import('./dashboard_protocol.js').SaidLine} m  @param {boolean} mine  @returns {ChatLine} */
const lineOf = (self, {text, at, from, name, role, id}, mine) => ({
    text,
    at,
    mine,
    ...(mine && from !== self && {by: name, role}),
    ...(id && {id}),
});

/** @param {ChatLine} a  @param {ChatLine} b */
const sameLine = (a, b) => (a.id || b.id ? a.id === b.id : a.at === b.at && a.text === b.text);

/** @template V  @param {Record<string, V>} record  @param {Set<string>} keys  @returns {Record<string, V>} */
const keepOnly = (record, keys) => Object.fromEntries(Object.entries(record).filter(([k]) => keys.has(k)));

/** @param {Dashboard} dashboard  @param {import('./dashboard_protocol.js').DashboardPerson} m  @returns {Dashboard} */
function seatChanged(dashboard, {room, event, participant: seat}) {
    const gone = event === 'left' || seat.state === 'ended';

    return {
        ...dashboard,
        rooms: dashboard.rooms.map(r =>
            r.id === room ? {...r, participants: withSeat(r.participants, seat, gone)} : r,
        ),
        pending: dashboard.pending.filter(p => p.participant !== seat.id),
        chats: withLines(dashboard.chats, seat.id, lines => settled(lines, gone ? null : seat)),
        unread: gone ? without(dashboard.unread, seat.id) : dashboard.unread,
    };
}

/** @param {Seat[]} seats  @param {Seat} seat  @param {boolean} gone  @returns {Seat[]} */
function withSeat(seats, seat, gone) {
    if (gone) return seats.filter(s => s.id !== seat.id);
    return seats.some(s => s.id === seat.id) ? seats.map(s => (s.id === seat.id ? seat : s)) : [...seats, seat];
}

/** @template V  @param {Record<string, V>} record  @param {string} key  @returns {Record<string, V>} */
const without = (record, key) => Object.fromEntries(Object.entries(record).filter(([k]) => k !== key));

/** @param {Dashboard} dashboard  @param {import('./dashboard_protocol.js').DashboardRoomChange} m  @returns {Dashboard} */
function roomChanged(dashboard, {event, room}) {
    if (event === 'deleted') return {...dashboard, rooms: dashboard.rooms.filter(r => r.id !== room.id)};
    const known = dashboard.rooms.some(r => r.id === room.id);
    const added = {participants: [], ...room};

    return {
        ...dashboard,
        rooms: known ? dashboard.rooms.map(r => (r.id === room.id ? {...r, ...room} : r)) : [...dashboard.rooms, added],
    };
}

/** @param {Dashboard} dashboard  @param {import('./dashboard_protocol.js').DashboardChat} m  @returns {Dashboard} */
function chatArrived(dashboard, m) {
    const room = dashboard.rooms.find(r => r.id === m.room);
    const fromGuest = room?.participants.some(p => p.id === m.from && p.role === 'guest');
    const guest = fromGuest ? m.from : m.to;

    const line = lineOf(dashboard.self, m, !fromGuest);

    if (!guest || (dashboard.chats[guest] ?? []).some(l => line.id && l.id === line.id)) return dashboard;
    return {
        ...withLine(dashboard, guest, line),
        unread: fromGuest ? {...dashboard.unread, [guest]: (dashboard.unread[guest] ?? 0) + 1} : dashboard.unread,
    };
}

/** @param {Dashboard} dashboard  @param {string} guest  @param {ChatLine} line  @returns {Dashboard} */
function withLine(dashboard, guest, line) {
    return {
        ...dashboard,
        chats: {...dashboard.chats, [guest]: [...(dashboard.chats[guest] ?? []), line].slice(-CHAT_LINES_MAX)},
    };
}

/** A refusal ends all pending actions: the server answers in order and changes nothing on an error.
 *  @param {Dashboard} dashboard  @param {import('../core/protocol.js').ErrorMessage} m  @returns {Dashboard} */
function refused(dashboard, {code, of, participant = ''}) {
    return {...dashboard, pending: [], refusal: {code, of, participant}};
}

/** Remembers an action, so that it is not sent twice. @param {Dashboard} dashboard  @param {Pending} p  @returns {Dashboard} */
export function reduceAsked(dashboard, p) {
    return {
        ...dashboard,
        refusal: null,
        pending: [...dashboard.pending.filter(x => x.participant !== p.participant), p],
    };
}

/** My own line to a guest, on its way. @param {Dashboard} dashboard  @param {string} guest  @param {string} text  @param {string} at  @param {string} id  @returns {Dashboard} */
export function reduceSaid(dashboard, guest, text, at, id) {
    return withLine(dashboard, guest, {text, at, mine: true, id, status: 'sending'});
}

/** @param {Dashboard['chats']} chats  @param {string} guest  @param {(lines: ChatLine[]) => ChatLine[]} change */
const withLines = (chats, guest, change) => (chats[guest] ? {...chats, [guest]: change(chats[guest])} : chats);

/** Updates lines that waited for a person who is back, or who is not coming back (null).
 * @param {ChatLine[]} lines  @param {Seat | null} seat  @returns {ChatLine[]} */
const settled = (lines, seat) =>
    seat && isAway(seat) ? lines : lines.map(l => (l.status === 'later' ? {...l, status: seat ? '' : 'failed'} : l));

/**
 * The lines that a restarted server must get again: those that waited there for a person, and those of a moment ago.
 * @param {Dashboard} before  @param {Dashboard} after its first picture  @param {number} nowMs
 * @returns {{room: string, to: string, text: string, id: string}[]}
 */
export function toSayAgain(before, after, nowMs) {
    if (!before.epoch || before.epoch === after.epoch) return [];
    return waiting(after).flatMap(seat =>
        (before.chats[seat.id] ?? [])
            .filter(
                l => l.id && (l.status === 'later' || (l.status === '' && nowMs - Date.parse(l.at) < SAID_LATELY_MS)),
            )
            .map(l => ({room: seat.room.id, to: seat.id, text: l.text, id: String(l.id)})),
    );
}

/** Sets the fate of a line. @param {Dashboard} dashboard  @param {string} guest  @param {string} id  @param {ChatLine['status']} status  @returns {Dashboard} */
export function reduceLine(dashboard, guest, id, status) {
    const lines = (dashboard.chats[guest] ?? []).map(l => (l.id === id && l.mine ? {...l, status} : l));

    return {...dashboard, chats: {...dashboard.chats, [guest]: lines}};
}

/** The guest's lines have been seen. @param {Dashboard} dashboard  @param {string} guest  @returns {Dashboard} */
export function reduceRead(dashboard, guest) {
    return {...dashboard, unread: without(dashboard.unread, guest)};
}

/** @typedef {Seat & {room: DashboardRoom}} SeatInRoom */

/** @param {Dashboard} dashboard  @param {(seat: Seat) => boolean} wanted  @returns {SeatInRoom[]} */
const seats = (dashboard, wanted) =>
    dashboard.rooms.flatMap(room => room.participants.filter(wanted).map(s => ({...s, room})));

/** Guests who wait: those who are there, the longest wait first; then those who have gone away. @param {Dashboard} dashboard  @returns {SeatInRoom[]} */
export const waiting = dashboard => line(seats(dashboard, () => true));

/** Only those who are there. @param {Dashboard} dashboard */
export const countWaiting = dashboard => waiting(dashboard).filter(isHere).length;

/** A guest's seat, as it is now. @param {Dashboard} dashboard  @param {string} id  @returns {SeatInRoom | undefined} */
export const seatOf = (dashboard, id) => seats(dashboard, s => s.id === id)[0];

/** This user is in the room, in another window. @param {Dashboard} dashboard  @param {DashboardRoom} room */
export const amInside = (dashboard, room) =>
    room.participants.some(p => p.user && p.user === dashboard.self && p.state === 'inside');

/** Rooms with people inside, connected or not. @param {Dashboard} dashboard */
export const occupied = dashboard => dashboard.rooms.filter(r => r.participants.some(isInside));

/** Guests who wait now and did not a moment ago. The first picture is not an arrival, nor is a connection that broke for a moment.
 *  @param {Dashboard} before  @param {Dashboard} after  @param {number} nowMs  @returns {SeatInRoom[]} */
export const arrivals = (before, after, nowMs) =>
    before.ready ? cameBack(waiting(before), waiting(after), nowMs) : [];
