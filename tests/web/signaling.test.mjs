import assert from 'node:assert/strict';
import test from 'node:test';
import {CLOSE} from '../../web/js/core/refusals.js';
import {Signaling} from '../../web/js/core/signaling.js';
import {FakeClock, FakeSocket, welcome} from './fakes.mjs';

/** A signaling with its clock, its sockets and its reports. */
function setUp(random = () => 0.5) {
    const clock = new FakeClock();
    const sockets = [];
    const open = path => {
        const s = new FakeSocket(path);
        sockets.push(s);
        return s;
    };
    const signaling = new Signaling({clock, random, open});
    const got = {messages: [], links: [], over: []};
    signaling.on('message', m => got.messages.push(m));
    signaling.on('link', l => got.links.push(l.state));
    signaling.on('over', o => got.over.push(o));
    return {clock, sockets, signaling, got};
}

function joined(t = setUp(), more = {}) {
    t.signaling.connect('/ws/r', 'token');
    t.sockets[0].open();
    t.sockets[0].say(welcome(more));
    return t;
}

test('joins with the token, and sends nothing more before the welcome', () => {
    const {signaling, sockets, got} = setUp();
    signaling.connect('/ws/r', 'token');
    signaling.send({type: 'status', mic: true});
    sockets[0].open();
    assert.deepEqual(sockets[0].sent, [{type: 'join', token: 'token'}]);
    sockets[0].say(welcome());
    assert.deepEqual(sockets[0].sent[1], {type: 'status', mic: true, n: 1});
    assert.deepEqual(got.links, ['connecting', 'open']);
});

test('a connection opened ahead is used for the token, open already or not', () => {
    for (const openFirst of [true, false]) {
        const {signaling, sockets, got} = setUp();
        signaling.warm('/ws/r');
        if (openFirst) sockets[0].open();
        assert.deepEqual(got.links, [], 'nobody is told of it');
        signaling.connect('/ws/r', 'token');
        if (!openFirst) sockets[0].open();
        assert.equal(sockets.length, 1);
        assert.deepEqual(sockets[0].sent, [{type: 'join', token: 'token'}]);
        sockets[0].say(welcome());
        assert.deepEqual(got.links, ['connecting', 'open']);
    }
});

test('a connection opened ahead for another path, broken, or no longer wanted is not used', () => {
    const other = setUp();
    other.signaling.warm('/ws/r');
    other.signaling.connect('/ws/s', 'token');
    assert.equal(other.sockets[0].closedWith, 1000);
    assert.deepEqual(other.sockets[1].path, '/ws/s');

    const broken = setUp();
    broken.signaling.warm('/ws/r');
    broken.sockets[0].open();
    broken.sockets[0].drop(4408);
    assert.deepEqual(broken.got.over, []);
    broken.signaling.connect('/ws/r', 'token');
    broken.sockets[1].open();
    assert.deepEqual(broken.sockets[1].sent, [{type: 'join', token: 'token'}]);

    const refused = setUp();
    refused.signaling.warm('/ws/r');
    refused.signaling.drop();
    assert.equal(refused.sockets[0].closedWith, 1000);
});

test('resumes with ticket and last number; sends again exactly the messages that were not handled', () => {
    const {signaling, sockets, clock, got} = joined();
    for (const x of ['one', 'two', 'three']) signaling.send({type: 'chat', text: x});
    sockets[0].say({type: 'chat', seq: 1, from: 'h', text: 'a'});
    sockets[0].say({type: 'chat', seq: 2, from: 'h', text: 'b'});
    sockets[0].drop();
    assert.equal(got.links.at(-1), 'lost');
    signaling.send({type: 'chat', text: 'four'});
    clock.advance(500);
    sockets[1].open();
    assert.deepEqual(sockets[1].sent, [{type: 'join', resume: {ticket: 'ticket-1', seq: 2}}]);
    sockets[1].say(welcome({resumed: true, seq: 2, n: 2, resume: {ticket: 'ticket-2', window_s: 120}}));
    assert.deepEqual(
        sockets[1].sent.slice(1).map(m => [m.n, m.text]),
        [
            [3, 'three'],
            [4, 'four'],
        ],
    );
    assert.equal(signaling.ticket, 'ticket-2');
    sockets[1].say({type: 'chat', seq: 2, from: 'h', text: 'b'});
    sockets[1].say({type: 'chat', seq: 3, from: 'h', text: 'c'});
    assert.deepEqual(
        got.messages.filter(m => m.type === 'chat').map(m => m.text),
        ['a', 'b', 'c'],
        'nothing twice',
    );
});

test('after the server lost its memory, only messages that never left are sent, under new numbers', () => {
    const {signaling, sockets, clock} = joined();
    signaling.send({type: 'chat', text: 'maybe handled'});
    sockets[0].drop();
    signaling.send({type: 'chat', text: 'never left'});
    clock.advance(500);
    sockets[1].open();
    sockets[1].say(welcome({resumed: false, epoch: 'e2', seq: 0, n: 0}));
    assert.deepEqual(sockets[1].sent.slice(1), [{type: 'chat', text: 'never left', n: 1}]);
    signaling.send({type: 'status', mic: true});
    assert.equal(sockets[1].sent.at(-1).n, 2);
});

test('a gap is closed by sending again from the number that the server lacks, once', () => {
    const {signaling, sockets, got} = joined();
    for (const x of ['one', 'two', 'three', 'four']) signaling.send({type: 'chat', text: x});
    const gap = (seq, n) => sockets[0].say({type: 'error', seq, code: 'gap', n});
    sockets[0].sent.length = 0;
    gap(1, 2);
    assert.deepEqual(
        sockets[0].sent.map(m => [m.n, m.text]),
        [
            [2, 'two'],
            [3, 'three'],
            [4, 'four'],
        ],
    );
    gap(2, 2); // of `four`, which was on its way
    assert.equal(sockets[0].sent.length, 3, 'that was sent again already');
    signaling.send({type: 'chat', text: 'five'});
    assert.equal(sockets[0].sent.at(-1).n, 5);
    assert.deepEqual(
        got.messages.filter(m => m.type === 'error'),
        [],
        'nobody is told',
    );
});

test('a number that is no longer kept is closed up, and a gap that does not go away is given up', () => {
    const {signaling, sockets, got} = joined();
    signaling.send({type: 'chat', text: 'one'});
    signaling.outbox.pending.length = 0;
    signaling.send({type: 'chat', text: 'two'});
    let seq = 0;
    const gap = () => sockets[0].say({type: 'error', seq: ++seq, code: 'gap', n: 1});
    gap();
    assert.deepEqual(sockets[0].sent.at(-1), {type: 'chat', text: 'two', n: 1});
    for (let i = 0; i < 10 && got.over.length === 0; i++) gap();
    assert.equal(sockets[0].sent.filter(m => m.text === 'two').length, 4, 'said once, tried three times');
    assert.deepEqual(got.over, [{cause: 'failed', code: 1008, reason: ''}]);
});

test('more messages during a lost connection than are kept leave no gap in the numbers', () => {
    const {signaling, sockets, clock} = joined();
    sockets[0].drop();
    for (let i = 1; i <= 300; i++) signaling.send({type: 'signal', i});
    clock.advance(500);
    sockets[1].open();
    sockets[1].say(welcome({resumed: true, seq: 0, n: 0}));
    assert.deepEqual(
        sockets[1].sent.slice(1).map(m => m.n),
        Array.from({length: 256}, (_, i) => i + 1),
    );
    assert.equal(sockets[1].sent.at(-1).i, 300);
});

test('a missing number means that the connection cannot be trusted: it comes back and asks again', () => {
    const {sockets, clock, got} = joined();
    sockets[0].say({type: 'chat', seq: 1, from: 'h', text: 'a'});
    sockets[0].say({type: 'chat', seq: 3, from: 'h', text: 'c'});
    assert.equal(got.messages.filter(m => m.type === 'chat').length, 1);
    clock.advance(500);
    sockets[1].open();
    assert.equal(sockets[1].sent[0].resume.seq, 1);
});

test('an unknown type still counts', () => {
    const {sockets, got} = joined();
    sockets[0].say({type: 'of_the_future', seq: 1});
    sockets[0].say({type: 'chat', seq: 2, from: 'h', text: 'a'});
    assert.equal(got.messages.at(-1).text, 'a');
    assert.equal(sockets.length, 1);
});

test('a page that never had a seat gives up after two minutes, and a press begins anew', () => {
    const {signaling, sockets, clock, got} = setUp(() => 0.9);
    signaling.connect('/ws/r', 'token');
    sockets[0].drop();
    let tries = 0;
    for (let s = 0; s < 200 && got.over.length === 0; s++) {
        clock.advance(1000);
        while (tries < sockets.length - 1) sockets[++tries].drop();
    }
    assert.deepEqual(got.over, [{cause: 'unreachable', code: 1006, reason: ''}]);
    assert.ok(tries > 12 && tries < 60, `${tries} tries`);
    signaling.connect('/ws/r', 'new');
    sockets.at(-1).open();
    assert.deepEqual(sockets.at(-1).sent, [{type: 'join', token: 'new'}]);
});

test('a page that has a seat goes on trying: often while it is kept, patiently after that', () => {
    for (const windowS of [120, 900]) {
        const {sockets, clock, got} = joined(
            setUp(() => 1),
            {resume: {ticket: 'ticket-1', window_s: windowS}},
        );
        sockets[0].drop();
        const triesWithin = seconds => {
            const before = sockets.length;
            for (let s = 0; s < seconds; s++) {
                clock.advance(1000);
                if (sockets.at(-1).onclose) sockets.at(-1).drop();
            }
            return sockets.length - before;
        };
        const kept = triesWithin(windowS);
        assert.ok(kept >= windowS / 9, `${kept} tries in ${windowS} s`);
        const after = triesWithin(3600);
        assert.ok(after >= 100 && after < 150, `${after} tries in the hour after`);
        assert.deepEqual(got.over, []);
        for (const {length} = sockets; sockets.length === length; ) clock.advance(1000);
        sockets.at(-1).open();
        assert.deepEqual(sockets.at(-1).sent[0], {type: 'join', resume: {ticket: 'ticket-1', seq: 0}});
    }
});

test('the server announces how long the seat is kept each time its state changes', () => {
    const {signaling, sockets} = joined(setUp(), {resume: {ticket: 't', window_s: 900}});
    assert.equal(signaling.windowMs, 900_000);
    sockets[0].say({type: 'state', seq: 1, state: 'inside', participants: [], window_s: 120});
    assert.equal(signaling.windowMs, 120_000);
});

test('a seat taken again after it was lost goes on where it was, with its instance', () => {
    const {signaling, sockets, got} = joined();
    sockets[0].drop(4401);
    assert.deepEqual(got.over, [{cause: 'rejoin', code: 4401, reason: ''}]);
    assert.equal(got.links.at(-1), 'lost');
    signaling.hurry();
    assert.equal(sockets.length, 1, 'there is nothing to come back with');
    signaling.send({type: 'chat', text: 'meanwhile', id: 'a'});
    signaling.retake('/ws/r', 'token-2', 3);
    sockets[1].open();
    assert.deepEqual(sockets[1].sent, [{type: 'join', token: 'token-2', instance: 3}]);
    sockets[1].say(welcome({seq: 0, n: 0, instance: 3}));
    assert.deepEqual(sockets[1].sent[1], {type: 'chat', text: 'meanwhile', id: 'a', n: 1});
    assert.equal(got.links.at(-1), 'open');
});

test('the reason of a refused join takes precedence over the close code', () => {
    for (const [code, close, cause] of [
        ['room_locked', 1008, 'room_locked'],
        ['blocked', 4403, 'blocked'],
        ['bad_ticket', 4401, 'rejoin'],
    ]) {
        const {signaling, sockets, got} = setUp();
        signaling.connect('/ws/r', 'token');
        sockets[0].open();
        sockets[0].say({type: 'error', code, detail: '', of: 'join'});
        sockets[0].drop(close);
        assert.deepEqual(got.over, [{cause, code: close, reason: code}]);
        assert.deepEqual(got.messages, []);
    }
    const full = setUp();
    full.signaling.connect('/ws/r', 'token');
    full.sockets[0].open();
    full.sockets[0].say({type: 'error', code: 'storage_full', of: 'join'});
    full.sockets[0].drop(1013);
    full.clock.advance(3_000);
    assert.equal(full.sockets.length, 2, 'the server may have room again');
});

// ---- chat is answered ----

/** A joined signaling whose answers are kept. */
function writes(more) {
    const t = joined(setUp(), more);
    t.answers = [];
    t.signaling.on('answer', ({message, answer}) =>
        t.answers.push([message.id, answer.type === 'ack' ? 'ack' : answer.code]),
    );
    return t;
}

test('a message waits for its answer, and is sent again only where nobody can have answered', () => {
    const {signaling, sockets, clock, answers} = writes();
    for (const id of ['a', 'b', 'c']) signaling.send({type: 'chat', text: id, id});
    sockets[0].say({type: 'ack', seq: 1, of: 'chat', n: 1, heard: 1});
    sockets[0].say({type: 'error', seq: 2, code: 'not_found', of: 'chat', n: 2});
    assert.deepEqual(answers, [
        ['a', 'ack'],
        ['b', 'not_found'],
    ]);
    sockets[0].drop();
    clock.advance(500);
    sockets[1].open();
    sockets[1].say(welcome({resumed: true, seq: 2, n: 3}));
    assert.equal(sockets[1].sent.length, 1, 'the server has it');
    sockets[1].say({type: 'ack', seq: 3, of: 'chat', n: 3, heard: 1});
    assert.deepEqual(answers.at(-1), ['c', 'ack']);
});

test('a message before a gap, which the server has, still waits for its answer, and is not sent again', () => {
    const {signaling, sockets, answers} = writes();
    for (const id of ['a', 'b']) signaling.send({type: 'chat', text: id, id});
    sockets[0].sent.length = 0;
    sockets[0].say({type: 'error', seq: 1, code: 'gap', n: 2});
    assert.deepEqual(sockets[0].sent.map(m => [m.n, m.id]), [[2, 'b']]);
    sockets[0].say({type: 'ack', seq: 2, of: 'chat', n: 1, heard: 1});
    sockets[0].say({type: 'ack', seq: 3, of: 'chat', n: 2, heard: 1});
    assert.deepEqual(answers, [['a', 'ack'], ['b', 'ack']]);
});

test('a server that has forgotten everything gets the unanswered messages again', () => {
    const {signaling, sockets, clock, answers} = writes();
    for (const id of ['a', 'b']) signaling.send({type: 'chat', text: id, id});
    sockets[0].say({type: 'ack', seq: 1, of: 'chat', n: 1, heard: 1});
    signaling.send({type: 'status', mic: true});
    sockets[0].drop();
    clock.advance(500);
    sockets[1].open();
    sockets[1].say(welcome({resumed: false, epoch: 'e2', seq: 0, n: 0}));
    assert.deepEqual(sockets[1].sent.slice(1), [{type: 'chat', text: 'b', id: 'b', n: 1}]);
    sockets[1].say({type: 'ack', seq: 1, of: 'chat', n: 1, heard: 1});
    assert.deepEqual(answers, [
        ['a', 'ack'],
        ['b', 'ack'],
    ]);
});

test('a message written in the call is not sent by a guest who waits now: the front desk would hear it', () => {
    const {signaling, sockets, clock, answers} = writes({state: 'inside'});
    sockets[0].drop();
    signaling.send({type: 'chat', text: 'between us', id: 'a'});
    clock.advance(500);
    sockets[1].open();
    sockets[1].say(welcome({resumed: false, state: 'waiting', seq: 0, n: 0}));
    assert.deepEqual(sockets[1].sent.slice(1), []);
    assert.deepEqual(answers, [['a', 'unanswered']]);
});

test('a message without an answer: the connection is made anew once, then the message is given up', () => {
    const {signaling, sockets, clock, answers, got} = writes();
    signaling.send({type: 'chat', text: 'a', id: 'a'});
    clock.advance(10_000);
    assert.equal(got.links.at(-1), 'lost', 'the server does not answer: it may hang');
    clock.advance(500);
    sockets[1].open();
    sockets[1].say(welcome({resumed: true, seq: 0, n: 1}));
    clock.advance(10_000);
    assert.deepEqual(answers, [['a', 'unanswered']]);
    assert.equal(got.links.at(-1), 'open');
});

test('a timer that fires a moment too early checks again: no message is under way for ever', () => {
    const {signaling, sockets, clock} = joined();
    const {now} = clock;
    const answers = [];
    signaling.on('answer', a => answers.push(a.answer.code));
    signaling.send({type: 'chat', text: 'x', id: 'x'});
    clock.now = () => now() - 1;
    clock.advance(10_000);
    clock.now = now;
    clock.advance(100);
    assert.equal(sockets.length, 1);
    clock.advance(1000); // the connection was given up, and is made anew
    assert.equal(sockets.length, 2);
    sockets[1].open();
    sockets[1].say(welcome({epoch: 'e2'}));
    clock.advance(10_000);
    assert.deepEqual(answers, ['unanswered']);
});

test('a message sent while another waits for its answer has a deadline of its own', () => {
    const {signaling, sockets, clock} = joined();
    signaling.send({type: 'chat', text: 'x', id: 'x'});
    clock.advance(6000);
    signaling.send({type: 'chat', text: 'y', id: 'y'});
    sockets[0].say({type: 'ack', seq: 1, of: 'chat', n: 1, heard: 1});
    clock.advance(9999);
    assert.equal(signaling.state, 'open');
    clock.advance(1);
    assert.equal(signaling.state, 'lost');
});

test('a new seat takes over no message of the last one: each is reported lost', () => {
    const {signaling} = joined();
    const answers = [];
    signaling.on('answer', a => answers.push([a.message.text, a.answer.code]));
    signaling.send({type: 'status', mic: true});
    for (const text of ['x', 'y']) signaling.send({type: 'chat', text, id: text});
    signaling.connect('/ws/s', 'token-2');
    assert.deepEqual(answers, [
        ['x', 'unanswered'],
        ['y', 'unanswered'],
    ]);
    assert.deepEqual(signaling.outbox.pending, []);
});

test('when more messages are written during a lost connection than are kept, the oldest are reported lost', () => {
    const {signaling, sockets, answers} = writes();
    sockets[0].drop();
    for (let i = 0; i < 258; i++) signaling.send({type: 'chat', text: 'x', id: `${i}`});
    assert.deepEqual(answers, [
        ['0', 'unanswered'],
        ['1', 'unanswered'],
    ]);
});

test('when the network comes back there is no pause', () => {
    const {signaling, sockets, clock} = joined(setUp(() => 1));
    sockets[0].drop();
    clock.advance(500);
    sockets[1].drop();
    signaling.hurry();
    assert.equal(sockets.length, 3);
    signaling.hurry();
    assert.equal(sockets.length, 3, 'one try at a time');
});

test('a socket without a welcome is given up', () => {
    const {sockets, clock, signaling} = setUp();
    signaling.connect('/ws/r', 'token');
    sockets[0].open();
    clock.advance(10_500);
    assert.equal(sockets.length, 2);
    assert.notEqual(sockets[0].closedWith, undefined);
});

for (const [code, {next, cause}] of Object.entries(CLOSE)) {
    test(`close code ${code}: ${next}`, () => {
        const {sockets, clock, got} = joined();
        sockets[0].drop(Number(code));
        clock.advance(9_000);
        if (next === 'retry') {
            assert.equal(got.over.length, 0);
            assert.ok(sockets.length >= 2);
        } else {
            assert.deepEqual(got.over, [{cause: next === 'rejoin' ? 'rejoin' : cause, code: Number(code), reason: ''}]);
            assert.equal(sockets.length, 1);
        }
    });
}

test('an unknown close code, or no socket at all, is a lost connection', () => {
    const {sockets, got, clock} = joined();
    sockets[0].drop(4999);
    clock.advance(9_000);
    assert.equal(got.over.length, 0);
    assert.ok(sockets.length >= 2);
    const links = [];
    const refused = new Signaling({
        clock,
        random: () => 0.5,
        open: () => {
            throw new Error('SecurityError');
        },
    });
    refused.on('link', l => links.push(l.state));
    refused.connect('/ws/r', 'token');
    assert.deepEqual(links, ['connecting', 'lost']);
    refused.drop();
});

test('the reason in `bye` says more than the code', () => {
    const {sockets, got} = joined();
    sockets[0].say({type: 'bye', reason: 'denied'});
    sockets[0].drop(4403);
    assert.deepEqual(got.over, [{cause: 'denied', code: 4403, reason: ''}]);
});

test('a restarting server says when to come back', () => {
    const {sockets, clock} = joined(setUp(() => 0));
    sockets[0].say({type: 'bye', reason: 'restarting', retry_ms: 2000});
    sockets[0].drop(1012);
    clock.advance(1900);
    assert.equal(sockets.length, 1);
    clock.advance(200);
    assert.equal(sockets.length, 2);
});

test('dropping it reports nothing', () => {
    const {signaling, sockets, clock, got} = joined();
    signaling.drop();
    sockets[0].drop(1000);
    clock.advance(60_000);
    assert.equal(got.over.length, 0);
    assert.equal(sockets.length, 1);
});
