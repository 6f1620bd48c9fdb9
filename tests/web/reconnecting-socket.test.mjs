// The engine under the call's socket and the dashboard's: when it comes back, when it does not, and that it leaves nothing behind.
// The call's socket is tested in signaling.test.mjs, the dashboard's in admin-dashboard-socket.test.mjs.
import assert from 'node:assert/strict';
import test from 'node:test';
import {backoff} from '../../web/js/core/backoff.js';
import {parseServer, say} from '../../web/js/core/protocol.js';
import {ReconnectingSocket} from '../../web/js/core/reconnecting_socket.js';
import {FakeClock, FakeSocket, settle, welcome} from './fakes.mjs';

function setUp(random = () => 0.5) {
    const clock = new FakeClock();
    const sockets = [];
    const open = path => {
        sockets.push(new FakeSocket(path));
        return sockets.at(-1);
    };
    const line = new ReconnectingSocket({clock, random, open}, parseServer);
    const over = [];
    line.on('over', o => over.push(o));
    line.path = '/ws/r';
    line.token = 'token';
    return {clock, sockets, line, over};
}

function joined(t = setUp()) {
    t.line.dial();
    t.sockets[0].open();
    t.sockets[0].say(welcome());
    return t;
}

/** The pause until the next try. */
function waits({clock, sockets}) {
    const from = clock.now();
    const {length} = sockets;
    while (sockets.length === length) clock.advance(1);
    return clock.now() - from;
}

test('back-off grows to its limit, with full jitter, and never below what the server asks', () => {
    assert.equal(backoff(0, 1), 500);
    assert.equal(backoff(3, 1), 4000);
    assert.equal(backoff(20, 1), 8000);
    assert.equal(backoff(5, 0), 0);
    assert.equal(backoff(0, 0, 2000), 2000);
    assert.equal(backoff(0, 1, 2000), 2500);
});

test('the pauses of many pages that lost the same server are spread over all of the time, from nothing to the bound', () => {
    for (let attempt = 0; attempt < 7; attempt++) {
        const bound = Math.min(8000, 500 * 2 ** attempt);
        const tenths = new Array(10).fill(0);
        for (let page = 0; page < 1000; page++) tenths[Math.floor((backoff(attempt, page / 1000) / bound) * 10)] += 1;
        assert.ok(tenths.every(n => n >= 99 && n <= 101), `attempt ${attempt}: ${tenths}`);
    }
});

test('the pause begins small again after a connection that held, and not after one that broke at once', () => {
    const t = setUp(() => 1);
    t.line.dial();
    for (const pause of [500, 1000, 2000]) {
        t.sockets.at(-1).drop();
        assert.equal(waits(t), pause);
    }
    const comeBack = () => {
        t.sockets.at(-1).open();
        t.sockets.at(-1).say(welcome());
    };
    comeBack();
    t.clock.advance(2_000);
    t.sockets.at(-1).drop();
    assert.equal(waits(t), 4000, 'a server that throws everybody out at once is not asked ever faster');
    comeBack();
    t.clock.advance(10_000);
    t.sockets.at(-1).drop();
    assert.equal(waits(t), 500);
});

test('whatever pause a server asks for, the page comes back within a minute, and never at once', () => {
    for (const retryMs of [1e12, -1e12, 2 ** 31]) {
        const t = joined();
        t.sockets[0].say({type: 'bye', reason: 'busy', retry_ms: retryMs});
        t.sockets[0].drop(1013);
        const pause = waits(t);
        assert.ok(pause >= 2000 && pause < 60_000, `${retryMs}: ${pause}`);
    }
});

test('in every state, an end leaves no timer and no socket behind', () => {
    const states = {
        warm: t => t.line.warm('/ws/r'),
        'connecting, not open yet': t => t.line.dial(),
        'connecting, no welcome yet': t => {
            t.line.dial();
            t.sockets[0].open();
        },
        open: joined,
        'open, and a line waits for its answer': t => joined(t).line.send({type: 'chat', text: 'x', id: 'x'}),
        lost: t => joined(t).sockets[0].drop(),
        'lost, and a line waits for its answer': t => {
            joined(t).line.send({type: 'chat', text: 'x', id: 'x'});
            t.sockets[0].drop();
        },
        'on the way back': t => {
            joined(t).sockets[0].drop();
            t.clock.advance(500);
        },
    };
    for (const [state, into] of Object.entries(states)) {
        const t = setUp();
        into(t);
        t.line.drop();
        assert.equal(t.clock.timers.size, 0, state);
        assert.ok(t.sockets.every(s => !s.onmessage), state);
        if (!state.startsWith('lost')) assert.equal(t.sockets.at(-1).closedWith, 1000, state);
        t.clock.advance(600_000);
        assert.deepEqual(t.over, [], state);
    }
});

test('an end by the server leaves no timer behind either', () => {
    const t = joined();
    t.line.send({type: 'chat', text: 'x', id: 'x'});
    t.sockets[0].drop(4403);
    assert.deepEqual(t.over, [{cause: 'removed', code: 4403, reason: ''}]);
    assert.equal(t.clock.timers.size, 0);
});

test('a socket that never gives up goes on for ever, patiently', () => {
    const t = setUp(() => 1);
    t.line.dial();
    const from = t.clock.now();
    while (t.clock.now() - from < 3_600_000) {
        t.sockets.at(-1).drop();
        waits(t);
    }
    assert.deepEqual(t.over, []);
    t.sockets.at(-1).drop();
    assert.equal(waits(t), 30_000);
});

/** A connection in doubt, with what was asked on it. */
function doubted() {
    const t = joined();
    t.alive = [];
    t.line.on('alive', ({anew}) => t.alive.push(anew));
    t.line.send(say.ice());
    t.line.prove();
    return t;
}

test('a connection in doubt that answers is kept, and the other one closed', async () => {
    const t = doubted();
    t.line.prove();
    assert.equal(t.sockets.length, 2, 'one other is enough');
    t.sockets[0].say({type: 'ice', seq: 1, ice_servers: [], ice_ttl_s: 0});
    await settle();
    assert.deepEqual(t.alive, [false]);
    assert.equal(t.sockets[1].closedWith, 1005);
    t.sockets[1].open(); // too late
    t.clock.advance(60_000);
    assert.equal(t.line.state, 'open');
    assert.equal(t.sockets.length, 2);
});

test('another connection that opens first takes the place of the one in doubt, and nothing is lost', () => {
    const t = doubted();
    t.sockets[1].open();
    assert.equal(t.sockets[0].closedWith, 1005);
    assert.equal(t.line.state, 'lost');
    t.line.send(say.leave());
    assert.deepEqual(t.sockets[1].sent.map(m => m.type), ['join']);
    t.sockets[1].say(welcome({resumed: true}));
    assert.deepEqual(t.alive, [true]);
    assert.deepEqual(t.sockets[1].sent.map(m => m.type), ['join', 'ice', 'leave']);
    t.clock.advance(60_000);
    assert.equal(t.line.state, 'open');
});

test('when neither says anything for three seconds the connection is lost', () => {
    const t = doubted();
    t.clock.advance(3_000);
    assert.equal(t.line.state, 'lost');
    assert.equal(t.sockets[1].closedWith, 1005);
    assert.ok(waits(t) <= 500);
    t.line.drop();
    t.clock.advance(60_000);
    assert.equal(t.sockets.length, 3);
});
