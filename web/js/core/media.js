// What this person sends: the open microphone and camera, which of them is chosen, and what happened to them.
// Tracks live here; the state others draw from is reported as `change`.
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

/**
 * @typedef {object} MediaDeps
 * @property {import('./devices.js').Devices} devices
 * @property {import('./clock.js').Clock} clock
 * @property {Pick<Storage, 'getItem' | 'setItem'>} storage
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
        /** @type {{micId: string, cameraId: string, speakerId: string}} */
        this.chosen = {
            micId: this.recall('micId'),
            cameraId: this.recall('cameraId'),
            speakerId: this.recall('speakerId'),
        };
        this.wanted = {audio: true, video: true};
        this.meter = new MicMeter({
            clock: deps.clock,
            context: deps.audioContext,
            onLevel: level => this.emit('level', level),
            onSilent: silent => this.emit('change', {silent}),
        });
        /** an answer that comes after the person changed their mind is thrown away */
        this.round = {audio: 0, video: 0};
    }

    /** Opens what is asked for; the outcome shows in `change`. @param {MediaKind[]} kinds */
    async start(kinds) {
        const rounds = kinds.map(k => ++this.round[k]);
        for (const k of kinds) this.emit('change', {[FIELDS[k].state]: 'asking'});
        const slow = this.deps.clock.after(() => this.emit('change', {slow: true}), SLOW_MS);
        const opened = await this.deps.devices.open(kinds, this.chosen);
        this.deps.clock.cancel(slow);
        this.emit('change', {slow: false});
        for (const [i, kind] of kinds.entries()) {
            const got = opened[kind];
            if (!got) continue;
            if (this.round[kind] === rounds[i]) this.settle(kind, got);
            else got.track?.stop();
        }
        await this.refreshList();
    }

    /** Muting keeps the microphone open, so that speaking again is instant. @param {boolean} on */
    async setMic(on) {
        this.wanted.audio = on;
        if (on && !this.tracks.audio) return this.start(['audio']);
        if (this.tracks.audio) this.tracks.audio.enabled = on;
        this.meter.setActive(on);
        this.emit('change', {mic: on, silent: false});
    }

    /** A camera that is off is closed: its light goes out. @param {boolean} on */
    async setCam(on) {
        this.wanted.video = on;
        if (on) return this.start(['video']);
        this.round.video += 1;
        this.take('video', null);
        this.emit('change', {cam: false, camState: 'off'});
    }

    /** @param {'micId' | 'cameraId' | 'speakerId'} which  @param {string} id */
    async choose(which, id) {
        this.chosen[which] = id;
        this.emit('change', {[which]: id});
        try {
            this.deps.storage.setItem(KEYS[which], id);
        } catch {
            // not remembered; it still counts for this visit
        }
        if (which === 'speakerId') return;
        const kind = which === 'micId' ? 'audio' : 'video';
        if (kind === 'video' && !this.wanted.video) return;
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
        for (const kind of /** @type {MediaKind[]} */ (['audio', 'video'])) {
            this.round[kind] += 1;
            this.take(kind, null);
        }
        this.emit('change', {micState: 'off', camState: 'off', silent: false});
    }

    /** What the person wants, whether or not a device could be opened. */
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
        try {
            return this.deps.storage.getItem(KEYS[which]) ?? '';
        } catch {
            return '';
        }
    }
}
