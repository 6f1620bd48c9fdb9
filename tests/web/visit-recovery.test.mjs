import assert from 'node:assert/strict';
import test from 'node:test';
import {Peer} from '../../web/js/core/peer.js';
import {arrivals, Recovery, SAMPLE_MS} from '../../web/js/features/recovery/recovery.js';
import {Tended} from '../../web/js/features/recovery/tended.js';
import {FakeClock, FakePeerConnection, makeStream, quietLog, settle} from './fakes.mjs';
import {enter, setUp} from './visit_scene.mjs';

/** Two sides of a live call. What each sends arrives at the other while `call.line` holds; their signals arrive while `call.server` does,
 *  and are kept for later while it does not. */
async function liveCall() {
    const clock = new FakeClock();
    const call = {clock, line: true, server: true, kept: []};
    const deps = {clock, connect: config => new FakePeerConnection(config), makeStream, log: quietLog};
    const make = (name, offerer) => {
        const peer = new Peer(deps, {offerer, config: {}, sources: {audio: {kind: 'audio'}, camera: {kind: 'video'}, screen: null}});
        const side = {name, peer, states: [], doubts: 0, sending: [], pc: () => peer.pc};
        peer.on('state', s => side.states.push(s));
        side.doubt = () => call.server && queueMicrotask(() => peer.recovery.reached(false));
        peer.recovery = new Recovery(peer, {
            clock,
            sendPicture: on => side.sending.push(on),
            doubt() {
                side.doubts++;
                side.doubt();
            },
        });
        return side;
    };
    Object.assign(call, {a: make('a', true), b: make('b', false)});
    const carry = (from, to) =>
        from.peer.on('signal', s => {
            const arrive = () => to.peer.receive(structuredClone(s));
            if (call.server) arrive();
            else call.kept.push(arrive);
        });
    carry(call.a, call.b);
    carry(call.b, call.a);
    for (const side of [call.a, call.b]) side.peer.start();
    await settle();
    up(call.a.pc(), call.b.pc());
    await run(call, 2_000);
    return call;
}

const up = (...all) => {
    for (const pc of all) pc.become('connected');
};

/** Time passes; bytes come on the connection in use, and on a new one as well. */
async function run(call, ms) {
    for (let t = 0; t < ms; t += SAMPLE_MS) {
        call.clock.advance(SAMPLE_MS);
        for (const side of [call.a, call.b]) {
            const pc = side.pc();
            if (call.line) pc.bytes = (pc.bytes ?? 0) + 1_000;
            side.peer.recovery.sample([{type: 'transport', bytesReceived: pc.bytes ?? 0}]);
        }
        await settle();
    }
}

test('nothing for 700 ms: a new connection is built beside the old one, and takes its place with its first picture', async () => {
    const call = await liveCall();
    const {a, b} = call;
    const [oldA, oldB] = [a.pc(), b.pc()];
    call.line = false;
    await run(call, 500);
    assert.equal(a.doubts + b.doubts, 0, 'a short silence is nothing');
    await run(call, 500);
    assert.ok(a.doubts === 1 && b.doubts === 1);
    const [newA, newB] = [a.peer.next.pc, b.peer.next.pc];
    assert.ok(!oldA.closed && !oldB.closed && a.pc() === oldA, 'the old one stays meanwhile');
    assert.deepEqual([newA.log, newB.log], [['local offer', 'remote answer'], ['remote offer', 'local answer']]);
    assert.deepEqual([a.sending, b.sending], [[false], [false]], 'a picture sent into the dark would come late');
    await run(call, 500);
    assert.equal(a.states.at(-1), 'lost');
    up(newA, newB);
    for (const pc of [newA, newB]) pc.getStats = async () => new Map([['v', {type: 'inbound-rtp', framesDecoded: 0}]]);
    await run(call, 500);
    assert.equal(a.pc(), oldA, 'no picture yet');
    for (const pc of [newA, newB]) pc.getStats = async () => new Map([['v', {type: 'inbound-rtp', framesDecoded: 1}]]);
    call.line = true;
    await run(call, 500);
    assert.ok(a.pc() === newA && b.pc() === newB && oldA.closed && oldB.closed);
    assert.deepEqual([a.states.at(-1), b.states.at(-1)], ['live', 'live']);
    await run(call, 20_000);
    assert.equal(a.peer.newest.gen, 2, 'and that was all');
});

test('a call without a picture moves to its new connection as well, a little later', async () => {
    const call = await liveCall();
    call.line = false;
    await run(call, 1_000);
    const {pc} = call.a.peer.next;
    up(pc);
    await run(call, 2_500);
    assert.equal(call.a.pc(), pc);
});

test('the old connection comes back by itself: the picture is sent again, and the call is live', async () => {
    const call = await liveCall();
    call.line = false;
    await run(call, 2_000);
    assert.equal(call.a.states.at(-1), 'lost');
    call.line = true;
    await run(call, 500);
    assert.equal(call.a.states.at(-1), 'live');
    assert.deepEqual(call.a.sending, [false, true]);
});

test('a line that falls silent again and again is given more time each time, and after half a minute of calm no longer', async () => {
    const call = await liveCall();
    /** How long the silence lasts before it counts. */
    const silence = async () => {
        const {doubts} = call.a;
        const from = call.clock.now();
        call.line = false;
        while (call.a.doubts === doubts) await run(call, SAMPLE_MS);
        const ms = call.clock.now() - from;
        call.line = true;
        await run(call, 2_000);
        return ms;
    };
    const times = [];
    for (let i = 0; i < 4; i++) times.push(await silence());
    assert.deepEqual(times, [750, 1_500, 3_000, 3_000]);
    await run(call, 31_000);
    assert.equal(await silence(), 750);
});

test('without the server nothing is offered, for however long; its return begins at once, with one offer', async () => {
    const call = await liveCall();
    call.line = false;
    call.server = false;
    await run(call, 60_000);
    assert.equal(call.a.peer.next, null);
    call.server = true;
    call.a.peer.recovery.reached(true);
    call.b.peer.recovery.reached(true);
    await settle();
    assert.equal(call.a.peer.newest.gen, 2);
    assert.equal(call.b.peer.newest.gen, 2);
});

test('an offer to somebody who is away is made once, and waits for them', async () => {
    const call = await liveCall();
    call.line = false;
    const {a, b} = call;
    call.server = false;
    a.doubt = () => queueMicrotask(() => a.peer.recovery.reached(false)); // only b is away
    await run(call, 60_000);
    assert.equal(a.peer.newest.gen, 2);
    assert.equal(call.kept.length, 1);
    a.peer.recovery.reached(true);
    assert.equal(a.peer.newest.gen, 3, 'after a loss of our own it has the wrong addresses');
    assert.ok(b.doubts > 0);
});

test('the answerer asks for a new connection, and the offerer heeds it once in a while', async () => {
    const call = await liveCall();
    const {a, b} = call;
    b.peer.recovery.suspect(0);
    await settle();
    assert.equal(a.peer.newest.gen, 2);
    for (let i = 0; i < 5; i++) b.peer.newest.send({again: true});
    await settle();
    assert.equal(a.peer.newest.gen, 2);
});

test('a request from the past, or to somebody who does not begin, changes nothing', async () => {
    const call = await liveCall();
    call.b.peer.receive({pc: 'main', gen: 1, again: true});
    call.a.peer.receive({pc: 'main', gen: 0, again: true});
    await settle();
    assert.equal(call.a.peer.newest.gen, 1);
    assert.equal(call.b.peer.newest.gen, 1);
});

test('a new connection that does not come up is begun again', async () => {
    const call = await liveCall();
    call.line = false;
    await run(call, 1_000);
    const first = call.a.peer.next.pc;
    await run(call, 3_000);
    assert.ok(first.closed);
    assert.ok(call.a.peer.newest.gen > 2);
    assert.equal(call.b.peer.newest.gen, call.a.peer.newest.gen);
});

test('every other new connection is given time enough for a relay that takes three seconds for each answer', async () => {
    const call = await liveCall();
    call.line = false;
    await run(call, 4_000);
    const begun = [];
    for (let ms = 0; ms < 30_000; ms += SAMPLE_MS) {
        const {pc} = call.a.peer.next;
        if (begun.at(-1)?.pc !== pc) begun.push({pc, ms});
        await run(call, SAMPLE_MS);
    }
    const lasted = begun.slice(2).map(({ms}, i) => ms - begun[i + 1].ms);
    assert.deepEqual(lasted.slice(0, 3), [3_000, 9_000, 3_000]);
});

test('after a loss of our own the first new connection is not waited for so long', async () => {
    const call = await liveCall();
    const {a} = call;
    call.line = false;
    await run(call, 4_000);
    a.peer.recovery.reached(true);
    const {pc} = a.peer.next;
    await run(call, 3_250);
    assert.ok(pc.closed);
});

test('a person who sends nothing is not taken for lost: after one look the path that answers is trusted', async () => {
    const call = await liveCall();
    const {a} = call;
    call.line = false;
    await run(call, 1_000);
    const pair = {type: 'candidate-pair', id: 'p', selected: true, responsesReceived: 1};
    a.peer.recovery.sample([pair]);
    a.peer.recovery.sample([{...pair, responsesReceived: 2}]);
    assert.equal(a.states.at(-1), 'live');
    const {doubts} = a;
    call.b.peer.recovery.stop();
    for (let i = 0; i < 40; i++) {
        call.clock.advance(SAMPLE_MS);
        a.peer.recovery.sample([pair]);
    }
    assert.equal(a.doubts, doubts);
});

test('a first connection that never comes up is begun anew by the offerer', async () => {
    const clock = new FakeClock();
    const deps = {clock, connect: config => new FakePeerConnection(config), makeStream, log: quietLog};
    const peer = new Peer(deps, {offerer: true, config: {}, sources: {audio: null, camera: null, screen: null}});
    peer.recovery = new Recovery(peer, {clock, sendPicture: () => undefined, doubt: () => peer.recovery.reached(false)});
    peer.start();
    await settle();
    clock.advance(8_000);
    assert.equal(peer.newest.gen, 2);
    peer.close();
    clock.advance(60_000);
    assert.equal(peer.newest.gen, 2);
});

test('bytes are counted wherever a browser counts them', () => {
    assert.equal(arrivals([{type: 'transport', bytesReceived: 5}]).bytes, 5);
    assert.equal(arrivals([{type: 'inbound-rtp', bytesReceived: 2}, {type: 'candidate-pair', selected: true, bytesReceived: 3}]).bytes, 5);
    assert.equal(arrivals([]).bytes, 0);
});

test('when nothing comes from a person, the server is asked; its answer, even a refusal, means that it can be reached', async () => {
    const t = await enter(setUp());
    const reached = [];
    const tended = new Tended(t.visit);
    tended.each = run => run({reached: anew => reached.push(anew)});
    tended.prove();
    assert.equal(t.sockets[0].sent.at(-1).type, 'ice');
    assert.equal(t.sockets.length, 2, 'another connection is tried meanwhile');
    assert.deepEqual(reached, []);
    t.sockets[0].say({type: 'error', seq: 2, code: 'too_fast', detail: '', of: 'ice'});
    await settle();
    assert.deepEqual(reached, [false]);
    t.clock.advance(10_000);
    assert.equal(t.visit.call.link, 'open');
});

test('a silence while the socket is lost hurries no further try: browsers let each wait the longer the more have failed', async () => {
    const t = await enter(setUp());
    const tended = new Tended(t.visit);
    t.sockets[0].drop();
    const tried = t.sockets.length;
    for (let i = 0; i < 10; i++) tended.prove();
    assert.equal(t.sockets.length, tried);
});
