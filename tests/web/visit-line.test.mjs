// A visit whose connection or seat is lost, and the join that gets it back.
import assert from 'node:assert/strict';
import test from 'node:test';
import {ApiError} from '../../web/js/core/api.js';
import {FakePeerConnection, settle, welcome} from './fakes.mjs';
import {INVITATION, SEAT, HOST, setUp, welcomeBack, wait, enter} from './visit_scene.mjs';

test('a server killed in a call: same connection, new numbers, no message sent twice', async () => {
    const t = await enter(setUp());
    const [pc] = FakePeerConnection.all;
    await pc.setRemoteDescription({type: 'answer', sdp: 'x'});
    pc.become('connected');
    t.sockets[0].drop(1006);
    assert.equal(t.visit.call.link, 'lost');
    assert.equal(t.visit.call.phase, 'incall');
    t.clock.advance(500);
    t.sockets[1].open();
    t.sockets[1].say(
        welcome({state: 'inside', epoch: 'e2', resumed: false, participants: [{...HOST, offerer: false}]}),
    );
    await settle();
    assert.equal(FakePeerConnection.all.length, 1);
    assert.ok(!pc.closed);
    assert.equal(t.visit.call.link, 'open');
    assert.deepEqual(
        t.sockets[1].sent.map(m => m.type),
        ['join', 'status'],
        'the new server is told how we are',
    );
    assert.equal(t.sockets[1].sent[1].n, 1);
});

test('an unanswered first offer is sent again to a server that forgot', async () => {
    const t = await enter(setUp());
    t.sockets[0].drop(1006);
    t.clock.advance(500);
    t.sockets[1].open();
    t.sockets[1].say(welcome({state: 'inside', epoch: 'e2', participants: [HOST]}));
    await settle();
    assert.equal(t.sockets[1].sent.filter(m => m.type === 'signal').length, 1);
});

test('a refused ticket leads to one new join, without leaving the call; a second refusal is reported', async () => {
    const t = await enter(setUp());
    t.sockets[0].drop(4401);
    await settle();
    assert.equal(t.posts.length, 2);
    assert.equal(t.visit.call.phase, 'incall');
    t.sockets[1].open();
    t.sockets[1].drop(4401);
    await settle();
    assert.equal(t.posts.length, 2);
    assert.equal(t.visit.call.problem.code, 'unauthorized');
});

test('without the server for an hour nobody is thrown out: picture and sound go on, then the seat is taken again as the same page', async () => {
    let up = true;
    const answer = async () => (up ? SEAT : Promise.reject(new ApiError({code: 'network'})));
    const t = await enter(setUp({answer}));
    t.sockets[0].say(welcomeBack({instance: 4}));
    FakePeerConnection.all[0].become('connected');
    t.sockets.at(-1).drop();
    for (let i = 0; i < 3600; i++) {
        t.clock.advance(1000);
        if (t.sockets.at(-1).onclose && t.clock.now() < 3_500_000) t.sockets.at(-1).drop();
    }
    assert.equal(t.visit.call.phase, 'incall');
    assert.equal(FakePeerConnection.all[0].closed, false);
    assert.notEqual(t.media.tracks.video, null, 'the camera stays on');
    assert.equal(t.visit.call.link, 'lost');

    up = false; // the server comes back, has given the seat up, and goes again before the join
    for (const {length} = t.sockets; t.sockets.length === length; ) t.clock.advance(1000);
    t.sockets.at(-1).open();
    t.sockets.at(-1).say({type: 'error', code: 'bad_ticket', of: 'join'});
    t.sockets.at(-1).drop(4401);
    await settle();
    const asked = t.posts.length;
    for (let i = 0; i < 60; i++) {
        t.clock.advance(1000);
        await settle();
    }
    assert.ok(t.posts.length > asked + 3, 'the door is asked again and again');
    assert.equal(t.visit.call.phase, 'incall');
    up = true;
    t.visit.tryNow();
    await settle();
    t.sockets.at(-1).open();
    assert.deepEqual(t.sockets.at(-1).sent[0], {type: 'join', token: 'tok', instance: 4});
    t.sockets.at(-1).say(welcomeBack({epoch: 'e2', instance: 4}));
    assert.equal(t.visit.call.link, 'open');
    assert.equal(FakePeerConnection.all.filter(pc => !pc.closed).length, 1);
    assert.equal(FakePeerConnection.all[0].closed, false, 'the same connection');
});

test('a waiting guest is checked in again by the page, and a refused join is explained', async () => {
    let refusal = null;
    const answer = async () => (refusal ? Promise.reject(new ApiError({status: 423, code: refusal})) : SEAT);
    const t = await wait(setUp({answer}));
    t.sockets[0].drop(4401);
    await settle();
    assert.equal(t.visit.call.phase, 'waiting');
    t.sockets[1].open();
    t.sockets[1].say(welcome({participants: [HOST], position: 3}));
    assert.deepEqual([t.visit.call.phase, t.visit.call.waiting.position], ['waiting', 3]);
    refusal = 'room_locked';
    t.sockets[1].drop(4401);
    await settle();
    assert.deepEqual([t.visit.call.phase, t.visit.call.problem.code], ['problem', 'room_locked']);
});

test('a guest who leaves while the connection is lost stays away', async () => {
    const t = await enter(setUp());
    t.sockets[0].drop();
    t.visit.leave();
    const asked = t.posts.length;
    t.clock.advance(20_000);
    t.sockets.at(-1).open();
    t.sockets.at(-1).drop(4401);
    await settle();
    assert.equal(t.posts.length, asked);
    assert.equal(t.visit.call.phase, 'ended');
});

test('the server is told whether a person without a socket is still seen, so that it keeps their seat', async () => {
    const t = await enter(setUp());
    const [pc] = FakePeerConnection.all;
    const told = () => t.sockets[0].sent.filter(m => m.type === 'seen').map(m => [m.participant, m.seen]);
    const goesAway = seq => t.sockets[0].say({type: 'participant', seq, event: 'away', participant: {...HOST, state: 'away'}});
    pc.become('connected');
    goesAway(2);
    assert.deepEqual(told(), [['h', true]]);
    t.sockets[0].say({type: 'participant', seq: 3, event: 'back', participant: HOST, offerer: false});
    assert.equal(pc.closed, false);
    goesAway(4);
    pc.become('failed');
    t.clock.advance(1);
    assert.deepEqual(told(), [['h', true], ['h', true], ['h', false]]);
    t.sockets[0].say({type: 'participant', seq: 5, event: 'left', reason: 'expired', participant: {...HOST, state: 'expired'}});
    assert.equal(pc.closed, true);
});

test('a server that forgot is told again, and only about pairs that include a host', async () => {
    const t = await enter(setUp());
    FakePeerConnection.all[0].become('connected');
    t.sockets[0].drop();
    t.clock.advance(600);
    t.sockets[1].open();
    const gone = {...HOST, state: 'away'};
    t.sockets[1].say(welcome({epoch: 'e2', state: 'inside', participants: [gone, {...gone, id: 'g2', role: 'guest'}]}));
    assert.deepEqual(t.sockets[1].sent.filter(m => m.type === 'seen').map(m => m.participant), ['h']);
});

test('a person who was removed or has left goes at once, seen or not', async () => {
    for (const reason of ['removed', 'left', 'ended']) {
        const t = await enter(setUp());
        const [pc] = FakePeerConnection.all;
        pc.become('connected');
        t.sockets[0].say({type: 'participant', seq: 2, event: 'left', reason, participant: {...HOST, state: reason}});
        assert.equal(pc.closed, true, reason);
    }
});

test('a guest who was away when the visit ended is told that at the join; one who was lost for too long joins again', async () => {
    for (const [over, phase] of [
        ['ended', 'ended'],
        ['removed', 'ended'],
        ['expired', 'incall'],
    ]) {
        let seats = 0;
        const t = await enter(setUp({answer: async () => (seats++ ? {...SEAT, over} : SEAT)}));
        t.sockets[0].drop(4401);
        await settle();
        assert.equal(t.visit.call.phase, phase, over);
        if (phase === 'ended') assert.deepEqual([t.visit.call.cause, t.place.read()], [over, null]);
    }
});

test('an earlier end does not keep a guest from joining by a press', async () => {
    const t = await wait(setUp({answer: async () => ({...SEAT, over: 'ended'})}));
    assert.equal(t.visit.call.phase, 'waiting');
    const refused = setUp({answer: async () => ({...SEAT, over: 'ended'})});
    await refused.visit.open(INVITATION);
    await refused.visit.askDevices();
    await refused.visit.seat.enter({name: 'Ana', pin: '', consent: ''});
    refused.sockets[0].open();
    refused.sockets[0].drop(4401); // before any welcome
    await settle();
    assert.notEqual(refused.visit.call.phase, 'ended', 'that end was of another time');
});

test('a seat that another node serves is joined again', async () => {
    const t = await enter(setUp());
    t.sockets[0].drop(4421);
    await settle();
    assert.equal(t.posts.length, 2);
    assert.equal(t.sockets.length, 2);
});

test('a running call goes on when a join requires consent, a PIN or another name; the check asks when it is over', async () => {
    for (const [code, field] of [
        ['consent_outdated', 'consent'],
        ['pin_required', 'pin'],
        ['name_taken', 'name'],
    ]) {
        let refusal = null;
        const answer = async () => (refusal ? Promise.reject(refusal) : SEAT);
        const t = await enter(setUp({answer}));
        FakePeerConnection.all[0].become('connected');
        refusal = new ApiError({status: 422, code, field});
        t.sockets[0].drop(4401);
        await settle();
        assert.equal(t.visit.call.phase, 'incall', code);
        assert.equal(FakePeerConnection.all[0].closed, false);
        FakePeerConnection.all[0].become('failed');
        t.clock.advance(31_000);
        await settle();
        assert.equal(t.visit.call.phase, 'check', code);
        assert.equal(t.visit.call.problem.code, code);
        assert.notEqual(t.media.tracks.video, null, 'the devices go on');
        refusal = null;
        await t.visit.seat.enter({name: 'Ana', pin: '1', consent: '2'});
        assert.equal(t.visit.call.phase, 'connecting', 'and the way in is open');
    }
});

test('a waiting guest who is asked for consent anew gives it at the check', async () => {
    let refusal = null;
    const t = await wait(setUp({answer: async () => (refusal ? Promise.reject(refusal) : SEAT)}));
    refusal = new ApiError({status: 422, code: 'consent_outdated', field: 'consent', consent: {version: 2, text: 'New'}});
    t.sockets[0].drop(4401);
    await settle();
    assert.deepEqual([t.visit.call.phase, t.visit.call.consent?.text], ['check', 'New']);
});

test('a revoked link leaves no place that a reload would ask for', async () => {
    const t = await enter(setUp());
    t.sockets[0].drop(4401);
    await settle();
    t.sockets[1].open();
    t.sockets[1].say({type: 'error', code: 'invitation_revoked', of: 'join'});
    t.sockets[1].drop(4401);
    await settle();
    assert.equal(t.visit.call.problem.code, 'invitation_revoked');
    assert.equal(t.place.read(), null);
});

test('a refused ticket that leads back to the waiting room is reported as that', async () => {
    const t = await enter(setUp());
    t.sockets[0].drop(4401);
    await settle();
    t.sockets[1].open();
    t.sockets[1].say(welcome({position: 1}));
    assert.equal(t.visit.call.phase, 'waiting');
    assert.equal(t.visit.call.cause, 'lost_place');
    assert.equal(t.place.read().waiting.reason, 'lost_place');
});

test('a join that is busy for a moment does not cost the place, a refused one does', async () => {
    for (const [status, code, kept] of [
        [503, 'busy', true],
        [503, 'storage', true],
        [429, 'too_many_requests', true],
        [500, 'internal', true],
        [429, 'too_soon', false],
        [403, 'blocked', false],
    ]) {
        const first = await wait();
        const t = setUp({kept: first.kept, answer: async () => Promise.reject(new ApiError({status, code}))});
        await t.visit.seat.resume('');
        assert.equal(t.visit.call.problem.code, code);
        assert.equal(t.place.read() !== null, kept, code);
    }
});

test('a person who came back by a room\'s address and found no server asks for that room again', async () => {
    const kept = new Map();
    const first = setUp({kept});
    first.place.write({room: 'r', name: 'Ana', mic: true, cam: true, consent: '', invitation: null});
    const t = setUp({kept, answer: async () => Promise.reject(new ApiError({code: 'network'}))});
    await t.visit.seat.resume('dr-rivera');
    await t.visit.seat.rejoin();
    assert.deepEqual(
        t.posts.map(p => p.path),
        ['/rooms/r/join', '/rooms/dr-rivera/join'],
    );
});

test('without a network the place is kept for the next try', async () => {
    const t = await wait();
    const again = setUp({kept: t.kept, answer: async () => Promise.reject(new ApiError({code: 'network'}))});
    await again.visit.seat.resume('');
    assert.equal(again.visit.call.problem.code, 'network');
    assert.notEqual(again.place.read(), null);
});

test('a waiting guest without a network is told at once, keeps the place for as long as it is kept, and the network that is back wakes the page', async () => {
    const t = await wait();
    t.visit.dispatch({type: 'offline', offline: true});
    t.visit.deps.signaling.distrust();
    assert.equal(t.visit.call.offline, true);
    assert.equal(t.visit.call.phase, 'waiting');
    for (let minute = 0; minute < 14; minute++) {
        t.clock.advance(60_000);
        t.sockets.at(-1).drop();
    }
    assert.equal(t.visit.call.phase, 'waiting');
    const {length} = t.sockets;
    t.visit.wake(true);
    assert.equal(t.sockets.length, length + 1, 'at once');
    t.sockets.at(-1).open();
    assert.deepEqual(t.sockets.at(-1).sent[0].resume.ticket, 'ticket-1');
    t.sockets.at(-1).say(welcome({resumed: true, participants: [HOST]}));
    assert.equal(t.visit.call.offline, false);
});

test('a browser that is wrong about its network is believed until the next welcome', async () => {
    const t = await wait();
    t.visit.dispatch({type: 'offline', offline: true});
    t.visit.deps.signaling.distrust();
    t.clock.advance(500);
    t.sockets.at(-1).open();
    t.sockets.at(-1).say(welcome({resumed: true, participants: [HOST]}));
    assert.deepEqual([t.visit.call.offline, t.visit.call.link], [false, 'open']);
});
