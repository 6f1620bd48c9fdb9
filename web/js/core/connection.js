// One RTCPeerConnection to one person and its negotiation, after the "perfect negotiation" of the WebRTC specification (W3C webrtc,
// 10.7). The server names who makes the first offer (`offerer`); after that both may offer, and the offerer is the polite one. The
// m-lines never change: microphone, camera, screen, data. Muting, switching devices and sharing replace tracks and negotiate nothing.
import {Events} from './events.js';
import {adopt, configure, transceiverOf} from './line.js';

/** @typedef {import('./line.js').Source} Source */
/** @typedef {import('./line.js').Sources} Sources */
/** @typedef {import('./line.js').Line} Line */
/** @typedef {{type: RTCSdpType, sdp: string}} Description */
/** @typedef {{pc: 'main', gen: number, description?: Description, candidate?: RTCIceCandidateInit | null, again?: boolean}} SignalData
 *  again: asks the offerer for a new connection */
/** @typedef {{signal: SignalData, remote: MediaStream, path: {working: boolean}, spoilt: null}} ConnectionEvents
 *  path: ICE has another state. spoilt: the first offer cannot be used, a new connection is needed */

/** No network gives a page as many addresses. Each is tried against each of ours. */
const FOUND_MAX = 200;

/** @extends {Events<ConnectionEvents>} */
export class Connection extends Events {
    /** @param {import('./peer.js').PeerDeps} deps  @param {{gen: number, line: Line, sources: Sources}} options
     *  gen: counts the connections to the same page of that person */
    constructor(deps, {gen, line, sources}) {
        super();
        this.deps = deps;
        this.gen = gen;
        this.line = line;
        this.pc = line.pc;
        this.sources = sources;
        /** @type {MediaStream | null} the incoming stream */
        this.remote = null;
        /** @type {MediaStreamTrack[]} */
        this.remoteTracks = [];
        /** @type {Promise<unknown>} signals are handled one after the other */
        this.queue = Promise.resolve();
        this.making = false;
        this.ignoring = false;
        /** candidates of the other side */
        this.found = 0;
        /** what our browser gets to read of the other side's wishes; they hold for what we send  @type {(sdp: string) => string} */
        this.edit = sdp => sdp;
        /** the other side's, as it came  @type {Description | null} */
        this.described = null;
        const {pc} = this;
        pc.onnegotiationneeded = () => this.offer();
        pc.ondatachannel = e => e.channel.close(); // the plan has them all
        pc.onicecandidate = e => this.send({candidate: e.candidate ? e.candidate.toJSON() : null});
        pc.oniceconnectionstatechange = () => this.judge();
        pc.onconnectionstatechange = () => this.judge();
    }

    get offerer() {
        return this.line.offerer;
    }

    /** Makes the first offer, if it is ours. */
    start() {
        if (this.offerer) this.offer();
    }

    /** Handles a signal for this connection. @param {SignalData} data */
    receive(data) {
        if (!data.description && ++this.found > FOUND_MAX) return;
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

    /** Looks for a new path, with the relays known now. Nothing happens before the first answer, or while an offer is on its way. */
    restart() {
        if (this.pc.remoteDescription && this.pc.signalingState === 'stable') this.pc.restartIce();
    }

    close() {
        const {pc} = this;
        pc.onnegotiationneeded = null;
        pc.onicecandidate = null;
        pc.oniceconnectionstatechange = null;
        pc.onconnectionstatechange = null;
        pc.close();
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
            if (written) this.send({description: {type: 'offer', sdp: written.sdp ?? ''}}); // the other side can begin already
            await set;
            if (!written) this.sendDescription();
        } catch (e) {
            this.note('offer', e);
            if (written) this.emit('spoilt', null); // the other side has an offer that is not ours
        } finally {
            this.making = false;
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

    /** @param {SignalData} data */
    async handle(data) {
        if (this.pc.signalingState === 'closed') return;
        if (data.description) await this.describe(data.description);
        else if (data.candidate !== undefined) this.candidate(data.candidate);
    }

    /** @param {Description} description */
    async describe(description) {
        const pc = this.pc;
        const offered = description.type === 'offer';
        this.ignoring = !this.offerer && offered && (this.making || pc.signalingState !== 'stable');
        if (this.ignoring) return;

        const first = !pc.remoteDescription && offered;
        const applied = this.apply(description);
        // With all tracks in place both steps are requested at once and the browser takes them in order.
        const answered = first && this.line.whole && pc.setLocalDescription();
        await Promise.all([applied, answered]).catch(e => {
            if (answered) pc.setLocalDescription({type: 'rollback'}); // without an offer the answer became one
            throw e;
        });
        this.described = description;
        if (offered) {
            if (first && !answered) await adopt(this.line, this.sources);
            if (!answered) await pc.setLocalDescription();
            this.sendDescription();
        }
        this.showRemote();
    }

    /** @param {Description} description */
    apply({type, sdp}) {
        return this.pc.setRemoteDescription({type, sdp: this.edit(sdp)});
    }

    /** Has our browser read the other side's description again, as `edit` makes it now. The other side learns nothing of it. */
    readAgain() {
        const again = async () => {
            const {pc, described} = this;
            if (!described || this.making || pc.signalingState !== 'stable') return;
            if (described.type === 'answer') await pc.setLocalDescription();
            await this.apply(described);
            if (described.type === 'offer') await pc.setLocalDescription();
        };
        this.queue = this.queue.then(again).catch(e => this.note('again', e));
        return this.queue;
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

    judge() {
        const {iceConnectionState: ice, connectionState: whole} = this.pc;
        const broken = ice === 'failed' || ice === 'disconnected' || whole === 'failed';
        if (broken || whole === 'connected') this.emit('path', {working: !broken});
    }

    /** @param {string} what  @param {unknown} e */
    note(what, e) {
        this.deps.log.note(`peer.${what}`, {gen: this.gen, error: e instanceof Error ? e.name : null});
    }
}
