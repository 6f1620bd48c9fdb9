// Watches the connections to everybody while there are any, asks whether the server can be reached when one falls silent, and passes
// the answer on.
import {shape} from '../../core/line.js';
import {Recovery, SAMPLE_MS} from './recovery.js';

export class Tended {
    /** @param {import('../../core/visit.js').Visit} visit */
    constructor(visit) {
        this.visit = visit;
        /** @type {number | undefined} */
        this.timer = undefined;
        const {signaling} = visit.deps;
        signaling.on('alive', ({anew}) => this.each(r => r.reached(anew)));
        visit.on('networkChanged', () => this.each(r => r.changed()));
        visit.on('change', () => this.tend());
        this.tend();
    }

    /** @template T  @param {T} call  @returns {T} */
    reduce(call) {
        return call;
    }

    tend() {
        const {clock, peers} = this.visit.deps;
        for (const {peer} of peers.byId.values()) if (!peer.recovery) this.take(peer);
        if (peers.byId.size) this.timer ??= clock.repeat(() => this.sample(), SAMPLE_MS);
        else {
            clock.cancel(this.timer);
            this.timer = undefined;
        }
    }

    /** @param {import('../../core/peer.js').Peer} peer */
    take(peer) {
        peer.recovery = new Recovery(peer, {
            clock: this.visit.deps.clock,
            sendPicture: on => void shape(peer.main.line, {held: !on}),
            doubt: () => this.prove(),
        });
    }

    /** Finds out at once whether the server can be reached. Of a lost socket its own watch finds out (core/line_watch.js). */
    prove() {
        const {signaling} = this.visit.deps;
        if (signaling.state !== 'open') return;
        this.visit.relay.ask();
        signaling.prove();
    }

    /** @param {(recovery: Recovery) => void} run */
    each(run) {
        for (const {peer} of this.visit.deps.peers.byId.values()) if (peer.recovery) run(peer.recovery);
    }

    async sample() {
        const {byId} = this.visit.deps.peers;
        for (const [id, {peer}] of byId) {
            const {pc} = peer;
            const stats = await pc.getStats().catch(() => null);
            if (stats && byId.get(id)?.peer === peer && peer.pc === pc) peer.recovery?.sample([...stats.values()]);
        }
    }
}
