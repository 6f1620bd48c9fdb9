// One address alone cannot fill the table of connections: its share is a quarter.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {connect} from 'node:net';
import test, {after} from 'node:test';
import {Client, good} from '../support/http.mjs';
import {newRoom, practice} from '../support/scene.mjs';
import {freePort, startServer} from '../support/server.mjs';
import {Seat} from '../support/ws.mjs';

const LIMIT = 100;
const SLACK = 8; // each thread that accepts may let one too many in
const CONNECTIONS = ['--max-connections', String(4 * LIMIT)];
const metricsPort = await freePort();
const {server, admin} = await practice({args: [...CONNECTIONS, '--rate-scale', '100', '--metrics-listen', `127.0.0.1:${metricsPort}`]});

/** A connection that has said nothing yet. `gone` is set when the server closes it. */
async function open(to, from = '127.0.0.1') {
    const socket = connect({host: '127.0.0.1', port: to.port, localAddress: from});
    socket.on('error', () => {});
    socket.on('close', () => (socket.gone = true));
    after(() => socket.destroy());
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
    return socket;
}

const many = (count, to, from) => Promise.all(Array.from({length: count}, () => open(to, from)));

/** Does this connection get an answer? */
async function serves(socket, {port}) {
    if (!socket.gone) socket.write(`GET /healthz HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
    const answer = socket.gone ? [] : await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    return /^HTTP\/1\.1 200/.test(String(answer[0]));
}

const served = async (sockets, to) => (await Promise.all(sockets.map(socket => serves(socket, to)))).filter(Boolean).length;

const leave = sockets => Promise.all(sockets.filter(s => !s.gone).map(s => once(s.destroy(), 'close')));

/** Tries until a new connection from there is served: the server notices a close a moment after we do. */
async function servedAgain(to, from) {
    for (const deadline = Date.now() + 10_000; Date.now() < deadline; ) {
        const socket = await open(to, from);
        if (await serves(socket, to)) return leave([socket]);
    }
    assert.fail('no place became free');
}

test('an address that opens more connections than its share is closed, others are served, and places become free again', async () => {
    const crowd = await many(LIMIT + 50, server, '127.0.0.2');
    const in_ = await served(crowd, server);
    assert.ok(in_ >= LIMIT && in_ <= LIMIT + SLACK, `${in_} were served`);
    assert.equal(await served(await many(LIMIT / 2, server, '127.0.0.3'), server), LIMIT / 2);
    const metrics = await new Client({...server, host: '127.0.0.1', port: metricsPort}).get('/metrics');
    assert.match(metrics.text, /http_refused_crowd_total [1-9]/);
    await leave(crowd);
    await servedAgain(server, '127.0.0.2');
});

test('WebSockets do not count: they have left the HTTP server', async () => {
    const seats = [];
    const stranger = new Client(server); // one connection
    for (let i = 0; i < 3; i++) {
        const room = await newRoom(admin, {access: 'link'});
        for (let j = 0; j < LIMIT / 2 - 10; j++) {
            stranger.cookies.clear(); // the next one is another person
            seats.push(await Seat.take(server, good(await stranger.post(`/rooms/${room.slug}/join`, {name: 'Gina'}))));
        }
    }
    assert.ok(seats.length > LIMIT);
    good(await admin.get('/api/v1/session'));
    assert.equal(await served(await many(LIMIT / 2, server), server), LIMIT / 2);
    for (const seat of seats) seat.cut();
});

test('a trusted proxy is not held to a share: everybody comes from there', async () => {
    const behind = await startServer({args: [...CONNECTIONS, '--trusted-proxy', '127.0.0.1']});
    after(() => behind.stop());
    assert.equal(await served(await many(LIMIT + 50, behind), behind), LIMIT + 50);
});
