/* The dashboard's live picture: a snapshot of the rooms this user may see, then changes to it, in order and without a hole
 * (desk_socket.js asks for a new snapshot where one is missing, because a queue with somebody missing is worse than a queue that
 * is late by a second). Pure: every function returns a new picture and leaves the old one alone. It does not draw. */

import {SAID_LATELY_MS} from '../core/protocol.js';
import {cameBack, isAway, isHere, isInside, line} from '../core/queue.js';

/** @typedef {import('./desk_protocol.js').Seat} Seat */
/** @typedef {import('./desk_protocol.js').DeskRoom} DeskRoom */
/** @typedef {import('./desk_protocol.js').DeskMessage} DeskMessage */
/** @typedef {{text: string, at: string, mine: boolean, by?: string, role?: string, id?: string, status?: '' | 'sending' | 'later' | 'failed'}} ChatLine
 *   mine: from our side of the desk; by: the colleague who said it; id: the writer's own name for it; status: of what we wrote ourselves */
/** @typedef {{participant: string, verb: string}} Pending */
/**
 * @typedef {object} Desk
 * @property {'idle' | 'connecting' | 'live' | 'lost' | 'refused' | 'too_many'} link
 * @property {number} retry_at_ms wall clock; 0 when no try is planned
 * @property {boolean} ready whether a snapshot has ever come
 * @property {string} self my user id
 * @property {string} epoch the run of the server that we hear; another one has forgotten what it was to pass on
 * @property {DeskRoom[]} rooms
 * @property {Record<string, ChatLine[]>} chats by the guest's participant id
 * @property {Record<string, number>} unread lines of a guest not looked at
 * @property {Pending[]} pending what was asked for and not yet answered
 * @property {{code: string, of: string, participant: string} | null} refusal the last `error`
 */

/** How many lines of a conversation are kept: chat is never stored, so this is only what the eye needs. */
const CHAT_LINES_MAX = 100;

/** @returns {Desk} */
export function emptyDesk() {
    return {
        link: 'idle',
        retry_at_ms: 0,
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
 * The picture after the connection changed. What was asked over a lost socket may or may not have arrived, so
 * nothing stays pending: the next snapshot shows the truth.
 * @param {Desk} desk  @param {Desk['link']} link  @param {number} retry_at_ms  @returns {Desk}
 */
export function reduceLink(desk, link, retry_at_ms) {
    return {...desk, link, retry_at_ms, pending: link === 'live' ? desk.pending : []};
}

/**
 * The picture after a message of the server.
 * @param {Desk} desk  @param {DeskMessage} m  @returns {Desk}
 */
export function reduceMessage(desk, m) {
    switch (m.type) {
        case 'welcome':
            return snapshot(desk, m);
        case 'participant':
            return seatChanged(desk, m);
        case 'room':
            return roomChanged(desk, m);
        case 'chat':
            return chatArrived(desk, m);
        case 'error':
            return refused(desk, m);
        default:
            return desk;
    }
}

/** @param {Desk} desk  @param {import('./desk_protocol.js').DeskWelcome} m  @returns {Desk} */
function snapshot(desk, {self, epoch, rooms}) {
    const seated = new Set(rooms.flatMap(r => r.participants.map(p => p.id)));

    return {
        ...desk,
        ready: true,
        self,
        epoch,
        rooms,
        ...conversations({...desk, self}, rooms, seated),
        pending: [],
        refusal: null,
    };
}

/** What was said in the waiting rooms while nobody listened here, beside what is shown already.
 * @param {Desk} desk  @param {DeskRoom[]} rooms  @param {Set<string>} seated */
function conversations(desk, rooms, seated) {
    const chats = keepOnly(desk.chats, seated);
    const unread = keepOnly(desk.unread, seated);

    for (const seat of rooms.flatMap(r => r.participants)) {
        const known = settled(chats[seat.id] ?? [], seat);
        if (known.length) chats[seat.id] = known;
        const said = (seat.chat ?? []).map(m => lineOf(desk.self, m, m.from !== seat.id));
        const news = said.filter(l => !known.some(k => sameLine(k, l)));
        if (!news.length) continue;
        chats[seat.id] = [...known, ...news].sort((a, b) => Date.parse(a.at) - Date.parse(b.at)).slice(-CHAT_LINES_MAX);
        const answered = said.findLastIndex(l => l.mine);
        const count = said.slice(answered + 1).filter(l => news.includes(l)).length;
        if (count) unread[seat.id] = (unread[seat.id] ?? 0) + count;
    }
    return {chats, unread};
}

/** @param {string} self  @param {import('./desk_protocol.js').SaidLine} m  @param {boolean} mine  @returns {ChatLine} */
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

/** @param {Desk} desk  @param {import('./desk_protocol.js').SeatMessage} m  @returns {Desk} */
function seatChanged(desk, {room, event, participant: seat}) {
    const gone = event === 'left' || seat.state === 'ended';

    return {
        ...desk,
        rooms: desk.rooms.map(r => (r.id === room ? {...r, participants: withSeat(r.participants, seat, gone)} : r)),
        pending: desk.pending.filter(p => p.participant !== seat.id),
        chats: withLines(desk.chats, seat.id, lines => settled(lines, gone ? null : seat)),
        unread: gone ? without(desk.unread, seat.id) : desk.unread,
    };
}

/** @param {Seat[]} seats  @param {Seat} seat  @param {boolean} gone  @returns {Seat[]} */
function withSeat(seats, seat, gone) {
    if (gone) return seats.filter(s => s.id !== seat.id);
    return seats.some(s => s.id === seat.id) ? seats.map(s => (s.id === seat.id ? seat : s)) : [...seats, seat];
}

/** @template V  @param {Record<string, V>} record  @param {string} key  @returns {Record<string, V>} */
const without = (record, key) => Object.fromEntries(Object.entries(record).filter(([k]) => k !== key));

/** @param {Desk} desk  @param {import('./desk_protocol.js').RoomMessage} m  @returns {Desk} */
function roomChanged(desk, {event, room}) {
    if (event === 'deleted') return {...desk, rooms: desk.rooms.filter(r => r.id !== room.id)};
    const known = desk.rooms.some(r => r.id === room.id);
    const added = {participants: [], ...room};

    return {
        ...desk,
        rooms: known ? desk.rooms.map(r => (r.id === room.id ? {...r, ...room} : r)) : [...desk.rooms, added],
    };
}

/** @param {Desk} desk  @param {import('./desk_protocol.js').DeskChat} m  @returns {Desk} */
function chatArrived(desk, m) {
    const room = desk.rooms.find(r => r.id === m.room);
    const from_guest = room?.participants.some(p => p.id === m.from && p.role === 'guest');
    const guest = from_guest ? m.from : m.to;

    const line = lineOf(desk.self, m, !from_guest);

    if (!guest || (desk.chats[guest] ?? []).some(l => line.id && l.id === line.id)) return desk;
    return {
        ...withLine(desk, guest, line),
        unread: from_guest ? {...desk.unread, [guest]: (desk.unread[guest] ?? 0) + 1} : desk.unread,
    };
}

/** @param {Desk} desk  @param {string} guest  @param {ChatLine} line  @returns {Desk} */
function withLine(desk, guest, line) {
    return {...desk, chats: {...desk.chats, [guest]: [...(desk.chats[guest] ?? []), line].slice(-CHAT_LINES_MAX)}};
}

/** A refusal ends whatever was pending: the server answers in order and changes nothing on an error.
 *  @param {Desk} desk  @param {import('../core/protocol.js').ErrorMessage} m  @returns {Desk} */
function refused(desk, {code, of, participant = ''}) {
    return {...desk, pending: [], refusal: {code, of, participant}};
}

/** Remembers that something was asked for, so that it is not asked twice. @param {Desk} desk  @param {Pending} p  @returns {Desk} */
export function reduceAsked(desk, p) {
    return {...desk, refusal: null, pending: [...desk.pending.filter(x => x.participant !== p.participant), p]};
}

/** My own line to a guest, on its way. @param {Desk} desk  @param {string} guest  @param {string} text  @param {string} at  @param {string} id  @returns {Desk} */
export function reduceSaid(desk, guest, text, at, id) {
    return withLine(desk, guest, {text, at, mine: true, id, status: 'sending'});
}

/** @param {Desk['chats']} chats  @param {string} guest  @param {(lines: ChatLine[]) => ChatLine[]} change */
const withLines = (chats, guest, change) => (chats[guest] ? {...chats, [guest]: change(chats[guest])} : chats);

/** Lines that waited for somebody, who is back, or is not coming back (null).
 * @param {ChatLine[]} lines  @param {Seat | null} seat  @returns {ChatLine[]} */
const settled = (lines, seat) =>
    seat && isAway(seat) ? lines : lines.map(l => (l.status === 'later' ? {...l, status: seat ? '' : 'failed'} : l));

/**
 * What a server that has started anew must hear again: what waited there for somebody, and what was said a moment ago.
 * @param {Desk} before  @param {Desk} after its first picture  @param {number} now_ms
 * @returns {{room: string, to: string, text: string, id: string}[]}
 */
export function toSayAgain(before, after, now_ms) {
    if (!before.epoch || before.epoch === after.epoch) return [];
    return waiting(after).flatMap(seat =>
        (before.chats[seat.id] ?? [])
            .filter(
                l => l.id && (l.status === 'later' || (l.status === '' && now_ms - Date.parse(l.at) < SAID_LATELY_MS)),
            )
            .map(l => ({room: seat.room.id, to: seat.id, text: l.text, id: String(l.id)})),
    );
}

/** What came of it. @param {Desk} desk  @param {string} guest  @param {string} id  @param {ChatLine['status']} status  @returns {Desk} */
export function reduceLine(desk, guest, id, status) {
    const lines = (desk.chats[guest] ?? []).map(l => (l.id === id && l.mine ? {...l, status} : l));

    return {...desk, chats: {...desk.chats, [guest]: lines}};
}

/** The guest's lines have been seen. @param {Desk} desk  @param {string} guest  @returns {Desk} */
export function reduceRead(desk, guest) {
    return {...desk, unread: without(desk.unread, guest)};
}

/** @typedef {Seat & {room: DeskRoom}} Placed */

/** @param {Desk} desk  @param {(seat: Seat) => boolean} wanted  @returns {Placed[]} */
const seats = (desk, wanted) => desk.rooms.flatMap(room => room.participants.filter(wanted).map(s => ({...s, room})));

/** Guests who wait: who is there first, the longest wait before the others; then who has gone away. @param {Desk} desk  @returns {Placed[]} */
export const waiting = desk => line(seats(desk, () => true));

/** Only who is there. @param {Desk} desk */
export const countWaiting = desk => waiting(desk).filter(isHere).length;

/** A guest's seat, as it is now. @param {Desk} desk  @param {string} id  @returns {Placed | undefined} */
export const seatOf = (desk, id) => seats(desk, s => s.id === id)[0];

/** This user is in the room, in another window. @param {Desk} desk  @param {DeskRoom} room */
export const amInside = (desk, room) =>
    room.participants.some(p => p.user && p.user === desk.self && p.state === 'inside');

/** Rooms in which somebody is, connected or not. @param {Desk} desk */
export const occupied = desk => desk.rooms.filter(r => r.participants.some(isInside));

/** Guests who wait now and did not a moment ago. The first picture is no arrival, and a line that broke for a moment none either.
 *  @param {Desk} before  @param {Desk} after  @param {number} now_ms  @returns {Placed[]} */
export const arrivals = (before, after, now_ms) =>
    before.ready ? cameBack(waiting(before), waiting(after), now_ms) : [];
