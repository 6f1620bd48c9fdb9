// The configuration of connections: the credentials of the relay, renewed before their end, and the rule of the room.
import {say} from './protocol.js';

const ICE_ANSWER_MS = 3_000;

/** @typedef {Pick<import('./visit.js').VisitDeps, 'clock' | 'signaling' | 'peers'>} RelayDeps */

export class Relay {
    /** @param {RelayDeps} deps  @param {() => boolean} only whether the room is relay-only */
    constructor(deps, only) {
        this.deps = deps;
        this.only = only;
        /** @type {RTCConfiguration} */
        this.config = {bundlePolicy: 'max-bundle'};
        /** @type {number | undefined} */
        this.timer = undefined;
        /** @type {((config: RTCConfiguration) => void)[]} */
        this.waiters = [];
    }

    /** All connections of this page have one certificate. @param {RTCCertificate | null} made */
    certify(made) {
        this.change(made ? {certificates: [made]} : {});
    }

    /** @param {RTCConfiguration} change */
    change(change) {
        this.config = {...this.config, ...change};
        this.deps.peers.setConfig(this.config);
    }

    /** @param {import('./protocol.js').IceServer[]} servers  @param {number} ttlS */
    use(servers, ttlS) {
        const {clock, signaling} = this.deps;
        this.setWay(servers);
        clock.cancel(this.timer);
        if (ttlS > 0 && servers.length)
            this.timer = clock.after(() => signaling.send(say.ice()), Math.max(30, ttlS * 0.8) * 1000);
        this.answered();
    }

    /** From now on. @param {import('./protocol.js').IceServer[]} [iceServers] */
    setWay(iceServers = this.config.iceServers ?? []) {
        this.change({iceServers, iceTransportPolicy: this.only() ? 'relay' : 'all'});
    }

    /** An answer has come, even if it is a refusal. */
    answered() {
        for (const done of this.waiters.splice(0)) done(this.config);
    }

    /** New credentials before a restart. The answer, even a refusal, also proves that the connection is alive.
     *  @returns {Promise<RTCConfiguration>} */
    fresh() {
        const {clock, signaling} = this.deps;
        if (signaling.state !== 'open') return Promise.resolve(this.config);
        return new Promise(resolve => {
            const timer = clock.after(() => {
                this.waiters = this.waiters.filter(w => w !== done);
                resolve(this.config);
                signaling.distrust();
            }, ICE_ANSWER_MS);
            const done = (/** @type {RTCConfiguration} */ config) => {
                clock.cancel(timer);
                resolve(config);
            };
            this.waiters.push(done);
            if (this.waiters.length === 1) signaling.send(say.ice());
        });
    }

    stop() {
        this.deps.clock.cancel(this.timer);
    }
}
