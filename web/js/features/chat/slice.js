// The chat of the visit, as a part of the call's state. Pure, like core/call.js, and run after it.
import {hosts, nameOf} from '../../core/call.js';
import {SAID_LATELY_MS} from '../../core/protocol.js';
import {isAway, isInside} from '../../core/queue.js';

/** @typedef {import('../../core/call.js').Call} Call */
/** @typedef {import('../../core/call.js').Person} Person */
/** @typedef {import('../../core/protocol.js').ServerMessage} ServerMessage */
/**
 * @typedef {{id: number, from: string, name: string, role: 'host' | 'desk' | 'guest', mine: boolean, to: string, text: string, at: number,
 *   key: string, status: '' | 'sending' | 'later' | 'unheard' | 'failed', later: string[], among: string[], again: boolean}} ChatLine
 *   role: the writer's role at that time; key: the writer's id for it, so that a line that comes twice is shown once; status: of our own
 *   line, empty once it was heard; among: of our own line, the guests who were inside then; later: the people who will hear it when they come
 *   back; again: an earlier page of ours has shown it
 * @typedef {{text: string, to: string, among: string[]}} Draft a line that is being written, as in ChatLine
 * @typedef {{type: 'said', text: string, to: string, at: number, key: string}
 *   | {type: 'draft', text: string}
 *   | {type: 'line', key: string, status: ChatLine['status'], later?: string[]}} ChatEvent
 */

const LINES_MAX = 500;

/** @param {Call} call  @param {import('../../core/call.js').CallEvent} event  @returns {Call} */
export function reduceChat(call, event) {
    switch (event.type) {
        case 'said':
            return {...addLine(call, said(call, event)), draft: null};
        case 'draft':
            return {...call, draft: {text: event.text, to: call.chatTo, among: guestsInside(call.people)}};
        case 'line':
            return withLines(call, l =>
                l.key === event.key && l.mine ? {...l, status: event.status, later: event.later ?? []} : l,
            );
        case 'panel':
            return {...call, chatTo: event.to ?? '', unread: event.panel === 'chat' ? 0 : call.unread};
        case 'server':
            return awaited(onServer(call, event.message, event.wall), event.message);
        default:
            return call;
    }
}

/** @param {Call} call  @param {ServerMessage} m  @param {number} wall  @returns {Call} */
function onServer(call, m, wall) {
    if (m.type !== 'chat') return call;
    return isKnown(call, m) ? afterEcho(call, m) : addLine(call, heard(call, m, wall));
}

/** @param {Call} call  @param {ChatEvent & {type: 'said'}} event  @returns {Omit<ChatLine, 'id'>} */
const said = (call, event) => ({
    from: call.self,
    name: call.name,
    role: call.host ? 'host' : 'guest',
    mine: true,
    to: event.to,
    text: event.text,
    at: event.at,
    key: event.key,
    status: 'sending',
    later: [],
    among: guestsInside(call.people),
    again: false,
});

/** @param {Call} call  @param {Omit<ChatLine, 'id'>} line  @returns {Call} */
function addLine(call, line) {
    const id = (call.chat.at(-1)?.id ?? 0) + 1;
    const seen = line.mine || line.again || call.panel === 'chat' || call.phase === 'waiting';
    return {
        ...call,
        chat: [...call.chat, {...line, id}].slice(-LINES_MAX),
        unread: seen ? call.unread : call.unread + 1,
    };
}

/** @param {Call} call  @param {import('../../core/protocol.js').ChatMessage} m  @param {number} wall  @returns {Omit<ChatLine, 'id'>} */
const heard = (call, m, wall) => ({
    from: m.from,
    name: m.name || nameOf(call, m.from),
    role: m.role || (hosts(call).some(h => h.id === m.from) ? 'host' : 'guest'),
    mine: m.from === call.self,
    to: m.to,
    text: m.text,
    at: Date.parse(m.at) || wall,
    key: m.id,
    status: m.unheard && m.from === call.self ? 'unheard' : '',
    later: [],
    among: [],
    again: m.again,
});

/** Whether it came before; of our own lines only those of an earlier page are new. @param {Call} call  @param {import('../../core/protocol.js').ChatMessage} m */
const isKnown = (call, m) =>
    (m.from === call.self && !m.again) || (m.id !== '' && call.chat.some(l => l.from === m.from && l.key === m.id));

/** A line of ours that nobody had heard comes back without that mark: it has been heard now. @param {Call} call  @param {import('../../core/protocol.js').ChatMessage} m */
const afterEcho = (call, m) =>
    m.again && !m.unheard && m.id
        ? withLines(call, l => (l.mine && l.key === m.id && l.status === 'unheard' ? {...l, status: ''} : l))
        : call;

/** @param {Call} call  @param {(l: ChatLine) => ChatLine} change  @returns {Call} */
const withLines = (call, change) => ({...call, chat: call.chat.map(change)});

/** @param {ChatLine} l  @returns {ChatLine} */
const notDelivered = l => ({...l, status: 'failed', later: []});

/** The fate of a line of ours. When nobody heard it: a waiting guest's line is read by the host who comes; in a call it was for
 *  nobody.
 *  @param {Call} call  @param {import('../../core/protocol.js').AckMessage} ack  @returns {Pick<ChatLine, 'status' | 'later'>} */
export function fateOf(call, {heard, later, never}) {
    if (never.length) return {status: 'failed', later};
    if (later.length) return {status: 'later', later};
    if (heard > 0) return {status: '', later};
    if (call.phase === 'waiting') return {status: 'unheard', later};
    return {status: 'failed', later: []};
}

/** Our lines that nobody has read and that can be read now. @param {Call} call  @returns {ChatLine[]} */
export function toSayNow(call) {
    if (call.phase !== 'incall') return [];
    if (!hosts(call).some(h => h.state === 'inside')) return [];
    return call.chat.filter(l => l.status === 'unheard' && isMeantFor(call.people, l));
}

/** Our lines that wait for a person: heard when they are back, not delivered when their seat has ended.
 *  @param {Call} call  @param {ServerMessage} m */
function awaited(call, m) {
    if (!['participant', 'welcome', 'state', 'chat'].includes(m.type)) return call;
    if (!call.chat.some(l => l.status === 'later' || l.status === 'unheard')) return call;
    /** @type {(id: string) => Person | undefined} */
    const person = id => call.people.find(p => p.id === id);
    const stillAway = (/** @type {string} */ id) => isAway(/** @type {Person} */ (person(id)));
    // A person who answers from a dashboard has read the lines of waiting guests. The server reports it for a host who comes in (afterEcho).
    const read = call.phase === 'waiting' && m.type === 'chat' && m.role !== '';
    return withLines(call, l => {
        if (l.status === 'unheard' && read) return {...l, status: ''};
        if (l.status !== 'later') return l;
        if (l.later.some(id => !person(id))) return notDelivered(l);
        const later = l.later.filter(stillAway);
        return {...l, later, status: later.length ? 'later' : ''};
    });
}

/** @param {import('../../core/protocol.js').Participant[]} people */
const guestsInside = people => people.filter(p => p.role !== 'host' && isInside(p)).map(p => p.id);

/** Whether it may be sent again, by itself or by a press. A line to one patient is not for the next.
 *  @param {import('../../core/protocol.js').Participant[]} people who are there now  @param {Pick<ChatLine, 'to' | 'among'>} l */
export const isMeantFor = (people, l) => l.to !== '' || guestsInside(people).every(id => l.among.includes(id));

/** What was written and not sent: still there when the chat is opened again, for the same people. @param {Call} call */
export const draftFor = ({draft, chatTo, people}) =>
    draft && draft.to === chatTo && isMeantFor(people, draft) ? draft.text : '';

const MUST_BE_SAID = new Set(['later', 'unheard']);

/** Our lines that a server that forgot must get again. @param {Call} call  @param {number} wall  @returns {ChatLine[]} */
export const toSayAgain = (call, wall) =>
    call.chat.filter(l => l.mine && (MUST_BE_SAID.has(l.status) || (l.status === '' && wall - l.at < SAID_LATELY_MS)));
