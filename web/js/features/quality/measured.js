// Measures the connections while there are any; the person, the others and the server learn the result.
import {judgeQuality, SAMPLE_MS, worst} from './judge.js';
import {reduceQuality} from './slice.js';
import {Tally} from './tally.js';

/** The server keeps a report of so many seconds, and of what is left at the end. */
const REPORT_S = 30;

export class Measured {
    reduce = reduceQuality;

    /** @param {import('../../core/visit.js').Visit} visit */
    constructor(visit) {
        this.visit = visit;
        /** the judgement of each connection so far  @type {WeakMap<import('../../core/peer.js').Peer, {pc: RTCPeerConnection, quality: import('./judge.js').QualityState}>} */
        this.judged = new WeakMap();
        this.tally = new Tally();
        /** @type {number | undefined} */
        this.timer = undefined;
        visit.on('change', () => this.tend());
        this.tend();
    }

    tend() {
        const {call, deps} = this.visit;
        if (Object.keys(call.peers).length) this.timer ??= deps.clock.repeat(() => this.sample(), SAMPLE_MS);
        else {
            deps.clock.cancel(this.timer);
            this.timer = undefined;
            this.report(); // it was about people who have left, or about a visit that a host has ended
        }
    }

    async sample() {
        const {byId} = this.visit.deps.peers;
        /** @type {(import('./judge.js').Word | 'lost')[]} */
        const words = [];
        for (const [id, {peer}] of byId) {
            if (peer.state === 'lost') words.push('lost');
            if (peer.state !== 'live') continue;
            const {pc} = peer;
            const stats = await pc.getStats().catch(() => null);
            if (!stats || byId.get(id)?.peer !== peer || peer.pc !== pc) continue;
            const word = this.judge(id, peer, [...stats.values()]);
            if (word) words.push(word);
        }
        this.tell(words);
    }

    /** @param {string} id  @param {import('../../core/peer.js').Peer} peer  @param {any[]} stats */
    judge(id, peer, stats) {
        const {pc} = peer;
        const person = this.visit.call.people.find(p => p.id === id);
        const sends = person?.status.mic === true || person?.status.cam === true;
        const before = this.judged.get(peer);
        // A new connection counts from zero; the word goes on.
        const earlier = before && (before.pc === pc ? before.quality : {...before.quality, counts: null});
        const quality = judgeQuality(earlier ?? null, stats, sends);
        this.judged.set(peer, {pc, quality});
        this.tally.addSample(quality.sample, quality.path);
        if (quality.shown) this.visit.dispatch({type: 'quality', id, word: quality.shown});
        return quality.shown;
    }

    /** The others learn the worst word, which is what they look like from here. @param {(import('./judge.js').Word | 'lost')[]} words of this second */
    tell(words) {
        const measured = worst(words.filter(w => w !== 'lost'));
        if (measured) this.visit.reports.tell({quality: measured, path: this.tally.path});
        const said = words.includes('lost') ? 'lost' : measured;
        if (said) this.tally.add(said);
        if (this.tally.length >= REPORT_S) this.report();
    }

    /** Without a connection to the server it is kept for the next time. */
    report() {
        const {call, deps} = this.visit;
        if (!this.tally.length || call.link !== 'open') return;
        deps.signaling.send(this.tally.message());
        this.tally = new Tally();
    }

    /** The visit is about to end, or the page to close. */
    ending() {
        this.report();
    }

    /** The visit is over. */
    stop() {
        this.tally = new Tally();
    }
}
