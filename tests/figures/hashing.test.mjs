// The cost to other users of a siege on the routes that hash passwords: figures of the release binary, taken alone on the machine.
import assert from 'node:assert/strict';
import test from 'node:test';
import {Client, good, newUser, PASSWORD} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';
import {percentile, pressOn} from '../support/siege.mjs';

const STRETCH_MS = 4000;
// No rate limit: the lane alone has to hold.
const {server, admin} = await practice({args: ['--rate-scale', '1000']});
const reader = await newUser(admin, {name: 'Rita Reader'});
const account = await newUser(admin, {email: 'account@example.org'});

/** The request that one connection repeats, by route. `change` keeps the password and costs two hashes while the password is right. */
const HASHING = {
    'sign-ins with a wrong password': (client, i) => client.post('/session', {email: `nobody${i}@example.org`, password: 'not the right password'}),
    'sign-ins with the right password': client => client.post('/session', {email: 'account@example.org', password: PASSWORD}),
    'password changes with a weak new one': () => account.put('/me/password', {current: PASSWORD, password: 'passwordpassword'}),
    'password changes that succeed': () => account.put('/me/password', {current: PASSWORD, password: PASSWORD}),
    'password links with a wrong code': client => client.post('/password', {code: 'nobodys', password: 'another fine sentence'}),
    'setups with a wrong code': client => client.post('/setup', {code: 'x', practice: 'P', name: 'N', email: 'a@b.c', password: PASSWORD}),
};

/** The duration of each GET /rooms of another user, for a while. */
async function read(ms) {
    const times = [];
    for (const end = Date.now() + ms; Date.now() < end; ) {
        const begun = performance.now();
        good(await reader.get('/api/v1/rooms'));
        times.push(performance.now() - begun);
        await new Promise(resolve => setTimeout(resolve, 5));
    }
    return times;
}

for (const connections of [8, 40])
    for (const [what, send] of Object.entries(HASHING))
        test(`${connections} connections of ${what} leave another user's GET /rooms within 100 ms`, async t => {
            const calm = percentile(await read(STRETCH_MS / 2), 0.99); // the machine's present speed without the siege
            const press = pressOn(server, connections, send);
            await press.answered(1);
            const times = await read(STRETCH_MS).finally(press.stop);
            const p99 = percentile(times, 0.99);
            t.diagnostic(`p50 ${percentile(times, 0.5).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms of ${times.length}, calm ${calm.toFixed(1)} ms; answers ${JSON.stringify(press.statuses)}`);
            assert.ok(p99 <= 100 + calm, `p99 ${p99.toFixed(1)} ms, ${calm.toFixed(1)} ms without them`);
        });

test('a flood of sign-ins from a hundred addresses lets one from another address in within three seconds', async t => {
    const press = pressOn(server, 100, (client, i) => client.post('/session', {email: `flood${i}@example.org`, password: 'not the right password'}), i => `127.0.10.${i + 1}`);
    const times = [];
    try {
        await press.answered(200);
        for (let i = 0; i < 20; i++) {
            const begun = performance.now();
            good(await new Client(server, {from: '127.0.11.1'}).post('/session', {email: 'account@example.org', password: PASSWORD}));
            times.push(performance.now() - begun);
        }
    } finally {
        await press.stop();
    }
    t.diagnostic(`p50 ${percentile(times, 0.5).toFixed(0)} ms, p95 ${percentile(times, 0.95).toFixed(0)} ms; answers ${JSON.stringify(press.statuses)}`);
    assert.ok(percentile(times, 0.95) <= 3000, `p95 ${percentile(times, 0.95)} ms`);
});
