// bad_relay.mjs - stands before coturn on a UDP port of its own, and passes on what it gets as badly as it is told.
import {randomBytes} from 'node:crypto';
import {createSocket} from 'node:dgram';

/** First byte of a message of STUN; data in channels has others. */
const isStun = message => message[0] < 2;
/** Bits of a STUN message's type that make it an answer. */
const isAnswer = message => isStun(message) && (message[0] & 0x01) !== 0;

/** The head of a success for this request, and behind it nothing that makes sense. */
function nonsense(request) {
    const answer = Buffer.concat([request.subarray(0, 20), randomBytes(44)]);
    answer[0] |= 0x01;
    answer.writeUInt16BE(44, 2);
    return answer;
}

export class BadRelay {
    /** `late`: its answers take this long; `silent`: it says nothing; `garbled`: it answers nonsense; `good`.
     *  @type {'good' | 'late' | 'silent' | 'garbled'} */
    mode = 'good';
    lateMs = 3_000;
    clients = new Map();

    /** @param {{address: string, port?: number}} coturn  @param {number} port its own, on the same address */
    static async start({address, port: theirs = 3478}, port) {
        const relay = new BadRelay();
        Object.assign(relay, {address, theirs, socket: createSocket('udp4')});
        relay.socket.on('message', (message, from) => relay.take(message, from));
        await new Promise(resolve => relay.socket.bind(port, address, resolve));
        relay.socket.unref();
        return relay;
    }

    /** It forgets everybody, as one that was started anew: nothing that goes on over it gets through. */
    forget() {
        for (const upstream of this.clients.values()) upstream.close();
        this.clients.clear();
    }

    /** A message of a client. */
    take(message, {address, port}) {
        const key = `${address}:${port}`;
        if (this.mode === 'silent') return;
        if (this.mode === 'garbled') return isStun(message) && this.socket.send(nonsense(message), port, address);
        if (!this.clients.has(key)) this.clients.set(key, this.connect(port, address));
        this.clients.get(key).send(message, this.theirs, this.address);
    }

    /** Passes on what coturn answers to this client. */
    connect(port, address) {
        const upstream = createSocket('udp4');
        upstream.on('message', message => {
            const give = () => this.socket.send(message, port, address);
            if (this.mode === 'late' && isAnswer(message)) setTimeout(give, this.lateMs).unref(); // what it is there for
            else give();
        });
        upstream.unref();
        return upstream;
    }
}
