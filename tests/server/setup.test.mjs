// The first start: one code, one first admin, once.
import assert from 'node:assert/strict';
import {existsSync, statSync} from 'node:fs';
import {join} from 'node:path';
import test, {after} from 'node:test';
import {Client, good, PASSWORD, refused} from '../support/http.mjs';
import {startServer} from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const anyone = new Client(server);
const first = {practice: 'Hill Clinic', name: 'Olga Owner', email: 'owner@example.org', password: PASSWORD};

test('a new installation prints its setup address and keeps the code readable by its owner only', async () => {
    await server.says(/^setup: .*\n/m);
    assert.equal(server.out.match(/^setup: (\S+)$/m)[1], `${server.origin}/setup#${server.setupCode}`);
    assert.match(server.out, /Links name this machine and work on no other, also not on a phone\. Start it with --public-url/);
    assert.ok(server.setupCode.length >= 26, 'at least 128 bits of base32');
    assert.equal(statSync(join(server.data, 'setup-code')).mode & 0o777, 0o600);
    assert.equal(statSync(join(server.data, 'master.key')).mode & 0o777, 0o600);
});

test('before the setup the public page says that the practice is not set up', async () => {
    const about = await anyone.read('/public');
    assert.equal(about.setup_due ?? !about.set_up, true);
});

test('a wrong setup code, a weak password or a missing name creates no account', async () => {
    refused(await anyone.post('/setup', {...first, code: 'A'.repeat(26)}), 403);
    assert.equal(refused(await anyone.post('/setup', {...first, code: server.setupCode, password: 'short'}), 422).field, 'password');
    assert.equal(refused(await anyone.post('/setup', {...first, code: server.setupCode, name: undefined}), 422).field, 'name');
    assert.equal((await anyone.get('/api/v1/session')).status, 401);
});

test('the code makes the first admin, who is signed in, and is gone', async () => {
    const code = server.setupCode;
    const {user} = good(await anyone.post('/setup', {...first, code}));
    assert.equal(user.role, 'admin');
    assert.equal((await anyone.read('/session')).user.email, first.email);
    assert.equal(existsSync(join(server.data, 'setup-code')), false);
    refused(await new Client(server, {from: '127.0.0.9'}).post('/setup', {...first, code, email: 'second@example.org'}), 409);
});

test('the practice has the name it was given', async () => {
    assert.equal((await new Client(server).read('/public')).practice, 'Hill Clinic');
});

test('a second start prints no setup address', async () => {
    await server.stop();
    server.out = '';
    await server.restart();
    assert.doesNotMatch(server.out, /setup:/);
});

test('codes cannot be guessed: six tries a minute are too many', async () => {
    const other = await startServer();
    try {
        const guesser = new Client(other);
        let answer;
        for (let i = 0; i < 6; i++) answer = await guesser.post('/setup', {...first, code: String(i).repeat(26)});
        refused(answer, 429);
        assert.ok(Number(answer.headers['retry-after']) > 0);
        good(await guesser.post('/setup', {...first, code: other.setupCode}), 201); // guessing does not lock the owner out
    } finally {
        await other.stop();
    }
});
