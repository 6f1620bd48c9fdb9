// ws.mjs - a client of parlour.v1 that watches over the protocol while a test uses it:
// `seq` rises by one, unnumbered messages are only welcome, pong and bye, nothing comes after a close.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import WebSocket from 'ws';

const LIMIT_MS = 10_000;

/** A socket of the server; its messages are kept until a test asks for them. */
export class Socket {
    /** @param {{server: object, path: string, origin?: string|null, protocol?: string}} options */
    constructor({server, path, origin, protocol = 'parlour.v1', from}) {
        this.server = server;
        this.inbox = [];
        this.all = [];
        this.waiters = new Set();
        this.seq = null;
        this.sent = 0;
        this.unacknowledged = [];
        const headers = origin === null ? {} : {origin: origin ?? server.origin};
        const {tls} = server;
        const [url, secure] = tls
            ? [`wss://${tls.servername}:${server.port}${path}`, {...tls, headers: {Host: tls.servername}, lookup: (_name, _options, found) => found(null, [{address: server.host, family: server.host.includes(':') ? 6 : 4}])}]
            : [`ws://${server.host}:${server.port}${path}`, {}];
        this.ws = new WebSocket(url, protocol, {...headers, ...secure, perMessageDeflate: false, localAddress: from});
        this.ws.on('message', (data, binary) => this.receive(data, binary));
        this.closed = new Promise(resolve =>
            this.ws.on('close', (code, reason) => {
                this.end = {code, reason: String(reason)};
                this.wake();
                resolve(this.end);
            }),
        );
        this.ws.on('error', error => (this.error = error));
    }

    async open() {
        if (this.ws.readyState === WebSocket.CONNECTING) await Promise.race([once(this.ws, 'open'), this.closed]);
        if (this.end) throw this.error ?? new Error(`closed ${this.end.code}`);
        return this;
    }

    receive(data, binary) {
        assert.equal(binary, false, 'the server speaks text only');
        const message = JSON.parse(String(data));
        this.checkNumber(message);
        this.all.push(message);
        this.inbox.push(message);
        this.wake();
    }

    checkNumber(message) {
        if (message.type === 'welcome') {
            this.seq = message.seq;
            return;
        }
        if (['bye', 'pong', 'echo'].includes(message.type) || (message.type === 'error' && this.seq === null)) return;
        if (message.seq !== this.seq + 1) this.fault = new Error(`seq ${message.seq} after ${this.seq}: ${JSON.stringify(message).slice(0, 300)}`);
        this.seq = message.seq;
    }

    wake() {
        for (const waiter of [...this.waiters]) waiter();
    }

    /** Sends an object (with the next `n` unless numbered:false) or a string as it is. */
    send(message, {numbered = this.numbered} = {}) {
        if (typeof message !== 'string') {
            if (numbered) message = {...message, n: ++this.sent};
            message = JSON.stringify(message);
            if (numbered) this.unacknowledged.push({n: this.sent, message});
        }
        this.ws.send(message);
        return this;
    }

    /**
     * The next message of this type (and for which `matches` holds), taken out of the inbox; earlier others stay there.
     * @param {string} type @param {(message: any) => boolean|Partial<any>} [matches]
     */
    async next(type, matches = () => true, limitMs = LIMIT_MS) {
        const fits = typeof matches === 'function' ? matches : message => includes(message, matches);
        return this.waitFor(
            () => {
                const index = this.inbox.findIndex(message => message.type === type && fits(message));
                return index < 0 ? undefined : this.inbox.splice(index, 1)[0];
            },
            () => `no ${type} came${typeof matches === 'function' ? '' : ` with ${JSON.stringify(matches)}`}; there is ${JSON.stringify(this.inbox).slice(0, 1500)} and ${JSON.stringify(this.end)}`,
            limitMs,
        );
    }

    async waitFor(look, words, limitMs = LIMIT_MS) {
        const deadline = Date.now() + limitMs;
        for (;;) {
            if (this.fault) throw this.fault;
            const found = look();
            if (found !== undefined) return found;
            const left = deadline - Date.now();
            if (left <= 0 || this.end) throw new Error(words());
            await this.change(left);
        }
    }

    /** Waits until something arrives, the socket closes or the time is up. */
    change(limitMs) {
        return new Promise(resolve => {
            const done = () => {
                clearTimeout(timer);
                this.waiters.delete(done);
                resolve();
            };
            const timer = setTimeout(done, limitMs);
            this.waiters.add(done);
        });
    }

    /** Everything that the server sent on its own before now has arrived once this returns: it answers in order. */
    async settled() {
        this.send({type: 'admit', participant: 'nobody-by-this-id'}, {numbered: this.numbered});
        await this.next('error', message => message.of === 'admit');
    }

    /** After settling, no message of this type may be in the inbox. */
    async nothing(type, matches = () => true) {
        await this.settled();
        const fits = typeof matches === 'function' ? matches : message => includes(message, matches);
        const found = this.inbox.filter(message => message.type === type && fits(message));
        assert.deepEqual(found, [], `no ${type} was expected`);
    }

    /** Waits for the close and checks its code. */
    async over(code) {
        const timer = setTimeout(() => this.wake(), LIMIT_MS);
        const end = await Promise.race([this.closed, new Promise(resolve => setTimeout(resolve, LIMIT_MS, null).unref())]);
        clearTimeout(timer);
        assert.ok(end, 'the server did not close the socket');
        if (code !== undefined) assert.equal(end.code, code, `closed ${end.code} ${end.reason}; said ${JSON.stringify(this.all.slice(-3))}`);
        return end;
    }

    /** The connection is gone without a word, as when a network is lost. */
    cut() {
        this.ws._socket?.destroy();
    }

    close(code = 1000) {
        this.ws.close(code);
        return this.closed;
    }
}

export function includes(actual, expected) {
    return Object.entries(expected).every(([key, value]) =>
        value !== null && typeof value === 'object' && !Array.isArray(value) ? actual?.[key] !== undefined && includes(actual[key], value) : JSON.stringify(actual?.[key]) === JSON.stringify(value),
    );
}

/** Someone with a token: opens the socket of their room, joins, and waits for `welcome`. */
export class Seat extends Socket {
    /** @param {object} joined the answer of POST /rooms/{room}/join */
    static async take(server, joined, {numbered = false, ...options} = {}) {
        const seat = new Seat({server, path: joined.ws, ...options});
        seat.joined = joined;
        seat.numbered = numbered;
        await seat.open();
        seat.send({type: 'join', token: joined.token}, {numbered: false});
        seat.welcome = await seat.next('welcome');
        seat.id = seat.welcome.self;
        seat.ticket = seat.welcome.resume.ticket;
        return seat;
    }

    /** A new socket for the same seat by its ticket. Messages on the old one that the server has not seen are sent again. */
    async resume({ticket = this.ticket, seq = this.seq, ...options} = {}) {
        const seat = new Seat({server: this.server, path: this.joined.ws, ...options});
        Object.assign(seat, {joined: this.joined, numbered: this.numbered, id: this.id, ticket, sent: this.sent, unacknowledged: this.unacknowledged});
        await seat.open();
        seat.send({type: 'join', resume: {ticket, seq}}, {numbered: false});
        seat.welcome = await seat.next('welcome');
        seat.ticket = seat.welcome.resume.ticket;
        if (seat.numbered && seat.welcome.resumed) {
            seat.unacknowledged = seat.unacknowledged.filter(({n}) => n > seat.welcome.n);
            for (const {message} of seat.unacknowledged) seat.ws.send(message);
        }
        return seat;
    }
}
