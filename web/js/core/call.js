// The whole state of a visit in this page, and the one function that changes it.
// Pure: time comes in with the event, nothing is sent from here (visit.js does), nothing touches the page (ui/ draws it).

import {NOT_WAITING, notWaiting, waitingAfter} from '../features/waiting/slice.js';
import {isHere, isInside, line} from './queue.js';

/** @typedef {import('./protocol.js').ServerMessage} ServerMessage */
/** @typedef {import('./protocol.js').Participant & {awayAt: number}} Person awayAt: clock time of the lost connection; 0: not lost */
/** @typedef {import('./protocol.js').Room} Room */
/** @typedef {import('../features/chat/slice.js').ChatLine} ChatLine */
/** @typedef {import('./protocol.js').Status} Status */
/** @typedef {import('./devices.js').DeviceProblem} DeviceProblem */

/** @typedef {'landing' | 'primer' | 'check' | 'connecting' | 'waiting' | 'incall' | 'ended' | 'problem'} Phase */

/**
 * Which phase may follow which; a move that is not listed is refused. `landing` is drawn by room.html itself.
 * @type {Record<Phase, readonly Phase[]>}
 */
export const MOVES = {
    landing: ['primer', 'connecting', 'problem'],
    primer: ['landing', 'check', 'problem'],
    check: ['landing', 'primer', 'connecting', 'problem'],
    connecting: ['check', 'waiting', 'incall', 'ended', 'problem'],
    waiting: ['incall', 'check', 'connecting', 'ended', 'problem'],
    incall: ['waiting', 'check', 'connecting', 'ended', 'problem'],
    ended: ['connecting', 'check', 'problem'],
    problem: ['landing', 'primer', 'check', 'connecting', 'ended'],
};

/**
 * @typedef {'off' | 'asking' | 'on' | DeviceProblem} DeviceState
 * @typedef {{id: string, label: string, group?: string}} Device group: the same for microphone and speaker of one headset
 *
 * @typedef {object} Local the devices and tracks of this page
 * @property {boolean} mic the person wants to be heard
 * @property {boolean} cam the person wants to be seen
 * @property {DeviceState} micState
 * @property {DeviceState} camState
 * @property {Device[]} mics
 * @property {Device[]} cameras
 * @property {Device[]} speakers
 * @property {string} micId
 * @property {string} cameraId
 * @property {string} speakerId
 * @property {boolean} silent unmuted, but nothing arrives from the microphone
 * @property {boolean} slow the browser's permission question stays unanswered
 *
 * @typedef {object} PeerView the state of the connection to one person
 * @property {'connecting' | 'live' | 'lost'} state
 * @property {number} since clock time since it is live, or since it is not
 *
 * @typedef {{id: number, key: string, params: Record<string, string | number>, kind: 'info' | 'warn', at: number, waits?: string}} Toast
 *   waits: the waiting participant it is about; the toast goes when they no longer wait
 * @typedef {{code: string, detail: string, field: string, retryAfterS: number, requestId: string, consent?: import('./invitation.js').Consent}} Problem
 *
 * @typedef {{id: string, name: string, since: string, room: {id: string, name: string, slug: string}}} Next
 *   a guest who waits for this host when a visit is over
 *
 * @typedef {object} Call
 * @property {Phase} phase
 * @property {string} cause the code that led here (`host_left`, `removed`, …); tests and the record read it
 * @property {boolean} host we decide in this room
 * @property {string[]} may the messages that the server accepts from our seat now, by type
 * @property {string} name ours
 * @property {boolean} nameFixed by the account or the invitation
 * @property {string} self our participant id
 * @property {Room | null} room
 * @property {import('./invitation.js').Invitation | null} invitation
 * @property {import('./invitation.js').Consent | null} consent the text to agree to before coming in, as far as we know
 * @property {{name: string, phone: string}} practice to which this page belongs
 * @property {Person[]} people the others we may see
 * @property {Record<string, PeerView>} peers by participant id
 * @property {Record<string, import('../features/quality/judge.js').Word>} quality by participant id, once measured
 * @property {import('../features/adaptation/slice.js').Sending} sending
 * @property {import('../features/waiting/slice.js').Waiting} waiting
 * @property {import('./reconnecting_socket.js').LinkState} link
 * @property {number} linkSince clock time since the connection is in this state
 * @property {boolean} offline the browser says that there is no network, and no welcome has come since
 * @property {string} linkCause why it is lost: `restarting`, or another
 * @property {number} windowMs how long our seat is kept without a connection; 0: not told
 * @property {number} insideSince clock time, before 0 when it was before this page; 0: not inside
 * @property {Local} local
 * @property {import('../features/devices/slice.js').Offer[]} offers new devices that the person may switch to
 * @property {boolean} talking into a microphone that is muted
 * @property {ChatLine[]} chat
 * @property {number} unread
 * @property {'' | 'chat' | 'people'} panel
 * @property {string} chatTo the waiting guest for whom the next line is; empty: everyone
 * @property {import('../features/chat/slice.js').Draft | null} draft
 * @property {Toast[]} toasts
 * @property {number} lastToast id given out last
 * @property {Problem | null} problem
 * @property {Next[]} next after the visit: the guests waiting for this host, the longest wait first
 * @property {boolean} busy an answer to a press is on its way
 */

/**
 * Events of this page, beside the server's messages.
 * @typedef {{type: 'go', phase: Phase, cause?: string}
 *   | {type: 'opened', invitation: import('./invitation.js').Invitation | null, name: string, nameFixed: boolean, host: boolean}
 *   | {type: 'practice', name: string, phone: string}
 *   | {type: 'kept', waiting: Partial<Call['waiting']>}
 *   | {type: 'joined', self: string, role: string, room: Room}
 *   | {type: 'failed', problem: Problem, phase: Phase}
 *   | {type: 'busy', busy: boolean}
 *   | {type: 'name', name: string}
 *   | {type: 'local', change: Partial<Local>}
 *   | {type: 'link', state: import('./reconnecting_socket.js').LinkState, at: number, cause?: string}
 *   | {type: 'offline', offline: boolean}
 *   | {type: 'over', cause: string}
 *   | {type: 'peer', id: string, view: PeerView | null}
 *   | {type: 'panel', panel: Call['panel'], to?: string}
 *   | {type: 'toast', key: string, params?: Toast['params'], kind?: Toast['kind'], at: number}
 *   | {type: 'next', people: Next[]}
 *   | {type: 'untoast', id: number}} LocalEvent
 * @typedef {{type: 'server', message: ServerMessage, at: number, wall: number}} ServerEvent
 * @typedef {LocalEvent | ServerEvent | import('../features/chat/slice.js').ChatEvent | import('../features/quality/slice.js').QualityEvent
 *   | import('../features/adaptation/slice.js').SendingEvent
 *   | import('../features/devices/slice.js').DeviceEvent} CallEvent
 */

const NO_PANEL = /** @type {const} */ ('');
const TOASTS_MAX = 3;

/** @returns {Call} */
export function newCall() {
    return {
        phase: 'landing',
        cause: '',
        host: false,
        may: [],
        name: '',
        nameFixed: false,
        self: '',
        room: null,
        invitation: null,
        consent: null,
        practice: {name: '', phone: ''},
        people: [],
        peers: {},
        quality: {},
        sending: {paused: false, low: false},
        waiting: NOT_WAITING,
        link: 'closed',
        linkSince: 0,
        linkCause: '',
        offline: false,
        windowMs: 0,
        insideSince: 0,
        local: {
            mic: true,
            cam: true,
            micState: 'off',
            camState: 'off',
            mics: [],
            cameras: [],
            speakers: [],
            micId: '',
            cameraId: '',
            speakerId: '',
            silent: false,
            slow: false,
        },
        offers: [],
        talking: false,
        chat: [],
        unread: 0,
        panel: '',
        chatTo: '',
        draft: null,
        toasts: [],
        lastToast: 0,
        problem: null,
        next: [],
        busy: false,
    };
}

/** @param {Phase} from  @param {Phase} to */
export const mayMove = (from, to) => from === to || MOVES[from].includes(to);

/**
 * The call in another phase; unchanged when that move is not listed.
 * @param {Call} call  @param {Phase} phase  @param {string} [cause]  @returns {Call}
 */
export function move(call, phase, cause = '') {
    if (!mayMove(call.phase, phase)) return call;
    const problem = phase === 'problem' ? call.problem : null;
    return {...call, phase, cause, problem, next: phase === 'ended' ? call.next : [], busy: false};
}

/** @param {Call} call  @param {Omit<Toast, 'id'>} toast  @returns {Call} */
function addToast(call, toast) {
    const id = call.lastToast + 1;
    return {...call, lastToast: id, toasts: [...call.toasts, {...toast, id}].slice(-TOASTS_MAX)};
}

/** The call after `event`; `call` itself is never changed.  @param {Call} call  @param {CallEvent} event  @returns {Call} */
export function reduce(call, event) {
    switch (event.type) {
        case 'go':
            return move(call, event.phase, event.cause);
        case 'opened':
            return {
                ...call,
                invitation: event.invitation,
                consent: event.invitation?.consent ?? null,
                name: event.name || call.name,
                nameFixed: event.nameFixed,
                host: event.host,
                practice: event.invitation
                    ? {name: event.invitation.practice, phone: event.invitation.phone}
                    : call.practice,
            };
        case 'kept':
            return {...call, waiting: {...NOT_WAITING, ...event.waiting}};
        case 'practice':
            return {...call, practice: {name: event.name, phone: event.phone}};
        case 'joined':
            return {
                ...call,
                self: event.self,
                room: event.room,
                host: event.role === 'host',
                problem: null,
                busy: false,
            };
        case 'failed':
            return {
                ...move(isVisit(call) ? emptied(call) : call, event.phase, event.problem.code),
                problem: event.problem,
                consent: event.problem.consent ?? call.consent,
                busy: false,
            };
        case 'busy':
            return {...call, busy: event.busy};
        case 'name':
            return {...call, name: event.name};
        case 'local':
            return {...call, local: {...call.local, ...event.change}};
        case 'link':
            return {
                ...call,
                link: event.state,
                linkSince: event.at,
                linkCause: event.cause ?? '',
                offline: call.offline && event.state !== 'open',
            };
        case 'offline':
            return {...call, offline: event.offline};
        case 'over':
            return over(call, event.cause);
        case 'peer':
            return {...call, peers: withPeer(call.peers, event.id, event.view)};
        case 'panel':
            return {...call, panel: event.panel};
        case 'toast':
            return addToast(call, {
                key: event.key,
                params: event.params ?? {},
                kind: event.kind ?? 'info',
                at: event.at,
            });
        case 'next':
            return call.phase === 'ended' ? {...call, next: event.people} : call;
        case 'untoast':
            return {...call, toasts: call.toasts.filter(t => t.id !== event.id)};
        case 'server':
            return withoutOldNews(onServer(call, event.message, event.at, event.wall));
        default:
            return call; // a feature's own
    }
}

/** Drops toasts about people who no longer wait. @param {Call} call  @returns {Call} */
function withoutOldNews(call) {
    const toasts = call.toasts.filter(t => !t.waits || waitingPeople(call).some(p => p.id === t.waits));
    return toasts.length === call.toasts.length ? call : {...call, toasts};
}

/** @param {Call['peers']} peers  @param {string} id  @param {PeerView | null} view */
function withPeer(peers, id, view) {
    const {[id]: _, ...rest} = peers;
    return view ? {...rest, [id]: view} : rest;
}

/** @param {Call} call  @param {ServerMessage} m  @param {number} at  @param {number} wall  @returns {Call} */
function onServer(call, m, at, wall) {
    switch (m.type) {
        case 'welcome':
            return seated(
                {
                    ...call,
                    self: m.self,
                    room: {...call.room, ...m.room},
                    host: m.role === 'host',
                    may: m.may,
                    people: listed(call, m.participants, at),
                    windowMs: m.resume.window_s * 1000,
                },
                m,
                at,
                wall,
            );
        case 'state':
            return seated(
                {
                    ...call,
                    may: m.may,
                    people: listed(call, m.participants, at),
                    windowMs: m.window_s * 1000 || call.windowMs,
                },
                m,
                at,
                wall,
            );
        case 'participant':
            return onPerson(call, m, at);
        case 'room':
            return {...call, room: call.room && {...call.room, ...m.room}};
        case 'error':
            if (m.code === 'guest_inside') return call; // a question (visit.js), not a failure
            return m.of && !UNASKED.has(m.of)
                ? addToast(call, {
                      key: `refused.${REFUSALS.has(m.code) ? m.code : 'other'}`,
                      params: {},
                      kind: 'warn',
                      at,
                  })
                : call;
        case 'bye':
            return ENDINGS.has(m.reason) ? over(call, m.reason) : call; // other reasons show when the socket closes
        default:
            return call; // visit.js acts on `signal`, `ice`, `move` and what a host asks; the chat feature on `chat`
    }
}

/** Codes with texts of their own. */
const REFUSALS = new Set('room_full forbidden not_found busy too_fast storage storage_full not_available'.split(' '));
/** Messages that this page sends by itself; a refusal of any other is shown, because a button was pressed. */
const UNASKED = new Set('join signal status seen quality ice leave'.split(' '));

/** Clock time since which we are inside: by the server, so that a reload does not begin at 0:00. @param {string} since  @param {number} at  @param {number} wall */
function sinceWhen(since, at, wall) {
    const ago = wall - Date.parse(since);
    return ago > 0 ? at - ago : at;
}

/** Our own seat.
 *  @param {Call} call  @param {import('../features/waiting/slice.js').SeatMessage} m  @param {number} at  @param {number} wall */
function seated(call, m, at, wall) {
    if (m.state === 'inside') {
        const inside = move(call, 'incall', call.phase === 'incall' ? call.cause : '');
        return {
            ...inside,
            waiting: notWaiting(call.waiting, m),
            insideSince: call.insideSince || sinceWhen(m.since, at, wall),
        };
    }
    if (m.state === 'waiting') {
        const waiting = waitingAfter(call.waiting, m, call.insideSince !== 0);
        return {
            ...move(call, 'waiting', waiting.reason),
            waiting,
            peers: {},
            panel: NO_PANEL,
            insideSince: 0,
        };
    }
    return over(call, m.state);
}

/** Keeps over a new list the facts about people that only this page knows. @param {Call} call  @param {import('./protocol.js').Participant[]} people  @param {number} at */
const listed = (call, people, at) => people.map(p => known(call, p, at));

/** @param {Call} call  @param {import('./protocol.js').Participant} p  @param {number} at  @returns {Person} */
function known(call, p, at) {
    const before = call.people.find(x => x.id === p.id);
    return {...p, awayAt: p.state === 'away' ? before?.awayAt || at : 0};
}

/** @param {Call} call  @param {import('./protocol.js').PersonMessage} m  @param {number} at  @returns {Call} */
function onPerson(call, m, at) {
    const p = known(call, m.participant, at);
    if (p.id === call.self) return call;
    const before = call.people.find(x => x.id === p.id);
    const others = call.people.filter(x => x.id !== p.id);
    if (m.event === 'left') return {...call, people: others, peers: withPeer(call.peers, p.id, null)};
    // The order of arrival stays, so that names do not jump about in the panel.
    const people = before ? call.people.map(x => (x.id === p.id ? p : x)) : [...others, p];
    const next = {...call, people};
    if (m.event === 'waiting' && call.host && before?.state !== 'waiting')
        return addToast(next, {key: 'toast.waiting', params: {name: p.name}, kind: 'info', at, waits: p.id});
    return next;
}

/** People whose connection to the server is lost while picture and sound still come; each such pair includes a host.
 *  @param {Call} call  @returns {string[]} */
export const seenWithoutLine = call =>
    call.people
        .filter(p => p.state === 'away' && (call.host || p.role === 'host') && call.peers[p.id]?.state === 'live')
        .map(p => p.id);

/** The reasons that end a visit for us normally; any other is a problem. */
const ENDINGS = new Set('left denied removed ended expired replaced'.split(' '));

/** Leaves nothing of this visit for the next, which may be another patient's. @param {Call} call  @returns {Call} */
const emptied = call => ({
    ...call,
    people: [],
    peers: {},
    panel: NO_PANEL,
    insideSince: 0,
    chat: [],
    unread: 0,
    chatTo: '',
    draft: null,
    toasts: [],
    waiting: NOT_WAITING,
});

/** @param {Call} call */
export const isVisit = ({phase}) => phase === 'waiting' || phase === 'incall';

/** @param {Call} call  @param {string} cause  @returns {Call} */
function over(call, cause) {
    if (call.phase === 'ended') return call;
    const clean = emptied(call);
    if (ENDINGS.has(cause)) return move(clean, 'ended', cause);
    const problem = {code: cause, detail: '', field: '', retryAfterS: 0, requestId: ''};
    const moved = move(clean, 'problem', cause);
    return moved.phase === 'problem' ? {...moved, problem} : moved;
}

// ---- questions the screens ask ----

/** @param {Call} call  @param {string} id */
export const nameOf = (call, id) => call.people.find(p => p.id === id)?.name ?? '';
/** @param {Call} call */
export const inside = call => call.people.filter(isInside);
/** Those who are there first, then those who have gone away. @param {Call} call */
export const waitingPeople = call => line(call.people);
/** Only people who are there count as waiting. @param {Call} call */
export const waitingHere = call => waitingPeople(call).filter(isHere);
/** @typedef {'on' | 'opening' | 'off'} Looks how a device is shown, and thus the effect of a press on it */
/** @param {boolean} on  @param {DeviceState} state  @returns {Looks} */
const looks = (on, state) => (on && state === 'on' ? 'on' : on && state === 'asking' ? 'opening' : 'off');
/** @param {Pick<Call, 'local'>} call */
export const micLooks = ({local}) => looks(local.mic, local.micState);
/** @param {Pick<Call, 'local'>} call */
export const camLooks = ({local}) => looks(local.cam, local.camState);
/** @param {Call} call */
export const hosts = call => call.people.filter(p => p.role === 'host');

/**
 * The finer state of a call: the fact most important to the person now.
 * @param {Call} call
 * @returns {'live' | 'alone' | 'connecting' | 'reconnecting' | 'peerlost'}
 */
export function callDetail(call) {
    const others = inside(call);
    if (others.length === 0) return call.link === 'lost' ? 'reconnecting' : 'alone';
    const state = (/** @type {Person} */ p) => call.peers[p.id]?.state ?? 'connecting';
    // A person whose socket is lost may still be seen and heard: the server restarts, and the media go on.
    if (others.some(p => state(p) === 'live')) return 'live';
    const here = others.filter(p => p.state === 'inside');
    if (call.link === 'lost' || here.some(p => state(p) === 'lost')) return 'reconnecting';
    if (here.length === 0) return 'peerlost';
    return 'connecting';
}

/** The value of `data-state` on <body>: tests and styles read it. @param {Call} call */
export const stateName = call => (call.phase === 'incall' ? `incall ${callDetail(call)}` : call.phase);
