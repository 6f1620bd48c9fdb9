/* How long a guest has been waiting, and how strongly a row should show it. Pure: the caller brings the time. */

const MINUTE_MS = 60_000;

/** A row turns darker here: longer than people expect. */
const LONG_WAIT_MS = 10 * MINUTE_MS;

/** And darkest here: the guest has probably been forgotten. */
const VERY_LONG_WAIT_MS = 30 * MINUTE_MS;

/**
 * Milliseconds since `since`; never negative, because the clocks of server and browser differ.
 * @param {string} since RFC 3339  @param {number} nowMs  @returns {number}
 */
function waitedMs(since, nowMs) {
    const thenMs = Date.parse(since);

    return Number.isNaN(thenMs) ? 0 : Math.max(0, nowMs - thenMs);
}

/**
 * @param {string} since RFC 3339  @param {number} nowMs  @returns {number} whole minutes
 */
export function waitedMinutes(since, nowMs) {
    return Math.floor(waitedMs(since, nowMs) / MINUTE_MS);
}

/**
 * @param {string} since RFC 3339  @param {number} nowMs
 * @returns {'fresh' | 'long' | 'very-long'}
 */
export function waitLevel(since, nowMs) {
    const waited = waitedMs(since, nowMs);

    if (waited >= VERY_LONG_WAIT_MS) return 'very-long';
    return waited >= LONG_WAIT_MS ? 'long' : 'fresh';
}
