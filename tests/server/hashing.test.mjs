// Routes that hash passwords have a lane and limits of their own. tests/figures/hashing measures the cost of a siege to others.
import assert from 'node:assert/strict';
import test from 'node:test';
import {Client, good, PASSWORD, refused} from '../support/http.mjs';
import {startServer} from '../support/server.mjs';
import {pressOn} from '../support/siege.mjs';

test('changing one\'s own password too often has to wait', async () => {
    const strict = await startServer();
    try {
        const first = new Client(strict);
        good(await first.post('/setup', {code: strict.setupCode, practice: 'P', name: 'N', email: 'a@b.c', password: PASSWORD}));
        const body = {current: PASSWORD, password: 'passwordpassword'};
        for (let i = 0; i < 10; i++) refused(await first.put('/me/password', body), 422);
        const answer = await first.put('/me/password', body);
        refused(answer, 429, 'too_many_requests');
        assert.ok(Number(answer.headers['retry-after']) > 0);
    } finally {
        await strict.stop();
    }
});

test('a stop does not wait for requests that wait to hash', async () => {
    const other = await startServer({args: ['--rate-scale', '1000']});
    const press = pressOn(other, 100, (client, i) => client.post('/session', {email: `late${i}@example.org`, password: 'not the right password'}), i => `127.0.12.${i + 1}`);
    await press.answered(5);
    const begun = Date.now();
    const stopped = other.stop();
    await press.stop();
    await stopped;
    assert.ok(Date.now() - begun < 5000, `${Date.now() - begun} ms`);
});
