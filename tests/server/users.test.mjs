// Accounts: the actions of an admin, and the data that never leaves the server.
import assert from 'node:assert/strict';
import test from 'node:test';
import {Client, codeOf, good, newUser, PASSWORD, refused, signIn} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';
import {parlour} from '../support/server.mjs';

const {server, admin} = await practice();

test('a new account gets a one-time link and no password', async () => {
    const answer = await admin.post('/users', {email: 'Dr.New@Example.org', name: 'Dr Néw', role: 'host'});
    const made = good(answer, 201);
    assert.equal(made.role ?? made.user?.role, 'host');
    assert.doesNotMatch(answer.text, /argon2|password_hash/);
    refused(await new Client(server).post('/session', {email: 'dr.new@example.org', password: PASSWORD}), 401);
});

test('two accounts cannot have the same address, whatever its case', async () => {
    assert.equal(refused(await admin.post('/users', {email: 'dr.new@example.ORG', name: 'Twin', role: 'host'}), 409).field, 'email');
});

test('wrong fields are named', async () => {
    const right = {email: 'x@example.org', name: 'X', role: 'host'};
    const cases = [
        [{email: 'no address'}, 'email'], [{email: ''}, 'email'], [{email: `${'a'.repeat(300)}@example.org`}, 'email'], [{name: ''}, 'name'],
        [{name: 'a'.repeat(65)}, 'name'], [{name: 'box\uE000'}, 'name'], [{name: 'bell\u0007'}, 'name'], [{role: 'king'}, 'role'], [{name: 7}, 'name'],
    ];
    for (const [wrong, field] of cases) assert.equal(refused(await admin.post('/users', {...right, ...wrong}), 422).field, field, JSON.stringify(wrong));
    refused(await admin.post('/users', '{"email":'), 400);
    refused(await admin.post('/users', '[]'), 400);
    refused(await admin.post('/users', `{"email":"a@example.org","email":"b@example.org","name":"X","role":"host"}`), 400);
});

test('names are kept in their composed form (NFC)', async () => {
    const made = good(await admin.post('/users', {email: 'nfc@example.org', name: 'Ame\u0301lie', role: 'desk'}));
    const {items} = await admin.read('/users');
    assert.equal(items.find(user => user.email === 'nfc@example.org').name, 'Am\u00e9lie', JSON.stringify(made));
});

test('a change with an etag succeeds only if it is the current one', async () => {
    const user = await newUser(admin, {name: 'Changing'});
    const seen = await admin.get(`/api/v1/users/${user.user.id}`);
    assert.equal(seen.headers.etag, good(seen).etag);
    const changed = await admin.patch(`/users/${user.user.id}`, {name: 'Changed'}, {'If-Match': seen.headers.etag});
    assert.notEqual(good(changed).etag, seen.headers.etag);
    refused(await admin.patch(`/users/${user.user.id}`, {name: 'Too late'}, {'If-Match': seen.headers.etag}), 412, 'changed');
    assert.equal((await admin.read(`/users/${user.user.id}`)).name, 'Changed');
});

test('a new role ends the sign-ins that had the old one', async () => {
    const user = await newUser(admin, {role: 'host'});
    good(await admin.patch(`/users/${user.user.id}`, {role: 'desk'}));
    refused(await user.get('/api/v1/session'), 401);
});

test('a deleted account is gone, its sign-ins too', async () => {
    const user = await newUser(admin, {email: 'gone@example.org'});
    good({...(await admin.delete(`/users/${user.user.id}`)), json: {}});
    refused(await user.get('/api/v1/session'), 401);
    refused(await admin.get(`/api/v1/users/${user.user.id}`), 404);
    refused(await new Client(server, {from: '127.0.0.4'}).post('/session', {email: 'gone@example.org', password: PASSWORD}), 401);
});

test('an account that was disabled and enabled again needs a new password link', async () => {
    const made = good(await admin.post('/users', {email: 'back@example.org', name: 'Back Again', role: 'host'}));
    const redeem = (link, password) => new Client(server, {from: '127.0.0.5'}).post('/password', {code: codeOf(link), password});
    for (const disabled of [true, false]) good(await admin.patch(`/users/${made.id}`, {disabled}));
    refused(await redeem(made.link, PASSWORD), 404, 'unknown_code');
    const shell = good(await admin.post(`/users/${made.id}/link`));
    assert.equal(parlour(['user', 'disable', 'back@example.org', '--data', server.data]).code, 0);
    good(await admin.patch(`/users/${made.id}`, {disabled: false}));
    refused(await redeem(shell.link, PASSWORD), 404, 'unknown_code');
    good({...(await redeem(good(await admin.post(`/users/${made.id}/link`)).link, PASSWORD)), json: {}});
    await signIn(server, 'back@example.org');
});

test('the last admin can be neither removed, disabled nor demoted', async () => {
    const me = `/users/${admin.user.id}`;
    refused(await admin.delete(me), 409);
    refused(await admin.patch(me, {disabled: true}), 409);
    refused(await admin.patch(me, {role: 'host'}), 409);
});

test('users may change their name and language, and nothing else of their account', async () => {
    const user = await newUser(admin, {role: 'desk', email: 'self@example.org'});
    good(await user.patch('/me', {name: 'My Own Name', language: 'ar'}));
    assert.equal((await user.read('/session')).user.name, 'My Own Name');
    refused(await user.patch('/me', {role: 'admin'}), 422);
    assert.equal((await signIn(server, 'self@example.org')).user.role, 'desk');
});

test('lists come in pages that neither skip nor repeat', async () => {
    for (let i = 0; i < 7; i++) good(await admin.post('/users', {email: `page${i}@example.org`, name: `Page ${i}`, role: 'desk'}));
    const all = (await admin.read('/users?limit=200')).items.map(user => user.id);
    const paged = [];
    let after = '';
    do {
        const page = await admin.read(`/users?limit=3${after && `&after=${encodeURIComponent(after)}`}`);
        assert.ok(page.items.length <= 3);
        paged.push(...page.items.map(user => user.id));
        after = page.next;
    } while (after);
    assert.deepEqual(paged, all);
    for (const limit of ['0', '201', 'x', '-1']) refused(await admin.get(`/api/v1/users?limit=${limit}`), 422);
});
