// The messages of the socket (`parlour.v1`): their types, how one is read and how one is made.
// Reading checks what the rest relies on, so a message that passes here never throws later.
// Unknown fields are ignored; an unknown type reads as null (the server may be newer than this page).

/**
 * @typedef {'waiting' | 'inside' | 'away' | 'left' | 'denied' | 'removed' | 'ended' | 'expired' | 'replaced'} SeatState
 * @typedef {'joined' | 'waiting' | 'admitted' | 'away' | 'back' | 'changed' | 'left'} PersonEvent
 * @typedef {'audio' | 'video' | 'screen'} Kind
 * @typedef {{mic?: boolean, cam?: boolean, screen?: boolean, hand?: boolean, background?: boolean, quality?: string, path?: string, ready?: number}} Status
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
 * @property {boolean} [same_invitation] somebody else came with the same one-person invitation
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
 *   held: boolean, position: number, text: string, instance: number}} Welcome
 * @typedef {{type: 'participant', event: PersonEvent, participant: Participant, reason: string}} PersonMessage
 * @typedef {{type: 'state', state: SeatState, participants: Participant[], ice_servers: IceServer[], ice_ttl_s: number,
 *   held: boolean, position: number, text: string, reason: string, window_s: number}} StateMessage
 * @typedef {{type: 'move', room: string, ws: string, token: string}} MoveMessage
 *   you were called or transferred; of the protocol from the start, so that a page that is open when a server learns it knows it too
 * @typedef {{type: 'signal', from: string, from_instance: number, data: any}} SignalMessage
 * @typedef {{type: 'chat', from: string, name: string, to: string, text: string, at: string, role: '' | 'host' | 'desk', id: string, again: boolean, unheard: boolean}} ChatMessage
 *   role: as what somebody wrote at a dashboard (then `from` is a user, not a participant); id: the writer's own name for the line; again: an earlier page of ours
 *   was sent it, or we wrote it ourselves; unheard: our own, which nobody heard when it was written
 * @typedef {{type: 'ack', of: string, n: number, heard: number, later: string[], never: string[]}} AckMessage what came of a line: how many
 *   heard it, who will when they come back, for whom no more is kept
 * @typedef {{type: 'mute', from: string, kind: Kind}} MuteMessage
 * @typedef {{type: 'ice', ice_servers: IceServer[], ice_ttl_s: number}} IceMessage
 * @typedef {{type: 'room', room: Partial<Room>}} RoomMessage
 * @typedef {{type: 'error', code: string, detail: string, of: string, n: number, participant?: string}} ErrorMessage
 *   n: our number of what it answers, of a gap the one that is expected; 0: none; participant: whom `guest_inside` is about
 * @typedef {{type: 'bye', reason: string, retry_ms: number}} ByeMessage
 * @typedef {Welcome | PersonMessage | StateMessage | MoveMessage | SignalMessage | ChatMessage | AckMessage | MuteMessage | IceMessage | RoomMessage | ErrorMessage | ByeMessage} ServerMessage
 */

/** @param {any} v */
const text = v => (typeof v === 'string' ? v : '');
/** @param {any} v */
const number = v => (typeof v === 'number' && Number.isFinite(v) ? v : 0);
/** @param {any} v */
const list = v => (Array.isArray(v) ? v : []);
/** @param {any} v */
const object = v => (v && typeof v === 'object' && !Array.isArray(v) ? v : {});

/** @param {any} p  @param {any} [offerer] where it stands beside the participant  @returns {Participant | null} */
function readParticipant(p, offerer) {
    if (!text(object(p).id)) return null;
    return {
        id: p.id,
        name: text(p.name),
        kind: p.kind === 'user' ? 'user' : 'guest',
        name_from: p.name_from === 'account' || p.name_from === 'invitation' ? p.name_from : 'self',
        role: text(p.role),
        state: p.state,
        instance: number(p.instance),
        status: object(p.status),
        since: text(p.since),
        held: p.held === true,
        away: p.away === true,
        away_since: text(p.away_since),
        same_invitation: p.same_invitation === true,
        offerer: (offerer ?? p.offerer) === true,
    };
}

/** @param {any} v  @returns {Participant[]} */
const people = v =>
    list(v)
        .map(p => readParticipant(p))
        .filter(p => p !== null);

/** @param {any} v  @returns {IceServer[]} */
const iceServers = v => list(v).filter(s => text(object(s).urls) || Array.isArray(object(s).urls));

/** @type {Record<string, (m: any) => ServerMessage | null>} */
const READ = {
    welcome: m => ({
        type: 'welcome',
        self: text(m.self),
        role: text(m.role),
        state: m.state,
        room: {...object(m.room), id: text(object(m.room).id), name: text(object(m.room).name)},
        participants: people(m.participants),
        ice_servers: iceServers(m.ice_servers),
        ice_ttl_s: number(m.ice_ttl_s),
        resume: {ticket: text(object(m.resume).ticket), window_s: number(object(m.resume).window_s)},
        epoch: String(m.epoch ?? ''),
        seq: number(m.seq),
        n: number(m.n),
        resumed: m.resumed === true,
        held: m.held === true,
        position: number(m.position),
        text: text(m.text),
        instance: number(m.instance),
    }),
    participant: m => {
        const participant = readParticipant(m.participant, m.offerer);
        return participant && {type: 'participant', event: m.event, participant, reason: text(m.reason)};
    },
    state: m => ({
        type: 'state',
        state: m.state,
        participants: people(m.participants),
        ice_servers: iceServers(m.ice_servers),
        ice_ttl_s: number(m.ice_ttl_s),
        held: m.held === true,
        position: number(m.position),
        text: text(m.text),
        reason: text(m.reason),
        window_s: number(m.window_s),
    }),
    move: m => ({type: 'move', room: text(m.room), ws: text(m.ws), token: text(m.token)}),
    signal: m =>
        !text(m.from)
            ? null
            : {type: 'signal', from: m.from, from_instance: number(m.from_instance), data: object(m.data)},
    chat: m => ({
        type: 'chat',
        from: text(m.from),
        name: text(m.name),
        to: text(m.to),
        text: text(m.text),
        at: text(m.at),
        role: m.role === 'host' || m.role === 'desk' ? m.role : m.desk === true ? 'desk' : '',
        id: text(m.id),
        again: m.again === true,
        unheard: m.unheard === true,
    }),
    ack: m => ({
        type: 'ack',
        of: text(m.of),
        n: number(m.n),
        heard: number(m.heard),
        later: list(m.later).map(text),
        never: list(m.never).map(text),
    }),
    mute: m => ({type: 'mute', from: text(m.from), kind: m.kind}),
    ice: m => ({type: 'ice', ice_servers: iceServers(m.ice_servers), ice_ttl_s: number(m.ice_ttl_s)}),
    room: m => ({type: 'room', room: m.room ? object(m.room) : object(m)}),
    error: m => ({
        type: 'error',
        code: text(m.code),
        detail: text(m.detail),
        of: text(m.of),
        n: number(m.n),
        participant: text(m.participant),
    }),
    bye: m => ({type: 'bye', reason: text(m.reason), retry_ms: number(m.retry_ms)}),
};

/**
 * @param {string} raw  @returns {{message: ServerMessage | null, seq: number} | null} null: not ours at all;
 *   `message` null: a type this page does not know, whose `seq` still counts; seq 0: the message has none
 */
export function parseServer(raw) {
    let m;
    try {
        m = JSON.parse(raw);
    } catch {
        return null;
    }
    if (typeof object(m).type !== 'string') return null;
    const read = Object.hasOwn(READ, m.type) ? READ[m.type] : undefined;
    return {message: read?.(m) || null, seq: m.type === 'welcome' ? 0 : number(m.seq)};
}

/** @typedef {{type: string} & Record<string, any>} ClientMessage */

/** What this page may say, by name; one place to see them all. */
export const say = {
    /** @param {string} token  @param {number} [instance] the page goes on as this one  @returns {ClientMessage} */
    join: (token, instance = 0) => ({type: 'join', token, ...(instance > 0 && {instance})}),
    /** @param {string} ticket  @param {number} seq  @returns {ClientMessage} */
    resume: (ticket, seq) => ({type: 'join', resume: {ticket, seq}}),
    /** @param {string} to  @param {number} to_instance  @param {object} data  @returns {ClientMessage} */
    signal: (to, to_instance, data) => ({type: 'signal', to, to_instance, data}),
    /** @param {string} words  @param {string} [to]  @param {string} [id] ours for it  @returns {ClientMessage} */
    chat: (words, to, id) => ({type: 'chat', text: words, ...(to && {to}), ...(id && {id})}),
    /** @param {Status} status  @returns {ClientMessage} */
    status: status => ({type: 'status', ...status}),
    /** @param {'admit' | 'deny' | 'hold' | 'return' | 'remove'} verb  @param {string} participant  @param {{text?: string, block?: boolean, how?: '' | 'beside' | 'instead'}} [more]
     *  how: of `admit` while another guest is inside  @returns {ClientMessage} */
    decide: (verb, participant, more = {}) => ({
        type: verb,
        participant,
        ...(more.text && {text: more.text}),
        ...(more.block && {block: true}),
        ...(more.how && {[more.how]: true}),
    }),
    /** @param {string} participant or `*`  @param {Kind} kind  @returns {ClientMessage} */
    mute: (participant, kind) => ({type: 'mute', participant, kind}),
    /** @param {string} participant  @param {boolean} seen  @returns {ClientMessage} */
    seen: (participant, seen) => ({type: 'seen', participant, seen}),
    /** @param {boolean} locked  @returns {ClientMessage} */
    lock: locked => ({type: 'room', locked}),
    /** @returns {ClientMessage} */
    ice: () => ({type: 'ice'}),
    /** @returns {ClientMessage} */
    end: () => ({type: 'end'}),
    /** @returns {ClientMessage} */
    leave: () => ({type: 'leave'}),
};

/** The longest chat text and the longest words of a host to a guest, in bytes of UTF-8. */
export const CHAT_MAX_BYTES = 4096;
export const HOST_TEXT_MAX_BYTES = 1000;
/** How long after it was heard a line is said again to a server that has started anew: what it had not passed on is lost. */
export const SAID_LATELY_MS = 60_000;

/** How many characters of a text fit; 0: all of it. @param {string} text  @param {number} bytes */
export function fitting(text, bytes) {
    const {read} = new TextEncoder().encodeInto(text, new Uint8Array(bytes));
    return read === text.length ? 0 : [...text.slice(0, read)].length;
}
