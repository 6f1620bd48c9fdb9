// Handshakes are bounded, in time and number, and nobody else notices those that never end.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {connect} from 'node:net';
import test, {after} from 'node:test';
import {connect as connectSecure} from 'node:tls';
import {Client} from '../support/http.mjs';
import {freePort, startServer} from '../support/server.mjs';
import {Authority} from '../support/tls.mjs';

const GREETING_MS = 10_000;
const PER_ADDRESS = 256;
const AT_ONCE = 2048;
const metricsPort = await freePort();
const server = await startServer({tls: new Authority().issue(), args: ['--rate-scale', '100', '--metrics-listen', `127.0.0.1:${metricsPort}`]});
after(() => server.stop());

async function figure(name) {
    const {text} = await new Client({host: '127.0.0.1', port: metricsPort}).get('/metrics');
    return Number(text.match(new RegExp(`^parlour_${name} (\\S+)`, 'm'))[1]);
}

/** A connection that has said nothing yet; `ms` is set when the server closes it. */
async function open(from, more = {}) {
    const socket = connect({host: server.host, port: server.port, localAddress: from, ...more});
    const since = Date.now();
    socket.on('error', () => {}).on('close', () => (socket.ms = Date.now() - since));
    after(() => socket.destroy());
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
    return socket;
}

const many = (count, from, more) => Promise.all(Array.from({length: count}, () => open(from, more)));

async function leave(sockets) {
    for (const socket of sockets) socket.destroy();
    for (const deadline = Date.now() + 10_000; (await figure('tls_greetings')) > 0; ) if (Date.now() > deadline) assert.fail('handshakes stay counted');
}

/** How long a new client waits for its first answer. */
async function visit(from) {
    const since = performance.now();
    assert.equal((await new Client(server, {from, headers: {Connection: 'close'}}).get('/healthz')).status, 200);
    return performance.now() - since;
}

const HELLO = Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]);

test('a handshake has ten seconds in all, whatever trickles in, and others are served meanwhile', async () => {
    const silent = await many(20, '127.0.0.11');
    const slow = await many(20, '127.0.0.12');
    let at = 0;
    const drip = setInterval(() => {
        for (const socket of slow) if (!socket.destroyed) socket.write(Buffer.from([HELLO[at] ?? 0]));
        at++;
    }, 700);
    after(() => clearInterval(drip));
    await visit('127.0.0.13');
    await Promise.all([...silent, ...slow].map(socket => socket.ms ?? once(socket, 'close')));
    for (const {ms} of [...silent, ...slow]) assert.ok(ms > GREETING_MS - 500 && ms < GREETING_MS + 3000, `${ms} ms`);
    assert.ok((await figure('tls_late_total')) >= 40);
});

test('one address has so many handshakes at once; further ones are closed, and other addresses are served', async () => {
    const crowd = await many(PER_ADDRESS + 40, '127.0.0.21');
    await visit('127.0.0.22');
    const refused = await figure('tls_refused_crowd_total');
    assert.ok(refused >= 30 && refused <= 48, String(refused));
    await leave(crowd);
    await visit('127.0.0.21');
});

test('when all places for handshakes are taken, the oldest give way to those who come', async () => {
    const late = await figure('tls_late_total');
    const crowds = await Promise.all(Array.from({length: 9}, (_, i) => many(PER_ADDRESS - 6, `127.0.1.${i + 1}`)));
    assert.ok((await figure('tls_greetings')) <= AT_ONCE + 4, 'beside one that each thread is letting in');
    await visit('127.0.0.31');
    assert.ok((await figure('tls_late_total')) - late >= 9 * (PER_ADDRESS - 6) - AT_ONCE);
    await leave(crowds.flat());
});

test('those whose handshake has failed, and who do not hang up, keep nobody out', async () => {
    const patient = {allowHalfOpen: true}; // otherwise Node hangs up when the server does
    const crowds = await Promise.all(Array.from({length: 8}, (_, i) => many(PER_ADDRESS, `127.0.2.${i + 1}`, patient)));
    const told = crowds.flat().map(socket => once(socket.resume(), 'end'));
    for (const socket of crowds.flat()) socket.write('hello');
    await Promise.all(told);
    for (let i = 1; i <= 8; i++) await visit(`127.0.0.${50 + i}`);
    await leave(crowds.flat());
});

const sized = (bytes, size) => Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255].slice(2 - size)), bytes]);
const record = bytes => Buffer.concat([Buffer.from([22, 3, 1]), sized(bytes, 2)]);
const extension = (kind, bytes) => Buffer.concat([Buffer.from([0, kind]), sized(Buffer.from(bytes), 2)]);

/** Offers a group without a key for it, so that the server asks for another hello (RFC 8446 §4.1.4). */
function helloWithoutKey() {
    const extensions = [extension(43, [2, 3, 4]), extension(10, [0, 2, 0, 29]), extension(13, [0, 4, 4, 3, 8, 4]), extension(51, [0, 0])];
    const body = Buffer.concat([Buffer.from([3, 3]), Buffer.alloc(32, 7), Buffer.from([0, 0, 2, 0x13, 0x01, 1, 0]), sized(Buffer.concat(extensions), 2)]);
    return record(Buffer.concat([Buffer.from([1, 0]), sized(body, 2)]));
}

const ANNOUNCES_128_KIB = record(Buffer.from([1, 2, 0, 0, 3, 3]));

test('a hello that announces more than any browser says is refused at once, also the second one: memory is set aside for it', async () => {
    const failed = await figure('tls_failed_total');
    const first = await open('127.0.0.61');
    const second = await open('127.0.0.62');
    const since = Date.now();
    const toFirst = once(first, 'data');
    first.write(ANNOUNCES_128_KIB);
    second.write(helloWithoutKey());
    const [asked] = await once(second, 'data');
    assert.deepEqual([asked[0], asked[5]], [22, 2], 'the server wants another hello');
    const toSecond = once(second, 'data');
    second.write(ANNOUNCES_128_KIB);
    for (const [heard] of [await toFirst, await toSecond]) assert.deepEqual([...heard.subarray(-7)], [21, 3, 3, 0, 2, 2, 47], 'a fatal alert: illegal_parameter');
    await Promise.all([first, second].map(socket => socket.ms ?? once(socket, 'close')));
    assert.ok(Date.now() - since < GREETING_MS / 2);
    assert.equal((await figure('tls_failed_total')) - failed, 2);
});

test('a connection that has greeted is not cut by the time of handshakes, but by that of its requests', async () => {
    const socket = connectSecure({host: server.host, port: server.port, ...server.tls, localAddress: '127.0.0.41'});
    socket.on('error', () => {});
    await once(socket, 'secureConnect');
    const since = Date.now();
    socket.write('GET /healthz HT');
    await once(socket, 'close');
    assert.ok(Date.now() - since > 9000);
});
