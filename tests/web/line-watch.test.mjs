// The watch over a socket: a quiet connection is asked, and the return of a lost server is felt out.
import assert from 'node:assert/strict';
import test from 'node:test';
import {LineWatch} from '../../web/js/core/line_watch.js';
import {parseServer} from '../../web/js/core/protocol.js';
import {ReconnectingSocket} from '../../web/js/core/reconnecting_socket.js';
import {FakeClock, FakeSocket, welcome} from './fakes.mjs';

/** A page that is connected, with its watch. */
function joined({random = () => 0.5, reach = async () => false, quiet = () => true} = {}) {
    const clock = new FakeClock();
    const sockets = [];
    const open = path => {
        sockets.push(new FakeSocket(path));
        return sockets.at(-1);
    };
    const line = new ReconnectingSocket({clock, random, open}, parseServer);
    const watch = new LineWatch(line, {reach, quiet});
    Object.assign(line, {path: '/ws/r', token: 'token'});
    line.dial();
    sockets[0].open();
    sockets[0].say(welcome());
    return {clock, sockets, line, watch};
}

/** Time passes, and answers of the network are taken in between. */
async function pass(clock, ms) {
    for (let gone = 0; gone < ms; gone += 10) {
        clock.advance(10);
        for (let i = 0; i < 4; i++) await null;
    }
}

/** A page whose server is away for a while; `serves` and `takes` say what it does: questions, sockets. */
async function lostServer(random) {
    const server = {serves: false, takes: false, asked: []};
    const t = joined({
        random,
        reach: async () => {
            server.asked.push(t.clock.now());
            return server.serves;
        },
    });
    const {open} = t.line.deps;
    t.line.deps.open = path => {
        const socket = open(path);
        queueMicrotask(() => {
            if (!server.takes) return socket.onclose?.({code: 1006});
            socket.open();
            socket.say(welcome({resumed: true}));
        });
        return socket;
    };
    t.sockets[0].drop();
    return {...t, server};
}

test('a page is back within two seconds of the return of a server that was away for a minute, whatever the dice say', async () => {
    let dice = 1;
    const random = () => (dice = (dice * 16807) % 2147483647) / 2147483647;
    const seconds = [];
    for (let page = 0; page < 60; page++) {
        const t = await lostServer(random);
        await pass(t.clock, 58_000 + 40 * page);
        Object.assign(t.server, {serves: true, takes: true});
        const returned = t.clock.now();
        while (t.line.state !== 'open') await pass(t.clock, 10);
        seconds.push((t.clock.now() - returned) / 1000);
        t.line.drop();
    }
    assert.ok(Math.max(...seconds) <= 1.6, `${seconds}`);
    const firstHalf = seconds.filter(s => s < 0.75).length;
    assert.ok(firstHalf > 15 && firstHalf < 55, `not all at once: ${firstHalf} of 60 in the first half`);
});

test('while nobody answers hardly a socket is tried, since browsers let the next one wait the longer the more have failed', async () => {
    const t = await lostServer(() => 0.5);
    await pass(t.clock, 60_000);
    assert.ok(t.sockets.length <= 5, `${t.sockets.length} in a minute`);
    Object.assign(t.server, {serves: true, takes: true});
    await pass(t.clock, 1_500);
    assert.equal(t.line.state, 'open');
});

test('a server that is away is asked about once a second, and after five minutes eight times less', async () => {
    const t = await lostServer(() => 0.5);
    await pass(t.clock, 60_000);
    const early = t.server.asked.length;
    assert.ok(early >= 40 && early <= 60, `${early} in the first minute`);
    await pass(t.clock, 300_000);
    const before = t.server.asked.length;
    await pass(t.clock, 60_000);
    assert.ok(t.server.asked.length - before <= 8, `${t.server.asked.length - before} in the seventh minute`);
    t.line.drop();
    assert.equal(t.clock.timers.size, 0);
    const {length} = t.server.asked;
    await pass(t.clock, 20_000);
    assert.equal(t.server.asked.length, length);
});

test('a server that answers and takes no sockets is not stormed: the pauses grow as ever', async () => {
    const t = await lostServer(() => 1);
    t.server.serves = true;
    await pass(t.clock, 120_000);
    assert.ok(t.sockets.length <= 20, `${t.sockets.length} tries in two minutes`);
});

test('a pause that the server asked for is kept, also when it was away meanwhile', async () => {
    const asked = [];
    const t = joined({reach: async () => asked.push(0) > 2});
    t.sockets[0].say({type: 'bye', reason: 'restarting', retry_ms: 6_000});
    t.sockets[0].drop(1012);
    await pass(t.clock, 5_900);
    assert.equal(t.sockets.length, 1);
});

/** A page with a quiet connection, at which somebody looks. */
function quiet(quiet = () => true) {
    const t = joined({quiet});
    t.links = [];
    t.line.on('link', ({state}) => t.links.push({state, at: t.clock.now(), lostAt: t.line.lostAt}));
    t.pings = () => t.sockets[0].sent.filter(m => m.type === 'ping').length;
    return t;
}

test('a quiet connection is asked every two seconds, and goes on while it answers', () => {
    const t = quiet();
    for (let i = 0; i < 10; i++) {
        t.clock.advance(2_000);
        t.sockets[0].say({type: 'pong', of: 'ping'});
        t.clock.advance(1_000);
    }
    assert.deepEqual([t.pings(), t.sockets.length, t.links], [10, 1, []]);
    t.line.drop();
    assert.equal(t.clock.timers.size, 0);
});

test('a quiet connection that is dead is lost within five seconds, and counts as lost since it was in doubt', () => {
    const t = quiet();
    const from = t.clock.now();
    t.clock.advance(4_500);
    assert.deepEqual(t.links, [{state: 'lost', at: from + 4_500, lostAt: from + 3_000}]);
    assert.equal(t.sockets[0].closedWith, 1005);
});

test('where the network works and the connection does not, another one takes its place at once', () => {
    const t = quiet();
    t.clock.advance(3_000);
    t.sockets[1].open();
    t.sockets[1].say(welcome({resumed: true}));
    assert.equal(t.line.state, 'open');
    assert.equal(t.sockets.length, 2);
});

test('nothing is asked while nobody looks, or media show that the connection lives', () => {
    const t = quiet(() => false);
    t.clock.advance(60_000);
    assert.equal(t.pings(), 0);
});

test('every other try that does not even open is given up soon, since its packets are sent again ever later; the others may be slow', async () => {
    const t = joined({reach: async () => false});
    t.sockets[0].drop();
    const at = [];
    for (let {length} = t.sockets; t.clock.now() < 180_000; ) {
        await pass(t.clock, 100);
        if (t.sockets.length === length) continue;
        length = t.sockets.length;
        t.sockets.at(-1).readyState = 0;
        at.push(t.clock.now());
    }
    const lasted = at.slice(1).map((time, i) => (time - at[i]) / 1000 - 30);
    assert.ok(lasted.some(s => s >= 3 && s < 9) && lasted.some(s => s >= 10), `${lasted}`);
    t.line.drop();
    assert.equal(t.clock.timers.size, 0);
});
