// The media of this person: the open microphone and camera, the chosen devices, and their problems.
// Tracks live here; `change` reports the state that is drawn.
import {Events} from './events.js';
import {MicMeter} from './meter.js';

/** @typedef {import('./call.js').Local} Local */
/** @typedef {import('./devices.js').MediaKind} MediaKind */
/** @typedef {{change: Partial<Local>, track: {kind: MediaKind, track: MediaStreamTrack | null}, level: number, replaced: {kind: MediaKind, label: string}}} MediaEvents */

const SLOW_MS = 8_000;
const KEYS = /** @type {const} */ ({micId: 'parlour.mic', cameraId: 'parlour.camera', speakerId: 'parlour.speaker'});
const FIELDS = /** @type {const} */ ({
    audio: {on: 'mic', state: 'micState', id: 'micId'},
    video: {on: 'cam', state: 'camState', id: 'cameraId'},
});

const KINDS = /** @type {MediaKind[]} */ (Object.keys(FIELDS));

/** @typedef {{micId: string, cameraId: string, speakerId: string, facing?: 'user' | 'environment'}} Chosen facing: the side of a phone's camera, where no camera is chosen */
/** A question to the browser, with the choice and the wishes at that time.
 *  @typedef {{slow: boolean, chosen: Chosen, wanted: Record<MediaKind, boolean>, done: Promise<void>}} Question */

/**
 * @typedef {object} MediaDeps
 * @property {import('./devices.js').Devices} devices
 * @property {import('./clock.js').Clock} clock
 * @property {Pick<import('./storage.js').SafeStorage, 'getItem' | 'setItem'>} storage
 * @property {() => AudioContext} audioContext
 */

/** @extends {Events<MediaEvents>} */
export class LocalMedia extends Events {
    /** @param {MediaDeps} deps */
    constructor(deps) {
        super();
        this.deps = deps;
        /** @type {Record<MediaKind, MediaStreamTrack | null>} */
        this.tracks = {audio: null, video: null};
        /** @type {Chosen} */
        this.chosen = {
            micId: this.recall('micId'),
            cameraId: this.recall('cameraId'),
            speakerId: this.recall('speakerId'),
        };
        /** the last wish of the person, which wins over every answer of the browser */
        this.wanted = {audio: true, video: true};
        /** @type {Record<MediaKind, Question | null>} the question whose answer counts: at most one of a kind */
        this.asking = {audio: null, video: null};
        /** @type {AudioContext | undefined} one for the life of the page: browsers allow only a few */
        this.context = undefined;
        this.meter = this.makeMeter(
            level => this.emit('level', level),
            silent => this.emit('change', {silent}),
        );
    }

    /** @param {(level: number) => void} onLevel  @param {(silent: boolean) => void} [onSilent] */
    makeMeter(onLevel, onSilent = () => undefined) {
        const {clock, audioContext} = this.deps;
        const context = () => {
            this.context ??= audioContext();
            return this.context;
        };
        return new MicMeter({clock, context, onLevel, onSilent});
    }

    /** Opens the requested kinds that are not open; `change` reports the outcome. @param {MediaKind[]} kinds */
    async start(kinds) {
        // Taken away by a phone call or another program; phones open none while it is held.
        for (const k of kinds) if (this.tracks[k]?.muted) this.take(k, null);
        const closed = kinds.filter(k => !this.tracks[k]);
        for (const k of closed) this.emit('change', {[FIELDS[k].on]: this.wanted[k], [FIELDS[k].state]: 'asking'});
        // A browser that still has not answered is not asked twice, unless it has kept the person waiting for long.
        const unasked = closed.filter(k => !this.asking[k] || this.asking[k]?.slow);
        if (unasked.length) this.ask(unasked);
        await Promise.all(kinds.map(k => this.asking[k]?.done));
    }

    /** Resolves when every open question to the browser has its answer. */
    settled() {
        return Promise.all(KINDS.map(k => this.asking[k]?.done));
    }

    /** Muting keeps the microphone open, so that speaking again is instant. @param {boolean} on */
    async setMic(on) {
        this.wanted.audio = on;
        if (on && (!this.tracks.audio || this.tracks.audio.muted)) return this.start(['audio']);
        if (this.tracks.audio) this.tracks.audio.enabled = on;
        this.meter.setActive(on);
        this.emit('change', {mic: on, silent: false, ...(this.asking.audio && {micState: 'off'})});
        this.tellSlow();
    }

    /** A camera that is off is closed: its light goes out. @param {boolean} on */
    async setCam(on) {
        this.wanted.video = on;
        if (on) return this.start(['video']);
        this.take('video', null);
        this.emit('change', {cam: false, camState: 'off'});
        this.tellSlow();
    }

    /** These and no others are wanted from now on. Any other open device is closed. @param {MediaKind[]} kinds */
    only(kinds) {
        for (const kind of KINDS) {
            this.wanted[kind] = kinds.includes(kind);
            if (!this.wanted[kind]) this.close(kind);
            this.emit('change', {[FIELDS[kind].on]: this.wanted[kind]});
        }
    }

    /** @param {'micId' | 'cameraId' | 'speakerId'} which  @param {string} id */
    async choose(which, id) {
        this.chosen[which] = id;
        this.emit('change', {[which]: id});
        this.deps.storage.setItem(KEYS[which], id);
        if (which === 'speakerId') return;
        const kind = which === 'micId' ? 'audio' : 'video';
        if (!this.wanted[kind] && !this.tracks[kind]) return; // it is off, and stays off
        this.take(kind, null); // phones open one camera at a time
        await this.start([kind]);
    }

    /** The list of devices changed, or labels became readable. */
    async refreshList() {
        const lists = await this.deps.devices.list();
        this.emit('change', {...lists, ...this.current()});
    }

    /** Closes everything. */
    stop() {
        for (const kind of KINDS) this.close(kind);
        this.emit('change', {silent: false});
    }

    /** The person's wishes, whether or not a device could be opened. */
    wantedNow() {
        return {mic: this.wanted.audio, cam: this.wanted.video};
    }

    // ---- inside ----

    current() {
        return {
            micId: this.tracks.audio?.getSettings().deviceId ?? this.chosen.micId,
            cameraId: this.tracks.video?.getSettings().deviceId ?? this.chosen.cameraId,
            speakerId: this.chosen.speakerId,
        };
    }

    /** @param {MediaKind[]} kinds */
    ask(kinds) {
        const {clock, devices} = this.deps;
        /** @type {Question} */
        const question = {slow: false, chosen: {...this.chosen}, wanted: {...this.wanted}, done: Promise.resolve()};
        const timer = clock.after(() => {
            question.slow = true;
            this.tellSlow();
        }, SLOW_MS);
        for (const k of kinds) this.asking[k] = question;
        question.done = devices.open(kinds, question.chosen).then(async opened => {
            clock.cancel(timer);
            const again = kinds.filter(k => this.answered(k, question, opened[k] ?? {track: null, problem: 'failed'}));
            this.tellSlow();
            if (again.length) await this.start(again);
            else await this.refreshList();
        });
    }

    /**
     * Takes an answer if the person still wants it, otherwise closes the device at once.
     * @param {MediaKind} kind  @param {Question} question  @param {import('./devices.js').Opened} got
     * @returns {boolean} another device was chosen meanwhile and must be opened
     */
    answered(kind, question, got) {
        const {id} = FIELDS[kind];
        const counts = this.asking[kind] === question;
        if (counts) this.asking[kind] = null;
        // A microphone that was muted when it was asked for is opened muted, to speak at once.
        const wanted = counts && (this.wanted[kind] || (kind === 'audio' && !question.wanted.audio));
        const same = question.chosen[id] === this.chosen[id];
        if (wanted && same) this.settle(kind, got);
        else got.track?.stop();
        return wanted && !same;
    }

    /** Whether to point out that the browser may be waiting for the person. */
    tellSlow() {
        this.emit('change', {slow: KINDS.some(k => this.wanted[k] && this.asking[k]?.slow === true)});
    }

    /** @param {MediaKind} kind */
    close(kind) {
        this.asking[kind] = null; // its answer will be closed
        this.take(kind, null);
        this.emit('change', {[FIELDS[kind].state]: 'off'});
        this.tellSlow();
    }

    /** @param {MediaKind} kind  @param {import('./devices.js').Opened} got */
    settle(kind, got) {
        const {on, state} = FIELDS[kind];
        this.take(kind, got.track);
        this.emit('change', {[state]: got.problem ?? 'on', [on]: !got.problem && this.wanted[kind]});
    }

    /** @param {MediaKind} kind  @param {MediaStreamTrack | null} track */
    take(kind, track) {
        const old = this.tracks[kind];
        if (old) {
            old.onended = null;
            old.stop();
        }
        this.tracks[kind] = track;
        if (track) {
            track.onended = () => this.lost(kind);
            if (kind === 'audio') track.enabled = this.wanted.audio;
            else track.contentHint = 'motion';
        }
        if (kind === 'audio') this.meter.listen(track);
        this.emit('track', {kind, track});
    }

    /** Unplugged, or forbidden in the middle: the default device takes over if there is one. @param {MediaKind} kind */
    async lost(kind) {
        const field = FIELDS[kind];
        this.take(kind, null);
        this.chosen[field.id] = '';
        await this.start([kind]);
        const track = this.tracks[kind];
        if (track) this.emit('replaced', {kind, label: track.label});
    }

    /** @param {keyof typeof KEYS} which */
    recall(which) {
        return this.deps.storage.getItem(KEYS[which]) ?? '';
    }
}
