// Proxies in front: the clients they speak for, and the warning about a proxy that is not named as trusted.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import test, {after} from 'node:test';
import {Client, good} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';
import {startServer} from '../support/server.mjs';

const {server} = await practice();
const warnings = s => s.err.match(/http\.proxy_\w+ .*(?=\n)/g) ?? [];

/** Waits until this many warnings have arrived. */
async function warned(s, count) {
    while (warnings(s).length < count) await once(s.child.stderr, 'data');
    return warnings(s);
}

test('the log warns once, with the remedy, about a proxy that is not named as trusted', async () => {
    assert.deepEqual(warnings(server), []);
    for (let i = 0; i < 3; i++) good(await new Client(server, {from: '127.0.7.1', headers: {'X-Forwarded-For': `192.0.2.${i}`}}).get('/api/v1/public'));
    good(await new Client(server, {from: '127.0.7.2', headers: {Forwarded: 'for=192.0.2.1'}}).get('/api/v1/public'));
    const said = await warned(server, 2);
    assert.equal(said.length, 2, server.err);
    assert.match(said[0], /peer=127\.0\.7\.1 .*trusted-proxy/);
    assert.match(said[1], /peer=127\.0\.7\.2 /);
});

test('a network of proxies can be named, and each of its visitors has a budget of their own', async () => {
    const behind = await startServer({args: ['--trusted-proxy', '127.0.7.0/24']});
    after(() => behind.stop());
    const visitor = n => new Client(behind, {from: `127.0.7.${n}`, headers: {'X-Forwarded-For': `192.0.2.${n}`}});
    const guess = async n => (await visitor(n).post('/setup', {code: 'x', practice: 'P', name: 'N', email: 'a@b.c', password: 'correct horse battery staple'})).status;
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push(await guess(1));
    assert.deepEqual([statuses[0], statuses.at(-1), await guess(2)], [403, 429, 403]);
    assert.deepEqual(warnings(behind), []);
    good(await new Client(behind, {from: '127.0.7.9'}).get('/api/v1/public'));
    assert.match((await warned(behind, 1)).join(), /http\.proxy_silent peer=127\.0\.7\.9 .*X-Forwarded-For/);
});
