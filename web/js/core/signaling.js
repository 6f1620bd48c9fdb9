// The socket to the room: connects, says who we are, comes back after a loss without losing or repeating a message.
// Messages out are numbered `n`, messages in `seq`; a resumed `welcome` says what the other side has handled.
// It decides nothing about the call: it reports `message`, `link` (how the line is), `answer` (what came of a message that wants one)
// and `over` (it will not come back by itself).
import {Events} from './events.js';
import {parseServer, say} from './protocol.js';
import {REFUSED} from './refusals.js';

/** @typedef {import('./protocol.js').ServerMessage} ServerMessage */
/** @typedef {import('./protocol.js').ClientMessage} ClientMessage */
/** @typedef {'closed' | 'connecting' | 'open' | 'lost'} LinkState */
/** @typedef {{message: ClientMessage, written: boolean, handled: boolean, doubted: boolean, at: number}} Pending
 *   written: it has left this page; handled: the server has it, and its answer is to come; doubted: the line was given up for it once;
 *   at: clock time since it waits for its answer */
/** @typedef {{message: ServerMessage, link: {state: LinkState, since: number, cause: string}, over: {cause: string, code: number, reason: string},
 *   answer: {message: ClientMessage, answer: import('./protocol.js').AckMessage | import('./protocol.js').ErrorMessage}}} SignalingEvents */

/**
 * What a close code means for us. `retry`: come back with the ticket. `rejoin`: ticket or token no longer do, ask the
 * HTTP join for a new one. `over`: it ends, for the reason named.
 */
export const CLOSE = /** @type {Record<number, {next: 'retry' | 'rejoin' | 'over', cause: string}>} */ ({
    1000: {next: 'over', cause: 'left'},
    1001: {next: 'retry', cause: 'restarting'},
    1003: {next: 'over', cause: 'failed'},
    1005: {next: 'retry', cause: 'lost'},
    1006: {next: 'retry', cause: 'lost'},
    1007: {next: 'over', cause: 'failed'},
    1008: {next: 'over', cause: 'failed'},
    1009: {next: 'over', cause: 'failed'},
    1011: {next: 'retry', cause: 'lost'},
    1012: {next: 'retry', cause: 'restarting'},
    1013: {next: 'retry', cause: 'busy'},
    4401: {next: 'rejoin', cause: 'unauthorized'},
    4403: {next: 'over', cause: 'removed'},
    4404: {next: 'over', cause: 'ended'},
    4408: {next: 'retry', cause: 'lost'},
    4409: {next: 'over', cause: 'replaced'},
    4421: {next: 'rejoin', cause: 'moved'},
    4429: {next: 'over', cause: 'failed'},
});

/** Codes that others on the way invent: trying again finds out, and gives up in time. @type {{next: 'retry', cause: string}} */
const UNKNOWN = {next: 'retry', cause: 'lost'};

/** Reasons of `bye` that say more than the close code does. */
const FINAL_WORDS = new Set('left denied removed ended replaced expired signed_out invitation_revoked'.split(' '));

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 8_000;
/** Between tries after the seat is most likely gone: they go on, because a page that is open wants to be in. */
const PATIENT_DELAY_MS = 30_000;
/** The first connection is given up after so long: nobody has a seat to lose yet. */
const GIVE_UP_MS = 120_000;
/** An answer that takes longer is not on its way: the line carries nothing any more. */
const ANSWER_MS = 10_000;
const WELCOME_WITHIN_MS = 10_000;
const KEPT_MESSAGES = 256;
const GAP_TRIES = 3;
/** WebSocket.OPEN */
const OPEN = 1;

/** How long to wait before try `attempt` (0, 1, …): full jitter, so that a thousand pages do not come back at once.
 *  @param {number} attempt  @param {number} random 0…1  @param {number} [atLeast] ms, what the server asked for  @param {number} [most] ms */
export const backoff = (attempt, random, atLeast = 0, most = MAX_DELAY_MS) =>
    atLeast * (0.5 + random / 2) + random * Math.min(most, FIRST_DELAY_MS * 2 ** attempt);

/** What is answered in every case, and is told from others by its `id`, so that it may be sent twice. @param {ClientMessage} m */
const wantsAnswer = m => m.type === 'chat' && m['id'] !== undefined;

/** A browser may refuse to make a socket at all. @param {() => WebSocket} open */
function attempt(open) {
    try {
        return open();
    } catch {
        return null;
    }
}

/**
 * @typedef {object} SignalingDeps
 * @property {import('./clock.js').Clock} clock
 * @property {() => number} random 0…1
 * @property {(path: string) => WebSocket} open makes the socket for a path of our own server
 */

/** @extends {Events<SignalingEvents>} */
export class Signaling extends Events {
    /** @param {SignalingDeps} deps */
    constructor(deps) {
        super();
        this.deps = deps;
        this.path = '';
        this.token = '';
        this.ticket = '';
        this.epoch = '';
        /** the last `seq` handled */
        this.seq = 0;
        /** the last `n` given out */
        this.n = 0;
        /** what the server may not have yet, or has not answered yet  @type {Pending[]} */
        this.pending = [];
        /** refusals still to come of what was on its way when a gap was mended */
        this.gapsDue = 0;
        /** the last gap and how often it was met: what does not help is not tried for ever */
        this.gap = {n: 0, times: 0};
        this.attempt = 0;
        this.lostAt = 0;
        this.retryMs = 0;
        this.byeReason = '';
        /** why our `join` was refused */
        this.refusal = '';
        /** how long our seat is kept without a connection, in ms */
        this.windowMs = GIVE_UP_MS;
        /** the page goes on as this instance when it takes its seat by a token; 0: afresh */
        this.instance = 0;
        /** What waits to be sent: is it for those who are there now?  @type {(message: ClientMessage, m: import('./protocol.js').Welcome) => boolean} */
        this.stillMeant = () => true;
        /** we sit inside, as last told */
        this.inside = false;
        this.cause = '';
        this.joined = false;
        /** @type {LinkState} */
        this.state = 'closed';
        /** @type {WebSocket | null} */
        this.socket = null;
        /** @type {{path: string, socket: WebSocket} | null} opened ahead of its token */
        this.early = null;
        /** @type {number | undefined} */
        this.timer = undefined;
        /** the next look for answers that are late  @type {number | undefined} */
        this.answerTimer = undefined;
    }

    /** Opens the socket while the door is still being asked for the token: on a phone that is three ways there and back. The server
     *  waits five seconds for the token; later, or for another path, `connect` opens its own. @param {string} path */
    warm(path) {
        this.drop();
        const socket = attempt(() => this.deps.open(path));
        if (!socket) return;
        this.early = {path, socket};
        socket.onclose = () => {
            if (this.early?.socket === socket) this.early = null;
        };
    }

    /** Takes a seat with a token. Forgets any former one. @param {string} path  @param {string} token */
    connect(path, token) {
        const {early} = this;
        this.early = null; // or the next line would close it
        this.drop();
        if (early?.path === path) this.early = early;
        else early?.socket.close(1000);
        for (const p of this.pending) this.giveUp(p); // it was for the seat of before
        Object.assign(this, {path, token, ticket: '', epoch: '', seq: 0, n: 0, pending: [], attempt: 0, lostAt: 0});
        this.instance = 0;
        this.gap = {n: 0, times: 0};
        this.dial();
    }

    /** Takes our seat again, which was lost for want of a connection, and goes on: nothing that waits to be sent is forgotten, and the
     *  others keep their connections to us. @param {string} path  @param {string} token  @param {number} instance ours */
    retake(path, token, instance) {
        this.deps.clock.cancel(this.timer);
        this.forget();
        Object.assign(this, {path, token, instance, ticket: '', attempt: 0});
        this.dial();
    }

    /** Sends now, or as soon as the line is back; in order, once. @param {ClientMessage} message */
    send(message) {
        this.n += 1;
        const entry = {message: {...message, n: this.n}, written: false, handled: false, doubted: false, at: 0};
        this.pending.push(entry);
        if (this.pending.length > KEPT_MESSAGES) this.giveUp(/** @type {Pending} */ (this.pending[0]));
        if (this.joined) this.write(entry);
    }

    /** Comes back at once instead of waiting (the network is back, the person pressed "Try again"). */
    hurry() {
        if (this.state !== 'lost' || this.socket || !(this.ticket || this.token)) return;
        this.attempt = 0;
        this.deps.clock.cancel(this.timer);
        this.dial();
    }

    /** Gives the line up without a word, as if it had broken: for one that no longer carries anything. */
    distrust() {
        if (this.state !== 'open') return;
        const socket = this.socket;
        this.forget();
        socket?.close();
        this.lost('lost');
    }

    /** Ends for good; `over` is not reported. */
    drop() {
        const sockets = [this.socket, this.early?.socket];
        this.forget();
        this.early = null;
        this.deps.clock.cancel(this.timer);
        for (const s of sockets) s?.close(1000);
        this.setState('closed');
    }

    // ---- inside ----

    forget() {
        if (this.socket) {
            this.socket.onopen = null;
            this.socket.onmessage = null;
            this.socket.onclose = null;
        }
        this.socket = null;
        this.joined = false;
    }

    /** @param {LinkState} state */
    setState(state) {
        if (this.state === state) return;
        this.state = state;
        this.emit('link', {
            state,
            since: this.lostAt || this.deps.clock.now(),
            cause: state === 'lost' ? this.cause : '',
        });
    }

    dial() {
        const {clock, open} = this.deps;
        this.byeReason = '';
        this.refusal = '';
        this.retryMs = 0;
        if (!this.lostAt) this.setState('connecting');
        const socket = this.early?.socket ?? attempt(() => open(this.path));
        this.early = null;
        if (!socket) return this.lost('lost');
        this.socket = socket;
        const hello = () =>
            socket.send(
                JSON.stringify(this.ticket ? say.resume(this.ticket, this.seq) : say.join(this.token, this.instance)),
            );
        if (socket.readyState === OPEN) hello();
        else socket.onopen = hello;
        socket.onmessage = e => this.receive(String(e.data));
        socket.onclose = e => this.closed(e.code);
        this.timer = clock.after(() => this.silent(), WELCOME_WITHIN_MS);
    }

    /** No `welcome` came: a proxy may hold the socket open for nothing. */
    silent() {
        const socket = this.socket;
        this.forget();
        socket?.close();
        this.lost('lost');
    }

    /** @param {string} raw */
    receive(raw) {
        const parsed = parseServer(raw);
        if (!parsed) return;
        if (parsed.message?.type === 'welcome') return this.welcome(parsed.message);
        if (parsed.seq) {
            if (parsed.seq <= this.seq) return; // seen before the line broke
            if (parsed.seq !== this.seq + 1) return this.distrust(); // one is missing: have it sent again
            this.seq = parsed.seq;
        }
        if (!parsed.message) return;
        if (parsed.message.type === 'error' && !this.joined) {
            this.refusal = parsed.message.code;
            return;
        }
        if (parsed.message.type === 'error' && parsed.message.code === 'gap') return this.mend(parsed.message.n);
        if ((parsed.message.type === 'error' || parsed.message.type === 'ack') && this.answered(parsed.message)) return;
        if (parsed.message.type === 'state') {
            this.keptFor(parsed.message.window_s);
            this.inside = parsed.message.state === 'inside';
        }
        if (parsed.message.type === 'bye') {
            this.byeReason = parsed.message.reason;
            this.retryMs = parsed.message.retry_ms;
        }
        this.emit('message', parsed.message);
    }

    /** @param {import('./protocol.js').Welcome} m */
    welcome(m) {
        this.deps.clock.cancel(this.timer);
        this.ticket = m.resume.ticket;
        this.epoch = m.epoch;
        this.seq = m.seq;
        this.keptFor(m.resume.window_s);
        this.settle(m);
        this.number(m.n);
        this.gapsDue = 0;
        this.attempt = 0;
        this.lostAt = 0;
        this.joined = true;
        this.setState('open');
        for (const p of this.pending) if (!p.handled) this.write(p); // before what this welcome makes others say
        this.emit('message', m);
    }

    /** @param {number} seconds */
    keptFor(seconds) {
        if (seconds > 0) this.windowMs = seconds * 1000;
    }

    /** What is still to be sent. After a fresh start what had left this page was most likely handled, and twice would be worse than
     *  never, but for what can be told from its repetition. @param {import('./protocol.js').Welcome} m */
    settle(m) {
        const at = this.deps.clock.now();
        // What was written in the call is not for the front desk, which hears those who wait.
        if (this.inside && m.state !== 'inside')
            for (const p of this.pending) if (wantsAnswer(p.message)) this.giveUp(p);
        this.inside = m.state === 'inside';
        for (const p of this.pending) {
            p.handled = m.resumed && p.written && p.message['n'] <= m.n;
            p.at = at;
            if (!p.handled && !this.stillMeant(p.message, m)) this.giveUp(p);
        }
        this.pending = this.pending.filter(
            p => wantsAnswer(p.message) || (m.resumed ? p.message['n'] > m.n : !p.written),
        );
        if (this.pending.some(p => p.handled)) this.expectAnswer();
    }

    /** @param {import('./protocol.js').AckMessage | import('./protocol.js').ErrorMessage} answer  @returns {boolean} somebody waits for it */
    answered(answer) {
        const entry = answer.n > 0 && this.pending.find(p => p.written && p.message['n'] === answer.n);
        if (!entry) return false;
        this.pending = this.pending.filter(p => p !== entry);
        if (!wantsAnswer(entry.message)) return false;
        this.emit('answer', {message: entry.message, answer});
        return true;
    }

    /** @param {number} [inMs] */
    expectAnswer(inMs = ANSWER_MS) {
        this.answerTimer ??= this.deps.clock.after(() => this.checkAnswers(), inMs);
    }

    /** A line that is open and does not answer carries nothing: once it is made anew, then the message is given up. */
    checkAnswers() {
        const now = this.deps.clock.now();
        this.answerTimer = undefined;
        if (this.state !== 'open') return; // each welcome begins anew
        const late = this.waiting().filter(p => now - p.at >= ANSWER_MS);
        for (const p of late) if (p.doubted) this.giveUp(p);
        if (late.some(p => !p.doubted)) {
            for (const p of late) p.doubted = true;
            return this.distrust();
        }
        // Timers may be early by a hair, and what was said since has its own time.
        const due = this.waiting().map(p => p.at + ANSWER_MS - now);
        if (due.length) this.expectAnswer(Math.max(1, Math.min(...due)));
    }

    /** What has left this page and is to be answered. */
    waiting() {
        return this.pending.filter(p => p.written && wantsAnswer(p.message));
    }

    /** @param {Pending} entry */
    giveUp(entry) {
        this.pending = this.pending.filter(p => p !== entry);
        if (!wantsAnswer(entry.message)) return;
        const answer = /** @type {const} */ ({type: 'error', code: 'unanswered', detail: '', of: 'chat', n: 0});
        this.emit('answer', {message: entry.message, answer});
    }

    /** What is pending follows the server's count without a hole: after a fresh start of the server, or when more was said while the
     *  line was away than is kept. @param {number} n the last one the server has handled */
    number(n) {
        this.n = n;
        for (const p of this.pending) if (!p.handled) p.message = {...p.message, n: ++this.n};
    }

    /** The server lacks the number `n` and has done nothing since: all from there on once more. @param {number} n */
    mend(n) {
        if (this.gapsDue > 0) {
            this.gapsDue -= 1; // refused like the first one, and sent again with it
            return;
        }
        this.gap = {n, times: this.gap.n === n ? this.gap.times + 1 : 1};
        if (this.gap.times > GAP_TRIES) return this.fail();
        this.pending = this.pending.filter(p => p.handled || p.message['n'] >= n);
        this.gapsDue = Math.max(0, this.pending.filter(p => p.written && p.message['n'] > n).length - 1);
        this.number(n - 1);
        for (const p of this.pending) if (!p.handled) this.write(p);
    }

    /** Client and server do not understand each other. */
    fail() {
        const {socket} = this;
        this.forget();
        socket?.close(1000);
        this.finish('failed', 1008);
    }

    /** @param {Pending} entry */
    write(entry) {
        entry.written = true;
        entry.at = this.deps.clock.now();
        if (wantsAnswer(entry.message)) this.expectAnswer();
        this.socket?.send(JSON.stringify(entry.message));
    }

    /** @param {number} code */
    closed(code) {
        this.forget();
        this.deps.clock.cancel(this.timer);
        const meaning = CLOSE[code] ?? UNKNOWN;
        if (FINAL_WORDS.has(this.byeReason)) return this.finish(this.byeReason, code);
        const next = REFUSED[this.refusal] ?? meaning.next;
        if (next === 'retry') return this.lost(meaning.cause);
        if (next === 'rejoin') return this.seatLost(code);
        this.finish(this.refusal || meaning.cause, code);
    }

    /** @param {string} cause  @param {number} code */
    finish(cause, code) {
        this.setState('closed');
        this.emit('over', {cause, code, reason: this.refusal});
    }

    /** Neither token nor ticket will do: the line stays interrupted until `retake` or `connect`. @param {number} code */
    seatLost(code) {
        this.ticket = '';
        this.token = '';
        if (!this.lostAt) this.lostAt = this.deps.clock.now();
        this.setState('lost');
        this.emit('over', {cause: 'rejoin', code, reason: this.refusal});
    }

    /** @param {string} cause */
    lost(cause) {
        const {clock, random} = this.deps;
        clock.cancel(this.timer);
        if (!this.lostAt) this.lostAt = clock.now();
        const lostFor = clock.now() - this.lostAt;
        if (!this.epoch && lostFor > GIVE_UP_MS) return this.finish('unreachable', 1006);
        this.cause = cause;
        this.setState('lost');
        const atLeast = cause === 'busy' ? Math.max(this.retryMs, 2000) : this.retryMs;
        const wait = backoff(
            this.attempt,
            random(),
            atLeast,
            lostFor > this.windowMs ? PATIENT_DELAY_MS : MAX_DELAY_MS,
        );
        this.attempt += 1;
        this.timer = clock.after(() => this.dial(), wait);
    }
}
