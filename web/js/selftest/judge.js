// What the findings of the self test mean for a call. Pure.
import {LOSSY_PERCENT, PICTURE_KBIT} from '../core/relay_probe.js';

/** @typedef {import('../core/relay_probe.js').RelayResult} RelayResult */
/** @typedef {import('../core/line_probe.js').SocketResult} SocketResult */
/** @typedef {'wait' | 'run' | 'ask' | 'ok' | 'warn' | 'bad' | 'skip'} RowState `ask`: the person has to answer; `skip`: there was nothing to test */
/** @typedef {{state: RowState, why: string, facts?: Record<string, string | number>}} Finding `why` names the words: `selftest.<row>.<why>` */
/** @typedef {Finding & {id: string, kind: string}} Row `kind`: its name and words; relays share one */

const SLOW_MS = 400;
const SHARP_KBIT = 1_000;

/** @param {SocketResult} r  @param {boolean} served the server answers ordinary requests  @returns {Finding} */
export function judgeSocket({opened, answered, rttMs}, served) {
    if (!opened) return {state: 'bad', why: served ? 'blocked' : 'away'};
    if (answered === 0) return {state: 'bad', why: 'silent'};
    return rttMs > SLOW_MS
        ? {state: 'warn', why: 'slow', facts: {ms: rttMs}}
        : {state: 'ok', why: 'ok', facts: {ms: rttMs}};
}

/** @param {RelayResult} r  @returns {Finding} */
export function judgeRelay({fault, rttMs, lossPercent}) {
    if (fault) return {state: 'warn', why: fault};
    const facts = {ms: rttMs, loss: lossPercent};
    return lossPercent > LOSSY_PERCENT ? {state: 'warn', why: 'lossy', facts} : {state: 'ok', why: 'ok', facts};
}

/** Also with a refusal. @param {RelayResult} r */
const answered = ({fault}) => fault !== 'unreachable' && fault !== 'unavailable';

/** @param {boolean} reflexive  @param {{way: string, result: RelayResult}[]} relays  @returns {Finding} */
export function judgeUdp(reflexive, relays) {
    if (reflexive || relays.some(r => r.way === 'udp' && answered(r.result))) return {state: 'ok', why: 'ok'};
    if (!relays.some(r => r.way === 'udp')) return {state: 'skip', why: 'unknown'};
    return relays.some(r => answered(r.result)) ? {state: 'warn', why: 'around'} : {state: 'bad', why: 'none'};
}

/** @param {RelayResult[]} relays  @returns {Finding} */
export function judgeSpeed(relays) {
    const kbit = Math.max(0, ...relays.map(r => r.kbitS));
    if (kbit === 0) return {state: 'skip', why: 'unknown'};
    const facts = {speed: kbit};
    if (kbit >= SHARP_KBIT) return {state: 'ok', why: 'ok', facts};
    return kbit >= PICTURE_KBIT ? {state: 'warn', why: 'small', facts} : {state: 'bad', why: 'sound', facts};
}

/** Whether a visit will work. @param {Row[]} rows  @returns {'good' | 'limited' | 'bad'} */
export function verdict(rows) {
    if (rows.some(r => r.state === 'bad')) return 'bad';
    return rows.some(r => r.state === 'warn') ? 'limited' : 'good';
}
