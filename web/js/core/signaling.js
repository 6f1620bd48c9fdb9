// The socket of a seat in a room: takes the seat by a token, comes back with the ticket of the last `welcome` (by
// reconnecting_socket.js), and reports when neither is accepted: `over` with the cause `rejoin`, until `retake` or `connect`.
import {wantsAnswer} from './outbox.js';
import {parseServer, say} from './protocol.js';
import {ReconnectingSocket} from './reconnecting_socket.js';

/** @typedef {import('./protocol.js').ServerMessage} ServerMessage */
/** @typedef {import('./protocol.js').ClientMessage} ClientMessage */
/** @typedef {import('./protocol.js').Welcome} Welcome */

/** Reasons of `bye` that say more than the close code does. */
const FINAL_WORDS = new Set('left denied removed ended replaced expired signed_out invitation_revoked'.split(' '));

/** Nobody has a seat to lose yet. */
const GIVE_UP_MS = 120_000;

/** @extends {ReconnectingSocket<ServerMessage>} */
export class Signaling extends ReconnectingSocket {
    /** @param {import('./reconnecting_socket.js').SocketDeps} deps */
    constructor(deps) {
        super(deps, parseServer);
        this.giveUpMs = GIVE_UP_MS;
        this.ticket = '';
        /** the instance under which the page goes on when it takes its seat by a token; 0: a new one */
        this.instance = 0;
        /** Whether a waiting message is for the people who are there now  @type {(message: ClientMessage, m: Welcome) => boolean} */
        this.stillMeant = () => true;
        /** we are inside, as last told */
        this.inside = false;
    }

    /** Takes a seat with a token. Forgets any former one. @param {string} path  @param {string} token */
    connect(path, token) {
        const {early} = this;
        this.early = null; // otherwise the next connection would close it
        this.drop();
        if (early?.path === path) this.early = early;
        else early?.socket.close(1000);
        this.outbox.clear(); // its messages were for the earlier seat
        Object.assign(this, {path, token, ticket: '', instance: 0, epoch: '', seq: 0, attempt: 0, lostAt: 0});
        this.dial();
    }

    /** Takes our seat again after it was lost with the connection, and goes on: no waiting message is forgotten, and the
     *  others keep their connections to us. @param {string} path  @param {string} token  @param {number} instance ours */
    retake(path, token, instance) {
        Object.assign(this, {path, token, instance, ticket: '', attempt: 0});
        this.dial();
    }

    // ---- for the engine ----

    /** @override */
    hello() {
        return this.ticket ? say.resume(this.ticket, this.seq) : say.join(this.token, this.instance);
    }

    /** @override  @param {ServerMessage} message  @param {import('./reconnecting_socket.js').Numbers} numbers */
    welcomed(message, numbers) {
        const m = /** @type {Welcome} */ (message);
        this.ticket = m.resume.ticket;
        this.keptFor(m.resume.window_s);
        // Messages written in the call are not for the front desk, which reads those of waiting guests.
        if (this.inside && m.state !== 'inside') this.outbox.giveUpAll(p => wantsAnswer(p.message));
        this.inside = m.state === 'inside';
        this.outbox.settle(numbers, written => this.stillMeant(written, m));
    }

    /** @override  @param {ServerMessage} m */
    heard(m) {
        if (m.type === 'state') {
            this.keptFor(m.window_s);
            this.inside = m.state === 'inside';
        }
        super.heard(m);
        // Our last word is said; the server waits a second for it.
        if (FINAL_WORDS.has(this.bye.reason)) this.socket?.close();
    }

    /** @override  @param {number} code */
    verdict(code) {
        if (FINAL_WORDS.has(this.bye.reason)) return {next: /** @type {const} */ ('over'), cause: this.bye.reason};
        return super.verdict(code);
    }

    /** Neither token nor ticket is accepted: the connection stays interrupted. @override  @param {number} code */
    refused(code) {
        this.ticket = '';
        this.token = '';
        this.lostAt ||= this.deps.clock.now();
        this.setState('lost');
        this.emit('over', {cause: 'rejoin', code, reason: this.refusal});
    }

    /** @param {number} seconds */
    keptFor(seconds) {
        if (seconds > 0) this.windowMs = seconds * 1000;
    }
}
