// Notices that a person speaks into a muted microphone. The sent track is silent then, so a copy of it is listened to: here, in the
// page; nothing of it is sent. Not where a second capture would end the first (iOS).

/** Of the bar's length (core/meter.js): a voice near the microphone, not a room. */
const LOUD = 0.3;
/** Ten readings a second; single noises are forgotten again. */
const SPEECH = 5;
const FORGET = 0.25;
const TOLD_MS = 8_000;
/** Not said again sooner: they may be talking to somebody in the room. */
const AGAIN_MS = 30_000;

export class MutedTalk {
    /** @param {{clock: import('../../core/clock.js').Clock, media: Pick<import('../../core/media.js').LocalMedia, 'makeMeter'>,
     *   tell: (talking: boolean) => void}} deps */
    constructor(deps) {
        this.deps = deps;
        this.meter = deps.media.makeMeter(level => this.hear(level));
        /** @type {MediaStreamTrack | null} the muted one */
        this.of = null;
        /** @type {MediaStreamTrack | null} */
        this.copy = null;
        this.heard = 0;
        this.quietUntil = 0;
    }

    /** Listens to this muted track; null: to none. @param {MediaStreamTrack | null} track */
    follow(track) {
        if (this.of === track) return;
        this.copy?.stop();
        this.of = track;
        this.copy = track?.clone() ?? null;
        if (this.copy) this.copy.enabled = true;
        this.heard = 0;
        this.meter.listen(this.copy);
    }

    /** @param {number} level */
    hear(level) {
        const {clock, tell} = this.deps;
        this.heard = Math.max(0, this.heard + (level > LOUD ? 1 : -FORGET));
        if (!this.copy || this.heard < SPEECH || clock.now() < this.quietUntil) return;
        this.heard = 0;
        this.quietUntil = clock.now() + AGAIN_MS;
        tell(true);
        clock.after(() => tell(false), TOLD_MS);
    }
}
