// The page's message while a connection is interrupted: ours to the server, or the media to a person. Each has one cause, so there is
// one message; a tile says nothing while the bar does. Pure.
import {callDetail, isVisit} from './call.js';

/** @typedef {import('./call.js').Call} Call */
/** @typedef {import('./call.js').Person} Person */
/** @typedef {{key: string, params: Record<string, string | number>}} Words */
/** @typedef {{bar: Words | null, tiles: Record<string, Words & {picture: string, dim: boolean}>, hurry: boolean}} Outage hurry: it has lasted, offer to try at once */

/** A shorter interruption is not reported. */
export const SHOW_AFTER_MS = 1_500;
/** From then on the person may want to act. */
const LASTS_MS = 10_000;
/** A restart is over by then, or it is not a restart. */
const RESTART_MS = 30_000;
/** A connection that is not established by then rarely succeeds on this network. */
const NO_WAY_MS = 20_000;

/** Our connection to the server is lost, for long enough to report it. @param {Call} call  @param {number} now */
const lineLost = (call, now) => call.link === 'lost' && now - call.linkSince >= SHOW_AFTER_MS;

/** The same; and without a network it is, whatever we know of it. @param {Call} call  @param {number} now */
export const ownLineLost = (call, now) => call.offline || lineLost(call, now);

/** @param {Call} call  @param {number} now  @returns {Outage} */
export function outage(call, now) {
    const lost = lineLost(call, now);
    const said = bar(call, now, lost);
    return {
        bar: said,
        tiles: call.phase === 'incall' && !said ? tiles(call, now, call.link === 'lost') : {},
        hurry: lost && now - call.linkSince >= LASTS_MS,
    };
}

/** @param {Call} call  @param {number} now  @param {boolean} lost  @returns {Words | null} */
function bar(call, now, lost) {
    if (!isVisit(call)) return null;
    const restarts = lost && call.linkCause === 'restarting' && now - call.linkSince < RESTART_MS;
    const detail = callDetail(call);
    if (call.offline && detail !== 'live') return words('link.offline');
    if (call.phase === 'waiting') {
        if (!lost) return null;
        if (restarts) return words('link.restart_waiting');
        const kept = now - call.linkSince < call.windowMs;
        return words(kept ? 'link.lost_waiting' : 'link.lost_long', {minutes: Math.round(call.windowMs / 60_000)});
    }
    if (detail === 'reconnecting') return words('link.reconnecting', {n: secondsLost(call, now)});
    return lost ? words(restarts ? 'link.restart_call_goes_on' : 'link.lost_call_goes_on') : null;
}

/** @param {string} key  @param {Words['params']} [params]  @returns {Words} */
const words = (key, params = {}) => ({key, params});

/** @param {Call} call  @param {number} now */
function secondsLost(call, now) {
    const own = call.link === 'lost' ? [call.linkSince] : [];
    const since = [...own, ...Object.values(call.peers).map(p => p.since)].filter(s => s > 0);
    if (!since.length) return 1;
    return Math.max(1, Math.round((now - Math.min(...since)) / 1000));
}

/** @param {Call} call  @param {number} now  @param {boolean} own our connection is lost, so that the server's last news is old */
function tiles(call, now, own) {
    /** @type {Outage['tiles']} */
    const all = {};
    for (const p of call.people) {
        const said = own ? unsaid(call, p) : tile(call, p, now);
        if (said) all[p.id] = {...said, params: {name: p.name}};
    }
    return all;
}

/** A person to whom we are still connecting when our connection is lost is not here yet either way. @param {Call} call  @param {Person} p */
const unsaid = (call, p) => (viewOf(call, p) === 'connecting' ? say('stage.connecting') : null);

/** @param {Call} call  @param {Person} p */
const viewOf = (call, p) => call.peers[p.id]?.state ?? 'connecting';

/** @param {string} key  @param {string} [picture]  @param {boolean} [dim] */
const say = (key, picture = '', dim = false) => ({key, picture, dim});

/** The problem with one person's connection, as reported by the server, not guessed from silence. While picture and sound go on, a
 *  lost socket is not reported. @param {Call} call  @param {Person} p  @param {number} now */
function tile(call, p, now) {
    const view = viewOf(call, p);
    if (view === 'live') return p.status.background ? say('stage.background', 'smartphone') : null;
    if (p.awayAt > 0) return say('stage.peer_lost', 'wifi-off', true);
    // Only the time counts in which our own line worked: without it nobody can be reached.
    const since = Math.max(call.peers[p.id]?.since ?? now, call.linkSince);
    if (now - since > NO_WAY_MS) return say('stage.no_way', 'wifi-off');
    return view === 'lost' ? say('stage.peer_reconnecting', 'refresh-cw') : say('stage.connecting');
}
