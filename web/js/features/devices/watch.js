// Watches the devices of a visit: plugged in, pulled out, taken away by a phone call or another program, forbidden and allowed again,
// and a voice into a muted microphone. Each is told in words (panel.js, ui/device_notes.js) and mended here.
import {MutedTalk} from './muted_talk.js';
import {goneInUse, offersAfter} from './plugged.js';
import {reduceDevices} from './slice.js';

/** @typedef {import('../../core/call.js').Call} Call */
/** @typedef {import('../../core/devices.js').MediaKind} MediaKind */

/** A track that is back sooner was not taken away. */
const TAKEN_MS = 1_000;
/** After the page is seen again, the browser gives back what it had taken, or does not. */
const GIVEN_BACK_MS = 500;
/** A microphone in a quiet room still has some noise; one that gives nothing at all is dead. */
const DEAD_DB = -110;
const DEAD_MS = 2_000;

const STATE = /** @type {const} */ ({audio: 'micState', video: 'camState'});
const PERMISSION = /** @type {Record<MediaKind, PermissionName>} */ ({audio: 'microphone', video: 'camera'});
const KINDS = /** @type {MediaKind[]} */ (Object.keys(STATE));

export class DeviceWatch {
    reduce = reduceDevices;

    /**
     * @param {import('../../core/visit.js').Visit} visit
     * @param {{onShown: (run: () => void) => void, hidden: () => boolean, oneCapture: boolean}} page
     *   onShown: runs it each time the page is seen again; oneCapture: a second capture ends the first
     */
    constructor(visit, {onShown, hidden, oneCapture}) {
        const {clock, media} = visit.deps;
        this.visit = visit;
        this.hidden = hidden;
        this.oneCapture = oneCapture;
        /** devices that were in use or are chosen, and are not there */
        this.used = new Set([media.chosen.micId, media.chosen.cameraId, media.chosen.speakerId]);
        const tell = (/** @type {boolean} */ talking) =>
            talking !== visit.call.talking &&
            visit.dispatch({type: 'talking', talking: talking && !visit.call.local.mic});
        this.talk = new MutedTalk({clock, media, tell});
        visit.on('change', ({now, before}) => queueMicrotask(() => this.changed(before, now)));
        media.on('track', ({kind, track}) => this.follow(kind, track));
        onShown(() => clock.after(() => this.shown(), GIVEN_BACK_MS));
        for (const kind of KINDS) {
            this.follow(kind, media.tracks[kind]);
            this.heed(kind);
        }
        this.forgetSpeaker(visit.call);
    }

    // ---- plugged in, pulled out ----

    /** @param {Call} before  @param {Call} now */
    changed(before, now) {
        const muted = now.phase === 'incall' && !now.local.mic && !this.oneCapture;
        this.talk.follow(muted ? this.visit.deps.media.tracks.audio : null);
        if (before.local.mics === now.local.mics) return; // the three lists change together
        const gone = goneInUse(before.local, now.local);
        for (const [, id] of gone) this.used.add(id);
        if (gone.some(([which]) => which === 'speakerId') && this.forgetSpeaker(now))
            this.visit.toast('toast.replaced_speaker');
        const offers = offersAfter(this.visit.call.offers, before.local, now.local, this.used);
        if (offers.length || this.visit.call.offers.length) this.visit.dispatch({type: 'offers', offers});
    }

    /** An element whose speaker is gone is silent: the default takes over; the choice itself is kept. @param {Call} call */
    forgetSpeaker({local: {speakerId, speakers}}) {
        if (!speakerId || !speakers.length || speakers.some(d => d.id === speakerId)) return false;
        const {media} = this.visit.deps;
        media.chosen.speakerId = '';
        media.emit('change', {speakerId: ''});
        return true;
    }

    /** @param {import('./slice.js').Offer} offer */
    dismiss(offer) {
        this.visit.dispatch({type: 'offers', offers: this.visit.call.offers.filter(o => o !== offer)});
    }

    /** @param {import('./slice.js').Offer} offer */
    accept(offer) {
        this.dismiss(offer);
        const ids = /** @type {['micId' | 'cameraId' | 'speakerId', string][]} */ (Object.entries(offer.ids));
        return Promise.all(ids.map(([which, id]) => this.visit.deps.media.choose(which, id)));
    }

    // ---- taken away, given back ----

    /** @param {MediaKind} kind  @param {MediaStreamTrack | null} track */
    follow(kind, track) {
        if (!track?.addEventListener) return;
        const {clock, media} = this.visit.deps;
        const ours = () => media.tracks[kind] === track;
        const taken = () => clock.after(() => ours() && track.muted && this.tellTaken(kind), TAKEN_MS);
        track.addEventListener('mute', taken);
        // It may come back silent all the same, so it is opened anew.
        track.addEventListener('unmute', () => ours() && this.isTaken(kind) && this.reopen(kind));
        if (track.muted) taken();
    }

    /** @param {MediaKind} kind */
    isTaken(kind) {
        return this.visit.call.local[STATE[kind]] === 'interrupted';
    }

    /** @param {MediaKind} kind */
    tellTaken(kind) {
        const {media} = this.visit.deps;
        media.emit('change', {[STATE[kind]]: 'interrupted', [kind === 'audio' ? 'mic' : 'cam']: media.wanted[kind]});
    }

    /** A fresh track in place of the old one, which is closed first: phones open one at a time. @param {MediaKind} kind */
    reopen(kind) {
        if (this.hidden()) return;
        const {media} = this.visit.deps;
        media.take(kind, null);
        return media.start([kind]);
    }

    /** The page is seen again. */
    shown() {
        const {clock, media} = this.visit.deps;
        const {audio} = media.tracks;
        for (const kind of KINDS) {
            const track = media.tracks[kind];
            if (track && (track.muted || track.readyState === 'ended')) this.reopen(kind);
        }
        const dead = () =>
            audio && media.tracks.audio === audio && media.meter.quietMs >= DEAD_MS && media.meter.db < DEAD_DB;
        clock.after(() => dead() && this.reopen('audio'), DEAD_MS + GIVEN_BACK_MS);
    }

    /** Follows the permission: allowed again, the device is opened; a browser that forbids it without ending the track is caught up with.
     *  @param {MediaKind} kind */
    async heed(kind) {
        const {media} = this.visit.deps;
        const status = await media.deps.devices.permissions?.query({name: PERMISSION[kind]}).catch(() => undefined);
        status?.addEventListener?.('change', () => {
            const denied = this.visit.call.local[STATE[kind]] === 'denied';
            if (status.state === 'granted' && denied && media.wanted[kind]) media.start([kind]);
            if (status.state === 'denied' && media.tracks[kind]) media.lost(kind);
        });
    }

    /** The visit is over. */
    stop() {
        this.talk.follow(null);
        if (this.visit.call.offers.length) this.visit.dispatch({type: 'offers', offers: []});
    }
}
