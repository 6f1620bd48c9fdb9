// The self test of devices and networks: credentials of the relay for everybody, short-lived and few; echoes before a join.
import assert from 'node:assert/strict';
import {createHmac} from 'node:crypto';
import test, {after} from 'node:test';
import {Client, good, newInvitation, newRoom, newUser, refused, setUp} from '../support/http.mjs';
import {waitingRoom} from '../support/scene.mjs';
import {startServer} from '../support/server.mjs';
import {Socket} from '../support/ws.mjs';

const SECRET = 'north-secret-of-the-selftest';
const URLS = ['turn:turn.example.org:3478?transport=udp', 'turns:turn.example.org:443?transport=tcp'];

async function practice(urls = URLS) {
    const server = await startServer({args: urls.flatMap(url => ['--turn-url', url]), env: urls.length ? {PARLOUR_TURN_SECRET: SECRET} : {}});
    after(() => server.stop());
    return {server, admin: await setUp(server)};
}

const ask = (client, body = {}) => client.post('/check/ice', body);

/** The name in a credential, which must be good for two minutes. */
function nameIn({ice_servers: [relay], ice_ttl_s: ttl}) {
    const [until, name] = relay.username.split(':');
    assert.deepEqual(relay.urls, URLS);
    assert.equal(ttl, 120);
    assert.ok(Math.abs(Number(until) - Date.now() / 1000 - 120) < 5, relay.username);
    assert.equal(relay.credential, createHmac('sha1', SECRET).update(relay.username).digest('base64'));
    return name;
}

test('a stranger gets credentials for two minutes, five times an hour, in a name that strangers share', async () => {
    const {server} = await practice();
    const stranger = new Client(server);
    const names = [];
    for (let i = 0; i < 5; i++) names.push(nameIn(good(await ask(stranger))));
    assert.equal(new Set(names).size, 1, 'coturn counts allocations by this name');
    assert.match(names[0], /^check-[0-7]$/);
    const sixth = await ask(stranger);
    refused(sixth, 429, 'too_many_requests');
    assert.ok(Number(sixth.headers['retry-after']) > 60);
});

test('strangers of all addresses together get thirty at once', async () => {
    const {server} = await practice();
    const answers = [];
    for (let i = 1; i <= 7; i++) for (let n = 0; n < 5; n++) answers.push((await ask(new Client(server, {from: `127.0.3.${i}`}))).status);
    assert.deepEqual([answers.filter(s => s === 200).length, answers.filter(s => s === 429).length], [30, 5]);
});

test('the holder of a link and a user are counted for themselves, in their own names', async () => {
    const {server, admin} = await practice();
    const owner = await newUser(admin);
    const invitation = await newInvitation(owner, await newRoom(owner));
    const stranger = new Client(server);
    for (let i = 0; i < 5; i++) good(await ask(stranger));
    refused(await ask(stranger), 429);
    for (let i = 0; i < 5; i++) assert.equal(nameIn(good(await ask(stranger, {code: invitation.code}))), invitation.id);
    refused(await ask(stranger, {code: invitation.code}), 429);
    assert.doesNotMatch(nameIn(good(await ask(owner))), /^check/);
    refused(await ask(new Client(server, {from: '127.0.3.9'}), {code: 'a'.repeat(26)}), 404, 'unknown_code');
});

test('a link that is over makes its holder a stranger', async () => {
    const {server, admin} = await practice();
    const owner = await newUser(admin);
    const invitation = await newInvitation(owner, await newRoom(owner));
    good(await owner.delete(`/invitations/${invitation.id}`));
    assert.match(nameIn(good(await ask(new Client(server), {code: invitation.code}))), /^check-/);
});

test('without a relay it is refused in words', async () => {
    const {server} = await practice([]);
    assert.match(refused(await ask(new Client(server)), 409, 'no_relay').detail, /relay/);
});

test('a socket without a seat gets twenty echoes, and must then join', async () => {
    const {server} = await practice([]);
    const socket = await new Socket({server, path: '/ws/@check'}).open();
    for (let n = 1; n <= 20; n++) {
        socket.send({type: 'echo', n});
        assert.deepEqual(await socket.next('echo'), {type: 'echo', n});
    }
    socket.send({type: 'echo', n: 21});
    assert.equal((await socket.next('error')).code, 'join_first');
    assert.equal((await socket.closed).code, 4401);
});

test('echoes keep no socket open: it ends five seconds after it was opened', async () => {
    const {server} = await practice([]);
    const socket = await new Socket({server, path: '/ws/@check'}).open();
    socket.send({type: 'echo', n: 1});
    assert.equal((await socket.closed).code, 4408);
});

test('what a waiting guest\'s check found reaches the host and the dashboard as a word, and nothing but a word', async () => {
    const {admin} = await practice([]);
    const owner = await newUser(admin);
    const {host, guest} = await waitingRoom(owner);
    guest.send({type: 'status', check: 'relay'});
    await host.next('participant', {event: 'changed', participant: {id: guest.id, status: {check: 'relay'}}});
    guest.send({type: 'status', check: 'Call 555!'});
    assert.equal((await guest.next('error')).code, 'invalid_field');
});

const ROWS = [{id: 'camera', kind: 'camera', state: 'bad', why: 'denied'}, {id: 'relay-0', kind: 'relay_udp', state: 'ok', why: 'ok', ms: 20, loss: 0}];

test('a report is kept under six digits, an admin reads it by them', async () => {
    const {server, admin} = await practice([]);
    const {code} = good(await new Client(server).post('/check/report', {rows: ROWS}), 201);
    assert.match(code, /^[0-9]{6}$/);
    const read = await admin.read(`/check/reports/${code}`);
    assert.deepEqual(read.rows, ROWS);
    assert.ok(Math.abs(Date.parse(read.at) - Date.now()) < 60_000);
    refused(await admin.get('/api/v1/check/reports/0000000'), 404, 'not_found');
    refused(await (await newUser(admin)).get(`/api/v1/check/reports/${code}`), 403);
});

test('a report holds words and numbers only, is short, and comes five times an hour', async () => {
    const {server} = await practice([]);
    const stranger = new Client(server);
    const report = rows => stranger.post('/check/report', {rows});
    for (const wrong of [{...ROWS[0], why: 'Ana Novak'}, {...ROWS[0], label: 'x'}, {...ROWS[0], ms: -1}, {id: 'x'}, 'x', null]) refused(await report([wrong]), 422);
    refused(await report(Array(25).fill(ROWS[0])), 422);
    for (let i = 0; i < 5; i++) good(await report(ROWS), 201);
    refused(await report(ROWS), 429, 'too_many_requests');
});
