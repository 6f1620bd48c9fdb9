// What is done when nothing comes from a person any more, and when it is said. Browsers notice a dead path after five to eight seconds,
// and look for another for seconds more; we count bytes four times a second and act after less than one. First comes the question
// whether our own server can still be reached: an offer that cannot be delivered helps nobody, and is in the way of the next one. Then a
// new connection is built beside the old one. It is no slower than a new path for the old one would be, and begins without the old
// one's past: after an outage browsers send what they have kept, and the other side plays everything that much later from then on.
// Only the offerer begins; the other side asks for it.

/** @typedef {import('../../core/peer.js').Peer} Peer */
/**
 * @typedef {object} RecoveryDeps
 * @property {import('../../core/clock.js').Clock} clock
 * @property {(on: boolean) => void} sendPicture on the main connection
 * @property {() => void} doubt finds out whether the server can be reached; `reached` is called when it can
 */

/** How often bytes are counted. */
export const SAMPLE_MS = 250;
/** Sound comes fifty times a second: nothing for this long is a dead path, or a loss that a new path mends as well. */
const SILENT_MS = 700;
/** A line that falls silent again within CALM_MS gets twice the time before that counts, up to this: a phone that is short of breath should
 *  not be given more to do. */
const PATIENT_MS = 2_800;
const CALM_MS = 30_000;
/** A silence is said when it has lasted this long. */
const SAID_MS = 1_200;
/** A new connection is up by then, or will not be. */
const AGAIN_MS = 3_000;
/** Every other one is given so long: a relay that takes seconds for each answer has carried nothing before. */
const PATIENT_AGAIN_MS = 9_000;
/** After so many tries in vain all are: it is not a matter of moments any more. */
const QUICK_TRIES = 6;
/** A request to begin anew is not heeded so soon after the last beginning. */
const JUST_MS = 1_500;
/** A first connection takes longer where everything but TLS is blocked. */
const FIRST_MS = 8_000;
/** A new connection takes the place of the old one after this long, also without a picture. */
const PICTURE_MS = 800;
const LOOK_MS = 50;
/** So many samples in a row with new bytes show that something is being sent to us. */
const FLOWING = 3;
/** So many show that the path is back; one may be the rest of what was on its way when it broke. */
const BACK = 2;

/** @param {any[]} stats */
const selectedPair = stats => {
    const transport = stats.find(s => s.type === 'transport' && s.selectedCandidatePairId);
    return stats.find(s =>
        s.type === 'candidate-pair' && transport ? s.id === transport.selectedCandidatePairId : s.selected === true,
    );
};

/** What has arrived on this connection: `bytes` of the other person, and `answers` of their browser on the path in use (`pair`).
 *  Browsers count in different places; only growth means something. @param {any[]} stats */
export function arrivals(stats) {
    const pair = selectedPair(stats);
    const counted = stats.filter(s => s.type === 'inbound-rtp' || s.type === 'transport' || s === pair);
    const bytes = counted.reduce((n, s) => n + (s.bytesReceived ?? 0), 0);
    return {bytes, pair: pair?.id ?? '', answers: pair?.responsesReceived ?? 0};
}

export class Recovery {
    /** @param {Peer} peer  @param {RecoveryDeps} deps */
    constructor(peer, {clock, sendPicture, doubt}) {
        this.peer = peer;
        this.clock = clock;
        this.sendPicture = sendPicture;
        this.doubt = doubt;
        /** begun and not yet answered, with addresses of ours that are still right  @type {import('../../core/connection.js').Connection | null} */
        this.offered = null;
        this.begunAt = -JUST_MS;
        this.heardAt = clock.now();
        this.flow = 0;
        /** something was being sent to us, so that silence means something */
        this.armed = false;
        this.got = arrivals([]);
        this.pc = peer.pc;
        /** clock time; 0: all is well */
        this.suspectedAt = 0;
        /** clock time of the last suspicion */
        this.lastAt = Number.NEGATIVE_INFINITY;
        this.patienceMs = SILENT_MS;
        this.tries = 0;
        /** @type {number | undefined} */
        this.timer = undefined;
        /** @type {number | undefined} */
        this.sayTimer = undefined;
        if (peer.state === 'connecting') this.wait(FIRST_MS);
        if (peer.state === 'lost') this.suspect(0);
    }

    /** Every SAMPLE_MS. @param {any[]} stats of the main connection */
    sample(stats) {
        const {peer} = this;
        const now = this.clock.now();
        const got = arrivals(stats);
        const same = this.pc === peer.pc;
        const grew = got.bytes > (same ? this.got.bytes : 0);
        const answered = this.tries > 0 && got.pair === this.got.pair && got.answers > this.got.answers;
        Object.assign(this, {got, pc: peer.pc});
        this.flow = grew ? this.flow + 1 : 0;
        if (grew) this.heardAt = now;
        if (this.suspectedAt) return this.flow >= BACK || answered ? this.mended(grew) : undefined;
        if (this.flow >= FLOWING) this.armed = true;
        if (now - this.lastAt >= CALM_MS) this.patienceMs = SILENT_MS;
        if (this.armed && now - this.heardAt >= this.patienceMs) this.suspect(Math.max(0, SAID_MS - this.patienceMs));
    }

    /** ICE has another state. @param {boolean} working */
    judge(working) {
        if (working) this.mended(false);
        else this.suspect(0);
    }

    /** The connection beside the main one is up: it takes its place with its first picture, or soon. */
    nextWorks() {
        const {peer, clock} = this;
        const {next} = peer;
        const until = clock.now() + PICTURE_MS;
        const look = async () => {
            const stats = [...((await next?.pc.getStats().catch(() => null)) ?? [])].map(([, s]) => s);
            if (peer.next !== next) return;
            if (stats.some(s => s.framesDecoded > 0) || clock.now() >= until) peer.takeNext();
            else clock.after(look, LOOK_MS);
        };
        look();
    }

    /** The network has changed: the path is not trusted, whatever arrives at the moment. */
    changed() {
        if (this.peer.state !== 'connecting') this.suspect(SAID_MS);
    }

    /** Our server can be reached. @param {boolean} anew after a loss: our own addresses may be others now */
    reached(anew) {
        if (anew) Object.assign(this, {offered: null, tries: 0});
        if (this.suspectedAt) this.attempt();
    }

    /** The other side asks for a new connection. @param {number} gen the newest that it knows */
    asked(gen) {
        const {peer} = this;
        const known = gen >= peer.newest.gen;
        if (peer.offerer && known && this.clock.now() - this.begunAt >= JUST_MS) this.begin();
    }

    stop() {
        this.clock.cancel(this.timer);
        this.clock.cancel(this.sayTimer);
    }

    // ---- inside ----

    /** @param {number} sayMs when it is said */
    suspect(sayMs) {
        if (this.suspectedAt) return;
        this.suspectedAt = this.clock.now();
        this.lastAt = this.suspectedAt;
        this.patienceMs = Math.min(PATIENT_MS, 2 * this.patienceMs);
        this.tries = 0;
        this.flow = 0;
        this.sendPicture(false);
        this.sayTimer = this.clock.after(() => this.suspectedAt && this.peer.setState('lost'), sayMs);
        this.wait(AGAIN_MS);
        this.doubt();
    }

    /** @param {number} ms until it is tried again, beginning with the question for the server */
    wait(ms) {
        this.clock.cancel(this.timer);
        this.timer = this.clock.after(() => {
            this.suspectedAt ||= this.clock.now();
            this.wait(AGAIN_MS);
            this.doubt();
        }, ms);
    }

    attempt() {
        const {peer, tries} = this;
        this.tries += 1;
        this.wait(tries % 2 || tries > QUICK_TRIES ? PATIENT_AGAIN_MS : AGAIN_MS);
        if (peer.offerer) this.begin();
        else if (tries === 0 || tries % 2) peer.newest.send({again: true});
        else peer.main.restart(); // of a page that is older than the request
    }

    /** An offer that is not answered yet will be: the server keeps it for the other side. One that has just been made is on its way. */
    begin() {
        const {peer} = this;
        const now = this.clock.now();
        const waits = peer.next?.pc.signalingState === 'have-local-offer' || now - this.begunAt < JUST_MS;
        if (this.offered && this.offered === peer.next && waits) return;
        this.begunAt = now;
        peer.renew();
        this.offered = peer.next;
    }

    /** @param {boolean} grew bytes came; otherwise we only know that the path works, and silence means nothing */
    mended(grew) {
        const was = this.suspectedAt;
        this.suspectedAt = 0;
        this.heardAt = this.clock.now();
        this.armed &&= grew;
        this.stop();
        this.peer.setState('live');
        if (was) this.sendPicture(true);
    }
}
