// Sends to each person what the line to them carries: looks twice a second, and sets picture and sound. The wishes belong to the peer, so a
// connection that replaces another begins with them.
import {shape, transceiverOf} from '../../core/line.js';
import {BEAT_MS, Beats} from './beats.js';
import {isThrough, pressed} from './brake.js';
import {again, climb, fallTo, firstStep, LAST, LOOK_MOST_MS, LOOK_MS, OFF, RUNGS, wantsLook} from './ladder.js';
import {besideSound, measure, noCounts} from './measure.js';
import {reduceSending} from './slice.js';
import {sameSound, soundFor, USUAL, withWishes} from './sound.js';

/** @typedef {import('../../core/peer.js').Peer} Peer */
/**
 * @typedef {object} Record what is known of one person's line
 * @property {import('./ladder.js').Step} step
 * @property {import('./measure.js').Counts} counts
 * @property {import('./sound.js').Sound} sound
 * @property {number} soundAt clock time of its last change
 * @property {number} most kbit/s that the browser is told for the picture: each raise makes it look whether the line carries more
 * @property {number} lookedAt clock time
 * @property {import('../../core/line.js').Line | null} line the one that has the wishes
 * @property {number} lineAt clock time since it is the one in use
 * @property {boolean} asked the other side wants little data to be used
 * @property {Beats | null} beats of the line
 * @property {import('./brake.js').Brake | null} brake packets wait on it
 * @property {number} roof the picture gets no more than this, in bit/s, until the estimate is looked at anew
 * @property {number} softUntil clock time until which a new size begins with few bits
 * @property {number} lookMs before the next look at what more the line carries
 */

const SAMPLE_MS = 500;
/** A new size begins with a whole picture, which is as large as the bitrate allows: on a thin line it must not keep the sound waiting. */
const SOFT_MS = 700;
const SOFT_BITRATE = 120_000;
/** The picture takes at most this part of a thin line, so that it does not fill up again by itself. */
const THIN_PART = 0.85;
const ROOF_LEAST = 50_000;
/** Down to this rung a picture can fill a line. */
const LARGE = 2;
/** A new connection shows a small picture first. */
const SMALL_MS = 1_000;
/** The sound is not changed more often: each change is a negotiation with ourselves. */
const SOUND_MS = 3_000;
/** More than any picture needs, in kbit/s. */
const MOST = 4_000;
const KEY = 'parlour.less_data';

export class Adapted {
    reduce = reduceSending;

    /** @param {import('../../core/visit.js').Visit} visit  @param {Pick<import('../../core/storage.js').SafeStorage, 'getItem' | 'setItem'>} storage */
    constructor(visit, storage) {
        this.visit = visit;
        this.storage = storage;
        /** @type {WeakMap<Peer, Record>} */
        this.records = new WeakMap();
        /** @type {number | undefined} */
        this.timer = undefined;
        /** @type {number | undefined} */
        this.beatTimer = undefined;
        visit.on('change', () => this.tend());
        this.tend();
    }

    /** The setting of the person, kept from an earlier visit. To be called once the feature is part of the visit. */
    recall() {
        this.visit.dispatch({type: 'sending', change: {low: this.storage.getItem(KEY) === '1'}});
    }

    /** @param {boolean} low  the person wants little data to be used */
    setLow(low) {
        this.storage.setItem(KEY, low ? '1' : '0');
        this.visit.dispatch({type: 'sending', change: {low}});
        this.visit.toast(low ? 'sending.less_now' : 'sending.full_now');
        for (const {peer} of this.peers()) this.tell(peer);
        this.sample();
    }

    /** The person wants the picture to be tried again. */
    resume() {
        const at = this.visit.deps.clock.now();
        for (const {peer} of this.peers()) {
            const record = this.records.get(peer);
            if (record?.step.rung !== OFF) continue;
            record.step = again(record.step, at);
            this.send(peer, record);
        }
        this.show();
    }

    // ---- inside ----

    peers() {
        return [...this.visit.deps.peers.byId.values()];
    }

    tend() {
        const {clock, peers} = this.visit.deps;
        if (peers.byId.size) {
            this.timer ??= clock.repeat(() => this.sample(), SAMPLE_MS);
            this.beatTimer ??= clock.repeat(() => this.beat(), BEAT_MS);
        } else {
            clock.cancel(this.timer);
            clock.cancel(this.beatTimer);
            this.timer = undefined;
            this.beatTimer = undefined;
        }
    }

    async sample() {
        for (const {peer} of this.peers()) {
            if (peer.state !== 'live') continue;
            const {main} = peer;
            const stats = await main.pc.getStats().catch(() => null);
            if (stats && !peer.closed && peer.main === main) this.look(peer, [...stats.values()]);
        }
        this.show();
    }

    /** @param {Peer} peer  @param {any[]} stats */
    look(peer, stats) {
        const at = this.visit.deps.clock.now();
        const record = this.recordOf(peer, at);
        if (record.line !== peer.main.line) this.takeLine(peer, record, at);
        const {low} = this.visit.call.sending;
        const best = low || record.asked ? LAST : 0;
        const fps = Math.min(RUNGS[record.step.rung]?.fps ?? 0, peer.sources.camera?.getSettings().frameRate ?? 0);
        const {facts, counts} = measure(record.counts, stats, {at, sound: record.sound, fps});
        record.counts = counts;
        const {rung} = record.step;
        if (peer.sources.camera) record.step = climb(record.step, facts, best);
        if (record.step.rung !== rung) Object.assign(record, {softUntil: at + SOFT_MS, lookMs: LOOK_MS});
        if (record.step.rung < rung) {
            refresh(peer.main.line);
            record.roof = Number.POSITIVE_INFINITY;
        }
        this.send(peer, record);
        this.voice(peer, record, {
            loss: facts.loss,
            room: facts.room,
            thin: record.step.rung >= LAST - 1,
            low: best === LAST,
        });
        if (peer.sources.camera && wantsLook(record.step, at, best, record)) this.probe(peer, record, at);
    }

    /** @param {Peer} peer  @param {number} at  @returns {Record} */
    recordOf(peer, at) {
        const known = this.records.get(peer);
        if (known) return known;
        const record = {
            step: firstStep(at),
            counts: noCounts(at),
            sound: USUAL,
            soundAt: 0,
            most: 0,
            lookedAt: at,
            line: null,
            lineAt: at,
            asked: false,
            beats: null,
            brake: null,
            roof: Number.POSITIVE_INFINITY,
            softUntil: 0,
            lookMs: LOOK_MS,
        };
        this.records.set(peer, record);
        return record;
    }

    /** Another connection is in use: its counts begin anew, its wishes it has already. @param {Peer} peer  @param {Record} record  @param {number} at */
    takeLine(peer, record, at) {
        const {line} = peer.main;
        const beats = new Beats(line.pc, this.visit.deps.clock, {
            heard: news => this.brake(peer, record, news, false),
            told: news => this.brake(peer, record, news, true),
        });
        Object.assign(record, {
            line,
            lineAt: at,
            counts: {...noCounts(at), loss: record.counts.loss},
            beats,
            brake: null,
        });
        line.ctl.addEventListener('message', ({data}) => {
            if (data === 'less' || data === 'full') record.asked = data === 'less';
        });
        line.ctl.addEventListener('open', () => this.tell(peer));
        this.tell(peer);
    }

    beat() {
        const at = this.visit.deps.clock.now();
        for (const {peer} of this.peers()) {
            const record = this.records.get(peer);
            if (!record || peer.state !== 'live') continue;
            record.beats?.tick(record.step.rung <= LARGE);
            if (record.brake && isThrough(record.brake, at)) this.release(peer, record, record.brake, at);
        }
    }

    /** @param {Peer} peer  @param {Record} record  @param {import('./beats.js').News} news  @param {boolean} ours of what we send */
    brake(peer, record, news, ours) {
        if (record.step.rung > LARGE || !peer.sources.camera) return;
        record.brake = pressed(record.brake, news, ours, this.visit.deps.clock.now());
        this.send(peer, record);
    }

    /** @param {Peer} peer  @param {Record} record  @param {import('./brake.js').Brake} brake  @param {number} at */
    release(peer, record, brake, at) {
        if (brake.kbit) {
            record.roof = Math.max(ROOF_LEAST, THIN_PART * besideSound(1000 * brake.kbit, record.sound));
            record.step = fallTo(record.step, record.roof, at);
        }
        Object.assign(record, {brake: null, softUntil: at + SOFT_MS, lookMs: LOOK_MS});
        this.send(peer, record);
    }

    /** Tells the other side how much this person wants to receive. @param {Peer} peer */
    tell(peer) {
        const {ctl} = peer.main.line;
        if (ctl.readyState === 'open') ctl.send(this.visit.call.sending.low ? 'less' : 'full');
    }

    /** Sets the picture to the rung. @param {Peer} peer  @param {Record} record */
    send(peer, record) {
        const {rung, quietUntil} = record.step;
        const now = this.visit.deps.clock.now();
        const {height, fps, bitrate} = /** @type {import('./ladder.js').Rung} */ (RUNGS[Math.min(rung, LAST)]);
        const {width: w = 1280, height: h = 720} = peer.sources.camera?.getSettings() ?? {};
        const soft = now < record.softUntil && rung >= LARGE ? SOFT_BITRATE : bitrate;
        const wish = {
            paused: rung === OFF || now < quietUntil || record.brake !== null,
            bitrate: Math.min(bitrate, record.roof, soft),
            fps: rung ? fps : 0,
            scale: Math.max(1, Math.min(w, h) / height),
        };
        peer.wish = wish;
        const {line} = peer.main;
        const young = now - record.lineAt < SMALL_MS && record.step.at < record.lineAt;
        const change = young ? {...wish, scale: line.wish.scale} : wish;
        const same = Object.entries(change).every(([key, value]) => /** @type {any} */ (line.wish)[key] === value);
        if (!same) shape(line, change);
    }

    /** Sets the sound. @param {Peer} peer  @param {Record} record  @param {Parameters<typeof soundFor>[1]} facts */
    voice(peer, record, facts) {
        const at = this.visit.deps.clock.now();
        const sound = soundFor(record.sound, facts);
        if (sameSound(sound, record.sound) || at - record.soundAt < SOUND_MS) return;
        Object.assign(record, {sound, soundAt: at});
        this.write(peer, record);
    }

    /** Browsers without a reason raise their estimate by less than a tenth in a second. A higher limit is a reason: they send a few packets
     *  at that rate. @param {Peer} peer  @param {Record} record  @param {number} at */
    async probe(peer, record, at) {
        record.lookedAt = at;
        record.lookMs = Math.min(2 * record.lookMs, LOOK_MOST_MS);
        record.roof = Number.POSITIVE_INFINITY;
        if (record.most === 0) await this.write(peer, record);
        record.most += 1;
        this.write(peer, record);
    }

    /** @param {Peer} peer  @param {Record} record */
    write(peer, record) {
        record.most ||= MOST;
        peer.edit = sdp => withWishes(sdp, record.sound, record.most);
        return peer.main.readAgain();
    }

    show() {
        const paused = this.peers().some(({peer}) => this.records.get(peer)?.step.rung === OFF);
        if (paused === this.visit.call.sending.paused) return;
        this.visit.dispatch({type: 'sending', change: {paused}});
        this.visit.tellMedia();
    }
}

/** A browser that has made the picture smaller by itself takes that back in many small steps; after this it has forgotten it.
 *  @param {import('../../core/line.js').Line} line */
function refresh(line) {
    const forget = async () => {
        const sender = transceiverOf(line.pc, 'camera')?.sender;
        const p = sender?.getParameters();
        if (!sender || !p?.encodings?.length) return;
        await sender.setParameters({...p, degradationPreference: 'balanced'});
    };
    line.shaping = line.shaping.then(forget).catch(() => undefined);
    shape(line);
}
