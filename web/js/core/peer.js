// One connection to one person. The server names who makes the first offer (`offerer`); after that both may offer, and
// the offerer is the polite one. The m-lines never change: microphone, camera, screen, data. Muting, switching devices
// and sharing replace tracks and negotiate nothing.
// `gen` counts the connections to the same page of that person: the offerer may begin anew as a last resort.
import {Events} from './events.js';
import {adopt, configure, grow, makeLine, transceiverOf} from './line.js';

/** @typedef {import('./protocol.js').IceServer} IceServer */
/** @typedef {'connecting' | 'live' | 'lost'} PeerState */
/** @typedef {import('./line.js').Source} Source */
/** @typedef {import('./line.js').Line} Line */
/** @typedef {{pc: 'main', gen: number, description?: RTCSessionDescriptionInit, candidate?: RTCIceCandidateInit | null}} SignalData */
/** @typedef {{state: PeerState, signal: SignalData, remote: MediaStream}} PeerEvents */

/**
 * @typedef {object} PeerDeps
 * @property {import('./clock.js').Clock} clock
 * @property {(config: RTCConfiguration) => RTCPeerConnection} connect
 * @property {() => MediaStream} makeStream
 * @property {() => Promise<RTCConfiguration>} freshConfig asks the server for new relay credentials; never rejects
 * @property {import('./log.js').Log} log
 */

/** The steps after a lost connection, in ms. The restarts repeat; only the offerer begins anew. */
export const LADDER = {lostMs: 2_000, restartMs: 4_000, againMs: 4_000, renewMs: 12_000, connectMs: 15_000};

/** The picture begins small and grows after this many ms, when the browser knows the line. */
export const GROW_MS = 1_000;

/** @extends {Events<PeerEvents>} */
export class Peer extends Events {
    /** @param {PeerDeps} deps  @param {{offerer: boolean, config: RTCConfiguration, sources: import('./line.js').Sources, line?: Line | null}} options
     *  line: made ahead, for the same role and configured likewise */
    constructor(deps, {offerer, config, sources, line}) {
        super();
        this.deps = deps;
        this.offerer = offerer;
        this.config = config;
        this.sources = sources;
        this.gen = 1;
        /** @type {PeerState} */
        this.state = 'connecting';
        /** @type {Promise<unknown>} signals are handled one after the other */
        this.queue = Promise.resolve();
        /** @type {number | undefined} */
        this.timer = undefined;
        this.lostAt = 0;
        this.closed = false;
        /** @type {MediaStream | null} the incoming stream */
        this.remote = null;
        /** @type {MediaStreamTrack[]} */
        this.remoteTracks = [];
        /** @type {Line | null} the one whose picture has begun to grow */
        this.growing = null;
        /** @type {number | undefined} */
        this.growTimer = undefined;
        this.making = false;
        this.ignoring = false;
        this.answering = false;
        this.line = line ?? this.makeLine();
        this.pc = this.line.pc;
        this.open();
    }

    /** Makes the first offer, if we are the offerer. */
    start() {
        if (this.offerer) this.offer();
        this.watchStart();
    }

    /** Handles a signal of the other side. @param {any} data */
    receive(data) {
        this.queue = this.queue.then(() => this.handle(data)).catch(e => this.note('signal', e));
    }

    /** @param {Source} source  @param {MediaStreamTrack | null} track */
    setSource(source, track) {
        this.sources = {...this.sources, [source]: track};
        const sender = transceiverOf(this.pc, source)?.sender;
        sender?.replaceTrack(track).catch(e => this.note('replace', e));
    }

    /** New relay credentials, for the next time candidates are gathered. @param {RTCConfiguration} config */
    setConfig(config) {
        this.config = config;
        try {
            configure(this.pc, config);
        } catch (e) {
            this.note('config', e);
        }
    }

    /** The server started afresh: signals it had not passed on are lost, so an unanswered offer is sent again. */
    resend() {
        if (this.pc.signalingState === 'have-local-offer') this.sendDescription();
    }

    /** Looks for a new path now: the network changed. */
    async restart() {
        const config = await this.deps.freshConfig();
        if (this.closed || !this.pc.remoteDescription) return;
        this.setConfig(config);
        this.pc.restartIce();
    }

    close() {
        this.closed = true;
        this.deps.clock.cancel(this.timer);
        this.deps.clock.cancel(this.growTimer);
        this.shut();
    }

    // ---- connection ----

    makeLine() {
        return makeLine(this.deps, this);
    }

    open() {
        const {pc} = this;
        this.making = false;
        this.ignoring = false;
        this.answering = false;
        pc.onnegotiationneeded = () => this.offer();
        pc.onicecandidate = e => this.send({candidate: e.candidate ? e.candidate.toJSON() : null});
        pc.oniceconnectionstatechange = () => this.judge();
        pc.onconnectionstatechange = () => this.judge();
    }

    shut() {
        const pc = this.pc;
        pc.onnegotiationneeded = null;
        pc.onicecandidate = null;
        pc.oniceconnectionstatechange = null;
        pc.onconnectionstatechange = null;
        pc.close();
    }

    /** Begins anew with a fresh connection. @param {number} gen */
    renew(gen) {
        this.note('renew', null);
        this.shut();
        this.gen = gen;
        this.lostAt = 0;
        this.line = this.makeLine();
        this.pc = this.line.pc;
        this.open();
        this.setState('connecting');
        this.start();
    }

    // ---- negotiation ----

    async offer() {
        if (!this.offerer && !this.pc.remoteDescription) return; // the first offer is not ours
        const {pc, line} = this;
        const written = line.offer;
        Object.assign(line, {offer: null, begun: true});
        try {
            this.making = true;
            const set = written ? pc.setLocalDescription(written) : pc.setLocalDescription();
            if (written) this.send({description: {type: 'offer', sdp: written.sdp}}); // the other side can begin already
            await set;
            if (!written && pc === this.pc) this.sendDescription();
        } catch (e) {
            this.note('offer', e);
            if (written && pc === this.pc) this.renew(this.gen + 1); // the other side has an offer that is not ours
        } finally {
            if (pc === this.pc) this.making = false;
        }
    }

    sendDescription() {
        const d = this.pc.localDescription;
        if (d) this.send({description: {type: d.type, sdp: d.sdp}});
    }

    /** @param {Omit<SignalData, 'pc' | 'gen'>} part */
    send(part) {
        this.emit('signal', {pc: 'main', gen: this.gen, ...part});
    }

    /** @param {any} data */
    async handle(data) {
        const gen = Number.isInteger(data.gen) ? data.gen : 1;
        if (this.closed || data.pc !== 'main' || gen < this.gen) return;
        if (gen > this.gen) {
            if (this.offerer) return; // only we begin anew
            this.renew(gen);
        }
        if (data.description) await this.describe(data.description);
        else if ('candidate' in data) this.candidate(data.candidate);
    }

    /** @param {RTCSessionDescriptionInit} description */
    async describe(description) {
        const pc = this.pc;
        const ready = !this.making && (pc.signalingState === 'stable' || this.answering);
        const collision = description.type === 'offer' && !ready;
        this.ignoring = !this.offerer && collision;
        if (this.ignoring) return;

        const first = !pc.remoteDescription && description.type === 'offer';
        this.answering = description.type === 'answer';
        const applied = pc.setRemoteDescription(description);
        // With all tracks in place both steps are requested at once and the browser takes them in order.
        const answered = first && this.line.whole ? pc.setLocalDescription() : null;
        await Promise.all([applied, answered]);
        this.answering = false;
        if (description.type === 'offer') {
            if (first && !answered) await adopt(this.line, this.sources);
            if (!answered) await pc.setLocalDescription();
            if (pc === this.pc) this.sendDescription();
        }
        this.showRemote();
    }

    /** Not waited for: the browser keeps the order. @param {RTCIceCandidateInit | null} candidate */
    candidate(candidate) {
        const {ignoring} = this; // candidates of an ignored offer belong to nothing
        this.pc.addIceCandidate(candidate ?? undefined).catch(e => ignoring || this.note('signal', e));
    }

    showRemote() {
        const tracks = [transceiverOf(this.pc, 'audio'), transceiverOf(this.pc, 'camera')]
            .map(t => t?.receiver.track)
            .filter(t => t !== undefined);
        if (this.remote && tracks.every((t, i) => this.remoteTracks[i] === t)) return;
        this.remoteTracks = tracks;
        const stream = this.deps.makeStream();
        for (const t of tracks) stream.addTrack(t);
        this.remote = stream;
        this.emit('remote', stream);
    }

    // ---- health ----

    /** @param {PeerState} state */
    setState(state) {
        if (this.state === state) return;
        this.state = state;
        this.emit('state', state);
    }

    judge() {
        const {iceConnectionState: ice, connectionState: whole} = this.pc;
        const broken = ice === 'failed' || ice === 'disconnected' || whole === 'failed';
        if (whole === 'connected' && !broken) {
            this.lostAt = 0;
            this.deps.clock.cancel(this.timer);
            this.setState('live');
            this.enlarge();
        } else if (broken && !this.lostAt) {
            this.lostAt = this.deps.clock.now();
            this.step(ice === 'failed' ? 0 : LADDER.lostMs, () => this.reportLost(ice === 'failed'));
        }
    }

    /** @param {number} ms  @param {() => void} run */
    step(ms, run) {
        this.deps.clock.cancel(this.timer);
        this.timer = this.deps.clock.after(run, ms);
    }

    /** @param {boolean} failed the path will not come back by itself */
    reportLost(failed) {
        this.setState('lost');
        if (failed) this.recover();
        else this.step(LADDER.restartMs - LADDER.lostMs, () => this.recover());
    }

    /** One rung of the ladder, and the next one after it. */
    recover() {
        const {clock} = this.deps;
        if (this.offerer && clock.now() - this.lostAt >= LADDER.renewMs) return this.renew(this.gen + 1);
        this.restart();
        this.step(LADDER.againMs, () => this.recover());
    }

    /** A connection that never comes up is begun anew, by the offerer. */
    watchStart() {
        this.step(LADDER.connectMs, () => {
            if (this.state !== 'connecting') return;
            if (this.offerer) this.renew(this.gen + 1);
            else this.watchStart();
        });
    }

    /** Sends the picture in full once the capacity of the line is known. */
    enlarge() {
        const {line} = this;
        if (this.growing === line) return;
        this.growing = line;
        const later = () => {
            this.growTimer = this.deps.clock.after(async () => {
                if (this.closed || this.line !== line) return;
                const full = await grow(line).catch(e => this.note('grow', e));
                if (full === false) later();
            }, GROW_MS);
        };
        later();
    }

    /** @param {string} what  @param {unknown} e */
    note(what, e) {
        this.deps.log.note(`peer.${what}`, {gen: this.gen, error: e instanceof Error ? e.name : null});
    }
}
