// The configuration of connections: the credentials of the relay, renewed before their end, and the rule of the room.
import {say} from './protocol.js';

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
        const {clock} = this.deps;
        this.setWay(servers);
        clock.cancel(this.timer);
        if (ttlS > 0 && servers.length) this.timer = clock.after(() => this.ask(), Math.max(30, ttlS * 0.8) * 1000);
    }

    /** From now on. @param {import('./protocol.js').IceServer[]} [iceServers] */
    setWay(iceServers = this.config.iceServers ?? []) {
        this.change({iceServers, iceTransportPolicy: this.only() ? 'relay' : 'all'});
    }

    /** New credentials, before a new path is looked for. The answer also shows that the server can be reached. */
    ask() {
        this.deps.signaling.send(say.ice());
    }

    stop() {
        this.deps.clock.cancel(this.timer);
    }
}
