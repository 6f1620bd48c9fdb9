// Stand-ins for the browser: a clock that the test advances, a socket whose other end is the test, a peer connection
// that records each call.

/** Time that passes only by `advance(ms)`; timers fire in order of their time. */
export class FakeClock {
    constructor() {
        this.t = 1_000;
        this.timers = new Map();
        this.next = 1;
    }
    now = () => this.t;
    wall = () => 1_790_000_000_000 + this.t;
    date = () => new Date(this.wall());
    doubtful = () => false;
    after = (run, ms) => this.add(run, ms, 0);
    repeat = (run, ms) => this.add(run, ms, ms);
    cancel = handle => this.timers.delete(handle);
    add(run, ms, every) {
        this.timers.set(this.next, {run, at: this.t + ms, every});
        return this.next++;
    }
    advance(ms) {
        const end = this.t + ms;
        for (;;) {
            const due = [...this.timers].filter(([, x]) => x.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
            if (!due) break;
            const [handle, timer] = due;
            this.t = timer.at;
            if (timer.every) timer.at += timer.every;
            else this.timers.delete(handle);
            timer.run();
        }
        this.t = end;
    }
}

/** A WebSocket whose other end is the test. */
export class FakeSocket {
    constructor(path) {
        this.path = path;
        this.sent = [];
        this.closedWith = undefined;
    }
    send(text) {
        this.sent.push(JSON.parse(text));
    }
    close(code) {
        this.closedWith = code ?? 1005;
    }
    /** the connection stands */
    open() {
        this.readyState = 1;
        this.onopen?.({});
    }
    say(message) {
        this.onmessage?.({data: JSON.stringify(message)});
    }
    /** the other end hangs up, or the line breaks (1006) */
    drop(code = 1006) {
        this.onclose?.({code});
    }
}

export const welcome = (more = {}) => ({
    type: 'welcome',
    self: 'me',
    role: 'guest',
    state: 'waiting',
    room: {id: 'r', name: 'Room'},
    participants: [],
    ice_servers: [],
    ice_ttl_s: 0,
    resume: {ticket: 'ticket-1', window_s: 120},
    epoch: 'e1',
    seq: 0,
    n: 0,
    resumed: false,
    ...more,
});

export const participant = (id, more = {}) => ({
    id,
    name: `Name of ${id}`,
    kind: 'guest',
    name_from: 'invitation',
    role: 'guest',
    state: 'inside',
    instance: 1,
    status: {},
    since: '2026-11-22T15:00:00Z',
    offerer: false,
    ...more,
});

class FakeSender {
    constructor() {
        this.track = null;
        this.streams = [];
    }
    async replaceTrack(track) {
        this.track = track;
    }
    setStreams(...s) {
        this.streams = s;
    }
    getParameters = () => ({encodings: [{}]});
    async setParameters(p) {
        this.parameters = p;
    }
}

const transceiver = (kind, direction) => ({
    kind,
    direction,
    sender: new FakeSender(),
    receiver: {track: {kind, id: `${kind}-${Math.random()}`}},
});

/** A description with the m-lines of the plan, which the words tell from others. */
export const sdpOf = words => `s=${words}\r\n${['audio', 'video', 'video', 'application'].map(kind => `m=${kind} 9\r\n`).join('')}`;
/** One that no browser takes. */
export const UNREADABLE = sdpOf('unreadable');

/** Enough of an RTCPeerConnection to test the order of events: states, m-lines, rollback, fired events. */
export class FakePeerConnection {
    static all = [];
    constructor(config) {
        this.config = config;
        this.signalingState = 'stable';
        this.iceConnectionState = 'new';
        this.connectionState = 'new';
        this.localDescription = null;
        this.remoteDescription = null;
        this.transceivers = [];
        this.channels = [];
        this.candidates = [];
        this.log = [];
        this.serial = 0;
        this.restarts = 0;
        this.restartWanted = false;
        this.closed = false;
        FakePeerConnection.all.push(this);
    }
    addTransceiver(what, init) {
        const t = transceiver(typeof what === 'string' ? what : what.kind, init.direction);
        if (typeof what !== 'string') t.sender.track = what;
        this.transceivers.push(t);
        this.wantNegotiation();
        return t;
    }
    addTrack(track, ...streams) {
        const t = transceiver(track.kind, 'sendrecv');
        t.sender.track = track;
        t.sender.streams = streams;
        this.transceivers.push(t);
        this.wantNegotiation();
        return t.sender;
    }
    getTransceivers = () => this.transceivers;
    async createOffer() {
        return {type: 'offer', sdp: sdpOf(`offer-${++this.serial}`)};
    }
    createDataChannel(label, init) {
        const listeners = [];
        const c = Object.defineProperties({label, ...init}, {
            addEventListener: {value: (type, run) => type === 'message' && listeners.push(run)},
            arrives: {value: data => listeners.forEach(run => run({data}))},
        });
        this.channels.push(c);
        this.wantNegotiation();
        return c;
    }
    wantNegotiation() {
        if (this.pending) return;
        this.pending = true;
        queueMicrotask(() => {
            this.pending = false;
            if (!this.closed && this.signalingState === 'stable' && !this.covered()) this.onnegotiationneeded?.();
        });
    }
    /** the plan was agreed already, so a channel or a direction asks for nothing new */
    covered = () => this.remoteDescription !== null && !this.restartWanted;
    async setLocalDescription(written) {
        const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer';
        if (written?.type === 'rollback') return this.rollBack();
        this.localDescription = written ?? {type, sdp: sdpOf(`${type}-${++this.serial}`)};
        this.signalingState = type === 'offer' ? 'have-local-offer' : 'stable';
        this.restartWanted = false;
        this.log.push(`local ${type}`);
    }
    rollBack() {
        this.localDescription = null;
        this.signalingState = 'stable';
        this.log.push('rollback');
    }
    async setRemoteDescription(d) {
        if (d.sdp === UNREADABLE) throw Object.assign(new Error('unreadable'), {name: 'OperationError'});
        if (d.type === 'offer' && this.signalingState === 'have-local-offer') this.log.push('rollback');
        if (d.type === 'answer' && this.signalingState !== 'have-local-offer')
            throw Object.assign(new Error('wrong state'), {name: 'InvalidStateError'});
        this.log.push(`remote ${d.type}`);
        this.remoteDescription = d;
        this.signalingState = d.type === 'offer' ? 'have-remote-offer' : 'stable';
        // Tracks that were added before are taken up in order; the rest of the plan comes with the offer.
        if (d.type === 'offer')
            for (const kind of ['audio', 'video', 'video'].slice(this.transceivers.length))
                this.transceivers.push(transceiver(kind, 'recvonly'));
    }
    async addIceCandidate(c) {
        if (!this.remoteDescription) throw Object.assign(new Error('no description'), {name: 'InvalidStateError'});
        this.candidates.push(c);
    }
    restartIce() {
        this.restarts += 1;
        this.restartWanted = true;
        this.wantNegotiation();
    }
    getConfiguration = () => this.config;
    setConfiguration(c) {
        this.config = c;
    }
    getStats = async () => new Map();
    close() {
        this.closed = true;
        this.signalingState = 'closed';
    }
    /** the path changes */
    become(ice, whole = ice) {
        this.iceConnectionState = ice;
        this.connectionState = whole;
        this.oniceconnectionstatechange?.();
    }
}

export const makeStream = () => {
    const tracks = [];
    return {addTrack: t => tracks.push(t), getTracks: () => tracks};
};

export const quietLog = {note() {}, entries: () => []};

/** Lets all promises that can go on go on. */
export const settle = async () => {
    for (let i = 0; i < 20; i++) await new Promise(r => setImmediate(r));
};
