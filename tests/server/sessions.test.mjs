// Signing in and out, passwords, and the ends of a sign-in.
import assert from 'node:assert/strict';
import test from 'node:test';
import {Client, codeOf, good, newUser, PASSWORD, refused, signIn} from '../support/http.mjs';
import {deskOf, practice} from '../support/scene.mjs';

const {server, admin} = await practice();
const host = await newUser(admin, {email: 'host@example.org', name: 'Hana Host'});

test('a sign-in cookie is HttpOnly, SameSite=Lax and long', async () => {
    const client = new Client(server);
    const answer = await client.post('/session', {email: 'host@example.org', password: PASSWORD});
    const cookie = answer.headers['set-cookie'].find(line => line.startsWith('sid='));
    assert.match(cookie, /^sid=[A-Za-z0-9_-]{43}; /);
    for (const attribute of [/; HttpOnly/i, /; SameSite=Lax/i, /; Path=\/(;|$)/i]) assert.match(cookie, attribute);
    assert.doesNotMatch(cookie, /Secure/i, 'http on localhost has no Secure cookies');
    assert.equal(good(answer).mfa_due, false);
});

test('an unknown address and a wrong password get the same answer', async () => {
    const client = new Client(server, {from: '127.0.0.2'});
    const unknown = await client.post('/session', {email: 'nobody@example.org', password: PASSWORD});
    const wrong = await client.post('/session', {email: 'host@example.org', password: `${PASSWORD}!`});
    const a = refused(unknown, 401);
    const b = refused(wrong, 401);
    assert.deepEqual({...a, request_id: ''}, {...b, request_id: ''});
});

test('who am I answers the user without secrets', async () => {
    const answer = await host.read('/session');
    assert.equal(answer.user.email, 'host@example.org');
    assert.doesNotMatch(JSON.stringify(answer), /argon2|hash|\$7\$/);
    refused(await new Client(server).get('/api/v1/session'), 401);
});

test('the answers of the API are never cached', async () => {
    const answer = await host.get('/api/v1/session');
    assert.match(answer.headers['cache-control'], /no-store/);
    assert.match(answer.headers['content-security-policy'], /default-src 'none'/);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.equal(answer.headers['referrer-policy'], 'no-referrer');
});

test('signing out ends the session on the server, not only the cookie', async () => {
    const client = await signIn(server, 'host@example.org');
    const cookies = new Map(client.cookies);
    assert.ok((await client.delete('/session')).status < 300);
    assert.equal(client.cookies.has('sid'), false);
    client.cookies = cookies;
    refused(await client.get('/api/v1/session'), 401);
});

test('a person whose sign-in has ended, and whose browser still sends its cookie, is signed in after the first password', async () => {
    const client = await signIn(server, 'host@example.org');
    const old = client.cookieHeader();
    good(await client.delete('/session'));
    const answer = await client.post('/session', {email: 'host@example.org', password: PASSWORD}, {Cookie: old});
    assert.equal(answer.headers['set-cookie'].filter(line => line.startsWith('sid=')).length, 1);
    good(await client.get('/api/v1/session'));
});

test('users see their sign-ins and can end one from elsewhere', async () => {
    const laptop = await signIn(server, 'host@example.org');
    const {items} = await host.read('/sessions');
    const current = await laptop.read('/sessions');
    const other = current.items.find(item => item.current);
    assert.ok(items.length >= 2 && other, 'the list says which one is this one');
    good({...(await host.delete(`/sessions/${other.id}`)), json: {}});
    refused(await laptop.get('/api/v1/session'), 401);
});

test('another person\'s sign-in cannot be ended', async () => {
    const [theirs] = (await admin.read('/sessions')).items;
    refused(await host.delete(`/sessions/${theirs.id}`), 404);
});

test('a new password ends the other sign-ins and the old password', async () => {
    const user = await newUser(admin, {email: 'changer@example.org'});
    const elsewhere = await signIn(server, 'changer@example.org');
    const next = 'another fine passphrase';
    refused(await user.put('/me/password', {current: 'not the right password', password: next}), 403);
    good({...(await user.put('/me/password', {current: PASSWORD, password: next})), json: {}});
    refused(await elsewhere.get('/api/v1/session'), 401);
    assert.equal((await user.get('/api/v1/session')).status, 200, 'the one who changed it stays signed in');
    refused(await new Client(server).post('/session', {email: 'changer@example.org', password: PASSWORD}), 401);
    await signIn(server, 'changer@example.org', next);
});

test('passwords are 15 to 128 characters and not known ones', async () => {
    for (const [password, why] of [['14 characters.', 'short'], ['x'.repeat(129), 'long'], ['passwordpassword', 'known']]) {
        const answer = await host.put('/me/password', {current: PASSWORD, password});
        assert.equal(refused(answer, 422).field, 'password', why);
    }
});

test('a password link works once', async () => {
    const {items} = await admin.read('/users');
    const {id} = items.find(user => user.email === 'host@example.org');
    const made = good(await admin.post(`/users/${id}/link`));
    const code = codeOf(made.link ?? made.url);
    const next = 'a third long passphrase';
    good({...(await new Client(server).post('/password', {code, password: next})), json: {}});
    refused(await new Client(server).post('/password', {code, password: next}), 404);
    await signIn(server, 'host@example.org', next);
});

test('a disabled user is signed out everywhere, sockets included, within a second', async () => {
    const user = await newUser(admin, {email: 'leaver@example.org', role: 'desk'});
    const desk = await deskOf(user);
    const begun = Date.now();
    good(await admin.patch(`/users/${user.user.id}`, {disabled: true}));
    await desk.over(4401);
    assert.ok(Date.now() - begun < 2000);
    refused(await user.get('/api/v1/session'), 401);
    refused(await new Client(server, {from: '127.0.0.3'}).post('/session', {email: 'leaver@example.org', password: PASSWORD}), 401);
});

test('signing out closes the sockets of that sign-in', async () => {
    const user = await newUser(admin, {email: 'closer@example.org', role: 'desk'});
    const desk = await deskOf(user);
    await user.delete('/session');
    await desk.over(4401);
});

const TARGET = {email: 'target@example.org', password: PASSWORD};

test('after ten wrong passwords the account makes the eleventh wait, the right one from there too', async () => {
    await newUser(admin, TARGET);
    const guesser = new Client(server, {from: '127.0.1.1'});
    const answers = [];
    for (let i = 0; i < 11; i++) answers.push(await guesser.post('/session', {...TARGET, password: `wrong password number ${i}`}));
    assert.deepEqual(answers.slice(0, 10).map(a => a.status), Array(10).fill(401));
    refused(answers.at(-1), 429, 'too_many_attempts');
    assert.ok(Number(answers.at(-1).headers['retry-after']) >= 1);
    refused(await guesser.post('/session', TARGET), 429, 'too_many_attempts');
});

test('a wrong password from one address does not keep the owner out at another, nor at a device that signed in before', async () => {
    const device = await signIn(server, TARGET.email, PASSWORD, {from: '127.0.1.2'});
    const cookie = device.cookies.get('device');
    assert.match(cookie, /^[A-Za-z0-9_-]{43}$/);
    await device.delete('/session');
    assert.equal(device.cookies.get('device'), cookie, 'signing out does not make it a strange device');
    let answer;
    do answer = await new Client(server, {from: '127.0.1.3'}).post('/session', {...TARGET, password: 'not the right password'});
    while (answer.status === 401);
    refused(answer, 429);
    device.from = '127.0.1.3'; // the attacker's address, as in one practice
    device.agent.destroy();
    good(await device.post('/session', TARGET));
    await signIn(server, TARGET.email, PASSWORD, {from: '127.0.1.4'});
});

test('the cookie of a device is HttpOnly, SameSite=Lax and opens nothing by itself', async () => {
    const client = new Client(server);
    const answer = await client.post('/session', TARGET);
    const line = answer.headers['set-cookie'].find(cookie => cookie.startsWith('device='));
    for (const attribute of [/; HttpOnly/i, /; SameSite=Lax/i, /; Path=\/(;|$)/i, /; Max-Age=15552000/]) assert.match(line, attribute);
    client.cookies.delete('sid');
    refused(await client.get('/api/v1/session'), 401);
});

test('an address that fails too often is throttled for every account', async () => {
    // All at once: on a busy machine hashes one after the other take so long that the limit refills meanwhile.
    const tries = Array.from({length: 60}, (_, i) =>
        new Client(server, {from: '127.0.2.1'}).post('/session', {email: `guess${i}@example.org`, password: 'wrong password again'}),
    );
    const statuses = (await Promise.all(tries)).map(answer => answer.status);
    assert.ok(statuses.includes(429), String(statuses));
    assert.ok(statuses.filter(s => s === 401).length >= 15, String(statuses));
});
