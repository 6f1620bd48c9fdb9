// The socket behind the live page, with a fake socket and a clock whose hands the test turns.
import assert from 'node:assert/strict';
import test from 'node:test';
import {createDeskLink, pauseMs} from '../../web/js/admin/desk_link.js';

/** Lets promises that are settled already run on. */
const settle = () => new Promise(done => setImmediate(done));

function scene({join = async () => ({token: 'T', ws: '/ws/@desk'}), isFinal = () => false} = {}) {
    const sockets = [];
    const events = [];
    const timers = [];
    let now = 1000;
    const link = createDeskLink({
        join,
        open(path) {
            const socket = {
                path,
                sent: [],
                readyState: 1,
                closed: false,
                send: text => socket.sent.push(JSON.parse(text)),
                close: () => (socket.closed = true),
            };
            sockets.push(socket);
            return socket;
        },
        later(ms, run) {
            const timer = {ms, run, off: false};
            timers.push(timer);
            return () => (timer.off = true);
        },
        now: () => now,
        random: () => 0.5,
        on: event => events.push(event),
        isFinal,
    });
    const links = () => events.filter(e => e.type === 'link').map(e => e.link);
    return {
        link,
        sockets,
        events,
        timers,
        links,
        pass: ms => (now += ms),
        fire: () =>
            timers
                .filter(t => !t.off)
                .at(-1)
                .run(),
        say: (socket, message) => socket.onmessage({data: JSON.stringify(message)}),
    };
}

test('it joins with the token first and is live with the snapshot', async () => {
    const s = scene();
    s.link.start();
    await settle();
    const [socket] = s.sockets;
    assert.equal(socket.path, '/ws/@desk');
    socket.onopen();
    assert.deepEqual(socket.sent, [{type: 'join', token: 'T'}]);
    s.say(socket, {type: 'welcome', seq: 0, rooms: []});
    assert.deepEqual(s.links(), ['connecting', 'live']);
    assert.equal(s.events.at(-1).message.type, 'welcome');
});

test('a lost connection comes back after growing pauses, with a new token each time', async () => {
    let joins = 0;
    const s = scene({join: async () => ({token: `T${++joins}`, ws: '/ws/@desk'})});
    s.link.start();
    for (let i = 0; i < 4; i++) {
        await settle();
        s.sockets.at(-1).onclose({code: 1006});
        s.fire();
    }
    await settle();
    assert.equal(joins, 5);
    const pauses = s.timers.map(t => t.ms);
    assert.deepEqual(
        pauses,
        [0, 1, 2, 3].map(n => pauseMs(n, 0.5)),
    );
});

test('after a while without trouble the pauses start small again', async () => {
    const s = scene();
    s.link.start();
    await settle();
    s.sockets[0].onclose({code: 1006});
    s.fire();
    await settle();
    s.say(s.sockets[1], {type: 'welcome', seq: 0, rooms: []});
    s.pass(60_000);
    s.sockets[1].onclose({code: 1006});
    assert.equal(s.timers.at(-1).ms, pauseMs(0, 0.5));
});

test('the server may ask for a longer pause', async () => {
    const s = scene();
    s.link.start();
    await settle();
    s.say(s.sockets[0], {type: 'bye', reason: 'restarting', retry_ms: 4000});
    s.sockets[0].onclose({code: 1012});
    assert.equal(s.timers.at(-1).ms, 4000);
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
    assert.equal(final.timers.length, 0);
});

test('what an older socket says is not heard any more', async () => {
    const s = scene();
    s.link.start();
    await settle();
    s.link.retryNow();
    await settle();
    const heard = s.events.length;
    s.say(s.sockets[0], {type: 'welcome', seq: 0, rooms: []});
    s.sockets[0].onclose({code: 1006});
    assert.equal(s.events.length, heard);
    assert.equal(s.sockets[0].closed, true);
});

test('after a stop nothing comes back', async () => {
    const s = scene();
    s.link.start();
    await settle();
    s.link.stop();
    s.sockets[0].onclose({code: 1000});
    assert.equal(s.timers.length, 0);
    assert.equal(s.link.send({type: 'admit'}), false);
});

test('broken messages are passed over', async () => {
    const s = scene();
    s.link.start();
    await settle();
    const heard = s.events.length;
    for (const data of ['{', '[]', '7', '{"no":"type"}', 'null']) s.sockets[0].onmessage({data});
    assert.equal(s.events.length, heard);
});

test('pauses double, scatter downwards to a half, and end at half a minute', () => {
    assert.equal(pauseMs(0, 1), 500);
    assert.equal(pauseMs(3, 1), 4000);
    assert.equal(pauseMs(3, 0), 2000);
    assert.equal(pauseMs(50, 1), 30_000);
});

test('one that was closed for a newer one says so and does not come back by itself', async () => {
    const s = scene();
    s.link.start();
    await settle();
    s.say(s.sockets[0], {type: 'welcome'});
    s.sockets[0].onclose({code: 4409});
    assert.deepEqual(s.links(), ['connecting', 'live', 'too_many']);
    assert.equal(s.timers.length, 0);
});

test('a line waits for its answer, and is sent again with its id where a lost connection left it open', async () => {
    const s = scene();
    s.link.start();
    await settle();
    const [first] = s.sockets;
    s.say(first, {type: 'welcome', seq: 0, rooms: []});
    for (const id of ['a', 'b', 'c']) assert.ok(s.link.send({type: 'chat', room: 'r', to: 'g', text: id, id}));
    assert.deepEqual(first.sent.map(m => m.n), [1, 2, 3]);
    s.say(first, {type: 'ack', seq: 1, of: 'chat', n: 1, heard: 1});
    s.say(first, {type: 'error', seq: 2, of: 'chat', code: 'not_found', n: 2});
    first.onclose({code: 1006});
    s.fire();
    await settle();
    const second = s.sockets[1];
    s.say(second, {type: 'welcome', seq: 0, rooms: []});
    assert.deepEqual(second.sent, [{type: 'chat', room: 'r', to: 'g', text: 'c', id: 'c', n: 1}]);
    s.say(second, {type: 'ack', seq: 1, of: 'chat', n: 1, heard: 0, later: ['g']});
    assert.deepEqual(
        s.events.filter(e => e.type === 'line').map(e => [e.guest, e.id, e.status]),
        [
            ['g', 'a', ''],
            ['g', 'b', 'failed'],
            ['g', 'c', 'later'],
        ],
    );
});

test('of more lines than wait for their answers, the oldest is told to be lost', async () => {
    const s = scene();
    s.link.start();
    await settle();
    s.say(s.sockets[0], {type: 'welcome', seq: 0, rooms: []});
    for (let i = 0; i < 51; i++) s.link.send({type: 'chat', room: 'r', to: 'g', text: 'x', id: `l${i}`});
    assert.deepEqual(
        s.events.filter(e => e.type === 'line').map(e => [e.id, e.status]),
        [['l0', 'failed']],
    );
});
