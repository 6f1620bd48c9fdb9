// Measures the connections while there are any; the person and the server learn the result.
import {judgeQuality} from './judge.js';
import {reduceQuality} from './slice.js';

const SAMPLE_MS = 2_000;

export class Measured {
    reduce = reduceQuality;

    /** @param {import('../../core/visit.js').Visit} visit */
    constructor(visit) {
        this.visit = visit;
        /** the judgement of each connection so far  @type {WeakMap<import('../../core/peer.js').Peer, import('./judge.js').QualityState>} */
        this.judged = new WeakMap();
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
        }
    }

    async sample() {
        const {byId} = this.visit.deps.peers;
        for (const [id, {peer}] of byId) {
            if (peer.state !== 'live') continue;
            const stats = await peer.pc.getStats().catch(() => null);
            if (!stats || byId.get(id)?.peer !== peer) continue;
            const judged = judgeQuality(this.judged.get(peer) ?? null, [...stats.values()]);
            this.judged.set(peer, judged);
            const {shown: word, path} = judged;
            if (!word) continue;
            this.visit.dispatch({type: 'quality', id, word});
            this.visit.reports.tell({quality: word, path});
        }
    }
}
