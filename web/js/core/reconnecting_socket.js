// A socket to our server that comes back by itself, without losing or repeating a message: the common part of the seat of a call
// (signaling.js) and a dashboard. It opens, sends the first message, counts messages in both directions, notices a dead connection,
// waits longer after each failure, and knows after which end trying again is useless. It does not interpret messages: it reports
// `message`, `link` (the state of the connection), `answer` (to a message that needs one) and `over` (it will not come back by itself).
import {backoff, MAX_MS} from './backoff.js';
import {Events} from './events.js';
import {Outbox} from './outbox.js';
import {say} from './protocol.js';
import {verdictOf} from './refusals.js';

/** @typedef {'closed' | 'connecting' | 'open' | 'lost'} LinkState */
/** @typedef {{epoch: string, seq: number, n: number, resumed: boolean}} Numbers the numbers in each welcome */
/** @typedef {{type: 'welcome'} & Numbers | import('./outbox.js').Answer | import('./protocol.js').ByeMessage} Known the messages that the engine itself understands */
/** @template M  @typedef {{message: M, link: {state: LinkState, cause: string}, over: {cause: string, code: number, reason: string}, alive: {anew: boolean},
 *   answer: {message: import('./protocol.js').ClientMessage, answer: import('./outbox.js').Answer}}} SocketEvents */
/**
 * @typedef {object} SocketDeps
 * @property {import('./clock.js').Clock} clock
 * @property {() => number} random 0…1
 * @property {(path: string) => WebSocket} open makes the socket for a path of our own server
 */

/** Between tries after the seat is most likely gone: they go on, because an open page wants to be in. Also the longest pause that the
 *  server can ask for. */
const PATIENT_MS = 30_000;
/** How long a seat is kept, until the server has told us. */
const WINDOW_MS = 120_000;
/** The pause after a refusal because the server is too busy, if it names none. */
const BUSY_MS = 2_000;
/** After this long without trouble the next loss begins with the shortest pause. */
const SETTLED_MS = 10_000;
const WELCOME_WITHIN_MS = 10_000;
/** A connection in doubt that says nothing for so long is given up, also when no other one opens. */
const PROOF_MS = 3_000;
/** WebSocket.OPEN */
const OPEN = 1;

/** @type {import('./protocol.js').ByeMessage} */
const NO_BYE = {type: 'bye', reason: '', retry_ms: 0};

/** @template {{type: string}} M  the server's messages
 *  @extends {Events<SocketEvents<M>>} */
export class ReconnectingSocket extends Events {
    /** @param {SocketDeps} deps  @param {(raw: string) => {message: M | null, seq: number} | null} read null: not ours at all; `message` null:
     *  a message unknown to this page, whose `seq` still counts; seq 0: it has none */
    constructor(deps, read) {
        super();
        this.deps = deps;
        this.read = read;
        this.token = '';
        this.path = '';
        /** the run of the server that we speak with */
        this.epoch = '';
        /** the last `seq` handled */
        this.seq = 0;
        /** tries since the connection was last settled */
        this.attempt = 0;
        /** clock time of the loss; 0: not lost */
        this.lostAt = 0;
        /** clock time of the last welcome */
        this.openAt = 0;
        /** how long our seat is kept without a connection, in ms */
        this.windowMs = WINDOW_MS;
        /** the first connection is given up after this time */
        this.giveUpMs = Number.POSITIVE_INFINITY;
        /** the server's goodbye on this connection  @type {import('./protocol.js').ByeMessage} */
        this.bye = NO_BYE;
        /** why our `join` was refused */
        this.refusal = '';
        this.cause = '';
        /** @type {LinkState} */
        this.state = 'closed';
        /** @type {WebSocket | null} */
        this.socket = null;
        /** @type {{path: string, socket: WebSocket} | null} opened ahead of its token */
        this.early = null;
        /** until the deadline of the welcome; without a socket, until the next try  @type {number | undefined} */
        this.timer = undefined;
        /** opened beside the connection, to see which of the two works  @type {WebSocket | null} */
        this.rival = null;
        /** clock time of the last word of the server */
        this.heardAt = 0;
        /** the pause that the server asked for, in ms */
        this.askedMs = 0;
        this.outbox = new Outbox(this, deps.clock);
    }

    // ---- the differences of each kind of socket ----

    /** The first message. */
    hello() {
        return say.join(this.token);
    }

    /** The server has accepted us. @param {M} _message  @param {Numbers} numbers */
    welcomed(_message, numbers) {
        this.outbox.settle(numbers, () => true);
    }

    /** @param {M} message */
    heard(message) {
        this.emit('message', message);
    }

    /** @param {number} code of the close  @returns {import('./refusals.js').Verdict} */
    verdict(code) {
        return verdictOf(code, this.refusal);
    }

    /** Our token or ticket is no longer valid. @param {number} _code of the close  @param {string} cause */
    refused(_code, cause) {
        this.lost(cause);
    }

    // ---- for its owner ----

    /** Opens the socket while the join for the token is still under way: on a phone that saves three round trips. The server waits
     *  five seconds for the token; later, or for another path, `dial` opens its own. @param {string} path */
    warm(path) {
        this.drop();
        const socket = this.open(path);
        if (!socket) return;
        this.early = {path, socket};
        socket.onclose = () => {
            if (this.early?.socket === socket) this.early = null;
        };
    }

    /** Sends now, or as soon as the connection is back; in order, once. @param {import('./protocol.js').ClientMessage} message */
    send(message) {
        this.outbox.add(message, this.state === 'open');
    }

    /** Comes back at once instead of waiting (the network is back, the person pressed "Try again"). */
    hurry() {
        if (this.socket || this.timer === undefined) return;
        this.attempt = 0;
        this.dial();
    }

    /** Drops the connection as if it had broken: for one that is dead, or soon will be. */
    distrust() {
        if (this.socket) this.breakOff();
    }

    /** Finds out whether the open connection works, after the caller has sent something that is answered: `alive` is emitted when it
     *  is, or when another connection has taken its place. That one is opened now, so that a dead one is known by the time
     *  a handshake takes. @param {number} [withinMs] without a word for so long it is lost, since now */
    prove(withinMs = PROOF_MS) {
        if (this.state !== 'open' || this.rival) return;
        const rival = this.open(this.path);
        if (!rival) return;
        this.rival = rival;
        const since = this.deps.clock.now();
        this.timer = this.deps.clock.after(() => {
            this.lostAt = since;
            this.breakOff();
        }, withinMs);
        rival.onopen = () => {
            this.rival = null;
            this.forget()?.close();
            this.early = {path: this.path, socket: rival};
            this.lostAt = this.deps.clock.now();
            this.cause = 'lost';
            this.setState('lost');
            this.dial();
        };
    }

    /** Ends for good; `over` is not reported. */
    drop() {
        const sockets = [this.forget(), this.early?.socket];
        this.early = null;
        for (const s of sockets) s?.close(1000);
        this.setState('closed');
    }

    // ---- inside ----

    /** Removes the connection with its timers. @returns {WebSocket | null} what it was */
    forget() {
        const {socket} = this;
        if (socket) Object.assign(socket, {onopen: null, onmessage: null, onclose: null});
        this.socket = null;
        this.stopRival();
        this.stopTimer();
        this.outbox.rest();
        return socket;
    }

    stopRival() {
        if (this.rival) this.rival.onopen = null;
        this.rival?.close();
        this.rival = null;
    }

    stopTimer() {
        this.deps.clock.cancel(this.timer);
        this.timer = undefined;
    }

    /** @param {LinkState} state */
    setState(state) {
        if (this.state === state) return;
        this.state = state;
        this.emit('link', {state, cause: state === 'lost' ? this.cause : ''});
    }

    /** A browser may refuse to make a socket at all. @param {string} path */
    open(path) {
        try {
            return this.deps.open(path);
        } catch {
            return null;
        }
    }

    /** One try. */
    dial() {
        this.forget();
        this.bye = NO_BYE;
        this.refusal = '';
        if (!this.lostAt) this.setState('connecting');
        const socket = this.early?.socket ?? this.open(this.path);
        this.early = null;
        if (!socket) return this.lost('lost');
        this.socket = socket;
        const hello = () => this.write(this.hello());
        if (socket.readyState === OPEN) hello();
        else socket.onopen = hello;
        socket.onmessage = e => this.receive(String(e.data));
        socket.onclose = e => this.closed(e.code);
        // A proxy may hold the socket open for nothing.
        this.timer = this.deps.clock.after(() => this.breakOff(), WELCOME_WITHIN_MS);
    }

    /** @param {import('./protocol.js').ClientMessage} message */
    write(message) {
        this.socket?.send(JSON.stringify(message));
    }

    breakOff() {
        this.forget()?.close();
        this.lost('lost');
    }

    /** @param {string} raw */
    receive(raw) {
        this.heardAt = this.deps.clock.now();
        if (this.rival) this.proven();
        const parsed = this.read(raw);
        if (!parsed) return;
        const {message, seq} = parsed;
        if (message?.type === 'welcome') return this.welcome(message);
        if (seq) {
            if (seq <= this.seq) return; // seen before the line broke
            if (seq !== this.seq + 1) return this.distrust(); // one is missing: reconnect to get it again
            this.seq = seq;
        }
        if (message && !this.understood(message)) this.heard(message);
    }

    /** @param {M} message  @returns {boolean} nobody else needs it */
    understood(message) {
        const m = /** @type {Known} */ (/** @type {unknown} */ (message));
        if (m.type === 'bye') this.bye = m;
        if (m.type === 'error' && this.state !== 'open') {
            this.refusal = m.code;
            return true;
        }
        return (m.type === 'error' || m.type === 'ack') && this.outbox.answered(m);
    }

    /** @param {M} message */
    welcome(message) {
        const numbers = /** @type {Numbers} */ (/** @type {unknown} */ (message));
        this.stopTimer();
        this.epoch = numbers.epoch;
        this.seq = numbers.seq;
        this.welcomed(message, numbers);
        this.lostAt = 0;
        this.openAt = this.deps.clock.now();
        this.outbox.flush(); // before the messages that others send because of this welcome
        this.setState('open');
        this.heard(message);
        this.emit('alive', {anew: true});
    }

    /** A word on the connection that was in doubt. */
    proven() {
        this.stopRival();
        this.stopTimer();
        queueMicrotask(() => this.emit('alive', {anew: false})); // after what the word says
    }

    /** Server and page do not understand each other. */
    fail() {
        this.forget()?.close(1000);
        this.finish('failed', 1008);
    }

    /** @param {number} code */
    closed(code) {
        this.forget();
        const {next, cause} = this.verdict(code);
        if (next === 'retry') this.lost(cause);
        else if (next === 'rejoin') this.refused(code, cause);
        else this.finish(cause, code);
    }

    /** @param {string} cause  @param {number} code */
    finish(cause, code) {
        this.setState('closed');
        this.emit('over', {cause, code, reason: this.refusal});
    }

    /** @param {string} cause */
    lost(cause) {
        const {clock, random} = this.deps;
        const now = clock.now();
        if (this.state === 'open' && now - this.openAt >= SETTLED_MS) this.attempt = 0;
        if (!this.lostAt) this.lostAt = now;
        const lostFor = now - this.lostAt;
        if (!this.epoch && lostFor > this.giveUpMs) return this.finish(cause === 'busy' ? 'busy' : 'unreachable', 1006);
        this.cause = cause;
        this.setState('lost');
        const asked = Math.min(this.bye.retry_ms, PATIENT_MS); // timers cannot take arbitrarily large numbers
        const atLeast = Math.max(asked, cause === 'busy' ? BUSY_MS : 0);
        this.askedMs = atLeast;
        this.again(backoff(this.attempt, random(), atLeast, lostFor > this.windowMs ? PATIENT_MS : MAX_MS));
        this.attempt += 1;
    }

    /** @param {number} ms */
    again(ms) {
        this.timer = this.deps.clock.after(() => this.dial(), ms);
    }
}
