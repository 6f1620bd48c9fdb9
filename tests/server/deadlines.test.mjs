// Slow requests are cut by an absolute time, not by how long they were silent. The times come from options,
// so that these tests need not wait for the 10 s and 30 s of a real installation.
import assert from 'node:assert/strict';
import test from 'node:test';
import {Client, rawHttp} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';

const {server} = await practice({args: ['--head-timeout', '2', '--body-timeout', '3', '--idle-timeout', '4']});
const host = `Host: localhost:${server.port}\r\n`;

function* endless(byte = 'a') {
    for (;;) yield byte;
}

test('a head that drips one byte at a time is cut at its deadline', async () => {
    const {closed, ms} = await rawHttp(server, `GET /healthz HTTP/1.1\r\n${host}X-Slow: `, {drip: endless(), limitMs: 8000});
    assert.ok(closed, 'still open');
    assert.ok(ms >= 1500 && ms < 5000, `after ${ms} ms`);
});

test('a connection that never says anything is cut', async () => {
    const {closed, ms} = await rawHttp(server, '', {limitMs: 8000});
    assert.ok(closed && ms < 6000, `after ${ms} ms`);
});

test('a body that drips is cut at its deadline', async () => {
    const head = `POST /api/v1/session HTTP/1.1\r\n${host}Content-Type: application/json\r\nX-Parlour: 1\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 5000\r\n\r\n{"a":"`;
    const {closed, ms, text} = await rawHttp(server, head, {drip: endless(), limitMs: 12_000});
    assert.ok(closed, 'still open');
    assert.ok(ms < 8000, `after ${ms} ms: ${text}`);
});

test('fifty who drip do not keep anybody else waiting', async () => {
    const drips = Array.from({length: 50}, () => rawHttp(server, `GET /healthz HTTP/1.1\r\n${host}X-Slow: `, {drip: endless(), limitMs: 8000}));
    const client = new Client(server);
    const begun = Date.now();
    for (let i = 0; i < 20; i++) assert.equal((await client.get('/healthz')).status, 200);
    assert.ok(Date.now() - begun < 2000);
    for (const drip of await Promise.all(drips)) assert.ok(drip.closed);
});

test('an idle connection is kept for a while and then closed', async () => {
    const {text, closed, ms} = await rawHttp(server, `GET /healthz HTTP/1.1\r\n${host}\r\n`, {limitMs: 10_000});
    assert.match(text, /^HTTP\/1\.1 200/);
    assert.ok(closed && ms >= 1000 && ms < 9000, `after ${ms} ms`);
});
