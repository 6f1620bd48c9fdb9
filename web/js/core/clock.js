// Time and timers as one thing that is passed in, so that tests turn the hands themselves.

/**
 * @typedef {object} Clock
 * @property {() => number} now milliseconds; only differences mean something
 * @property {() => number} wall Unix milliseconds, for what people read
 * @property {(run: () => void, ms: number) => number} after returns a handle for `cancel`
 * @property {(run: () => void, ms: number) => number} repeat
 * @property {(handle: number | undefined) => void} cancel either kind; nothing happens for undefined
 */

/** @returns {Clock} */
export function systemClock() {
    return {
        now: () => performance.now(),
        wall: () => Date.now(),
        after: (run, ms) => /** @type {any} */ (setTimeout(run, ms)),
        repeat: (run, ms) => /** @type {any} */ (setInterval(run, ms)),
        cancel: handle => {
            clearTimeout(handle);
            clearInterval(handle);
        },
    };
}
