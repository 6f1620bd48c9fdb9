// The automatic check of a waiting guest's line: one word for the host, before the guest is let in. It tries the relay and UDP for real,
// in the time of waiting, and breaks off at once when the waiting is over: the call has the line to itself.
import {oneByOne, probeUdp, relayWay} from './line_probe.js';
import {LOSSY_PERCENT, PICTURE_KBIT, probeRelay} from './relay_probe.js';

/**
 * @typedef {'good' | 'relay' | 'direct' | 'weak' | 'none'} LineWord `relay`: only by the relay; `direct`: only without it; `none`: by
 *   no way that could be tried
 * @typedef {{connect: (config: RTCConfiguration) => RTCPeerConnection}} CheckDeps
 */

const LOAD_MS = 1_500;

/**
 * Tells the server the word, as `check` of our status; says nothing where nothing could be tried.
 * @param {import('./visit.js').Visit} visit  @param {CheckDeps} deps
 */
export async function checkOwnLine(visit, {connect}) {
    const {api, clock} = visit.deps;
    const code = visit.call.invitation?.code;
    const answer = await api.post('/check/ice', code ? {code} : {}).catch(() => null);
    if (!answer || !waits(visit)) return;
    /** @type {RTCPeerConnection[]} */
    const made = [];
    const kept = (/** @type {RTCConfiguration} */ config) => {
        const pc = connect(config);
        if (waits(visit)) made.push(pc);
        else pc.close();
        return pc;
    };
    const forget = visit.on('change', () => {
        if (!waits(visit)) for (const pc of made.splice(0)) pc.close();
    });
    const relayOnly = visit.call.room?.relay_only === true;
    const word = await lineWord({clock, connect: kept}, answer.ice_servers, relayOnly).finally(forget);
    if (waits(visit)) visit.reports.tell({check: word});
}

/** @param {import('./visit.js').Visit} visit */
const waits = visit => visit.call.phase === 'waiting';

/**
 * @param {import('./relay_probe.js').ProbeDeps} deps  @param {RTCIceServer[]} servers  @param {boolean} relayOnly then no address is looked for
 * @returns {Promise<LineWord>}
 */
async function lineWord(deps, servers, relayOnly) {
    const each = oneByOne(servers);
    const relay = await firstThatWorks(deps, each);
    const byUdp = relay?.way === 'udp';
    const udp =
        byUdp || relayOnly
            ? byUdp
            : await probeUdp(
                  deps,
                  each.map(s => s.urls),
              );
    if (!relay) return udp ? 'direct' : 'none';
    if (relay.result.lossPercent > LOSSY_PERCENT || relay.result.kbitS < PICTURE_KBIT) return 'weak';
    return udp || relayOnly ? 'good' : 'relay';
}

/** @param {import('./relay_probe.js').ProbeDeps} deps  @param {(RTCIceServer & {urls: string})[]} servers */
async function firstThatWorks(deps, servers) {
    for (const server of servers) {
        const result = await probeRelay(deps, server, {loadMs: LOAD_MS});
        if (!result.fault) return {way: relayWay(server.urls), result};
    }
    return null;
}
