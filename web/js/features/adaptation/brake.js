// Packets wait on the line: no picture is sent until they are through, so that the sound does not wait behind it. When a line breaks in
// it mostly does so both ways, and then news of the way out comes over the way that is full, so late beats from the other side
// count as well. Pure.

/** @typedef {import('./beats.js').News} News */
/**
 * @typedef {object} Brake
 * @property {number} at clock time of the last news
 * @property {number} kbit what the line carries of what we send; 0: nobody said so, as on a line that only stumbled
 */

/** So long without news: all is through. */
const THROUGH_MS = 120;

/** @param {Brake | null} before  @param {News} news  @param {boolean} ours of what we send  @param {number} at  @returns {Brake} */
export const pressed = (before, news, ours, at) => ({
    at,
    kbit: (ours && news.kbit) || (before?.kbit ?? 0),
});

/** @param {Brake} brake  @param {number} at */
export const isThrough = (brake, at) => at - brake.at >= THROUGH_MS;
