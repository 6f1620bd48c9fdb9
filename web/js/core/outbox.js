// What we say on a socket: numbered `n`, kept until the server has it, said again after a loss, answered or given up.
// It knows nothing of sockets: it writes to what it is given, and says there what came of each.

/** @typedef {import('./protocol.js').ClientMessage} ClientMessage */
/** @typedef {import('./protocol.js').AckMessage | import('./protocol.js').ErrorMessage} Answer */
/** @typedef {{message: ClientMessage, written: boolean, handled: boolean, doubted: boolean, at: number}} Outgoing
 *   written: it has left this page; handled: the server has it, and its answer is to come; doubted: the line was given up for it once;
 *   at: clock time since it waits for its answer */
/**
 * @typedef {object} Connection what the outbox writes to
 * @property {(message: ClientMessage) => void} write
 * @property {(name: 'answer', data: {message: ClientMessage, answer: Answer}) => void} emit what came of a message that wants an answer
 * @property {() => void} distrust nothing is answered on this connection: make another
 * @property {() => void} fail server and page do not understand each other
 */

/** An answer that takes longer is not on its way: the line carries nothing any more. */
const ANSWER_MS = 10_000;
const KEPT_MESSAGES = 256;
const GAP_TRIES = 3;

/** What is answered in every case, and is told from others by its `id`, so that it may be sent twice. @param {ClientMessage} m */
export const wantsAnswer = m => m.type === 'chat' && m['id'] !== undefined;

export class Outbox {
    /** @param {Connection} connection  @param {import('./clock.js').Clock} clock */
    constructor(connection, clock) {
        this.connection = connection;
        this.clock = clock;
        /** the last `n` given out */
        this.n = 0;
        /** what the server may not have yet, or has not answered yet  @type {Outgoing[]} */
        this.pending = [];
        /** refusals still to come of what was on its way when a gap was mended */
        this.gapsDue = 0;
        /** the last gap and how often it was met: what does not help is not tried for ever */
        this.gap = {n: 0, times: 0};
        /** the next look for answers that are late  @type {number | undefined} */
        this.timer = undefined;
    }

    /** In order, once. @param {ClientMessage} message  @param {boolean} now the line is open; otherwise the next `flush` writes it */
    add(message, now) {
        this.n += 1;
        const entry = {message: {...message, n: this.n}, written: false, handled: false, doubted: false, at: 0};
        this.pending.push(entry);
        if (this.pending.length > KEPT_MESSAGES) this.giveUp(/** @type {Outgoing} */ (this.pending[0]));
        if (now) this.write(entry);
    }

    /** A new seat has nothing to do with the last one: what waits is given up. */
    clear() {
        this.rest();
        this.giveUpAll(() => true);
        this.n = 0;
        this.gap = {n: 0, times: 0};
    }

    /** The line is gone: nothing is late until the next `settle`. */
    rest() {
        this.clock.cancel(this.timer);
        this.timer = undefined;
    }

    /** What is still to be sent. After a fresh start what had left this page was most likely handled, and twice would be worse than
     *  never, but for what can be told from its repetition.
     *  @param {{n: number, resumed: boolean}} welcome  @param {(message: ClientMessage) => boolean} meant may it still be said? */
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

    /** Writes what the server does not have. */
    flush() {
        for (const p of this.pending) if (!p.handled) this.write(p);
    }

    /** @param {Answer} answer  @returns {boolean} it was ours to see to */
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

    /** @param {Outgoing} entry  @param {Answer} answer  @returns {boolean} somebody waits for it */
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

    /** A line that is open and does not answer carries nothing: once it is made anew, then the message is given up. */
    checkAnswers() {
        const now = this.clock.now();
        this.timer = undefined;
        const late = this.waiting().filter(p => now - p.at >= ANSWER_MS);
        for (const p of late) if (p.doubted) this.giveUp(p);
        if (late.some(p => !p.doubted)) {
            for (const p of late) p.doubted = true;
            return this.connection.distrust();
        }
        // Timers may be early by a hair, and what was said since has its own time.
        const due = this.waiting().map(p => p.at + ANSWER_MS - now);
        if (due.length) this.expectAnswer(Math.max(1, Math.min(...due)));
    }

    /** What has left this page and is to be answered. */
    waiting() {
        return this.pending.filter(p => p.written && wantsAnswer(p.message));
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
        if (this.gap.times > GAP_TRIES) return this.connection.fail();
        for (const p of this.pending) p.handled ||= p.message['n'] < n;
        this.pending = this.pending.filter(p => wantsAnswer(p.message) || !p.handled);
        this.gapsDue = Math.max(0, this.pending.filter(p => p.written && p.message['n'] > n).length - 1);
        this.number(n - 1);
        this.flush();
    }
}
