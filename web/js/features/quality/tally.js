// What the server keeps of the quality of a call: the seconds by their word, and the figures behind it. Pure.

/** @typedef {import('./judge.js').Word} Word */
/** @typedef {import('./judge.js').Sample} Sample */

/** The bounds of one report (server/domain/call_quality.h). */
const SECONDS_MAX = 120;
const RTT_MAX = 60_000;

/** Adds up seconds, and is emptied by each report. */
export class Tally {
    constructor() {
        /** @type {Record<Word | 'lost', number>} */
        this.seconds = {good: 0, fair: 0, poor: 0, lost: 0};
        this.sum = {rttMs: 0, lost: 0, expected: 0, concealed: 0, samples: 0, frozenMs: 0};
        this.samples = 0;
        this.path = '';
    }

    /** One second of the call. @param {Word | 'lost'} word the worst of the connections */
    add(word) {
        this.seconds[word] += 1;
    }

    /** What one connection was in it. @param {Sample} sample  @param {string} path */
    addSample(sample, path) {
        this.samples += 1;
        for (const key of /** @type {(keyof Sample)[]} */ (Object.keys(this.sum))) this.sum[key] += sample[key];
        this.path = path || this.path;
    }

    /** So far. */
    get length() {
        const {good, fair, poor, lost} = this.seconds;
        return good + fair + poor + lost;
    }

    /** As the server takes it. @returns {import('../../core/protocol.js').ClientMessage} */
    message() {
        const {rttMs, lost, expected, concealed, samples, frozenMs} = this.sum;
        const seconds = Object.fromEntries(Object.entries(this.seconds).map(([w, s]) => [w, Math.min(s, SECONDS_MAX)]));
        const thousandths = (/** @type {number} */ part, /** @type {number} */ whole) =>
            whole > 0 ? Math.min(1000, Math.round((1000 * part) / whole)) : 0;
        return {
            type: 'quality',
            ...seconds,
            rtt_ms: this.samples ? Math.min(RTT_MAX, Math.round(rttMs / this.samples)) : 0,
            loss: thousandths(lost, expected),
            concealed: thousandths(concealed, samples),
            frozen_ms: Math.min(1000 * SECONDS_MAX, Math.round(frozenMs)),
            ...(this.path && {path: this.path}),
        };
    }
}
