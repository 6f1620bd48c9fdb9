/* The messages of the dashboard's feed: their types, how one is read and how one is made. Those that a seat also gets are read in
 * core/protocol.js, and an unusable message is skipped as there: it counts, and nobody is told. */
import {fields, list, NUMBERS, object, PERSON, parse, READ, readLine, say, text, texts, yes} from '../core/protocol.js';

/** @typedef {import('../core/protocol.js').ChatMessage} ChatMessage */
/** @typedef {Omit<ChatMessage, 'type'>} SaidLine */
/** @typedef {import('../core/protocol.js').Participant & {user: string, chat: SaidLine[]}} FullSeat user: whose account it is;
 *   chat: the last lines between one who waits and our side */
/** @typedef {Pick<FullSeat, 'id' | 'name' | 'kind' | 'name_from' | 'role' | 'state' | 'since'> & Partial<FullSeat>} Seat */
/** @typedef {{id: string, name: string, slug: string, kind?: string, locked?: boolean, host?: boolean, may?: string[]}} RoomRules host: we are owner or co-host;
 *   may: the actions that the server allows us there */
/** @typedef {RoomRules & {participants: Seat[]}} DashboardRoom */
/**
 * @typedef {{type: 'welcome', self: string, role: string, epoch: string, seq: number, n: number, resumed: boolean, rooms: DashboardRoom[]}} DashboardWelcome
 * @typedef {{type: 'participant', room: string, event: string, participant: Seat, reason: string}} DashboardPerson
 * @typedef {{type: 'room', event: '' | 'deleted', room: RoomRules}} DashboardRoomChange deleted: or no longer ours to see
 * @typedef {ChatMessage & {room: string}} DashboardChat
 * @typedef {{type: 'links', room: string}} LinksMessage the room's invitations have changed
 * @typedef {DashboardWelcome | DashboardPerson | DashboardRoomChange | DashboardChat | LinksMessage | import('../core/protocol.js').AckMessage
 *   | import('../core/protocol.js').ErrorMessage | import('../core/protocol.js').ByeMessage} DashboardMessage
 */

/** @param {any} v  @returns {SaidLine[]} */
const lines = v =>
    list(v)
        .map(object)
        .map(readLine)
        .filter(l => l.from);

/** @param {any} v  @returns {Seat} */
const seat = v => ({...PERSON(v), ...fields({user: text, chat: lines})(v)});

/** @param {any} v  @returns {RoomRules} */
const rules = v => ({
    ...object(v),
    ...fields({id: text, name: text, slug: text, locked: yes, host: yes, may: texts})(v),
});

/** @param {any} v  @returns {DashboardRoom} */
const room = v => ({...rules(v), participants: list(object(v).participants).map(seat).filter(known)});

/** @param {{id: string}} v */
const known = v => v.id !== '';

/**
 * How each message is read, except its type; null: a required member is missing.
 * @type {{[T in DashboardMessage['type']]: (m: any) => Omit<Extract<DashboardMessage, {type: T}>, 'type'> | null}}
 */
const READ_DASHBOARD = {
    welcome: fields({...NUMBERS, self: text, role: text, rooms: v => list(v).map(room).filter(known)}),
    participant: m => {
        const read = fields({room: text, event: text, participant: seat, reason: text})(m);
        return read.room && known(read.participant) ? read : null;
    },
    room: m => {
        const read = rules(m.room);
        if (!known(read)) return null;
        return m.event === 'deleted' ? {event: 'deleted', room: read} : {event: '', room: read};
    },
    chat: m => {
        const line = readLine(m);
        return line.from && text(m.room) ? {...line, room: m.room} : null;
    },
    links: m => (text(m.room) ? {room: m.room} : null),
    ack: READ.ack,
    error: READ.error,
    bye: READ.bye,
};

/** @param {string} raw  @returns {{message: DashboardMessage | null, seq: number} | null} as core/protocol.js's `parse` */
export const parseDashboard = raw => parse(raw, READ_DASHBOARD);

/** The messages of a dashboard about a room. */
export const fromDashboard = {
    /** @param {string} room  @param {Parameters<typeof say.decide>} decision */
    decide: (room, ...decision) => ({...say.decide(...decision), room}),
    /** @param {string} room  @param {string} to a guest waiting there  @param {string} words  @param {string} id ours for it */
    chat: (room, to, words, id) => ({...say.chat(words, to, id), room}),
};
