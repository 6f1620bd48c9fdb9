// The connections to everybody inside, kept in step with the list of people. A connection stays as long as the other page
// stays (`instance`), whatever happens to the socket or the server in between.
import {Events} from './events.js';
import {configure, makeLine, transceiverOf, writeAhead} from './line.js';
import {Peer} from './peer.js';

/** @typedef {import('./protocol.js').Participant} Participant */
/** @typedef {import('./peer.js').Source} Source */
/** @typedef {{peer: Peer, instance: number}} Entry */
/** @typedef {{signal: {to: string, instance: number, data: object}, view: {id: string, state: import('./peer.js').PeerState},
 *   remote: {id: string, stream: MediaStream}, gone: {id: string}}} PeersEvents */

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
        /** @type {import('./line.js').Line | null} the next connection, made ahead */
        this.ahead = null;
    }

    /** Makes the next connection while there is nobody yet. @param {boolean} offerer we will make the first offer */
    prepare(offerer) {
        if (this.byId.size > 0 || this.ahead?.offerer === offerer) return;
        this.forgetAhead();
        try {
            const line = makeLine(this.deps, {offerer, config: this.config, sources: this.sources});
            this.ahead = line;
            writeAhead(line).catch(() => undefined); // the offer is then written when it is needed
        } catch (e) {
            this.deps.log.note('peers.prepare', {error: e instanceof Error ? e.name : null});
        }
    }

    forgetAhead() {
        this.ahead?.pc.close();
        this.ahead = null;
    }

    /** The connection made ahead, if it can be used. It was made before the rules for candidates were known: one that
     *  does not accept them is not used, since it would reveal a hidden address. @param {boolean} offerer */
    takeAhead(offerer) {
        const line = this.ahead;
        try {
            if (line?.offerer === offerer) {
                configure(line.pc, this.config);
                this.ahead = null;
                return line;
            }
        } catch {
            this.deps.log.note('peers.ahead', {error: 'config'});
        }
        this.forgetAhead();
        return null;
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
        if (this.ahead) this.setAhead(this.ahead, source, track);
    }

    /** @param {import('./line.js').Line} line  @param {Source} source  @param {MediaStreamTrack | null} track */
    setAhead(line, source, track) {
        const sender = transceiverOf(line.pc, source)?.sender;
        if (sender) return void sender.replaceTrack(track).catch(() => this.ahead === line && this.forgetAhead());
        if (!track) return;
        this.forgetAhead(); // tracks are added in the order of the plan, so the connection is made anew
        this.prepare(line.offerer);
    }

    /** Connects to people who came, drops people who left.
     *  @param {Participant[]} people who are inside or away  @param {boolean} [again] the server lost its memory */
    sync(people, again = false) {
        for (const id of [...this.byId.keys()]) if (!people.some(p => p.id === id)) this.remove(id);
        for (const p of people) {
            const entry = this.byId.get(p.id);
            if (entry?.instance === p.instance) {
                if (again) entry.peer.resend();
                continue;
            }
            if (entry) this.remove(p.id);
            this.add(p);
        }
    }

    /** @param {string} from  @param {number} instance  @param {any} data */
    receive(from, instance, data) {
        const entry = this.byId.get(from);
        if (entry && (!instance || instance === entry.instance)) entry.peer.receive(data);
    }

    clear() {
        for (const id of [...this.byId.keys()]) this.remove(id);
    }

    /** @param {Participant} p */
    add(p) {
        const {offerer} = p;
        const line = this.takeAhead(offerer);
        const peer = new Peer(this.deps, {offerer, config: this.config, sources: {...this.sources}, line});
        this.byId.set(p.id, {peer, instance: p.instance});
        peer.on('signal', data => this.emit('signal', {to: p.id, instance: p.instance, data}));
        peer.on('state', state => this.emit('view', {id: p.id, state}));
        peer.on('remote', stream => this.emit('remote', {id: p.id, stream}));
        this.emit('view', {id: p.id, state: 'connecting'});
        peer.start();
    }

    /** @param {string} id */
    remove(id) {
        this.byId.get(id)?.peer.close();
        this.byId.delete(id);
        this.emit('gone', {id});
    }
}
