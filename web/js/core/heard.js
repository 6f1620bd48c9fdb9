// Whether the microphone was heard: claimed only while its meter moves, and for no other microphone than the one that moved it.

/** Above this we are sure that a voice or at least a room was heard. */
const LOUD = 0.25;
/** People pause between words. */
const KEPT_MS = 3_000;

export class Heard {
    /** @param {() => number} now ms */
    constructor(now) {
        this.now = now;
        this.at = Number.NEGATIVE_INFINITY;
        this.device = '';
        this.told = false;
    }

    forget() {
        this.at = Number.NEGATIVE_INFINITY;
        this.told = false;
    }

    /** @param {string} device  @returns {boolean} this microphone, a moment ago */
    holds(device) {
        return device === this.device && this.now() - this.at < KEPT_MS;
    }

    /** @param {string} device  @returns {boolean} this microphone, at any time since it was switched on: a statement need not be withdrawn in each pause */
    worked(device) {
        return device === this.device && this.at > Number.NEGATIVE_INFINITY;
    }

    /** @param {number} level 0…1  @param {string} device  @returns {boolean} whether the answer differs from the one before */
    take(level, device) {
        if (level > LOUD) {
            this.at = this.now();
            this.device = device;
        }
        const before = this.told;
        this.told = this.holds(device);
        return this.told !== before;
    }
}
