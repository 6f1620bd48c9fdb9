// The connections to everybody inside, kept in step with who is there. A connection stays as long as the other page
// stays (`instance`), whatever happens to the socket or the server in between.
import {Events} from './events.js';
import {Peer} from './peer.js';
import {judgeQuality, newQuality} from './quality.js';

/** @typedef {import('./protocol.js').Participant} Participant */
/** @typedef {import('./peer.js').Source} Source */
/** @typedef {{peer: Peer, instance: number, quality: import('./quality.js').QualityState}} Entry */
/** @typedef {{signal: {to: string, instance: number, data: object}, view: {id: string, state: import('./peer.js').PeerState},
 *   remote: {id: string, stream: MediaStream}, gone: {id: string},
 *   quality: {id: string, quality: 'good' | 'fair' | 'poor', path: string}}} PeersEvents */

const SAMPLE_MS = 2_000;

/** @extends {Events<PeersEvents>} */
export class Peers extends Events {
    /** @param {import('./peer.js').PeerDeps} deps */
    constructor(deps) {
        super();
        this.deps = deps;
        /** @type {Map<string, Entry>} */
        this.byId = new Map();
        /** @type {Record<Source, MediaStreamTrack | null>} */
        this.sources = {audio: null, camera: null, screen: null};
        /** @type {RTCConfiguration} */
        this.config = {};
        /** @type {number | undefined} */
        this.sampler = undefined;
    }

    /** @param {RTCConfiguration} config */
    setConfig(config) {
        this.config = config;
        for (const {peer} of this.byId.values()) peer.setConfig(config);
    }

    /** @param {Source} source  @param {MediaStreamTrack | null} track */
    setSource(source, track) {
        this.sources[source] = track;
        for (const {peer} of this.byId.values()) peer.setSource(source, track);
    }

    /** Connects to those who came, lets go of those who left. @param {Participant[]} people who are inside or away */
    sync(people) {
        for (const id of [...this.byId.keys()]) if (!people.some(p => p.id === id)) this.remove(id);
        for (const p of people) {
            const entry = this.byId.get(p.id);
            if (entry?.instance === p.instance) continue;
            if (entry) this.remove(p.id);
            this.add(p);
        }
    }

    /** @param {string} from  @param {number} instance  @param {any} data */
    receive(from, instance, data) {
        const entry = this.byId.get(from);
        if (entry && (!instance || instance === entry.instance)) entry.peer.receive(data);
    }

    /** After the server lost its memory. */
    resend() {
        for (const {peer} of this.byId.values()) peer.resend();
    }

    /** The network changed under us. */
    restart() {
        for (const {peer} of this.byId.values()) peer.restart();
    }

    clear() {
        for (const id of [...this.byId.keys()]) this.remove(id);
    }

    /** @param {Participant} p */
    add(p) {
        const peer = new Peer(this.deps, {offerer: p.offerer, config: this.config, sources: {...this.sources}});
        this.byId.set(p.id, {peer, instance: p.instance, quality: newQuality()});
        peer.on('signal', data => this.emit('signal', {to: p.id, instance: p.instance, data}));
        peer.on('state', state => this.emit('view', {id: p.id, state}));
        peer.on('remote', stream => this.emit('remote', {id: p.id, stream}));
        this.emit('view', {id: p.id, state: 'connecting'});
        peer.start();
        this.sampler ??= this.deps.clock.repeat(() => this.sample(), SAMPLE_MS);
    }

    /** @param {string} id */
    remove(id) {
        this.byId.get(id)?.peer.close();
        this.byId.delete(id);
        this.emit('gone', {id});
        if (this.byId.size === 0) {
            this.deps.clock.cancel(this.sampler);
            this.sampler = undefined;
        }
    }

    async sample() {
        for (const [id, entry] of this.byId) {
            if (entry.peer.state !== 'live') continue;
            const stats = await entry.peer.pc.getStats().catch(() => null);
            if (!stats || this.byId.get(id) !== entry) continue;
            entry.quality = judgeQuality(entry.quality, [...stats.values()]);
            const {shown, path} = entry.quality;
            if (shown) this.emit('quality', {id, quality: shown, path});
        }
    }
}
