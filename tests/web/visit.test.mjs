// A visit from the invitation to its end.
import assert from 'node:assert/strict';
import test from 'node:test';
import {ApiError} from '../../web/js/core/api.js';
import {FakePeerConnection, participant, sdpOf, settle, welcome} from './fakes.mjs';
import {INVITATION, SEAT, HOST, setUp, wait, enter, admit} from './visit_scene.mjs';

test('from the invitation to the call: one join, devices told, the first offer ours', async () => {
    const t = await enter(setUp());
    assert.deepEqual(t.posts, [{path: '/rooms/r/join', body: {invitation: 'CODE', name: 'Ana'}}]);
    assert.equal(t.visit.call.phase, 'incall');
    const types = t.sockets[0].sent.map(m => m.type);
    assert.deepEqual(types.slice(0, 2), ['join', 'status']);
    const offer = t.sockets[0].sent.find(m => m.type === 'signal');
    assert.equal(offer.to, 'h');
    assert.equal(offer.to_instance, 1);
    assert.equal(
        FakePeerConnection.all[0].config.iceServers[0].urls,
        'turn:x',
        'credentials before the first candidate',
    );
    assert.deepEqual(FakePeerConnection.all[0].config.certificates, ['certificate']);
});

test('the connection is made before the guest is let in, and sends nothing until then', async () => {
    const t = await wait();
    await settle();
    const [pc] = FakePeerConnection.all;
    assert.equal(pc.localDescription, null, 'nothing is looked for while the guest waits');
    assert.deepEqual(pc.config.certificates, ['certificate']);
    await admit(t);
    assert.equal(FakePeerConnection.all.length, 1);
    assert.deepEqual(pc.log, ['local offer']);
    t.sockets[0].say({type: 'state', seq: 2, state: 'waiting', reason: 'returned', participants: [HOST]});
    await settle();
    const [, next] = FakePeerConnection.all;
    assert.ok(pc.closed, 'back in the waiting room the old one ends');
    assert.equal(next.localDescription, null, 'and the next one is ready');
    t.visit.leave();
    t.sockets[0].say({type: 'participant', seq: 3, event: 'left', participant: HOST, reason: 'left'});
    await settle();
    assert.ok(
        FakePeerConnection.all.every(c => c.closed),
        'nothing is left, and nothing is made, after the end',
    );
});

test('a relay-only room reveals no address, even where no relay is set up', async () => {
    const t = await wait(setUp({answer: async () => ({...SEAT, room: {...SEAT.room, relay_only: true}})}));
    await settle();
    await admit(t, []);
    const [pc] = FakePeerConnection.all;
    assert.deepEqual(pc.log, ['local offer']);
    assert.equal(pc.config.iceTransportPolicy, 'relay');
    assert.deepEqual(pc.config.iceServers, []);
});

test('a room that becomes relay-only reveals no address to those who come later', async () => {
    const t = await wait();
    const server = {urls: 'turn:x'};
    const inside = {state: 'inside', participants: [], ice_servers: [server], ice_ttl_s: 600};
    t.sockets[0].say({type: 'state', seq: 1, ...inside});
    t.sockets[0].say({type: 'room', seq: 2, room: {...SEAT.room, relay_only: true}});
    const newcomer = participant('n', {offerer: true});
    t.sockets[0].say({type: 'participant', seq: 3, event: 'joined', participant: newcomer, offerer: true});
    await settle();
    const pc = FakePeerConnection.all.at(-1);
    assert.deepEqual(pc.log, ['local offer']);
    assert.equal(pc.config.iceTransportPolicy, 'relay');
    assert.deepEqual(pc.config.iceServers, [server]);
});

test('a person alone inside has a connection ready to answer with', async () => {
    const t = await wait();
    t.sockets[0].say({type: 'state', seq: 1, state: 'inside', participants: [], ice_servers: [], ice_ttl_s: 0});
    await settle();
    const [offering, answering] = FakePeerConnection.all;
    assert.ok(offering.closed, 'the first offer will be the other one’s');
    const newcomer = participant('n', {offerer: false});
    t.sockets[0].say({type: 'participant', seq: 2, event: 'joined', participant: newcomer, offerer: false});
    const offer = {pc: 'main', gen: 1, description: {type: 'offer', sdp: sdpOf('x')}};
    t.sockets[0].say({type: 'signal', seq: 3, from: 'n', from_instance: 1, data: offer});
    await settle();
    assert.equal(FakePeerConnection.all.length, 2);
    assert.deepEqual(answering.log, ['remote offer', 'local answer']);
    assert.equal(t.sockets[0].sent.at(-1).data.description.type, 'answer');
});

test('the socket is opened while the join is under way, and closed when the join is refused', async () => {
    let open;
    const t = setUp({answer: () => new Promise((resolve, reject) => (open = {resolve, reject}))});
    await t.visit.open(INVITATION);
    await t.visit.askDevices();
    const entering = t.visit.seat.enter({name: 'Ana', pin: '', consent: ''});
    await settle();
    assert.deepEqual(
        t.sockets.map(s => s.path),
        ['/ws/r'],
    );
    t.sockets[0].open();
    assert.deepEqual(t.sockets[0].sent, [], 'without a token there is nothing to say');
    open.reject(new ApiError({status: 403, code: 'wrong_pin'}));
    await entering;
    assert.equal(t.sockets[0].closedWith, 1000);
    assert.equal(t.visit.call.phase, 'check');
});

test('a reload goes back to the same seat without a press, muted as before', async () => {
    const first = await wait();
    await first.visit.toggleCam();
    assert.equal(first.place.read().cam, false);
    const t = setUp({kept: first.kept});
    assert.equal(await t.visit.seat.resume(''), true);
    assert.deepEqual(t.posts[0].body, {invitation: 'CODE', name: 'Ana'});
    t.sockets[0].open();
    t.sockets[0].say(welcome({state: 'inside', participants: [HOST]}));
    assert.equal(t.visit.call.phase, 'incall');
    assert.equal(t.visit.call.invitation.practice, 'P');
    await settle();
    assert.equal(t.visit.call.local.camState, 'off', 'a camera that was off stays off');
});

test('a reload in the waiting room keeps the messages written there', async () => {
    const first = await enter(setUp());
    first.sockets[0].say({
        type: 'state',
        seq: 2,
        state: 'waiting',
        reason: 'returned',
        text: 'One moment',
        participants: [],
    });
    const t = setUp({kept: first.kept});
    assert.equal(await t.visit.seat.resume(''), true);
    t.sockets[0].open();
    t.sockets[0].say(welcome({position: 1, epoch: 'e2'}));
    assert.equal(t.visit.call.waiting.reason, 'returned');
    assert.equal(t.visit.call.waiting.text, 'One moment');
});

test('the next reload does not ask for a seat that is gone', async () => {
    const t = await wait();
    t.sockets[0].say({type: 'bye', reason: 'denied'});
    t.sockets[0].drop(4403);
    assert.equal(t.visit.call.phase, 'ended');
    assert.equal(t.visit.call.cause, 'denied');
    assert.equal(t.place.read(), null);
    assert.equal(t.media.tracks.audio, null, 'devices are let go');
});

test('a guest waiting by a link that is revoked is told, with the way to a new one', async () => {
    const t = await wait();
    t.sockets[0].say({type: 'bye', reason: 'invitation_revoked'});
    t.sockets[0].drop(4403);
    assert.equal(t.visit.call.phase, 'problem');
    assert.equal(t.visit.call.problem.code, 'invitation_revoked');
    assert.equal(t.place.read(), null);
});

test('when the other person reloads there is a new connection', async () => {
    const t = await enter(setUp());
    t.sockets[0].say({
        type: 'participant',
        seq: 2,
        event: 'changed',
        participant: {...HOST, instance: 2},
        offerer: false,
    });
    assert.equal(FakePeerConnection.all.length, 2);
    assert.ok(FakePeerConnection.all[0].closed);
});

test('sent back to the waiting room: the connection ends, the camera stays', async () => {
    const t = await enter(setUp());
    t.sockets[0].say({type: 'state', seq: 2, state: 'waiting', reason: 'returned', participants: [HOST]});
    assert.equal(t.visit.call.phase, 'waiting');
    assert.ok(FakePeerConnection.all[0].closed);
    assert.notEqual(t.media.tracks.video, null);
});

test('called or sent to another room: the connections end and the seat there is taken with the token that came', async () => {
    const t = await enter(setUp());
    t.sockets[0].say({type: 'move', seq: 2, room: 'r2', ws: '/ws/r2', token: 'tok-2'});
    assert.ok(FakePeerConnection.all[0].closed);
    assert.equal(t.visit.call.phase, 'connecting');
    const [, second] = t.sockets;
    second.open();
    assert.deepEqual([second.path, second.sent[0].token], ['/ws/r2', 'tok-2']);
    second.say(welcome({state: 'inside', room: {id: 'r2', name: 'Two'}}));
    assert.equal(t.visit.call.room.id, 'r2');
    assert.equal(t.visit.call.phase, 'incall');
});

test('a wrong PIN is corrected on the spot, a locked room has its own screen', async () => {
    let code = 'wrong_pin';
    const t = setUp({answer: async () => Promise.reject(new ApiError({status: 403, code}))});
    await t.visit.open(INVITATION);
    await t.visit.askDevices();
    await t.visit.seat.enter({name: 'Ana', pin: '1', consent: ''});
    assert.equal(t.visit.call.phase, 'check');
    assert.equal(t.visit.call.problem.code, 'wrong_pin');
    code = 'room_locked';
    await t.visit.seat.enter({name: 'Ana', pin: '2', consent: ''});
    assert.equal(t.visit.call.phase, 'problem');
    assert.equal(t.visit.call.problem.code, 'room_locked');
});

test('a host\'s request for silence is obeyed and announced; a second request changes nothing', async () => {
    const t = await enter(setUp());
    t.sockets[0].say({type: 'mute', seq: 2, from: 'h', kind: 'audio'});
    await settle();
    assert.equal(t.visit.call.local.mic, false);
    assert.equal(t.visit.call.toasts.at(-1).key, 'toast.muted_by');
    t.sockets[0].say({type: 'mute', seq: 3, from: 'h', kind: 'audio'});
    await settle();
    assert.equal(t.visit.call.local.mic, false);
    assert.equal(t.sockets[0].sent.filter(m => m.type === 'status').at(-1).mic, false);
    t.clock.advance(7_000);
    assert.equal(t.visit.call.toasts.length, 0, 'a toast goes by itself');
});

test('relay credentials are renewed before their end', async () => {
    const t = await enter(setUp());
    t.clock.advance(480_000);
    assert.equal(t.sockets[0].sent.at(-1).type, 'ice');
});

test('the time without a connection is counted over all tries, and anew once it was live', async () => {
    const t = await enter(setUp());
    const line = () => t.visit.call.peers.h;
    const begun = line().since;
    t.clock.advance(5000);
    t.visit.deps.peers.emit('view', {id: 'h', state: 'lost'});
    t.clock.advance(5000);
    t.visit.deps.peers.emit('view', {id: 'h', state: 'connecting'});
    assert.equal(line().since, begun);
    t.visit.deps.peers.emit('view', {id: 'h', state: 'live'});
    assert.equal(line().since, begun + 10_000);
    t.clock.advance(5000);
    t.visit.deps.peers.emit('view', {id: 'h', state: 'lost'});
    assert.equal(line().since, begun + 15_000);
});

test('leaving gives up the seat, lets go of the devices and forgets the place', async () => {
    const t = await enter(setUp());
    t.visit.leave();
    assert.equal(t.sockets[0].sent.at(-1).type, 'leave');
    assert.equal(t.visit.call.cause, 'left');
    assert.equal(t.place.read(), null);
    assert.equal(t.media.tracks.video, null);
    t.sockets[0].say({type: 'bye', reason: 'left'});
    t.sockets[0].drop(1000);
    assert.equal(t.visit.call.cause, 'left');
    await t.visit.seat.rejoin();
    assert.equal(t.visit.call.phase, 'connecting');
    assert.equal(t.posts.length, 2);
});

test('opened elsewhere: the place is kept, and can be taken again', async () => {
    const t = await enter(setUp());
    t.sockets[0].say({type: 'bye', reason: 'replaced'});
    t.sockets[0].drop(4409);
    assert.equal(t.visit.call.cause, 'replaced');
    assert.notEqual(t.place.read(), null);
    await t.visit.seat.rejoin();
    t.sockets[1].open();
    t.sockets[1].say(welcome({state: 'inside', participants: [HOST]}));
    assert.equal(t.visit.call.phase, 'incall');
});

test('a room by its address: a stranger is a guest, the practice is named, and the place is found again', async () => {
    const t = setUp();
    t.visit.deps.api.get = async path => {
        if (path === '/public') return {practice: 'Hill Clinic', phone: null};
        throw new ApiError({status: 401, code: 'not_signed_in'});
    };
    await t.visit.seat.openRoom('dr-rivera');
    await settle();
    assert.equal(t.visit.call.phase, 'primer');
    assert.deepEqual(t.visit.call.practice, {name: 'Hill Clinic', phone: ''});
    await t.visit.askDevices([]);
    await t.visit.seat.enter({name: 'Ana', pin: '', consent: ''});
    const path = '/rooms/dr-rivera/join';
    assert.deepEqual(t.posts, [
        {path, body: {}}, // the first try
        {path, body: {name: 'Ana'}},
    ]);
    assert.equal(t.place.read().room, 'r');
});

test('a room that needs an invitation refuses before the page asks for a camera; a refusal that can be corrected at the check does not', async () => {
    for (const [refusal, phase] of [
        [{status: 404, code: 'not_found'}, 'problem'],
        [{status: 423, code: 'room_locked'}, 'problem'],
        [{status: 422, code: 'name_required', field: 'name'}, 'primer'],
    ]) {
        const t = setUp({answer: async () => Promise.reject(new ApiError(refusal))});
        await t.visit.seat.openRoom('dr-rivera');
        assert.equal(t.visit.call.phase, phase, refusal.code);
    }
});
