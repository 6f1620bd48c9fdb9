// The announcements for screen readers when the call changes. Pure: compares the state before and after.
import {callDetail, inside} from '../core/call.js';

/** @typedef {import('../core/call.js').Call} Call */
/** @typedef {{key: string, params: Record<string, string | number>, urgent: boolean}} Announcement */

/** @param {Call} before  @param {Call} now  @returns {Announcement[]} */
export function announcements(before, now) {
    if (before.phase !== now.phase) return phaseNews(now);
    if (now.phase === 'incall')
        return [
            ...peopleNews(before, now),
            ...lineNews(before, now),
            ...chatNews(before, now),
            ...toastNews(before, now),
        ];
    if (now.phase === 'ended' && now.next.length > before.next.length)
        return [news('next.waiting', {n: now.next.length})];
    if (now.phase === 'waiting')
        return [...holdNews(before, now), ...waitingLineNews(before, now), ...chatNews(before, now)];
    return [];
}

/** @param {string} key  @param {Announcement['params']} [params]  @param {boolean} [urgent]  @returns {Announcement} */
const news = (key, params = {}, urgent = false) => ({key, params, urgent});

/** @param {Call} now */
function phaseNews(now) {
    if (now.phase === 'incall') return [news('say.inside', {}, true)];
    if (now.phase === 'ended') return [news(`ended.${now.cause}.title`, {}, true)];
    return [];
}

/** @param {Call} before  @param {Call} now */
function peopleNews(before, now) {
    const was = inside(before);
    const is = inside(now);
    const came = is.filter(p => !was.some(q => q.id === p.id)).map(p => news('say.joined', {name: p.name}));
    const went = was.filter(p => !is.some(q => q.id === p.id)).map(p => news('say.left', {name: p.name}));
    const lost = is
        .filter(p => p.state === 'away' && was.some(q => q.id === p.id && q.state !== 'away'))
        .map(p => news('stage.peer_lost', {name: p.name}, true));
    return [...came, ...went, ...lost];
}

/** @param {Call} before  @param {Call} now */
function lineNews(before, now) {
    const [was, is] = [callDetail(before), callDetail(now)];
    if (was !== 'reconnecting' && is === 'reconnecting') return [news('say.reconnecting', {}, true)];
    if (was === 'reconnecting' && is === 'live') return [news('say.back')];
    return [];
}

/** @param {Call} before  @param {Call} now */
function waitingLineNews(before, now) {
    if (before.link === 'open' && now.link === 'lost') return [news('say.reconnecting')];
    return before.link === 'lost' && now.link === 'open' ? [news('say.back')] : [];
}

/** A line with its writer, who is visible beside it. */
const SAID_BY = {guest: 'say.chat_text', host: 'say.chat_text_host', desk: 'say.chat_text_desk'};

/** @param {Call} before  @param {Call} now */
function chatNews(before, now) {
    const last = now.chat.at(-1);
    const failed = (/** @type {Call} */ call) => call.chat.filter(l => l.status === 'failed').length;
    if (failed(now) > failed(before)) return [news('chat.failed', {}, true)];
    if (!last || last.mine || last.again || last.id === before.chat.at(-1)?.id) return [];
    // In the waiting room the text itself matters; in a call it would talk over the people.
    return now.phase === 'waiting' || now.panel === 'chat'
        ? [news(SAID_BY[last.role], {name: last.name, text: last.text})]
        : [news('say.chat', {name: last.name})];
}

/** @param {Call} before  @param {Call} now */
const toastNews = (before, now) =>
    now.toasts.filter(x => !before.toasts.some(y => y.id === x.id)).map(x => news(x.key, x.params, x.kind === 'warn'));

/** @param {Call} before  @param {Call} now */
function holdNews(before, now) {
    const {held, text} = now.waiting;
    if (held === before.waiting.held && text === before.waiting.text) return [];
    if (text) return [news('say.message', {text}, true)];
    return held ? [news('waiting.held', {}, true)] : [];
}
