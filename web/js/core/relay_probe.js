// One address of the relay, tried for real: two connections of this page, which may use nothing else, meet through it. A data channel
// that repeats nothing measures delay, loss and speed. The browser's connections are passed in.

const CONNECT_MS = 10_000;
const PINGS = 20;
const PING_EVERY_MS = 50;
/** how long the last answers are waited for */
const PING_LATE_MS = 1_000;
const LOAD_MS = 2_500;
/** the channel begins slowly: this much of the time is not measured */
const LOAD_BEGINS_MS = 700;
const CHUNK_BYTES = 1_000;
/** 2 Mbit/s: more than a call takes, and less than a relay allows (coturn's max-bps drops everything for a while beyond it) */
const PACE_BYTES_S = 250_000;
const AHEAD_BYTES = 64_000;
const FILL_EVERY_MS = 10;

/** A call suffers where more is lost, and has no picture where less gets through. */
export const LOSSY_PERCENT = 5;
export const PICTURE_KBIT = 250;

/**
 * @typedef {'unreachable' | 'refused' | 'busy' | 'no_path' | 'unavailable'} RelayFault `no_path`: the relay takes part, and nothing
 *   passes through it; `unavailable`: this browser cannot try it
 * @typedef {{fault: RelayFault | null, rttMs: number, lossPercent: number, kbitS: number}} RelayResult
 * @typedef {{clock: import('./clock.js').Clock, connect: (config: RTCConfiguration) => RTCPeerConnection}} ProbeDeps
 * @typedef {{near: RTCPeerConnection, far: RTCPeerConnection, codes: number[], candidates: number, early: (() => void)[] | null}} Pair
 */

/** @param {RelayFault} fault  @returns {RelayResult} */
const failed = fault => ({fault, rttMs: 0, lossPercent: 0, kbitS: 0});

/** Never throws. @param {ProbeDeps} deps  @param {RTCIceServer} server with one address  @param {{loadMs?: number}} [wish] `loadMs` 0: the speed is not measured
 *  @returns {Promise<RelayResult>} */
export async function probeRelay(deps, server, {loadMs = LOAD_MS} = {}) {
    /** @type {Pair | null} */
    let pair = null;
    try {
        pair = makePair(deps, server);
        return await measure(deps.clock, pair, loadMs);
    } catch {
        return failed('unavailable');
    } finally {
        pair?.near.close();
        pair?.far.close();
    }
}

/** @param {import('./clock.js').Clock} clock  @param {Pair} pair  @param {number} loadMs  @returns {Promise<RelayResult>} */
async function measure(clock, pair, loadMs) {
    const [near, far] = [openChannel(pair.near), openChannel(pair.far)];
    const met = meeting(clock, pair, near);
    await negotiate(pair);
    if (!(await met)) return failed(faultOf(pair));
    return {fault: null, ...(await ping(clock, near, far)), kbitS: loadMs ? await load(clock, near, far, loadMs) : 0};
}

/** @param {ProbeDeps} deps  @param {RTCIceServer} server  @returns {Pair} */
function makePair({connect}, server) {
    /** @type {RTCConfiguration} */
    const config = {iceServers: [server], iceTransportPolicy: 'relay'};
    /** @type {Pair} */
    const pair = {near: connect(config), far: connect(config), codes: [], candidates: 0, early: []};
    passOn(pair, pair.near, pair.far);
    passOn(pair, pair.far, pair.near);
    return pair;
}

/** Candidates that come before both descriptions are set wait. @param {Pair} pair  @param {RTCPeerConnection} from  @param {RTCPeerConnection} to */
function passOn(pair, from, to) {
    from.onicecandidate = ({candidate}) => {
        if (!candidate?.candidate) return;
        pair.candidates++;
        const give = () => void to.addIceCandidate(candidate).catch(() => undefined);
        if (pair.early) pair.early.push(give);
        else give();
    };
    from.onicecandidateerror = e => pair.codes.push(e.errorCode);
}

/** @param {RTCPeerConnection} pc */
function openChannel(pc) {
    const channel = pc.createDataChannel('probe', {ordered: false, maxRetransmits: 0, negotiated: true, id: 0});
    channel.binaryType = 'arraybuffer';
    return channel;
}

/** @param {Pair} pair */
async function negotiate(pair) {
    const {near, far} = pair;
    await near.setLocalDescription();
    await far.setRemoteDescription(/** @type {RTCSessionDescription} */ (near.localDescription));
    await far.setLocalDescription();
    await near.setRemoteDescription(/** @type {RTCSessionDescription} */ (far.localDescription));
    const early = pair.early ?? [];
    pair.early = null;
    for (const give of early) give();
}

/** Whether they meet. @param {import('./clock.js').Clock} clock  @param {Pair} pair  @param {RTCDataChannel} channel  @returns {Promise<boolean>} */
function meeting(clock, pair, channel) {
    const {near, far} = pair;
    return new Promise(resolve => {
        const timer = clock.after(() => done(false), CONNECT_MS);
        const done = (/** @type {boolean} */ met) => {
            clock.cancel(timer);
            resolve(met);
        };
        channel.onopen = () => done(true);
        for (const pc of [near, far]) {
            pc.onicegatheringstatechange = () =>
                pair.candidates === 0 && [near, far].every(p => p.iceGatheringState === 'complete') && done(false);
            pc.oniceconnectionstatechange = () => pc.iceConnectionState === 'failed' && done(false);
        }
    });
}

/** What the codes of `icecandidateerror` mean; some browsers tell none. @param {Pair} pair  @returns {RelayFault} */
function faultOf({codes, candidates}) {
    if (candidates > 0) return 'no_path';
    if (codes.some(c => c === 486 || c === 508)) return 'busy';
    return codes.some(c => c >= 400 && c < 500) ? 'refused' : 'unreachable';
}

/** There and back. @param {import('./clock.js').Clock} clock  @param {RTCDataChannel} near  @param {RTCDataChannel} far
 *  @returns {Promise<{rttMs: number, lossPercent: number}>} */
function ping(clock, near, far) {
    /** @type {number[]} */
    const sent = [];
    /** @type {number[]} */
    const times = [];
    far.onmessage = ({data}) => far.readyState === 'open' && far.send(data);
    near.onmessage = ({data}) => times.push(clock.now() - (sent[Number(data)] ?? 0));
    return new Promise(resolve => {
        const timer = clock.repeat(() => {
            if (sent.length < PINGS && near.readyState === 'open') {
                near.send(String(sent.length));
                sent.push(clock.now());
                return;
            }
            if (times.length < PINGS && clock.now() - (sent.at(-1) ?? 0) < PING_LATE_MS) return;
            clock.cancel(timer);
            resolve({rttMs: median(times), lossPercent: Math.round((100 * (PINGS - times.length)) / PINGS)});
        }, PING_EVERY_MS);
    });
}

/** Kilobits a second that arrive. @param {import('./clock.js').Clock} clock  @param {RTCDataChannel} near  @param {RTCDataChannel} far  @param {number} ms
 *  @returns {Promise<number>} */
function load(clock, near, far, ms) {
    const [chunk, began] = [new Uint8Array(CHUNK_BYTES), clock.now()];
    let [bytes, sent] = [0, 0];
    far.onmessage = ({data}) => {
        if (clock.now() - began >= LOAD_BEGINS_MS) bytes += data.byteLength ?? 0;
    };
    return new Promise(resolve => {
        const timer = clock.repeat(() => {
            const gone = clock.now() - began;
            if (gone < ms && near.readyState === 'open') {
                const due = Math.min((PACE_BYTES_S * gone) / 1000 - sent, AHEAD_BYTES - near.bufferedAmount);
                for (let n = 0; n < due; n += CHUNK_BYTES) near.send(chunk);
                sent += Math.ceil(Math.max(0, due) / CHUNK_BYTES) * CHUNK_BYTES;
                return;
            }
            clock.cancel(timer);
            resolve(Math.round((bytes * 8) / Math.max(1, gone - LOAD_BEGINS_MS)));
        }, FILL_EVERY_MS);
    });
}

/** Whole milliseconds, at least one. @param {number[]} values  @returns {number} 0 without values */
export function median(values) {
    const middle = values.toSorted((a, b) => a - b)[values.length >> 1];
    return middle === undefined ? 0 : Math.max(1, Math.round(middle));
}
