// How long to wait before trying again. Pure.

const BASE_MS = 500;
export const MAX_MS = 8_000;

/**
 * Full jitter, so that a thousand pages do not come back at once: `random(0, min(most, base · 2^attempt))`, after Marc Brooker,
 * "Exponential Backoff And Jitter", AWS Architecture Blog, 2015. The pause that the server asks for comes before it in full: the
 * server has spread those itself.
 * @param {number} attempt 0, 1, …  @param {number} random 0…1  @param {number} [atLeast] ms, the pause that the server asked for
 * @param {number} [most] ms  @returns {number} ms
 */
export const backoff = (attempt, random, atLeast = 0, most = MAX_MS) =>
    atLeast + random * Math.min(most, BASE_MS * 2 ** attempt);
