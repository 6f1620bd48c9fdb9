/* How long somebody has been waiting, and how loudly a row should say so. Pure: the caller brings the time. */

const MINUTE_MS = 60_000;

/** A row turns darker here: longer than people expect. */
const LONG_WAIT_MS = 10 * MINUTE_MS;

/** And darkest here: somebody has probably been forgotten. */
const VERY_LONG_WAIT_MS = 30 * MINUTE_MS;

/**
 * Milliseconds since `since`; never negative, because the clocks of server and browser differ.
 * @param {string} since RFC 3339  @param {number} now_ms  @returns {number}
 */
function waitedMs(since, now_ms) {
    const then_ms = Date.parse(since);

    return Number.isNaN(then_ms) ? 0 : Math.max(0, now_ms - then_ms);
}

/**
 * @param {string} since RFC 3339  @param {number} now_ms  @returns {number} whole minutes
 */
export function waitedMinutes(since, now_ms) {
    return Math.floor(waitedMs(since, now_ms) / MINUTE_MS);
}

/**
 * @param {string} since RFC 3339  @param {number} now_ms
 * @returns {'fresh' | 'long' | 'very-long'}
 */
export function waitLevel(since, now_ms) {
    const waited_ms = waitedMs(since, now_ms);

    if (waited_ms >= VERY_LONG_WAIT_MS) return 'very-long';
    return waited_ms >= LONG_WAIT_MS ? 'long' : 'fresh';
}
