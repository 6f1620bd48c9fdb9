// The socket behind the live page, with a fake socket and a clock whose hands the test turns. The part it shares with the call's
// is tested in reconnecting-socket.test.mjs.
import assert from 'node:assert/strict';
import test from 'node:test';
import {emptyDashboard, reduceMessage, waiting} from '../../web/js/admin/dashboard_feed.js';
import {DashboardSocket} from '../../web/js/admin/dashboard_socket.js';
import {backoff} from '../../web/js/core/backoff.js';
import {CLOSE} from '../../web/js/core/refusals.js';
import {FakeClock, FakeSocket, settle} from './fakes.mjs';

const WELCOME = {type: 'welcome', self: 'u1', role: 'host', epoch: 'e1', seq: 0, n: 0, resumed: false, rooms: []};

function scene({join = async () => ({token: 'T', ws: '/ws/@desk'}), isFinal = () => false, random = () => 0.5} = {}) {
    const clock = new FakeClock();
    const sockets = [];
    const events = [];
    const link = new DashboardSocket({
        clock,
        random,
        open: path => {
            sockets.push(new FakeSocket(path));
            return sockets.at(-1);
        },
        join,
        isFinal,
        on: event => events.push(event),
    });
    const pauses = [];
    link.again = ms => {
        pauses.push(ms);
        DashboardSocket.prototype.again.call(link, ms);
    };
    return {
        link,
        clock,
        sockets,
        events,
        pauses,
        links: () => events.filter(e => e.type === 'link').map(e => e.link),
        lines: () => events.filter(e => e.type === 'line').map(e => [e.guest, e.id, e.status]),
        messages: () => events.filter(e => e.type === 'message').map(e => e.message),
        /** to the next try, and its request */
        next: async () => {
            clock.advance(pauses.at(-1));
            await settle();
        },
    };
}

/** A dashboard that is live. */
async function live(options) {
    const s = scene(options);
    s.link.start();
    await settle();
    welcomed(s);
    return s;
}

function welcomed(s, more = {}) {
    s.sockets.at(-1).open();
    s.sockets.at(-1).say({...WELCOME, ...more});
}

const line = id => ({type: 'chat', room: 'r', to: 'g', text: id, id});

test('it joins with the token first and is live with the snapshot', async () => {
    const s = scene();
    s.link.start();
    await settle();
    const [socket] = s.sockets;
    assert.equal(socket.path, '/ws/@desk');
    socket.open();
    assert.deepEqual(socket.sent, [{type: 'join', token: 'T'}]);
    socket.say(WELCOME);
    assert.deepEqual(s.links(), ['connecting', 'live']);
    assert.equal(s.messages().at(-1).type, 'welcome');
});

test('a lost connection comes back after growing pauses, with a new token each time', async () => {
    let joins = 0;
    const s = scene({join: async () => ({token: `T${++joins}`, ws: '/ws/@desk'})});
    s.link.start();
    for (let i = 0; i < 4; i++) {
        await settle();
        s.sockets.at(-1).open();
        assert.deepEqual(s.sockets.at(-1).sent, [{type: 'join', token: `T${i + 1}`}]);
        s.sockets.at(-1).drop();
        await s.next();
    }
    assert.equal(joins, 5);
    assert.deepEqual(
        s.pauses,
        [0, 1, 2, 3].map(n => backoff(n, 0.5)),
    );
});

test('the pauses have full jitter: random from nothing to the bound', async () => {
    for (const random of [0, 0.25, 1]) {
        const s = await live({random: () => random});
        for (const bound of [500, 1000, 2000, 4000, 8000, 8000]) {
            s.sockets.at(-1).drop();
            assert.equal(s.pauses.at(-1), random * bound);
            await s.next();
        }
    }
});

test('after a while without trouble the pauses start small again', async () => {
    const s = scene();
    s.link.start();
    await settle();
    s.sockets[0].drop();
    await s.next();
    welcomed(s);
    s.clock.advance(60_000);
    s.sockets[1].drop();
    assert.equal(s.pauses.at(-1), backoff(0, 0.5));
});

test('the server may ask for a longer pause', async () => {
    const s = await live();
    s.sockets[0].say({type: 'bye', reason: 'restarting', retry_ms: 4000});
    s.sockets[0].drop(1012);
    assert.ok(s.pauses.at(-1) >= 4000);
    const {link, retryAtMs} = s.events.at(-1);
    assert.deepEqual([link, retryAtMs], ['lost', s.clock.wall() + s.pauses.at(-1)]);
});

test('a token that cannot be had is asked for again, unless the refusal is final', async () => {
    const again = scene({join: () => Promise.reject(new Error('network'))});
    again.link.start();
    await settle();
    assert.deepEqual(again.links(), ['connecting', 'lost']);
    const final = scene({join: () => Promise.reject(new Error('401')), isFinal: () => true});
    final.link.start();
    await settle();
    assert.deepEqual(final.links(), ['connecting', 'refused']);
    assert.equal(final.clock.timers.size, 0);
});

test('a dashboard whose sign-in has ended stops and sends nothing more', async () => {
    const s = scene({
        join: () => Promise.reject(new Error('401')),
        isFinal: () => {
            s.link.stop();
            return true;
        },
    });
    s.link.start();
    await settle();
    assert.deepEqual(s.links(), ['connecting']);
});

for (const [code, {next, cause}] of Object.entries(CLOSE))
    test(`close code ${code} on a dashboard: ${next === 'over' ? 'it is final' : 'it comes back with a new token'}`, async () => {
        const s = await live();
        s.sockets[0].drop(Number(code));
        s.clock.advance(3_600_000);
        await settle();
        if (next === 'over') {
            assert.equal(s.links().at(-1), cause === 'replaced' ? 'too_many' : 'refused');
            assert.equal(s.sockets.length, 1);
            s.link.hurry();
            assert.equal(s.clock.timers.size, 0);
        } else {
            assert.equal(s.links().at(-1), 'lost');
            assert.equal(s.sockets.length, 2);
        }
    });

test('a page that is shown again does not replace a dashboard that was opened later', async () => {
    const s = await live();
    s.sockets[0].drop(4409);
    s.link.distrust();
    s.link.hurry();
    await settle();
    assert.deepEqual(s.links(), ['connecting', 'live', 'too_many']);
    assert.equal(s.sockets.length, 1);
});

test('messages of an older socket are ignored', async () => {
    const s = scene();
    s.link.start();
    await settle();
    const {onmessage, onclose} = s.sockets[0];
    s.link.distrust();
    s.link.hurry();
    await settle();
    const heard = s.events.length;
    assert.equal(s.sockets.length, 2);
    s.sockets[0].say(WELCOME);
    s.sockets[0].drop();
    assert.ok(onmessage && onclose);
    assert.equal(s.events.length, heard);
    assert.notEqual(s.sockets[0].closedWith, undefined);
});

test('a network that comes back does not wait for a request on the last one', async () => {
    const doors = [];
    const s = scene({join: () => new Promise(open => doors.push(open))});
    s.link.start();
    s.link.distrust();
    s.link.hurry();
    doors[0]({token: 'old', ws: '/ws/@desk'});
    doors[1]({token: 'new', ws: '/ws/@desk'});
    await settle();
    s.sockets[0].open();
    assert.equal(s.sockets.length, 1);
    assert.deepEqual(s.sockets[0].sent, [{type: 'join', token: 'new'}]);
});

test('after a stop nothing comes back', async () => {
    const stages = {
        'while the door is asked': scene(),
        'while it connects': scene(),
        'while it is live': await live(),
        'while it is lost': await live(),
    };
    for (const [stage, s] of Object.entries(stages)) {
        if (!s.sockets.length) s.link.start();
        if (stage === 'while it connects') await settle();
        if (stage === 'while it is lost') s.sockets[0].drop();
        s.link.stop();
        const heard = s.events.length;
        await settle();
        assert.equal(s.clock.timers.size, 0, stage);
        assert.equal(s.events.length, heard, stage);
        assert.equal(s.link.say({type: 'admit'}), false, stage);
    }
});

test('broken messages are skipped', async () => {
    const s = await live();
    const heard = s.events.length;
    for (const data of ['{', '[]', '7', '{"no":"type"}', 'null', '{"type":7}']) s.sockets[0].onmessage({data});
    assert.equal(s.events.length, heard);
});

test('a message waits for its answer, and is sent again with its id after a lost connection', async () => {
    const s = await live();
    const [first] = s.sockets;
    for (const id of ['a', 'b', 'c']) assert.ok(s.link.say(line(id)));
    assert.deepEqual(first.sent.slice(1).map(m => m.n), [1, 2, 3]);
    first.say({type: 'ack', seq: 1, of: 'chat', n: 1, heard: 1});
    first.say({type: 'error', seq: 2, of: 'chat', code: 'not_found', n: 2});
    first.drop();
    await s.next();
    welcomed(s);
    const second = s.sockets[1];
    assert.deepEqual(second.sent.slice(1), [{...line('c'), n: 1}]);
    second.say({type: 'ack', seq: 1, of: 'chat', n: 1, heard: 0, later: ['g']});
    assert.deepEqual(s.lines(), [['g', 'a', ''], ['g', 'b', 'failed'], ['g', 'c', 'later']]);
});

test('a message without an answer: the connection is made anew once, then the message is reported lost', async () => {
    const s = await live();
    s.link.say(line('a'));
    s.clock.advance(10_000);
    assert.equal(s.links().at(-1), 'lost');
    await s.next();
    welcomed(s);
    assert.deepEqual(s.lines(), []);
    s.clock.advance(10_000);
    assert.deepEqual(s.lines(), [['g', 'a', 'failed']]);
    assert.equal(s.links().at(-1), 'live');
});

test('when too many messages wait for their answers, the oldest is reported lost', async () => {
    const s = await live();
    for (let i = 0; i < 257; i++) s.link.say(line(`l${i}`));
    assert.deepEqual(s.lines(), [['g', 'l0', 'failed']]);
});

test('an action sent over a lost connection is not repeated: the next snapshot shows its result', async () => {
    const s = await live();
    s.link.say({type: 'admit', room: 'r', participant: 'g'});
    s.sockets[0].drop();
    assert.equal(s.link.say({type: 'admit', room: 'r', participant: 'h'}), false);
    await s.next();
    welcomed(s);
    assert.equal(s.sockets[1].sent.length, 1);
});

test('messages under way when the server sends the dashboard away are reported lost', async () => {
    const s = await live();
    s.link.say(line('a'));
    s.sockets[0].drop(4403);
    assert.deepEqual(s.lines(), [['g', 'a', 'failed']]);
    assert.equal(s.links().at(-1), 'refused');
});

const seat = id => ({id, name: id, kind: 'guest', role: 'guest', state: 'waiting', since: '2026-11-22T15:00:00Z'});
const waits = (seq, id) => ({type: 'participant', seq, room: 'r', event: 'waiting', participant: seat(id)});
const rooms = (...ids) => [{id: 'r', name: 'R', slug: 'r', participants: ids.map(seat)}];

/** The people waiting, as far as the dashboard knows. */
const shown = s => waiting(s.messages().reduce(reduceMessage, emptyDashboard())).map(p => p.id);

test('a number seen before is ignored, and a gap in the numbers brings a new snapshot', async () => {
    const s = await live();
    s.sockets[0].say({...WELCOME, rooms: rooms()});
    s.sockets[0].say(waits(1, 'a'));
    s.sockets[0].say({...waits(1, 'a'), event: 'left'});
    assert.deepEqual(shown(s), ['a']);
    s.sockets[0].say(waits(3, 'c'));
    assert.deepEqual(shown(s), ['a']);
    assert.equal(s.links().at(-1), 'lost');
    await s.next();
    welcomed(s, {rooms: rooms('a', 'b', 'c')});
    assert.deepEqual(shown(s), ['a', 'b', 'c']);
});

test('a message of a later version, or one that cannot be used, counts and is ignored', async () => {
    const s = await live();
    const heard = s.messages().length;
    s.sockets[0].say({type: 'weather', seq: 1});
    s.sockets[0].say({type: 'participant', seq: 2, room: 'r', participant: {name: 'nobody'}});
    assert.equal(s.messages().length, heard);
    s.sockets[0].say({...waits(3, 'a')});
    assert.equal(s.messages().length, heard + 1);
    assert.equal(s.links().at(-1), 'live');
});
