// Keeps the screen on as long as that is wanted. Browsers release the lock whenever the page is hidden, and may
// refuse it (a phone that saves power); so it is requested again on every return, one request at a time.

/** After a refusal, or a lock that was released while the page was visible. */
const AGAIN_MS = 30_000;

/** @typedef {{released: boolean, release: () => Promise<void>, addEventListener: (type: 'release', run: () => void) => void}} Lock */

export class Awake {
    /**
     * @param {{clock: import('./clock.js').Clock, visible: () => boolean, request?: () => Promise<Lock>}} deps
     *        without `request` the browser has no such lock, and nothing happens
     */
    constructor(deps) {
        this.deps = deps;
        this.wanted = false;
        /** @type {Lock | null} */
        this.lock = null;
        this.busy = false;
        /** @type {number | undefined} while it counts, nothing is asked for */
        this.pause = undefined;
    }

    /** @param {boolean} wanted */
    want(wanted) {
        if (this.wanted === wanted) return;
        this.wanted = wanted;
        this.tryNow();
    }

    /** The page is visible again: a lock refused before may be granted now. */
    tryNow() {
        this.deps.clock.cancel(this.pause);
        this.pause = undefined;
        return this.settle();
    }

    // ---- inside ----

    needed() {
        return this.wanted && this.deps.request !== undefined && this.deps.visible();
    }

    /** Goes on until the lock is as wanted: a lock that comes after the wish has changed is released. */
    async settle() {
        if (this.busy) return;
        this.busy = true;
        try {
            while (this.pause === undefined && (this.lock ? !this.wanted : this.needed()))
                await (this.lock ? this.give() : this.take());
        } finally {
            this.busy = false;
        }
    }

    async give() {
        const {lock} = this;
        this.lock = null;
        await lock?.release().catch(() => undefined);
    }

    async take() {
        try {
            const lock = await this.deps.request?.();
            if (!lock || lock.released) return this.rest();
            this.lock = lock;
            lock.addEventListener('release', () => this.onReleased(lock));
        } catch {
            this.rest();
        }
    }

    /** @param {Lock} lock */
    onReleased(lock) {
        if (this.lock !== lock) return; // we released it ourselves
        this.lock = null;
        if (this.needed()) this.rest();
    }

    rest() {
        this.pause = this.deps.clock.after(() => this.tryNow(), AGAIN_MS);
    }
}
