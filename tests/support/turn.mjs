// turn.mjs - coturn with the configuration that `parlour config coturn` prints, in the network of this test,
// and a client for STUN by hand (RFC 8489, RFC 8656) that sends it requests no browser would.
import {spawn, spawnSync} from 'node:child_process';
import {createHash, createHmac, randomBytes} from 'node:crypto';
import {createSocket} from 'node:dgram';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {isIPv6} from 'node:net';
import {LAB_ADDRESS} from './own_network.mjs';
import {parlour, temporaryFolder} from './server.mjs';

export const SECRET = 'a-turn-secret-of-the-laboratory-1';
export const LAB_ADDRESS_6 = 'fd00:99::1';
/** Where coturn can be reached: over UDP, TCP and TLS. */
export const turnUrls = (address, tlsAt = `${address}:5349`) => [`turn:${address}:3478?transport=udp`, `turn:${address}:3478?transport=tcp`, `turns:${tlsAt}?transport=tcp`];
export const TURN_URLS = turnUrls(LAB_ADDRESS);

/** A self-signed certificate: {cert, key, pin} with the pin that Chromium can be told to trust. */
export function selfSigned(address = LAB_ADDRESS) {
    const folder = temporaryFolder('parlour-cert');
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=turn.lab', '-addext', `subjectAltName=IP:${address}`, '-keyout', key, '-out', cert], {encoding: 'utf8'});
    if (made.status !== 0) throw new Error(made.stderr);
    const spki = spawnSync('sh', ['-c', `openssl x509 -in ${cert} -pubkey -noout | openssl pkey -pubin -outform der`]);
    return {cert, key, pin: createHash('sha256').update(spki.stdout).digest('base64')};
}

/** The printed configuration, complete, as an operator would install it. */
function printedConfiguration({cert, key}, urls) {
    const args = ['config', 'coturn', '--data', temporaryFolder(), '--cert', cert, '--pkey', key, ...urls.flatMap(url => ['--turn-url', url])];
    const printed = parlour(args, {env: {PARLOUR_TURN_SECRET: SECRET}});
    if (printed.code !== 0) throw new Error(printed.out + printed.err);
    return printed.out;
}

/**
 * coturn in this namespace. `lab` are lines added to the printed ones; none of them may open what those close,
 * but for `allowed-peer-ip` of the lab addresses where media has to flow.
 */
export async function startCoturn(certificate, lab = []) {
    spawnSync('ip', ['-6', 'addr', 'add', `${LAB_ADDRESS_6}/64`, 'dev', 'v0', 'nodad']);
    return new Coturn(certificate, TURN_URLS, [LAB_ADDRESS], [LAB_ADDRESS, LAB_ADDRESS_6], lab).start();
}

export class Coturn {
    /** @param {{cert: string, key: string}} certificate  @param {string[]} urls  @param {string[]} listening addresses
     *  @param {string[]} relays addresses  @param {string[]} lab further lines */
    constructor(certificate, urls, listening, relays, lab = []) {
        const folder = temporaryFolder('parlour-turn');
        this.file = join(folder, 'turnserver.conf');
        this.address = listening[0];
        this.log = '';
        const here = [...listening.map(ip => `listening-ip=${ip}`), ...relays.map(ip => `relay-ip=${ip}`), `userdb=${join(folder, 'turndb')}`, `pidfile=${join(folder, 'pid')}`, ...lab];
        writeFileSync(this.file, `${printedConfiguration(certificate, urls)}\n${here.join('\n')}\n`, {mode: 0o600});
        process.on('exit', () => this.stop());
    }

    /** Resolves when it answers. May be called again after `stop`. */
    async start() {
        const child = spawn('turnserver', ['-c', this.file], {stdio: ['ignore', 'pipe', 'pipe']});
        this.child = child;
        for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (this.log += chunk));
        for (let tries = 0; tries < 100; tries++) {
            if (await answers(this.address)) return this;
            if (child.exitCode !== null) break;
        }
        throw new Error(`coturn did not start\n${this.log}\n${readFileSync(this.file, 'utf8')}`);
    }

    stop() {
        this.child?.kill('SIGKILL');
    }
}

async function answers(address) {
    const client = new StunClient(address);
    try {
        return await client.ask(0x0001, [], 100);
    } finally {
        client.close();
    }
}

export const credentials = (name = 'probe', ttl = 600, secret = SECRET) => {
    const username = `${Math.floor(Date.now() / 1000) + ttl}:${name}`;
    return {username, credential: createHmac('sha1', secret).update(username).digest('base64')};
};

const COOKIE = 0x2112a442;
const ATTRIBUTE = {username: 0x0006, integrity: 0x0008, error: 0x0009, realm: 0x0014, nonce: 0x0015, peer: 0x0012, relayed: 0x0016, family: 0x0017, transport: 0x0019};

function attribute(type, value) {
    const bytes = Buffer.from(value);
    const head = Buffer.alloc(4);
    head.writeUInt16BE(type, 0);
    head.writeUInt16BE(bytes.length, 2);
    return Buffer.concat([head, bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

/** 16 or 4 bytes of an address in any of its spellings. */
function addressBytes(address) {
    if (!isIPv6(address)) return Buffer.from(address.split('.').map(Number));
    const embedded = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => `${((+a << 8) | +b).toString(16)}:${((+c << 8) | +d).toString(16)}`);
    const [left, right] = embedded.split('::').map(half => (half ? half.split(':') : []));
    const words = right ? [...left, ...Array(8 - left.length - right.length).fill('0'), ...right] : left;
    return Buffer.concat(words.map(word => Buffer.from(word.padStart(4, '0'), 'hex')));
}

function xorAddress(address, port, transaction) {
    const bytes = addressBytes(address);
    const cookie = Buffer.alloc(4);
    cookie.writeUInt32BE(COOKIE);
    const mask = Buffer.concat([cookie, transaction]);
    const head = Buffer.from([0, bytes.length === 4 ? 1 : 2, 0, 0]);
    head.writeUInt16BE(port ^ (COOKIE >>> 16), 2);
    return Buffer.concat([head, bytes.map((byte, i) => byte ^ mask[i])]);
}

export class StunClient {
    constructor(host = LAB_ADDRESS, port = 3478) {
        Object.assign(this, {host, port});
        this.socket = createSocket('udp4');
        this.pending = new Map();
        this.socket.on('message', message => this.pending.get(message.subarray(8, 20).toString('hex'))?.(message));
        this.socket.on('error', () => {});
        this.auth = null;
    }

    close() {
        this.socket.close();
    }

    /** Sends one request, again every 200 ms as UDP wants; resolves to {ok, code, attributes} or null. */
    async ask(method, attributes, limitMs = 3000) {
        const transaction = randomBytes(12);
        let body = Buffer.concat(attributes.map(a => (typeof a === 'function' ? a(transaction) : a)));
        if (this.auth) body = Buffer.concat([body, attribute(ATTRIBUTE.username, this.auth.username), attribute(ATTRIBUTE.realm, this.auth.realm), attribute(ATTRIBUTE.nonce, this.auth.nonce)]);
        const head = Buffer.alloc(20);
        head.writeUInt16BE(method, 0);
        head.writeUInt16BE(body.length + (this.auth ? 24 : 0), 2);
        head.writeUInt32BE(COOKIE, 4);
        transaction.copy(head, 8);
        let message = Buffer.concat([head, body]);
        if (this.auth) message = Buffer.concat([message, attribute(ATTRIBUTE.integrity, createHmac('sha1', this.auth.key).update(message).digest())]);
        const answer = await new Promise(resolve => {
            const send = () => this.socket.send(message, this.port, this.host, () => {});
            const again = setInterval(send, 200);
            const timer = setTimeout(() => done(null), limitMs);
            const done = value => {
                clearInterval(again);
                clearTimeout(timer);
                this.pending.delete(transaction.toString('hex'));
                resolve(value);
            };
            this.pending.set(transaction.toString('hex'), done);
            send();
        });
        return answer && this.read(answer);
    }

    read(message) {
        const attributes = new Map();
        for (let at = 20; at + 4 <= message.length; ) {
            const length = message.readUInt16BE(at + 2);
            attributes.set(message.readUInt16BE(at), message.subarray(at + 4, at + 4 + length));
            at += 4 + length + ((4 - (length % 4)) % 4);
        }
        const error = attributes.get(ATTRIBUTE.error);
        return {ok: (message.readUInt16BE(0) & 0x0110) === 0x0100, code: error ? error[2] * 100 + error[3] : 0, attributes};
    }

    /** An allocation of this family with these credentials; returns the answer to its second, signed request. */
    async allocate({username, credential}, family = 4) {
        const wanted = [attribute(ATTRIBUTE.transport, Buffer.from([17, 0, 0, 0])), ...(family === 6 ? [attribute(ATTRIBUTE.family, Buffer.from([2, 0, 0, 0]))] : [])];
        const challenge = await this.ask(0x0003, wanted);
        const [realm, nonce] = [challenge.attributes.get(ATTRIBUTE.realm), challenge.attributes.get(ATTRIBUTE.nonce)];
        this.auth = {username, realm, nonce, key: createHash('md5').update(`${username}:${realm}:${credential}`).digest()};
        return this.ask(0x0003, wanted);
    }

    /** 0 when a permission for this peer is granted, otherwise the error code (403). */
    async permission(address) {
        const answer = await this.ask(0x0008, [transaction => attribute(ATTRIBUTE.peer, xorAddress(address, 9999, transaction))]);
        return answer === null ? -1 : answer.ok ? 0 : answer.code;
    }
}
