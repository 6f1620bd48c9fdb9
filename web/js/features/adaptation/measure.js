// What the browser's statistics say of one line, as the facts that the ladder goes by. Works without an estimate (Firefox, Safari).

/** @typedef {import('./ladder.js').Facts} Facts */
/** @typedef {{at: number, frames: number, rtt: number, least: number, loss: number}} Counts rtt and the least of it in ms */

/** How much of the newest report of loss counts: a report covers few packets. */
const NEWEST = 0.25;
/** Fewer frames than this part of what the camera gives are too few. */
const ENOUGH = 0.4;
/** Headers of the sound, in bit/s: fifty packets per second. */
const HEADERS = 20_000;

/** What is left for the picture, in bit/s. @param {number} line  @param {import('./sound.js').Sound} sound */
export const besideSound = (line, {kbit, twice}) => line - 1000 * kbit * (twice ? 2 : 1) - HEADERS;

/** @param {number} at */
export const noCounts = at => ({at, frames: 0, rtt: 0, least: Number.POSITIVE_INFINITY, loss: 0});

/**
 * @param {Counts} before  @param {any[]} stats  @param {{at: number, sound: import('./sound.js').Sound, fps: number}} now fps: that are wanted now
 * @returns {{facts: Facts, counts: Counts}}
 */
export function measure(before, stats, {at, sound, fps}) {
    const video = stats.find(s => s.type === 'outbound-rtp' && s.kind === 'video' && s.ssrc);
    const remote = stats.filter(s => s.type === 'remote-inbound-rtp');
    const pair = stats.find(
        s => s.type === 'candidate-pair' && (s.availableOutgoingBitrate || (s.nominated && s.state === 'succeeded')),
    );
    const estimate = pair?.availableOutgoingBitrate ?? 0;
    const rtt = 1000 * (pair?.currentRoundTripTime || Math.max(0, ...remote.map(s => s.roundTripTime ?? 0)));
    const reported = Math.max(0, ...remote.map(s => s.fractionLost ?? 0));
    const loss = before.loss + NEWEST * (reported - before.loss);
    const frames = video?.framesSent ?? video?.framesEncoded ?? 0;
    const seconds = Math.max(0.1, (at - before.at) / 1000);
    const counts = {at, frames, rtt, least: rtt > 0 ? Math.min(before.least, rtt) : before.least, loss};
    const facts = {
        at,
        loss,
        room: estimate > 0 ? Math.max(1, besideSound(estimate, sound)) : 0,
        delayMs: rtt > 0 ? rtt - counts.least : 0,
        starved: before.frames > 0 && (frames - before.frames) / seconds < ENOUGH * fps,
    };
    return {facts, counts};
}
