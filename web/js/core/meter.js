// How loud the microphone is, ten times a second, and whether it has been silent for long although it is on.

const TICK_MS = 100;
const SILENT_DB = -60;
const SILENT_AFTER_MS = 6_000;

/** Loudness of samples in dB below full scale. @param {Float32Array} samples */
export function loudness(samples) {
    let sum = 0;
    for (const s of samples) sum += s * s;
    return 10 * Math.log10(sum / samples.length + 1e-12);
}

/** dB as the length of a bar, 0…1: a whisper is seen, a shout does not overflow. @param {number} db */
export const barLength = db => Math.max(0, Math.min(1, (db + 60) / 50));

export class MicMeter {
    /** @param {{clock: import('./clock.js').Clock, context: () => AudioContext, onLevel: (level: number) => void, onSilent: (silent: boolean) => void}} deps */
    constructor(deps) {
        this.deps = deps;
        this.active = true;
        this.silent = false;
        this.quietMs = 0;
        /** the last loudness */
        this.db = 0;
        /** @type {MediaStreamAudioSourceNode | null} */
        this.source = null;
        /** @type {AudioContext | null} */
        this.context = null;
        /** @type {number | undefined} */
        this.timer = undefined;
    }

    /** Follows this track; null: nothing to follow. @param {MediaStreamTrack | null} track */
    listen(track) {
        this.deps.clock.cancel(this.timer);
        this.source?.disconnect();
        this.source = null;
        this.reset();
        if (!track) {
            // While it runs a browser keeps every source that it ever had, and the track of each.
            this.context?.suspend().catch(() => undefined);
            return;
        }
        this.context ??= this.deps.context();
        const analyser = this.context.createAnalyser();
        analyser.fftSize = 1024;
        this.source = this.context.createMediaStreamSource(new MediaStream([track]));
        this.source.connect(analyser);
        const samples = new Float32Array(analyser.fftSize);
        this.timer = this.deps.clock.repeat(() => {
            analyser.getFloatTimeDomainData(samples);
            this.tick(loudness(samples));
        }, TICK_MS);
    }

    /** Muted on purpose: silence is not reported then. @param {boolean} active */
    setActive(active) {
        this.active = active;
        this.reset();
    }

    reset() {
        this.quietMs = 0;
        if (this.silent) {
            this.silent = false;
            this.deps.onSilent(false);
        }
    }

    /** @param {number} db */
    tick(db) {
        this.deps.onLevel(this.active ? barLength(db) : 0);
        // A context that was never allowed to run hears nothing; that is not the microphone's fault.
        this.db = db;
        const deaf = !!this.context && this.context.state !== 'running'; // suspended, or interrupted by a phone call
        if (deaf) this.context?.resume().catch(() => undefined);
        if (!this.active || deaf || db > SILENT_DB) return this.reset();
        this.quietMs += TICK_MS;
        if (this.quietMs >= SILENT_AFTER_MS && !this.silent) {
            this.silent = true;
            this.deps.onSilent(true);
        }
    }
}
