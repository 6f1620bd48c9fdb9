// Slow requests are cut at an absolute deadline, not after a silence: 10 s for a head, 30 s for a body. A WebSocket that is
// silent for 20 s is pinged, and cut when nothing comes within 10 s more.
// The times are those of a real installation, so these tests wait for them side by side.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {Client, newRoom, rawHttp} from '../support/http.mjs';
import {frame, PING, PONG, RawSocket, TEXT} from '../support/raw_ws.mjs';
import {joinAsHost, practice} from '../support/scene.mjs';

const {server, admin} = await practice();
const host = `Host: localhost:${server.port}\r\n`;

function* endless() {
    for (;;) yield 'a';
}

async function seated() {
    const joined = await joinAsHost(admin, await newRoom(admin));
    const raw = await RawSocket.open(server, joined.ws);
    raw.write(frame(TEXT, JSON.stringify({type: 'join', token: joined.token})));
    assert.equal(JSON.parse((await raw.next(TEXT)).payload).type, 'welcome');
    return raw;
}

describe('slow requests', {concurrency: true}, () => {
    test('a head that drips one byte at a time is cut at its deadline', async () => {
        const {closed, ms} = await rawHttp(server, `GET /healthz HTTP/1.1\r\n${host}X-Slow: `, {drip: endless(), limitMs: 20_000});
        assert.ok(closed, 'still open');
        assert.ok(ms >= 8000 && ms < 15_000, `after ${ms} ms`);
    });

    test('a second head on a kept connection has the same deadline', async () => {
        const first = `GET /healthz HTTP/1.1\r\n${host}\r\n`;
        const {text, closed, ms} = await rawHttp(server, `${first}GET /healthz HTTP/1.1\r\n${host}X-Slow: `, {drip: endless(), limitMs: 20_000});
        assert.match(text, /^HTTP\/1\.1 200/);
        assert.ok(closed && ms < 15_000, `after ${ms} ms`);
    });

    test('a connection that never says anything is cut', async () => {
        const {closed, ms} = await rawHttp(server, '', {limitMs: 40_000});
        assert.ok(closed && ms < 35_000, `after ${ms} ms`);
    });

    test('a body that drips is cut at its deadline', async () => {
        const head = `POST /api/v1/session HTTP/1.1\r\n${host}Content-Type: application/json\r\nX-Parlour: 1\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 5000\r\n\r\n{"a":"`;
        const {closed, ms, text} = await rawHttp(server, head, {drip: endless(), limitMs: 45_000});
        assert.ok(closed, 'still open');
        assert.ok(ms < 38_000, `after ${ms} ms: ${text}`);
    });

    test('an idle connection is kept for a while and then closed', async () => {
        const {text, closed, ms} = await rawHttp(server, `GET /healthz HTTP/1.1\r\n${host}\r\n`, {limitMs: 45_000});
        assert.match(text, /^HTTP\/1\.1 200/);
        assert.ok(closed && ms >= 5000 && ms < 40_000, `after ${ms} ms`);
    });

    test('fifty slow clients keep nobody else waiting', async () => {
        const drips = Array.from({length: 50}, () => rawHttp(server, `GET /healthz HTTP/1.1\r\n${host}X-Slow: `, {drip: endless(), limitMs: 20_000}));
        const client = new Client(server);
        const begun = Date.now();
        for (let i = 0; i < 20; i++) assert.equal((await client.get('/healthz')).status, 200);
        assert.ok(Date.now() - begun < 3000);
        for (const drip of await Promise.all(drips)) assert.ok(drip.closed);
    });

    test('a WebSocket head that drips is cut like any other', async () => {
        const head = `GET /ws/room HTTP/1.1\r\n${host}Upgrade: websocket\r\nConnection: Upgrade\r\nX-Slow: `;
        const {closed, ms} = await rawHttp(server, head, {drip: endless(), limitMs: 20_000});
        assert.ok(closed && ms < 15_000, `after ${ms} ms`);
    });

    test('a silent seat is pinged after 20 s; one that answers stays, one that does not is cut 10 s later', async () => {
        const [answers, sulks] = await Promise.all([seated(), seated()]);
        const begun = Date.now();
        const since = () => Date.now() - begun;
        const asked = await Promise.all([answers.next(PING, 25_000), sulks.next(PING, 25_000)]);
        assert.ok(asked.every(Boolean) && since() >= 19_000 && since() < 23_000, `asked after ${since()} ms`);
        answers.write(frame(PONG));
        await sulks.closed;
        assert.ok(since() >= 29_000 && since() < 34_000, `cut after ${since()} ms`);
        assert.ok(!answers.gone);
        answers.write(frame(TEXT, '{"type":"ice"}'));
        assert.ok(await answers.next(TEXT));
        answers.destroy();
    });

    test('the bytes of a frame that never ends do not count as a sign of life', async () => {
        const raw = await seated();
        const begun = Date.now();
        raw.write(frame(TEXT, 'x'.repeat(60_000)).subarray(0, 1000));
        const drip = setInterval(() => raw.write(Buffer.from('x')), 1000);
        await raw.closed;
        clearInterval(drip);
        assert.ok(Date.now() - begun >= 29_000 && Date.now() - begun < 34_000, `cut after ${Date.now() - begun} ms`);
    });
});
