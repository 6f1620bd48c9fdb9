// The line without a relay: echoes over a socket to the server, and whether UDP gets out of this network at all.
import {median} from './relay_probe.js';

const ECHOES = 10;
/** the server closes a socket that does not join after five seconds */
const SOCKET_MS = 4_500;
const GATHER_MS = 5_000;

/**
 * @typedef {{opened: boolean, answered: number, rttMs: number}} SocketResult
 * @typedef {{clock: import('./clock.js').Clock, open: (path: string) => WebSocket}} SocketDeps
 */

/** Sends `echo` (server/live/PROTOCOL.md), one after the other. Never throws. @param {SocketDeps} deps  @param {string} path  @returns {Promise<SocketResult>} */
export function probeSocket({clock, open}, path) {
    /** @type {number[]} */
    const times = [];
    let [opened, sentAt] = [false, 0];
    return new Promise(resolve => {
        const socket = open(path);
        const timer = clock.after(() => done(), SOCKET_MS);
        const done = () => {
            clock.cancel(timer);
            socket.onclose = null;
            socket.close();
            resolve({opened, answered: times.length, rttMs: median(times)});
        };
        const next = () => {
            sentAt = clock.now();
            socket.send(JSON.stringify({type: 'echo', n: times.length + 1}));
        };
        socket.onopen = () => {
            opened = true;
            next();
        };
        socket.onmessage = () => {
            times.push(clock.now() - sentAt);
            if (times.length < ECHOES) next();
            else done();
        };
        socket.onclose = done;
    });
}

/** The addresses at which the relay answers STUN, which costs it nothing. @param {string[]} urls of the relay */
const stunUrls = urls =>
    urls.filter(url => relayWay(url) === 'udp').map(url => url.replace(/^turn:/, 'stun:').replace(/\?.*/, ''));

/** @typedef {'udp' | 'tcp' | 'tls'} RelayWay */

/** How a relay's address is reached. @param {string} url  @returns {RelayWay} */
export function relayWay(url) {
    if (url.startsWith('turns:')) return 'tls';
    return /\btransport=tcp\b/.test(url) ? 'tcp' : 'udp';
}

/** Each address of the relay by itself. @param {RTCIceServer[]} servers */
export const oneByOne = servers => servers.flatMap(s => [s.urls].flat().map(urls => ({...s, urls})));

/** Whether an answer over UDP tells this browser its address outside. Never throws.
 *  @param {import('./relay_probe.js').ProbeDeps} deps  @param {string[]} urls of the relay  @returns {Promise<boolean>} */
export async function probeUdp({clock, connect}, urls) {
    const stun = stunUrls(urls);
    if (stun.length === 0) return false;
    try {
        const pc = connect({iceServers: [{urls: stun}]});
        const found = reflexive(clock, pc);
        pc.createDataChannel('probe');
        await pc.setLocalDescription();
        return await found.finally(() => pc.close());
    } catch {
        return false;
    }
}

/** @param {import('./clock.js').Clock} clock  @param {RTCPeerConnection} pc  @returns {Promise<boolean>} */
function reflexive(clock, pc) {
    return new Promise(resolve => {
        const timer = clock.after(() => resolve(false), GATHER_MS);
        const done = (/** @type {boolean} */ found) => {
            clock.cancel(timer);
            resolve(found);
        };
        pc.onicecandidate = ({candidate}) => {
            if (!candidate) done(false);
            else if (/ typ srflx/.test(candidate.candidate)) done(true);
        };
    });
}
