/* One state, one way to change it, one drawing per turn. */

/**
 * @template {object} S
 * @param {S} initial
 * @param {(state: S) => void} draw called once after any number of changes in the same turn
 */
export function createStore(initial, draw) {
    let state = initial;
    let queued = false;
    let held = false;

    function drawSoon() {
        if (queued) return;
        queued = true;
        queueMicrotask(drawQueued);
    }

    function drawQueued() {
        if (held || !queued) return;
        queued = false;
        draw(state);
    }

    return {
        get state() {
            return state;
        },
        /** @param {Partial<S> | ((state: S) => Partial<S>)} change members that differ; the old state is left alone */
        update(change) {
            state = {...state, ...(typeof change === 'function' ? change(state) : change)};
            drawSoon();
        },
        /** While it is held nothing is drawn; afterwards all changes are, at once. @param {boolean} still */
        hold(still) {
            held = still;
            drawQueued();
        },
    };
}
