// The facts that the server is told of this page: the state of devices and connection, and the people without a connection to the
// server who are still seen and heard here.
import {seenWithoutLine} from './call.js';
import {say} from './protocol.js';

export class Reports {
    /** @param {import('./signaling.js').Signaling} signaling  @param {() => import('./call.js').Call} call */
    constructor(signaling, call) {
        this.signaling = signaling;
        this.call = call;
        /** the status last sent  @type {import('./protocol.js').Status} */
        this.told = {};
        /** people reported as seen  @type {Set<string>} */
        this.seen = new Set();
    }

    /** The server knows none of it: our seat is new to it. */
    forget() {
        this.told = {};
        this.seen.clear();
    }

    /** @param {import('./protocol.js').Status} change sent only when it differs */
    tell(change) {
        const news = Object.entries(change).filter(([k, v]) => /** @type {any} */ (this.told)[k] !== v);
        if (!news.length || !['waiting', 'incall'].includes(this.call().phase)) return;
        this.told = {...this.told, ...change};
        this.signaling.send(say.status(Object.fromEntries(news)));
    }

    /** A person who has lost the connection but is still seen and heard keeps the seat for as long as the server is told. */
    tellSeen() {
        const {people, phase} = this.call();
        if (phase !== 'incall') return;
        const now = new Set(seenWithoutLine(this.call()));
        for (const p of people)
            if (p.state === 'away' && now.has(p.id) !== this.seen.has(p.id))
                this.signaling.send(say.seen(p.id, now.has(p.id)));
        this.seen = now;
    }
}
