// A stopping server does not wait for silent clients or for clients that do not read; and an incomplete answer is no success.
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {openSync} from 'node:fs';
import {connect} from 'node:net';
import {join} from 'node:path';
import test from 'node:test';
import {good, newRoom, setUp, signIn} from '../support/http.mjs';
import {frame, RawSocket, TEXT} from '../support/raw_ws.mjs';
import {joinAsHost} from '../support/scene.mjs';
import {parlour, startServer, temporaryFolder} from '../support/server.mjs';

const STOP_MS = 5000;
const PAUSE_S = Number(process.env.PARLOUR_PAUSE_S ?? 33); // more than half a minute: an earlier version waited that long for a reader
const BIN = process.env.PARLOUR_BIN ?? join(process.env.PARLOUR_ROOT ?? '.', 'build/release/parlour');

/** A connection that sends `bytes` and reads nothing. */
async function silent(where, bytes = '') {
    const socket = connect(where);
    socket.on('error', () => {});
    socket.pause();
    await once(socket, 'connect');
    if (bytes) await new Promise(resolve => socket.write(bytes, resolve));
    return socket;
}

/** So many rows that their export fits into no buffer on the way. */
function fillRecord(data, rows) {
    const statement = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
        INSERT INTO audit SELECT (SELECT max(seq) FROM audit) + i, at_ms, actor, action, object, hex(zeroblob(90)), detail_hash, hash FROM n, audit WHERE seq = 1`;
    const done = spawnSync('sqlite3', [join(data, 'parlour.db'), statement], {encoding: 'utf8'});
    assert.equal(done.status, 0, done.stderr);
    return Number(spawnSync('sqlite3', [join(data, 'parlour.db'), 'SELECT count(*) FROM audit'], {encoding: 'utf8'}).stdout);
}

async function withLongRecord() {
    const server = await startServer();
    await setUp(server, {email: 'owner@example.org'});
    await server.stop();
    const rows = fillRecord(server.data, 6000);
    await server.restart();
    return {server, rows};
}

test('SIGTERM ends the server within 5 s beside every kind of idle or slow client, on every door', async t => {
    const {server} = await withLongRecord();
    const admin = await signIn(server, 'owner@example.org');
    const room = await newRoom(admin);
    const http = {host: server.host, port: server.port};
    const control = {path: join(server.data, 'control.sock')};
    const host = `Host: localhost:${server.port}\r\n`;
    const page = (await admin.get('/')).text.match(/\/assets\/[^"]+\.js/)[0];
    const idle = [
        await silent(http),
        await silent(http, `GET /healthz HTTP/1.1\r\n${host}\r\n`), // kept alive
        await silent(http, `GET /healthz HTTP/1.1\r\nHo`),
        await silent(http, `POST /api/v1/session HTTP/1.1\r\n${host}Content-Type: application/json\r\nX-Parlour: 1\r\nOrigin: ${server.origin}\r\nContent-Length: 200\r\n\r\n{"email":`),
        await silent(http, `GET ${page} HTTP/1.1\r\n${host}\r\n`.repeat(300)), // an answer that is not read
        await silent(control),
        await silent(control, '{"command":'),
        await silent(control, '{"command":"audit export","words":[],"flags":{}}\n'),
    ];
    const unjoined = await RawSocket.open(server, `/ws/${room.id}`);
    const sockets = [unjoined];
    for (const joined of [await joinAsHost(admin, room), good(await admin.post('/desk/join', {}))]) {
        const raw = await RawSocket.open(server, joined.ws);
        raw.socket.write(frame(TEXT, JSON.stringify({type: 'join', token: joined.token})));
        await once(raw.socket, 'data');
        sockets.push(raw);
    }
    for (const raw of sockets) raw.socket.pause(); // the goodbye is neither read nor answered
    const from = Date.now();
    await server.stop();
    const took = Date.now() - from;
    t.diagnostic(`stopped after ${took} ms`);
    assert.ok(took <= STOP_MS, `${took} ms`);
    for (const socket of [...idle, ...sockets.map(raw => raw.socket)]) socket.destroy();
});

for (const beside of [true, false])
    test(`audit export into a reader that pauses gives every row, or status 1 with a message (${beside ? 'beside a server' : 'without one'})`, async t => {
        const {server, rows} = await withLongRecord();
        if (!beside) await server.stop();
        const child = spawn(BIN, ['audit', 'export', '--data', server.data], {stdio: ['ignore', 'pipe', 'pipe']});
        let out = '';
        let err = '';
        child.stderr.on('data', chunk => (err += chunk));
        const ended = once(child, 'close');
        await once(child.stdout, 'readable');
        await new Promise(resolve => setTimeout(resolve, (beside ? PAUSE_S : 1) * 1000)); // the test is about this pause
        const listed = beside ? parlour(['user', 'list', '--data', server.data]) : null;
        if (beside) assert.equal(listed.code, 0, 'others are served meanwhile');
        child.stdout.setEncoding('utf8').on('data', chunk => (out += chunk));
        const [status] = await ended;
        const lines = out.split('\n').length - 1;
        t.diagnostic(`${lines} of ${rows} rows, status ${status}`);
        if (status === 0) assert.equal(lines, rows);
        else {
            assert.equal(status, 1);
            assert.match(err, /not all|not be written/);
        }
        await server.stop();
    });

test('a reader that goes away, or a full disk under the output, ends an export with status 1 and a message', async () => {
    const {server} = await withLongRecord();
    for (const beside of [true, false]) {
        if (!beside) await server.stop();
        const full = openSync('/dev/full', 'w');
        const done = spawnSync(BIN, ['audit', 'export', '--data', server.data], {stdio: ['ignore', full, 'pipe'], encoding: 'utf8'});
        assert.equal(done.status, 1);
        assert.match(done.stderr, /could not be written/);
        const cut = spawnSync('bash', ['-c', `set -o pipefail; "$0" audit export --data "$1" | head -n 1 >/dev/null; echo "\${PIPESTATUS[0]}"`, BIN, server.data], {encoding: 'utf8'});
        assert.equal(cut.stdout.trim(), '1');
        assert.match(cut.stderr, /could not be written/);
    }
});

test('every command reports with its status that its output could not be written', () => {
    const data = temporaryFolder();
    parlour(['migrate', '--data', data]);
    const full = openSync('/dev/full', 'w');
    for (const words of [['version'], ['help'], ['config', 'show', '--sample'], ['user', 'list', '--json', '--data', data], ['room', 'list', '--json', '--data', data]]) {
        const done = spawnSync(BIN, words, {stdio: ['ignore', full, 'pipe'], encoding: 'utf8'});
        assert.equal(done.status, 1, words.join(' '));
        assert.match(done.stderr, /could not be written/);
    }
});
