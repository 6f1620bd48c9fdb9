// The messages of the socket (`parlour.v1`): their types, how one is read and how one is made.
// Reading checks all required members, so a message that passes here never throws later.
// Unknown fields are ignored; an unknown type reads as null (the server may be newer than this page).

import {REQUESTS} from './requests.js';

/**
 * @typedef {'waiting' | 'inside' | 'away' | 'left' | 'denied' | 'removed' | 'ended' | 'expired' | 'replaced'} SeatState
 * @typedef {'joined' | 'waiting' | 'admitted' | 'away' | 'back' | 'changed' | 'left'} PersonEvent
 * @typedef {'audio' | 'video' | 'screen'} Kind
 * @typedef {{mic?: boolean, cam?: boolean, screen?: boolean, hand?: boolean, background?: boolean, quality?: string, path?: string, check?: string, ready?: number}} Status
 * @typedef {{urls: string | string[], username?: string, credential?: string}} IceServer
 *
 * @typedef {object} Participant
 * @property {string} id stable for the visit
 * @property {string} name
 * @property {'user' | 'guest'} kind
 * @property {'account' | 'invitation' | 'self'} name_from
 * @property {string} role
 * @property {SeatState} state
 * @property {number} instance rises with each fresh start of that page
 * @property {Status} status
 * @property {string} since RFC 3339
 * @property {boolean} [held]
 * @property {boolean} [away] waits, but has lost the connection
 * @property {string} [away_since] RFC 3339; only of one who is away
 * @property {boolean} [same_invitation] another person came with the same one-person invitation
 * @property {boolean} offerer we make the first offer to this one
 *
 * @typedef {object} Room
 * @property {string} id
 * @property {string} name
 * @property {string} [slug]
 * @property {string} [kind]
 * @property {string} [topology]
 * @property {boolean} [locked]
 * @property {boolean} [relay_only]
 *
 * @typedef {{type: 'welcome', self: string, role: string, state: SeatState, room: Room, participants: Participant[],
 *   ice_servers: IceServer[], ice_ttl_s: number, resume: {ticket: string, window_s: number}, epoch: string, seq: number, n: number, resumed: boolean,
 *   held: boolean, position: number, text: string, may: string[], since: string, instance: number}} Welcome
 * @typedef {{type: 'participant', event: PersonEvent, participant: Participant, reason: string}} PersonMessage
 * @typedef {{type: 'state', state: SeatState, participants: Participant[], ice_servers: IceServer[], ice_ttl_s: number,
 *   held: boolean, position: number, text: string, may: string[], since: string, reason: string, window_s: number}} StateMessage
 * @typedef {{type: 'move', room: string, ws: string, token: string}} MoveMessage
 *   you were called or transferred; in the protocol from the start, so that a page that is open when a server begins to use it knows it too
 * @typedef {{type: 'signal', from: string, from_instance: number, data: any}} SignalMessage
 * @typedef {{type: 'chat', from: string, name: string, to: string, text: string, at: string, role: '' | 'host' | 'desk', id: string, again: boolean, unheard: boolean}} ChatMessage
 *   role: the writer's role at a dashboard (then `from` is a user, not a participant); id: the writer's id for the line; again: an earlier page of ours
 *   got it, or we wrote it ourselves; unheard: our own line, which nobody heard when it was written
 * @typedef {{type: 'ack', of: string, n: number, heard: number, later: string[], never: string[]}} AckMessage the fate of a line: how many people
 *   heard it, the people who will when they come back, and those for whom no more is kept
 * @typedef {{type: 'ice', ice_servers: IceServer[], ice_ttl_s: number}} IceMessage
 * @typedef {{type: 'room', room: Partial<Room>}} RoomMessage
 * @typedef {{type: 'error', code: string, detail: string, of: string, n: number, participant?: string}} ErrorMessage
 *   n: the number of our message that it answers, for a gap the expected one; 0: none; participant: the guest of `guest_inside`
 * @typedef {{type: 'bye', reason: string, retry_ms: number}} ByeMessage
 * @typedef {Welcome | PersonMessage | StateMessage | MoveMessage | SignalMessage | ChatMessage | AckMessage | import('./requests.js').RequestMessage | IceMessage | RoomMessage | ErrorMessage | ByeMessage} ServerMessage
 */

// Readers of one field each: the result always has the right type.

/** @param {any} v  @returns {string} */
export const text = v => (typeof v === 'string' ? v : '');
/** @param {any} v  @returns {number} */
const number = v => (typeof v === 'number' && Number.isFinite(v) ? v : 0);
/** @param {any} v */
export const yes = v => v === true;
/** @param {any} v  @returns {any[]} */
export const list = v => (Array.isArray(v) ? v : []);
/** @param {any} v */
export const object = v => (v && typeof v === 'object' && !Array.isArray(v) ? v : {});
/** @param {any} v */
const as = v => v;
/** @param {any} v  @returns {string[]} */
export const texts = v => list(v).map(text);

/**
 * Reads an object by a reader for each of its fields; others are left out.
 * @template {Record<string, (v: any) => any>} F  @param {F} shape  @returns {(m: any) => {[K in keyof F]: ReturnType<F[K]>}}
 */
export const fields = shape => m =>
    /** @type {any} */ (Object.fromEntries(Object.entries(shape).map(([name, read]) => [name, read(object(m)[name])])));

/** @param {any} v  @returns {Participant['name_from']} */
const nameFrom = v => (v === 'account' || v === 'invitation' ? v : 'self');

export const PERSON = fields({
    id: text,
    name: text,
    kind: v => /** @type {Participant['kind']} */ (v === 'user' ? v : 'guest'),
    name_from: nameFrom,
    role: text,
    state: as,
    instance: number,
    status: object,
    since: text,
    held: yes,
    away: yes,
    away_since: text,
    same_invitation: yes,
    offerer: yes,
});

/** @param {any} v  @returns {Participant[]} */
const people = v =>
    list(v)
        .map(PERSON)
        .filter(p => p.id);

/** @param {any} v  @returns {IceServer[]} */
const iceServers = v => list(v).filter(s => text(object(s).urls) || Array.isArray(object(s).urls));

/** @param {any} m  @returns {Omit<ChatMessage, 'type'>} */
export const readLine = m => ({
    ...fields({from: text, name: text, to: text, text, at: text, id: text, again: yes, unheard: yes})(m),
    role: m.role === 'host' || m.role === 'desk' ? m.role : m.desk === true ? 'desk' : '',
});

/** The numbers in each `welcome`. */
export const NUMBERS = {epoch: (/** @type {any} */ v) => String(v ?? ''), seq: number, n: number, resumed: yes};

/** A seat's own state, in `welcome` and in `state`. */
const OWN = {
    state: as,
    participants: people,
    ice_servers: iceServers,
    ice_ttl_s: number,
    held: yes,
    position: number,
    text,
    may: texts,
    since: text,
};

/**
 * How each message is read, except its type; null: a required member is missing.
 * @type {{[T in ServerMessage['type']]: (m: any) => Omit<Extract<ServerMessage, {type: T}>, 'type'> | null}}
 */
export const READ = {
    welcome: fields({
        ...OWN,
        ...NUMBERS,
        self: text,
        role: text,
        room: v => ({...object(v), ...fields({id: text, name: text})(v)}),
        resume: fields({ticket: text, window_s: number}),
        instance: number,
    }),
    participant: m => {
        const participant = PERSON({...object(m.participant), ...('offerer' in m && {offerer: m.offerer})});
        return participant.id ? {event: m.event, participant, reason: text(m.reason)} : null;
    },
    state: fields({...OWN, reason: text, window_s: number}),
    move: fields({room: text, ws: text, token: text}),
    signal: m => (text(m.from) ? fields({from: text, from_instance: number, data: object})(m) : null),
    chat: readLine,
    ack: fields({of: text, n: number, heard: number, later: texts, never: texts}),
    .../** @type {Record<import('./requests.js').RequestMessage['type'], (m: any) => import('./requests.js').Request>} */ (
        Object.fromEntries(Object.keys(REQUESTS).map(type => [type, fields({from: text, kind: text})]))
    ),
    ice: fields({ice_servers: iceServers, ice_ttl_s: number}),
    room: m => ({room: object(m.room ?? m)}),
    error: fields({code: text, detail: text, of: text, n: number, participant: text}),
    bye: fields({reason: text, retry_ms: number}),
};

/**
 * @template {{type: string}} M
 * @param {string} raw  @param {Record<string, (m: any) => object | null>} readers of the types M, by type
 * @returns {{message: M | null, seq: number} | null} null: not ours at all;
 *   `message` null: a type this page does not know, or nothing it can use, whose `seq` still counts; seq 0: the message has none
 */
export function parse(raw, readers) {
    let m;
    try {
        m = object(JSON.parse(raw));
    } catch {
        return null;
    }
    const {type} = m;
    if (typeof type !== 'string') return null;
    const body = Object.hasOwn(readers, type) ? readers[type]?.(m) : null;
    return {message: body ? /** @type {any} */ ({type, ...body}) : null, seq: type === 'welcome' ? 0 : number(m.seq)};
}

/** @param {string} raw  @returns {{message: ServerMessage | null, seq: number} | null} as `parse` */
export const parseServer = raw => parse(raw, READ);

/** @typedef {{type: string} & Record<string, any>} ClientMessage */

/** The messages that this page may send, by name; one place to see them all. */
export const say = {
    /** @param {string} token  @param {number} [instance] the instance under which the page goes on  @returns {ClientMessage} */
    join: (token, instance = 0) => ({type: 'join', token, ...(instance > 0 && {instance})}),
    /** @param {string} ticket  @param {number} seq  @returns {ClientMessage} */
    resume: (ticket, seq) => ({type: 'join', resume: {ticket, seq}}),
    /** @param {string} to  @param {number} toInstance  @param {object} data  @returns {ClientMessage} */
    signal: (to, toInstance, data) => ({type: 'signal', to, to_instance: toInstance, data}),
    /** @param {string} words  @param {string} [to]  @param {string} [id] ours for it  @returns {ClientMessage} */
    chat: (words, to, id) => ({type: 'chat', text: words, ...(to && {to}), ...(id && {id})}),
    /** @param {Status} status  @returns {ClientMessage} */
    status: status => ({type: 'status', ...status}),
    /** What a host decides about a person or the room, or asks of a person. @param {string} verb the message's type, as `may` lists it
     *  @param {string} [participant] none: about the room  @param {{text?: string, block?: boolean, how?: '' | 'beside' | 'instead', kind?: Kind}} [more]
     *  how: of `admit` while another guest is inside; kind: of `mute`  @returns {ClientMessage} */
    decide: (verb, participant = '', more = {}) => ({
        type: verb,
        ...(participant && {participant}),
        ...(more.text && {text: more.text}),
        ...(more.block && {block: true}),
        ...(more.how && {[more.how]: true}),
        ...(more.kind && {kind: more.kind}),
    }),
    /** @param {string} participant  @param {boolean} seen  @returns {ClientMessage} */
    seen: (participant, seen) => ({type: 'seen', participant, seen}),
    /** @param {boolean} locked  @returns {ClientMessage} */
    lock: locked => ({type: 'room', locked}),
    /** @returns {ClientMessage} */
    ice: () => ({type: 'ice'}),
    /** @returns {ClientMessage} */
    ping: () => ({type: 'ping'}),
    /** @returns {ClientMessage} */
    leave: () => ({type: 'leave'}),
};

/** The longest chat text and the longest text of a host to a guest, in bytes of UTF-8. */
export const CHAT_MAX_BYTES = 4096;
export const HOST_TEXT_MAX_BYTES = 1000;
/** For this long after it was heard a line is sent again to a restarted server: lines it had not passed on are lost. */
export const SAID_LATELY_MS = 60_000;

/** How many characters of a text fit; 0: all of it. @param {string} text  @param {number} bytes */
export function fitting(text, bytes) {
    const {read} = new TextEncoder().encodeInto(text, new Uint8Array(bytes));
    return read === text.length ? 0 : [...text.slice(0, read)].length;
}
