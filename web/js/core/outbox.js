// Our messages on a socket: numbered `n`, kept until the server has them, sent again after a loss, answered or given up.
// It knows nothing of sockets: it writes to the connection it is given, and reports there the fate of each message.

/** @typedef {import('./protocol.js').ClientMessage} ClientMessage */
/** @typedef {import('./protocol.js').AckMessage | import('./protocol.js').ErrorMessage} Answer */
/** @typedef {{message: ClientMessage, written: boolean, handled: boolean, doubted: boolean, at: number}} Outgoing
 *   written: it has left this page; handled: the server has it, and its answer is to come; doubted: the connection was given up for it once;
 *   at: clock time since it waits for its answer */
/**
 * @typedef {object} Connection the target of the outbox
 * @property {(message: ClientMessage) => void} write
 * @property {(name: 'answer', data: {message: ClientMessage, answer: Answer}) => void} emit the fate of a message that needs an answer
 * @property {() => void} distrust nothing is answered on this connection: make another
 * @property {() => void} fail server and page do not understand each other
 */

/** An answer that takes longer is not on its way: the connection is dead. */
const ANSWER_MS = 10_000;
const KEPT_MESSAGES = 256;
const GAP_TRIES = 3;

/** Messages that are always answered, and identified by their `id`, so that they may be sent twice. @param {ClientMessage} m */
export const wantsAnswer = m => m.type === 'chat' && m['id'] !== undefined;

export class Outbox {
    /** @param {Connection} connection  @param {import('./clock.js').Clock} clock */
    constructor(connection, clock) {
        this.connection = connection;
        this.clock = clock;
        /** the last `n` given out */
        this.n = 0;
        /** messages that the server may not have yet, or has not answered yet  @type {Outgoing[]} */
        this.pending = [];
        /** refusals still to come of messages that were on their way when a gap was closed */
        this.gapsDue = 0;
        /** the last gap and how often it was met: closing it is not tried for ever */
        this.gap = {n: 0, times: 0};
        /** the next check for late answers  @type {number | undefined} */
        this.timer = undefined;
    }

    /** In order, once. @param {ClientMessage} message  @param {boolean} now the connection is open; otherwise the next `flush` writes it */
    add(message, now) {
        this.n += 1;
        const entry = {message: {...message, n: this.n}, written: false, handled: false, doubted: false, at: 0};
        this.pending.push(entry);
        if (this.pending.length > KEPT_MESSAGES) this.giveUp(/** @type {Outgoing} */ (this.pending[0]));
        if (now) this.write(entry);
    }

    /** A new seat has nothing to do with the last one: waiting messages are given up. */
    clear() {
        this.rest();
        this.giveUpAll(() => true);
        this.n = 0;
        this.gap = {n: 0, times: 0};
    }

    /** The connection is lost: no answer is late until the next `settle`. */
    rest() {
        this.clock.cancel(this.timer);
        this.timer = undefined;
    }

    /** Keeps the messages still to send. After a fresh start those that had left this page were most likely handled, and twice would be
     *  worse than never, except for messages whose repetition is recognized.
     *  @param {{n: number, resumed: boolean}} welcome  @param {(message: ClientMessage) => boolean} meant whether it may still be sent */
    settle({n, resumed}, meant) {
        const at = this.clock.now();
        for (const p of this.pending) {
            p.handled = resumed && p.written && p.message['n'] <= n;
            p.at = at;
        }
        this.giveUpAll(p => !p.handled && !meant(p.message));
        this.pending = this.pending.filter(p => wantsAnswer(p.message) || (resumed ? p.message['n'] > n : !p.written));
        if (this.pending.some(p => p.handled)) this.expectAnswer();
        this.number(n);
        this.gapsDue = 0;
    }

    /** Writes the messages that the server does not have. */
    flush() {
        for (const p of this.pending) if (!p.handled) this.write(p);
    }

    /** @param {Answer} answer  @returns {boolean} it was about one of our messages */
    answered(answer) {
        if (answer.type === 'error' && answer.code === 'gap') {
            this.mend(answer.n);
            return true;
        }
        const entry = answer.n > 0 && this.pending.find(p => p.written && p.message['n'] === answer.n);
        if (!entry) return false;
        return this.close(entry, answer);
    }

    /** @param {(p: Outgoing) => boolean} which */
    giveUpAll(which) {
        for (const p of this.pending.filter(which)) this.giveUp(p);
    }

    // ---- inside ----

    /** @param {Outgoing} entry */
    giveUp(entry) {
        this.close(entry, {type: 'error', code: 'unanswered', detail: '', of: 'chat', n: 0});
    }

    /** @param {Outgoing} entry  @param {Answer} answer  @returns {boolean} a sender waits for it */
    close(entry, answer) {
        const {message} = entry;
        this.pending = this.pending.filter(p => p !== entry);
        if (!wantsAnswer(message)) return false;
        this.connection.emit('answer', {message, answer});
        return true;
    }

    /** @param {Outgoing} entry */
    write(entry) {
        entry.written = true;
        entry.at = this.clock.now();
        if (wantsAnswer(entry.message)) this.expectAnswer();
        this.connection.write(entry.message);
    }

    /** @param {number} [inMs] */
    expectAnswer(inMs = ANSWER_MS) {
        this.timer ??= this.clock.after(() => this.checkAnswers(), inMs);
    }

    /** An open connection without answers is dead: it is made anew once, then the message is given up. */
    checkAnswers() {
        const now = this.clock.now();
        this.timer = undefined;
        const late = this.waiting().filter(p => now - p.at >= ANSWER_MS);
        for (const p of late) if (p.doubted) this.giveUp(p);
        if (late.some(p => !p.doubted)) {
            for (const p of late) p.doubted = true;
            return this.connection.distrust();
        }
        // Timers may fire a moment early, and later messages have their own time.
        const due = this.waiting().map(p => p.at + ANSWER_MS - now);
        if (due.length) this.expectAnswer(Math.max(1, Math.min(...due)));
    }

    /** Messages that have left this page and await an answer. */
    waiting() {
        return this.pending.filter(p => p.written && wantsAnswer(p.message));
    }

    /** Renumbers pending messages to follow the server's count without a gap: after a fresh start of the server, or when more were
     *  written during a lost connection than are kept. @param {number} n the last one the server has handled */
    number(n) {
        this.n = n;
        for (const p of this.pending) if (!p.handled) p.message = {...p.message, n: ++this.n};
    }

    /** The server lacks the number `n` and has handled nothing since: sends all from there on again. @param {number} n */
    mend(n) {
        if (this.gapsDue > 0) {
            this.gapsDue -= 1; // refused like the first one, and sent again with it
            return;
        }
        this.gap = {n, times: this.gap.n === n ? this.gap.times + 1 : 1};
        if (this.gap.times > GAP_TRIES) return this.connection.fail();
        for (const p of this.pending) p.handled ||= p.message['n'] < n;
        this.pending = this.pending.filter(p => wantsAnswer(p.message) || !p.handled);
        this.gapsDue = Math.max(0, this.pending.filter(p => p.written && p.message['n'] > n).length - 1);
        this.number(n - 1);
        this.flush();
    }
}
