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
async function open(from) {
    const socket = connect({host: server.host, port: server.port, localAddress: from});
    const since = Date.now();
    socket.on('error', () => {}).on('close', () => (socket.ms = Date.now() - since));
    after(() => socket.destroy());
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
    return socket;
}

const many = (count, from) => Promise.all(Array.from({length: count}, () => open(from)));

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

test('a connection that has greeted is not cut by the time of handshakes, but by that of its requests', async () => {
    const socket = connectSecure({host: server.host, port: server.port, ...server.tls, localAddress: '127.0.0.41'});
    socket.on('error', () => {});
    await once(socket, 'secureConnect');
    const since = Date.now();
    socket.write('GET /healthz HT');
    await once(socket, 'close');
    assert.ok(Date.now() - since > 9000);
});
