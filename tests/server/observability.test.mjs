// Health, metrics and logs for operators, and the data that must never appear in them.
import assert from 'node:assert/strict';
import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import test, {after} from 'node:test';
import {isDeepStrictEqual} from 'node:util';
import {Client, good, newInvitation, newRoom, PASSWORD, refused, setUp} from '../support/http.mjs';
import {call, deskOf, guestAt} from '../support/scene.mjs';
import {freePort, startServer} from '../support/server.mjs';

const metricsPort = await freePort();
const server = await startServer({args: ['--log-level', 'debug', '--log-format', 'json', '--metrics-listen', `127.0.0.1:${metricsPort}`]});
after(() => server.stop());
const setupCode = server.setupCode;
const admin = await setUp(server, {name: 'Canaria Kanarienvogel', email: 'canary.mail@example.org', practice: 'Kanarienklinik'});
const metrics = async () => (await new Client({...server, host: '127.0.0.1', port: metricsPort}).get('/metrics')).text;
const figure = (text, name) => Number(text.match(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, 'm'))?.[1]);

test('healthz and readyz answer, and neither is cached', async () => {
    for (const path of ['/healthz', '/readyz']) {
        const answer = await admin.get(path);
        assert.equal(answer.status, 200);
        assert.match(answer.headers['cache-control'], /no-store/);
    }
});

test('metrics are OpenMetrics, on their own address, and not on the public one', async () => {
    const answer = await new Client({...server, host: '127.0.0.1', port: metricsPort}).get('/metrics');
    assert.equal(answer.status, 200);
    assert.match(answer.headers['content-type'], /openmetrics-text|text\/plain/);
    assert.match(answer.text, /# EOF\n$/);
    assert.ok(answer.text.split('\n').every(line => line === '' || /^# (HELP|TYPE|UNIT|EOF)/.test(line) || /^parlour_[a-z0-9_]+(\{[^}]*\})? -?[0-9.e+-]+$/.test(line) || /^process_/.test(line)), answer.text.slice(0, 1500));
    const open = await new Client(server).get('/metrics');
    assert.ok([401, 404].includes(open.status), String(open.status));
});

/** Waits until each count has grown by this many; a socket is counted until the server has seen its end. */
async function moreThan(before, wanted) {
    const deadline = Date.now() + 5000;
    for (;;) {
        const now = await metrics();
        const more = Object.fromEntries(Object.keys(wanted).map(name => [name, figure(now, `parlour_${name}`) - figure(before, `parlour_${name}`)]));
        if (isDeepStrictEqual(more, wanted)) return;
        if (Date.now() > deadline) assert.deepEqual(more, wanted);
    }
}

test('people inside and waiting are counted', async () => {
    const before = await metrics();
    const {host, guest, room} = await call(admin);
    const waiting = await guestAt(room, await newInvitation(admin, room), {server});
    await moreThan(before, {sockets: 3, rooms: 1, seats_inside: 2, seats_waiting: 1});
    waiting.cut();
    await host.next('participant', {event: 'away', participant: {id: waiting.id}});
    await moreThan(before, {sockets: 2, rooms: 1, seats_inside: 2, seats_waiting: 1}); // a person who is away for a moment has a seat
    host.send({type: 'return', participant: guest.id});
    await guest.next('state', {state: 'waiting'});
    await moreThan(before, {sockets: 2, rooms: 1, seats_inside: 1, seats_waiting: 2});
    host.send({type: 'deny', participant: waiting.id});
    await host.next('participant', {event: 'left', participant: {id: waiting.id}});
    guest.send({type: 'leave'});
    await guest.over(1000);
    host.send({type: 'leave'});
    await host.over(1000);
    await moreThan(before, {sockets: 0, rooms: 0, seats_inside: 0, seats_waiting: 0});
});

test('a log line is one JSON object with time, level and event', async () => {
    const lines = server.err.trim().split('\n').filter(line => line.startsWith('{'));
    assert.ok(lines.length > 5, server.err.slice(0, 1000));
    for (const line of lines) {
        const entry = JSON.parse(line);
        assert.ok(entry.level && (entry.event || entry.msg) && (entry.time || entry.ts), line);
    }
});

test('no name, address, code, token, text or cookie ever stands in the log or in the metrics', async () => {
    const room = await newRoom(admin, {name: 'Kanarienzimmer', pin: '918273'});
    const invitation = await newInvitation(admin, room, {guest_name: 'Kanariengast', email: 'guest.canary@example.org'});
    const guest = new Client(server);
    refused(await guest.post(`/rooms/${room.id}/join`, {invitation: invitation.code, name: 'Kanarienname', pin: '111222'}), 403);
    const joined = good(await guest.post(`/rooms/${room.id}/join`, {invitation: invitation.code, name: 'Kanarienname', pin: '918273'}));
    refused(await guest.post('/session', {email: 'canary.mail@example.org', password: 'kanarienpasswort!!'}), 401);
    await guest.get(`/j/${invitation.code}`);
    await guest.get(`/j/?c=${invitation.code}`);
    await guest.get(`/api/v1/nothing/${invitation.code}`);
    await guest.get('/healthz', {Referer: `${server.origin}/j/#${invitation.code}`, 'User-Agent': 'Kanarienbrowser'});
    const scene = await call(admin, {name: 'Kanarienbesuch'});
    scene.guest.send({type: 'chat', text: 'Kanariengespräch'});
    scene.guest.send({type: 'signal', to: scene.host.id, data: {pc: 'main', description: {type: 'offer', sdp: 'v=0 kanariensdp'}}});
    scene.guest.send({type: 'nonsense-kanarientyp', text: 'x'});
    scene.guest.send('{"type":"chat","text":"kanarienrest"');
    await scene.host.next('chat');
    await scene.host.next('signal');
    const desk = await deskOf(admin);
    await desk.settled().catch(() => {});
    const secrets = [
        setupCode, 'Canaria', 'Kanarien', 'kanarien', 'canary', invitation.code, joined.token, joined.token.split('.')[2], scene.guest.ticket, PASSWORD, '918273', '111222',
        ...guest.cookies.values(), ...admin.cookies.values(), scene.guest.joined.token,
    ];
    const inMetrics = await metrics();
    for (const secret of secrets) {
        assert.ok(!server.err.includes(secret), `the log holds ${secret}: ${server.err.split('\n').find(line => line.includes(secret))}`);
        assert.ok(!inMetrics.includes(secret), `the metrics hold ${secret}`);
    }
    assert.ok(!server.out.replace(/^setup: .*$/gm, '').includes(setupCode));
});

test('no secret lies in the data folder as plain text: passwords, sign-ins, tickets and codes are hashes', async () => {
    const scene = await call(admin);
    const bytes = readdirSync(server.data).filter(name => /\.db(-wal)?$/.test(name)).map(name => readFileSync(join(server.data, name), 'latin1')).join('');
    assert.ok(bytes.includes('Kanarienklinik'), 'the right files were read');
    for (const secret of [PASSWORD, scene.invitation.code, scene.guest.ticket, scene.guest.joined.token, ...admin.cookies.values(), ...scene.guest.client.cookies.values()])
        assert.ok(!bytes.includes(secret), `${secret} is stored`);
});
