// The same-origin rule for changing requests: every combination of the headers a browser may send.
import assert from 'node:assert/strict';
import test from 'node:test';
import {Client, refused} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';
import {Socket} from '../support/ws.mjs';

const {server, admin} = await practice();
const home = server.origin;
const port = server.port;

/** Sec-Fetch-Site, Origin, and whether it may change something; undefined: the header is not sent. */
const MATRIX = [
    ['same-origin', home, true],
    ['same-origin', undefined, true],
    ['same-origin', 'https://evil.example', false],
    ['same-site', home, false],
    ['cross-site', home, false],
    ['cross-site', 'https://evil.example', false],
    ['none', home, false],
    [undefined, home, true],
    [undefined, `http://127.0.0.1:${port}`, true],
    [undefined, `http://[::1]:${port}`, true],
    [undefined, `https://localhost:${port}`, false],
    [undefined, `http://localhost:${port + 1}`, false],
    [undefined, `http://localhost:${port}.evil.example`, false],
    [undefined, `http://localhost.evil.example:${port}`, false],
    [undefined, `http://evil.example`, false],
    [undefined, `http://localhost`, false],
    [undefined, 'null', false],
    [undefined, '', false],
    [undefined, undefined, false],
];

for (const [site, origin, allowed] of MATRIX)
    for (const method of ['POST', 'PATCH', 'DELETE'])
        test(`${method} with Sec-Fetch-Site ${site} and Origin ${origin} ${allowed ? 'is let through' : 'is refused'}`, async () => {
            const path = {POST: '/api/v1/rooms', PATCH: '/api/v1/rooms/none', DELETE: '/api/v1/rooms/none'}[method];
            const answer = await admin.request(method, path, {}, {'Sec-Fetch-Site': site, Origin: origin});
            if (allowed) assert.ok([404, 422].includes(answer.status), `${answer.status} ${answer.text}`);
            else refused(answer, 403);
        });

test('the refusal of a wrong origin names both addresses', async () => {
    const answer = await admin.post('/rooms', {}, {'Sec-Fetch-Site': undefined, Origin: 'https://other.example'});
    const problem = refused(answer, 403, 'origin_mismatch');
    assert.ok(problem.detail.includes('https://other.example') && problem.detail.includes(home), problem.detail);
});

test('signing in is guarded as well: another site cannot sign a visitor in', async () => {
    const visitor = new Client(server);
    refused(await visitor.post('/session', {email: 'owner@example.org', password: 'x'}, {Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site'}), 403);
});

test('no page of another origin may read or frame an answer', async () => {
    for (const path of ['/', '/signin', '/api/v1/public']) {
        const answer = await admin.get(path, {Origin: 'https://evil.example'});
        assert.equal(answer.headers['access-control-allow-origin'], undefined);
        assert.match(answer.headers['content-security-policy'], /frame-ancestors 'none'|sandbox/);
        assert.equal(answer.headers['cross-origin-opener-policy'], 'same-origin');
        assert.equal(answer.headers['cross-origin-resource-policy'], 'same-origin');
    }
});

test('a socket with a foreign Origin is refused before it opens, one without is let through to its join', async () => {
    for (const origin of ['https://evil.example', 'null', `https://localhost:${port}`]) {
        const socket = new Socket({server, path: '/ws/some-room', origin});
        await assert.rejects(socket.open(), /403/);
    }
    const program = new Socket({server, path: '/ws/some-room', origin: null});
    await program.open();
    program.send({type: 'join', token: 'not.a.token'});
    await program.over(4401);
});
