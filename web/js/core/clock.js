// Time and timers as one object that is passed in, so that tests control them. Times that people read follow the
// server's clock: those of phones and desk computers are wrong by minutes and days. It is learned from the answers.

/**
 * @typedef {object} Clock
 * @property {() => number} now milliseconds; only differences mean something
 * @property {() => number} wall Unix milliseconds by the server's clock, for what people read; this computer's until it is known
 * @property {() => Date} date the same
 * @property {(serverMs: number, asked: number, answered: number) => void} learn takes the server's time (whole seconds), and when it was asked and answered by `now`
 * @property {() => boolean} doubtful this computer's clock has jumped since: it slept, or was set
 * @property {(run: () => void, ms: number) => number} after returns a handle for `cancel`
 * @property {(run: () => void, ms: number) => number} repeat
 * @property {(handle: number | undefined) => void} cancel either kind; nothing happens for undefined
 */

/** An answer names the second that has begun. */
const SECOND_MS = 1_000;
/** Clocks drift, and round trips are not even: less than this is not a jump. */
const JUMP_MS = 2_000;

/** @param {{now: () => number, own: () => number}} [of] monotonic, and this computer's clock  @returns {Clock} */
export function systemClock({now, own} = {now: () => performance.now(), own: () => Date.now()}) {
    const ahead = () => own() - now();
    /** the server's clock is ahead of `now` by an amount between these two */
    let low = ahead();
    let high = low;
    let learned = false;
    let aheadThen = low;

    /** `now` stands still in some computers that sleep; their own clock does not. */
    const slept = () => Math.max(0, ahead() - aheadThen > JUMP_MS ? ahead() - aheadThen : 0);
    const wall = () => (learned ? now() + (low + high) / 2 + slept() : own());
    return {
        now,
        wall,
        date: () => new Date(wall()),
        learn(serverMs, asked, answered) {
            if (!Number.isFinite(serverMs)) return;
            const [from, to] = [serverMs - answered, serverMs + SECOND_MS - asked];
            const agrees = learned && from <= high && to >= low && !jumped();
            low = agrees ? Math.max(low, from) : from;
            high = agrees ? Math.min(high, to) : to;
            if (!agrees) aheadThen = ahead();
            learned = true;
        },
        doubtful: () => learned && jumped(),
        after: (run, ms) => /** @type {any} */ (setTimeout(run, ms)),
        repeat: (run, ms) => /** @type {any} */ (setInterval(run, ms)),
        cancel: handle => {
            clearTimeout(handle);
            clearInterval(handle);
        },
    };

    function jumped() {
        return Math.abs(ahead() - aheadThen) > JUMP_MS;
    }
}
