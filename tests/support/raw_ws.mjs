// raw_ws.mjs - WebSocket frames by hand (RFC 6455 §5), right and wrong ones, for the conformance tests.
import {connect} from 'node:net';
import {once} from 'node:events';
import {createHash, randomBytes} from 'node:crypto';

export const TEXT = 1, BINARY = 2, CONTINUATION = 0, CLOSE = 8, PING = 9, PONG = 10;
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** One frame from a client. `length` lies about the payload's length when given; `wide` picks a longer length form than needed. */
export function frame(opcode, payload = '', {fin = true, rsv = 0, mask = true, wide = 0, key = randomBytes(4)} = {}) {
    const body = Buffer.from(payload);
    const form = Math.max(wide, body.length > 65535 ? 2 : body.length > 125 ? 1 : 0);
    const head = Buffer.alloc([2, 4, 10][form]);
    head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
    head[1] = (mask ? 0x80 : 0) | [body.length, 126, 127][form];
    if (form === 1) head.writeUInt16BE(body.length, 2);
    if (form === 2) head.writeBigUInt64BE(BigInt(body.length), 2);
    if (!mask) return Buffer.concat([head, body]);
    return Buffer.concat([head, key, body.map((byte, i) => byte ^ key[i % 4])]);
}

export const closeFrame = (code, reason = '') => frame(CLOSE, code === undefined ? '' : Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]));

/** A socket whose bytes the test writes itself. Collects the frames that come back. */
export class RawSocket {
    static async open(server, path, {from} = {}) {
        const raw = new RawSocket();
        const key = randomBytes(16).toString('base64');
        raw.frames = [];
        raw.waiters = new Set();
        raw.socket = connect({host: server.host, port: server.port, noDelay: true, localAddress: from});
        raw.socket.on('error', () => {});
        await once(raw.socket, 'connect');
        raw.socket.write(
            `GET ${path} HTTP/1.1\r\nHost: localhost:${server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
                `Sec-WebSocket-Protocol: parlour.v1\r\nSec-WebSocket-Key: ${key}\r\nOrigin: ${server.origin}\r\n\r\n`,
        );
        raw.rest = Buffer.alloc(0);
        raw.closed = once(raw.socket, 'close');
        raw.socket.on('close', () => raw.wake((raw.gone = true)));
        await new Promise((resolve, reject) => {
            raw.socket.on('data', chunk => {
                raw.rest = Buffer.concat([raw.rest, chunk]);
                if (!raw.head) {
                    const end = raw.rest.indexOf('\r\n\r\n');
                    if (end < 0) return;
                    raw.head = raw.rest.subarray(0, end).toString();
                    raw.rest = raw.rest.subarray(end + 4);
                    resolve();
                }
                raw.parse();
            });
            raw.socket.on('close', () => reject(new Error('closed in the handshake')));
        });
        const accept = createHash('sha1').update(key + GUID).digest('base64');
        if (!raw.head.startsWith('HTTP/1.1 101') || !raw.head.includes(accept)) throw new Error(raw.head);
        return raw;
    }

    parse() {
        for (;;) {
            if (this.rest.length < 2) return;
            let length = this.rest[1] & 127;
            let offset = 2;
            if (length === 126) [length, offset] = [this.rest.length >= 4 ? this.rest.readUInt16BE(2) : Infinity, 4];
            else if (length === 127) [length, offset] = [this.rest.length >= 10 ? Number(this.rest.readBigUInt64BE(2)) : Infinity, 10];
            if (this.rest.length < offset + length) return;
            this.frames.push({fin: this.rest[0] >> 7, rsv: (this.rest[0] >> 4) & 7, opcode: this.rest[0] & 15, masked: this.rest[1] >> 7, payload: this.rest.subarray(offset, offset + length)});
            this.rest = this.rest.subarray(offset + length);
            this.wake();
        }
    }

    wake() {
        for (const waiter of [...this.waiters]) waiter();
    }

    write(...buffers) {
        this.socket.write(Buffer.concat(buffers));
        return this;
    }

    /** Byte by byte, each in its own segment. */
    async drip(buffer) {
        for (const byte of buffer) {
            this.socket.write(Buffer.from([byte]));
            await new Promise(resolve => setImmediate(resolve));
        }
    }

    /** The next frame of this opcode, or null when the connection ends first or time is up. */
    async next(opcode, limitMs = 5000) {
        const deadline = Date.now() + limitMs;
        for (;;) {
            const index = this.frames.findIndex(f => f.opcode === opcode);
            if (index >= 0) return this.frames.splice(index, 1)[0];
            const left = deadline - Date.now();
            if (this.gone || left <= 0) return null;
            await new Promise(resolve => {
                const done = () => {
                    clearTimeout(timer);
                    this.waiters.delete(done);
                    resolve();
                };
                const timer = setTimeout(done, left);
                this.waiters.add(done);
            });
        }
    }

    /** The code with which the server closes: from its close frame, 1006 when it closed without one, null when it stays. */
    async closeCode(limitMs = 5000) {
        const close = await this.next(CLOSE, limitMs);
        if (close) return close.payload.length >= 2 ? close.payload.readUInt16BE(0) : 1005;
        return this.gone ? 1006 : null;
    }

    destroy() {
        this.socket.destroy();
    }
}
