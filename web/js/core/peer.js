// The way to one person: a connection, and for a while a second one beside it, which takes its place once it carries something.
// `gen` counts them: the offerer may begin anew, the other side follows. When to look for a new path, and when to begin anew, is
// decided by features/recovery, which is fetched later than the call.
import {Connection} from './connection.js';
import {Events} from './events.js';
import {grow, makeLine} from './line.js';
import {text} from './protocol.js';

/** @typedef {import('./protocol.js').IceServer} IceServer */
/** @typedef {'connecting' | 'live' | 'lost'} PeerState */
/** @typedef {import('./line.js').Source} Source */
/** @typedef {import('./line.js').Line} Line */
/** @typedef {import('./connection.js').SignalData} SignalData */
/** @typedef {{state: PeerState, signal: SignalData, remote: MediaStream}} PeerEvents */

/**
 * @typedef {object} PeerDeps
 * @property {import('./clock.js').Clock} clock
 * @property {(config: RTCConfiguration) => RTCPeerConnection} connect
 * @property {() => MediaStream} makeStream
 * @property {import('./log.js').Log} log
 */

/** The picture begins small and grows after this many ms, when the browser knows the line. */
export const GROW_MS = 1_000;
/** A page that means well begins anew every three seconds at most. One that does not could have ours make connections and answers
 *  without end: so much is done at once, and from then on one thing in this time. */
const EACH_MS = 2_000;
const AT_ONCE_MS = 20_000;
/** The m-lines never change. An offer with hundreds of them has an answer that is longer than any message may be. */
const M_LINES = 'm=audio,m=video,m=video,m=application';
/** Three times what browsers write. An answer is not much longer than its offer, so it fits into a message. */
const SDP_MAX = 30_000;

/** @param {string} sdp */
const isPlan = sdp => sdp.length < SDP_MAX && String(sdp.match(/^m=\w+/gm)) === M_LINES;

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
        /** @type {PeerState} */
        this.state = 'connecting';
        this.closed = false;
        /** how much the other side has asked of us: it rises by EACH_MS each time, and time catches up with it */
        this.due = -AT_ONCE_MS;
        /** @type {Line | null} the one whose picture has begun to grow */
        this.growing = null;
        /** @type {number | undefined} */
        this.growTimer = undefined;
        /** decides what to do when nothing comes, once it is there  @type {import('../features/recovery/recovery.js').Recovery | null} */
        this.recovery = null;
        /** built beside the main one, until it carries something  @type {Connection | null} */
        this.next = null;
        /** what features/adaptation wants of each connection, once it is there  @type {import('./line.js').Wish | undefined} */
        this.wish = undefined;
        /** @type {(sdp: string) => string} */
        this.edit = sdp => sdp;
        this.main = this.make(1, line ?? null);
    }

    get newest() {
        return this.next ?? this.main;
    }

    get pc() {
        return this.main.pc;
    }

    /** The incoming stream. */
    get remote() {
        return this.main.remote;
    }

    /** Makes the first offer, if we are the offerer. */
    start() {
        this.main.start();
    }

    /** Handles a signal of the other side. @param {any} data */
    receive(data) {
        const {description, again} = data;
        const gen = Number.isInteger(data.gen) ? data.gen : 1;
        if (this.closed || data.pc !== 'main') return;
        if ((description || again) && !this.affords(description)) return;
        if (description && gen > this.newest.gen && !this.offerer) this.renew(gen); // only the offerer begins anew
        if (again) return this.recovery?.asked(gen);
        for (const c of this.all()) if (c.gen === gen) c.receive(data);
    }

    /** @param {Source} source  @param {MediaStreamTrack | null} track */
    setSource(source, track) {
        this.sources = {...this.sources, [source]: track};
        for (const c of this.all()) c.setSource(source, track);
    }

    /** New relay credentials, for the next time candidates are gathered. @param {RTCConfiguration} config */
    setConfig(config) {
        this.config = config;
        for (const c of this.all()) c.setConfig(config);
    }

    /** The server started afresh: signals it had not passed on are lost, so an unanswered offer is sent again. */
    resend() {
        for (const c of this.all()) c.resend();
    }

    /** Begins anew beside the connection there is. @param {number} [gen] */
    renew(gen = this.newest.gen + 1) {
        this.next?.close();
        this.next = this.make(gen, null);
        this.next.note('renew', null);
        this.next.start();
    }

    close() {
        this.closed = true;
        this.recovery?.stop();
        this.deps.clock.cancel(this.growTimer);
        for (const c of this.all()) c.close();
    }

    /** @param {PeerState} state */
    setState(state) {
        if (this.state === state) return;
        this.state = state;
        this.emit('state', state);
    }

    // ---- inside ----

    /** Whether a signal that costs us work, an answer or a connection is heeded. @param {any} description  if it has one */
    affords(description) {
        const now = this.deps.clock.now();
        const due = Math.max(this.due, now - AT_ONCE_MS) + EACH_MS;
        if (due > now || (description && !isPlan(text(description.sdp)))) return false;
        this.due = due;
        return true;
    }

    all() {
        return this.next ? [this.main, this.next] : [this.main];
    }

    /** @param {number} gen  @param {Line | null} line */
    make(gen, line) {
        const {deps, sources} = this;
        const made = new Connection(deps, {gen, line: line ?? makeLine(deps, this), sources});
        made.edit = sdp => this.edit(sdp);
        made.on('signal', data => this.emit('signal', data));
        made.on('remote', stream => made === this.main && this.emit('remote', stream));
        made.on('spoilt', () => this.replace(made));
        made.on('path', path => this.judge(made, path));
        return made;
    }

    /** @param {Connection} connection  @param {{working: boolean}} path */
    judge(connection, {working}) {
        const {recovery} = this;
        if (connection === this.next && working) return recovery ? recovery.nextWorks() : this.takeNext();
        if (connection !== this.main) return;
        if (working) this.enlarge();
        if (recovery) recovery.judge(working);
        else this.setState(working ? 'live' : 'lost');
    }

    /** It cannot come up. @param {Connection} connection */
    replace(connection) {
        this.renew();
        if (connection === this.main) this.takeNext();
    }

    /** The connection beside the main one takes its place. */
    takeNext() {
        const {main, next} = this;
        if (!next) return;
        this.main = next;
        this.next = null;
        main.close();
        if (next.remote) this.emit('remote', next.remote);
        next.judge();
    }

    /** Sends the picture in full once the capacity of the line is known. */
    enlarge() {
        const {line} = this.main;
        if (this.growing === line) return;
        this.growing = line;
        const later = () => {
            this.growTimer = this.deps.clock.after(async () => {
                if (this.closed || this.main.line !== line || this.wish) return;
                const full = await grow(line).catch(e => this.main.note('grow', e));
                if (full === false) later();
            }, GROW_MS);
        };
        later();
    }
}
