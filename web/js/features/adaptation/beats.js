// How late packets are on one line, felt out by both sides over a channel of its own: who sends a large picture sends a beat with its
// clock twenty times a second, and the other side answers while beats come late, with what arrives meanwhile. A line that breaks in
// shows so within a tenth of a second or two. The browser's estimate needs half a second and more, and by then the sound waits behind
// the picture. No message is sent again when it is lost, and none waits for another.

/** @typedef {{lateMs: number, kbit: number}} News how late, and what arrives meanwhile; 0: not known yet */

/** Known to both sides, as PROTOCOL.md has it. */
const CHANNEL = 3;
export const BEAT_MS = 50;
/** The shortest way is looked for over one to two of these. */
const SPAN_MS = 10_000;
/** From here on a beat is late; on a restless line only from so many times its usual unrest. */
const LATE_MS = 60;
const RESTLESS = 4;
/** How much of the newest beat counts for the unrest, and how much later than that it cannot be. */
const NEWEST = 0.02;
const UNREST_MOST_MS = 250;
/** Packets that wait no longer than this do not wait. */
const GONE_MS = 25;
/** What is late for longer than this does not wait behind a picture, since none is sent: the way has become longer. */
const LONGER_MS = 1_500;
/** That the way out is full as well is believed for so long without word of it. */
const GUESS_MS = 400;
/** What arrives is counted over at least so long. */
const COUNT_MS = 80;

/** How late beats are, above the shortest way of the last seconds. The clocks of both sides may differ. */
export class Lateness {
    constructor() {
        this.since = Number.NEGATIVE_INFINITY;
        this.least = Number.POSITIVE_INFINITY;
        this.before = Number.POSITIVE_INFINITY;
        this.unrest = 0;
    }

    /** @param {number} sent by the other side's clock  @param {number} at by ours  @returns {number} ms */
    of(sent, at) {
        const way = at - sent;
        if (at - this.since > SPAN_MS) Object.assign(this, {since: at, before: this.least, least: way});
        this.least = Math.min(this.least, way);
        const late = way - Math.min(this.least, this.before);
        this.unrest += NEWEST * (Math.min(late, UNREST_MOST_MS) - this.unrest);
        return late;
    }

    /** From here on a beat is late, in ms. */
    get limit() {
        return Math.max(LATE_MS, RESTLESS * this.unrest);
    }
}

export class Beats {
    /** @param {RTCPeerConnection} pc  @param {import('../../core/clock.js').Clock} clock
     *  @param {{heard: (news: News) => void, told: (news: News) => void}} to heard: of the way in. told: by the other side, of the way out */
    constructor(pc, clock, {heard, told}) {
        this.pc = pc;
        this.clock = clock;
        this.heard = heard;
        this.told = told;
        this.lateness = new Lateness();
        /** clock time since when beats are late; 0: they are not */
        this.lateSince = 0;
        /** when beats began to be late, and the bytes that had come by then  @type {{at: number, bytes: number} | null} */
        this.begun = null;
        this.kbit = 0;
        this.counting = false;
        this.tickAt = clock.now();
        this.tickMs = BEAT_MS;
        this.channel = pc.createDataChannel('beats', {
            negotiated: true,
            id: CHANNEL,
            ordered: false,
            maxRetransmits: 0,
        });
        this.channel.addEventListener('message', ({data}) => this.take(String(data)));
    }

    /** To be called every BEAT_MS. @param {boolean} aloud we send a picture that could fill the line */
    tick(aloud) {
        const at = this.clock.now();
        Object.assign(this, {tickAt: at, tickMs: at - this.tickAt});
        if (aloud) this.say(Math.round(at));
    }

    // ---- inside ----

    /** @param {...number} numbers */
    say(...numbers) {
        if (this.channel.readyState === 'open') this.channel.send(numbers.join(' '));
    }

    /** @param {string} text */
    take(text) {
        const [a = Number.NaN, b] = text.split(' ').map(Number);
        if (!Number.isFinite(a)) return;
        if (b === undefined) this.takeBeat(a);
        else if (Number.isFinite(b)) this.told({lateMs: a, kbit: b});
    }

    /** @param {number} sent */
    takeBeat(sent) {
        const at = this.clock.now();
        const lateMs = this.lateness.of(sent, at) - this.heldUpMs(at);
        if (lateMs < (this.lateSince ? GONE_MS : this.lateness.limit)) return this.inTime();
        this.lateSince ||= at;
        if (at - this.lateSince >= LONGER_MS) {
            this.lateness = new Lateness();
            return this.inTime();
        }
        const news = {lateMs: Math.round(lateMs), kbit: this.kbit};
        this.say(news.lateMs, news.kbit);
        if (at - this.lateSince < GUESS_MS) this.heard(news);
        this.count();
    }

    inTime() {
        Object.assign(this, {lateSince: 0, begun: null, kbit: 0});
    }

    /** So long this page itself was kept from its work just now: that is not the line's delay. @param {number} at */
    heldUpMs(at) {
        const gap = at - this.tickAt;
        return Math.max(0, Math.max(gap, gap < BEAT_MS ? this.tickMs : 0) - BEAT_MS);
    }

    /** While packets wait, what arrives is what the line carries. However many beats come, the browser is asked once at a time. */
    async count() {
        if (this.counting) return;
        this.counting = true;
        const stats = await this.pc.getStats().catch(() => null);
        this.counting = false;
        if (!stats || !this.lateSince) return;
        const at = this.clock.now();
        const all = [...stats.values()].filter(s => s.type === 'candidate-pair');
        const bytes = Math.max(0, ...all.map(s => s.bytesReceived ?? 0));
        this.begun ??= {at, bytes};
        const ms = at - this.begun.at;
        if (ms >= COUNT_MS) this.kbit = Math.round((8 * (bytes - this.begun.bytes)) / ms);
    }
}
