// After a scripted day each figure of /metrics is exactly the day's count; a new figure without an expectation fails.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {connect} from 'node:net';
import test, {after} from 'node:test';
import {Client, newInvitation, newRoom, refused, setUp, signIn} from '../support/http.mjs';
import {admit, deskOf, guestAt, hostIn} from '../support/scene.mjs';
import {freePort, startServer} from '../support/server.mjs';
import {Socket} from '../support/ws.mjs';

/** The messages that the test itself has seen on the wire. */
const seen = {http: 0, api: 0, class: {2: 0, 3: 0, 4: 0, 5: 0}, in: 0, out: 0, errors: 0, upgrades: 0};
const {answer} = Client.prototype;
Client.prototype.answer = function (method, path, response, bytes) {
    seen.http++;
    if (path.startsWith('/api/')) seen.api++;
    seen.class[Math.floor(response.statusCode / 100)]++;
    return answer.call(this, method, path, response, bytes);
};
const {send, receive, open} = Socket.prototype;
Socket.prototype.send = function (...args) {
    seen.in++;
    return send.apply(this, args);
};
Socket.prototype.receive = function (data, binary) {
    seen.out++;
    if (JSON.parse(String(data)).type === 'error') seen.errors++;
    return receive.call(this, data, binary);
};
Socket.prototype.open = async function () {
    await open.call(this);
    seen.upgrades++;
    return this;
};

const metricsPort = await freePort();
const server = await startServer({args: ['--metrics-listen', `127.0.0.1:${metricsPort}`]});
after(() => server.stop());
const operator = new Client({...server, host: '127.0.0.1', port: metricsPort});

/** name -> value, without buckets. The request itself is counted before it is answered or after; `seen` counts it after. */
async function figures() {
    const {text} = await operator.get('/metrics');
    const all = new Map();
    for (const [, name, value] of text.matchAll(/^parlour_(\w+?)(?:_total)? (\S+)$/gm)) if (!name.endsWith('_bucket')) all.set(name, Number(value));
    return all;
}

const within = (least, most) => value => value >= least && value <= most;

test('after a scripted day each counter and gauge shows exactly what has happened', async () => {
    const before = await figures();
    Object.assign(seen, {http: 1, api: 0, class: {2: 1, 3: 0, 4: 0, 5: 0}}); // the request for `before` is not in it yet

    // The morning: the practice is set up; a person signs in, mistypes, and opens the dashboard.
    const admin = await setUp(server, {email: 'owner@example.org'});
    await signIn(server, 'owner@example.org');
    refused(await new Client(server).post('/session', {email: 'owner@example.org', password: 'not this password at all'}), 401);
    assert.equal((await admin.get('/api/v1/nothing')).status, 404);
    assert.equal((await admin.get('/')).status, 200);
    assert.equal((await admin.get('/readyz')).status, 200);
    const desk = await deskOf(admin);

    // A visit: two guests wait, one is let in, host and guest speak, one guest is left waiting; and one message is nonsense.
    const room = await newRoom(admin);
    const host = await hostIn(admin, room);
    const guest = await guestAt(room, await newInvitation(admin, room), {server});
    const waiting = await guestAt(room, await newInvitation(admin, room), {server, name: 'Second Guest'});
    await host.next('participant', {event: 'waiting', participant: {id: waiting.id}});
    await admit(host, guest);
    for (let i = 0; i < 3; i++) {
        host.send({type: 'signal', to: guest.id, data: {pc: 'main', candidate: null}});
        await guest.next('signal');
    }
    guest.send({type: 'chat', text: 'hello'});
    await host.next('chat');
    host.send({type: 'nothing-of-this-name'});
    await host.next('error');

    // One client sends a request with two meanings, and another half a request.
    const doubtful = connect({host: server.host, port: server.port});
    doubtful.write(`GET / HTTP/1.1\r\nHost: localhost:${server.port}\r\nHost: other\r\n\r\n`);
    doubtful.resume();
    await once(doubtful, 'close');
    const half = connect({host: server.host, port: server.port});
    half.write('GET / HTTP/1.1\r\nHo');
    half.resume();
    await once(half, 'close'); // at its deadline

    const unjoined = new Socket({server, path: `/ws/${room.id}`});
    await unjoined.open();
    for (const socket of [host, guest, waiting]) await socket.settled();
    const now = await figures();

    const requests = seen.http - 1 + 1 + seen.upgrades; // without the last one, with the ambiguous one
    const expected = {
        http_requests: requests,
        http_refused: 1,
        http_refused_framing: 1,
        http_refused_crowd: 0,
        http_deadline_closed: 1,
        http_connections: within(1, 60),
        http_status_2xx: seen.class[2] - 1,
        http_status_3xx: 0,
        http_status_4xx: seen.class[4] + 1,
        http_status_5xx: 0,
        http_seconds_count: seen.api - 1, // /nothing has no route
        http_seconds_sum: within(0, 60),
        sign_in: 1,
        sign_in_failed: 1,
        password_hashes: 3, // set up, signed in, refused
        joins: 3,
        admits: 1,
        upgrades: seen.upgrades,
        sockets: 5,
        sockets_unjoined: 1,
        desks: 1,
        rooms: 1,
        seats_inside: 2,
        seats_waiting: 1,
        queued_bytes: 0,
        kept_bytes: 0, // nobody is away
        messages_in: seen.in,
        messages_out: seen.out,
        relayed: 3,
        refused: seen.errors,
        slow_closed: 0,
        store_commits: value => value === now.get('commit_seconds_count') - before.get('commit_seconds_count'),
        commit_seconds_count: within(10, 60),
        commit_seconds_sum: within(0, 60),
        store_failed: 0,
        store_queue: 0,
        store_damaged: 0,
        store_checks: 0, // the check at the start came before
        store_checks_failed: 0,
        store_whole_timestamp_seconds: 0,
        clock_ahead_seconds: 0,
        ready: 0,
        sandboxed: 0,
        resident_bytes: () => now.get('resident_bytes') > 1e6,
    };
    const unexpected = [...now.keys()].filter(name => !(name in expected));
    assert.deepEqual(unexpected, [], 'a figure without an expectation here');
    const wrong = Object.entries(expected).filter(([name, wanted]) => {
        const value = now.get(name) - before.get(name);
        return typeof wanted === 'function' ? !wanted(value) : value !== wanted;
    });
    assert.deepEqual(wrong.map(([name, wanted]) => `${name}: ${now.get(name) - before.get(name)}, not ${wanted}`), []);
    assert.equal(now.get('ready'), 1);

    // The evening: everybody goes, and the gauges with them.
    for (const socket of [desk, unjoined]) await socket.close();
    for (const seat of [guest, waiting, host]) {
        seat.send({type: 'leave'});
        await seat.over(1000);
    }
    const deadline = Date.now() + 5000;
    const gauges = ['sockets', 'sockets_unjoined', 'desks', 'rooms', 'seats_inside', 'seats_waiting', 'queued_bytes'];
    for (;;) {
        const late = await figures();
        const left = gauges.filter(name => late.get(name) !== 0);
        if (left.length === 0) break;
        assert.ok(Date.now() < deadline, `still there: ${left}`);
    }
});
