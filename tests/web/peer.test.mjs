import assert from 'node:assert/strict';
import test from 'node:test';
import {LADDER, Peer} from '../../web/js/core/peer.js';
import {Peers} from '../../web/js/core/peers.js';
import {FakeClock, FakePeerConnection, makeStream, participant, quietLog, settle} from './fakes.mjs';

const deps = (clock = new FakeClock()) => ({
    clock,
    connect: config => new FakePeerConnection(config),
    makeStream,
    freshConfig: async () => ({iceServers: [{urls: 'turn:fresh'}]}),
    log: quietLog,
});
const sources = {audio: {kind: 'audio', id: 'mic'}, camera: {kind: 'video', id: 'cam'}, screen: null};

/** One side, with what it sent. */
function side(offerer, d = deps()) {
    const peer = new Peer(d, {offerer, config: {}, sources: {...sources}});
    const sent = [];
    peer.on('signal', s => sent.push(s));
    peer.start();
    return {peer, sent, clock: d.clock, pc: () => peer.pc};
}

/** Two sides that hear each other. */
async function pair() {
    const d = deps();
    const a = side(true, d);
    const b = side(false, d);
    a.peer.on('signal', s => b.peer.receive(structuredClone(s)));
    b.peer.on('signal', s => a.peer.receive(structuredClone(s)));
    await settle();
    return {a, b, clock: d.clock};
}

test('only the offerer makes the first offer; both end with the same four m-lines', async () => {
    const {a, b} = await pair();
    assert.deepEqual(a.pc().log, ['local offer', 'remote answer']);
    assert.deepEqual(b.pc().log, ['remote offer', 'local answer']);
    for (const {pc} of [a, b]) {
        assert.deepEqual(
            pc().transceivers.map(t => t.kind),
            ['audio', 'video', 'video'],
        );
        assert.deepEqual(pc().channels, [{label: 'ctl', negotiated: true, id: 0}]);
        assert.equal(pc().transceivers[0].sender.track.id, 'mic');
        assert.equal(pc().transceivers[1].sender.track.id, 'cam');
        assert.equal(pc().transceivers[0].direction, 'sendrecv');
    }
    assert.equal(a.pc().transceivers[2].direction, 'inactive');
});

test('the answerer waits, whatever wants to be negotiated before the first offer', async () => {
    const {peer, sent, pc} = side(false);
    pc().onnegotiationneeded();
    await settle();
    assert.deepEqual(sent, []);
    assert.equal(peer.pc.channels.length, 0);
});

test('later glare: the polite one rolls back, the other ignores, and both end stable', async () => {
    const {a, b} = await pair();
    a.pc().restartIce();
    b.pc().restartIce();
    await settle();
    assert.equal(a.pc().signalingState, 'stable');
    assert.equal(b.pc().signalingState, 'stable');
    assert.ok(a.pc().log.includes('rollback'), 'the offerer is the polite one');
    assert.ok(!b.pc().log.includes('rollback'));
});

test('candidates go in order, the end of them too; those of an ignored offer may fail', async () => {
    const {a, b} = await pair();
    const candidate = {candidate: 'candidate:1', sdpMid: '0'};
    a.pc().onicecandidate({candidate: {toJSON: () => candidate}});
    a.pc().onicecandidate({candidate: null});
    await settle();
    assert.deepEqual(b.pc().candidates, [candidate, undefined]);
});

test('switching a device replaces the track and negotiates nothing', async () => {
    const {a} = await pair();
    const before = a.sent.length;
    a.peer.setSource('camera', {kind: 'video', id: 'other'});
    await settle();
    assert.equal(a.pc().transceivers[1].sender.track.id, 'other');
    assert.equal(a.sent.length, before);
});

test('a lost path is shown after 2 s, restarted at 4 s with fresh credentials, again every 4 s', async () => {
    const {a, b, clock} = await pair();
    const states = [];
    b.peer.on('state', s => states.push(s));
    a.pc().become('connected');
    b.pc().become('connected');
    assert.deepEqual(states, ['live']);
    b.pc().become('disconnected');
    clock.advance(LADDER.lostMs - 1);
    assert.deepEqual(states, ['live']);
    clock.advance(1);
    assert.deepEqual(states, ['live', 'lost']);
    assert.equal(b.pc().restarts, 0);
    clock.advance(2_000);
    await settle();
    assert.equal(b.pc().restarts, 1);
    assert.equal(b.pc().config.iceServers[0].urls, 'turn:fresh');
    clock.advance(4_000);
    await settle();
    assert.equal(b.pc().restarts, 2);
    b.pc().become('connected');
    assert.equal(states.at(-1), 'live');
    clock.advance(60_000);
    await settle();
    assert.equal(b.pc().restarts, 2, 'the ladder stops');
    assert.equal(a.peer.gen, 1);
});

test('a blink of the path is not worth a word', async () => {
    const {b, clock} = await pair();
    const states = [];
    b.peer.on('state', s => states.push(s));
    b.pc().become('connected');
    b.pc().become('disconnected');
    clock.advance(1_500);
    b.pc().become('connected');
    clock.advance(10_000);
    assert.deepEqual(states, ['live']);
});

test('after 12 s the offerer, and only the offerer, begins anew; the other follows', async () => {
    const {a, b, clock} = await pair();
    const [oldA, oldB] = [a.pc(), b.pc()];
    for (const s of [a, b]) s.pc().become('connected');
    for (const s of [a, b]) s.pc().become('disconnected');
    for (let i = 0; i < 14; i++) {
        clock.advance(1_000);
        await settle();
    }
    assert.equal(a.peer.gen, 2);
    assert.equal(b.peer.gen, 2);
    assert.ok(oldA.closed && oldB.closed);
    assert.deepEqual(a.pc().log, ['local offer', 'remote answer']);
    assert.deepEqual(b.pc().log, ['remote offer', 'local answer']);
    assert.equal(b.pc().transceivers[0].sender.track.id, 'mic');
});

test('signals of a connection that is no more are dropped', async () => {
    const {a, b} = await pair();
    b.peer.receive({pc: 'main', gen: 0, description: {type: 'offer', sdp: 'old'}});
    a.peer.receive({pc: 'main', gen: 7, description: {type: 'offer', sdp: 'not theirs to begin'}});
    a.peer.receive({pc: 'data', candidate: null});
    a.peer.receive({pc: 'main', description: {type: 'answer', sdp: 'nobody asked'}});
    await settle();
    assert.equal(a.peer.gen, 1);
    assert.equal(a.pc().signalingState, 'stable');
    assert.equal(b.pc().signalingState, 'stable');
});

test('one that never comes up is begun anew by the offerer', async () => {
    const {peer, clock} = side(true);
    await settle();
    clock.advance(LADDER.connectMs);
    assert.equal(peer.gen, 2);
});

test('an offer the server may have lost is sent again, as it was', async () => {
    const {peer, sent} = side(true);
    await settle();
    const offer = sent.at(-1).description.sdp;
    peer.resend();
    assert.equal(sent.at(-1).description.sdp, offer);
});

test('connections stay while the other page stays, whatever is said about it', async () => {
    FakePeerConnection.all.length = 0;
    const peers = new Peers(deps());
    peers.sync([participant('a', {offerer: true})]);
    peers.sync([participant('a', {offerer: false, status: {mic: false}})]);
    peers.sync([participant('a', {state: 'away'})]);
    assert.equal(FakePeerConnection.all.length, 1);
    peers.sync([participant('a', {instance: 2}), participant('b')]);
    assert.equal(FakePeerConnection.all.length, 3);
    assert.ok(FakePeerConnection.all[0].closed);
    peers.sync([participant('b')]);
    assert.ok(FakePeerConnection.all[1].closed);
    assert.ok(!FakePeerConnection.all[2].closed);
    peers.clear();
    assert.ok(FakePeerConnection.all.every(pc => pc.closed));
});

test('signals carry the instance they are for; those of another instance are dropped', async () => {
    const peers = new Peers(deps());
    const sent = [];
    peers.on('signal', s => sent.push(s));
    peers.sync([participant('a', {offerer: true, instance: 3})]);
    await settle();
    assert.equal(sent[0].to, 'a');
    assert.equal(sent[0].instance, 3);
    peers.receive('a', 2, {pc: 'main', description: {type: 'answer', sdp: 'old'}});
    peers.receive('stranger', 1, {pc: 'main', description: {type: 'offer', sdp: 'x'}});
    await settle();
    assert.equal(peers.byId.get('a').peer.pc.signalingState, 'have-local-offer');
    peers.receive('a', 3, {pc: 'main', description: {type: 'answer', sdp: 'new'}});
    await settle();
    assert.equal(peers.byId.get('a').peer.pc.signalingState, 'stable');
    peers.clear();
});

test('a source chosen before anybody came is sent to who comes', async () => {
    const peers = new Peers(deps());
    peers.setSource('audio', {kind: 'audio', id: 'early'});
    peers.sync([participant('a', {offerer: true})]);
    assert.equal(peers.byId.get('a').peer.pc.transceivers[0].sender.track.id, 'early');
    peers.clear();
});
