/* The page stands still from the moment a button goes down to its click. A row that moves in between, because somebody above has left,
 * would swallow the press without a word: the browser sends a click only where the pointer goes down and up on the same element. */

/** The click follows the pointer's release at once; after this there will be none. */
const CLICK_WITHIN_MS = 300;
/** A pointer that stays down longer than this, or whose release nobody has told us, holds nothing. */
const PRESS_MS = 5_000;

/**
 * @param {EventTarget} page  @param {import('../core/clock.js').Clock} clock
 * @param {(still: boolean) => void} hold stops drawing, or draws what has changed meanwhile
 */
export function standStillWhilePressed(page, clock, hold) {
    /** @type {number | undefined} */
    let timer;
    const over = () => {
        clock.cancel(timer);
        hold(false);
    };
    const overIn = (/** @type {number} */ ms) => {
        clock.cancel(timer);
        timer = clock.after(over, ms);
    };

    page.addEventListener(
        'pointerdown',
        e => {
            if (/** @type {PointerEvent} */ (e).button !== 0) return;
            hold(true);
            overIn(PRESS_MS);
        },
        {capture: true},
    );
    for (const type of ['pointerup', 'pointercancel'])
        page.addEventListener(type, () => overIn(CLICK_WITHIN_MS), {capture: true});
    page.addEventListener('click', over); // after the button itself has heard it
}
