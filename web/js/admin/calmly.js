/* News that comes in a burst is acted on once at its start, and once more for the news that came meanwhile. */

/**
 * Runs `load` at most once every `ms` and never twice at a time. It no longer starts when `wanted` returns false.
 * @param {import('../core/clock.js').Clock} clock  @param {number} ms  @param {() => boolean} wanted  @param {() => Promise<void>} load
 */
export function calmly(clock, ms, wanted, load) {
    let busy = false;
    let again = false;
    const run = () => {
        busy = again && wanted();
        again = false;
        if (busy) load().finally(() => clock.after(run, ms));
    };

    return () => {
        again = true;
        if (!busy) run();
    };
}
