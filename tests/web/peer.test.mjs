import assert from 'node:assert/strict';
import test from 'node:test';
import {GROW_MS, Peer} from '../../web/js/core/peer.js';
import {Peers} from '../../web/js/core/peers.js';
import {FakeClock, FakePeerConnection, makeStream, participant, quietLog, sdpOf, settle} from './fakes.mjs';

const deps = (clock = new FakeClock()) => ({
    clock,
    connect: config => new FakePeerConnection(config),
    makeStream,
    log: quietLog,
});
const sources = {audio: {kind: 'audio', id: 'mic'}, camera: {kind: 'video', id: 'cam'}, screen: null};

/** One side, with the messages it sent. */
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
    const {sent, pc} = side(false);
    pc().onnegotiationneeded();
    await settle();
    assert.deepEqual(sent, []);
    assert.deepEqual(pc().log, []);
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

test('signals of a connection that no longer exists are dropped', async () => {
    const {a, b} = await pair();
    b.peer.receive({pc: 'main', gen: 0, description: {type: 'offer', sdp: sdpOf('old')}});
    a.peer.receive({pc: 'main', gen: 7, description: {type: 'offer', sdp: sdpOf('not theirs to begin')}});
    a.peer.receive({pc: 'data', candidate: null});
    a.peer.receive({pc: 'main', description: {type: 'answer', sdp: sdpOf('nobody asked')}});
    await settle();
    assert.equal(a.peer.newest.gen, 1);
    assert.equal(a.pc().signalingState, 'stable');
    assert.equal(b.pc().signalingState, 'stable');
});

test('an offer the server may have lost is sent again, as it was', async () => {
    const {peer, sent} = side(true);
    await settle();
    const offer = sent.at(-1).description.sdp;
    peer.resend();
    assert.equal(sent.at(-1).description.sdp, offer);
});

test('connections stay while the other page stays, whatever the server reports about it', async () => {
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
    peers.receive('a', 2, {pc: 'main', description: {type: 'answer', sdp: sdpOf('old')}});
    peers.receive('stranger', 1, {pc: 'main', description: {type: 'offer', sdp: sdpOf('x')}});
    await settle();
    assert.equal(peers.byId.get('a').peer.pc.signalingState, 'have-local-offer');
    peers.receive('a', 3, {pc: 'main', description: {type: 'answer', sdp: sdpOf('new')}});
    await settle();
    assert.equal(peers.byId.get('a').peer.pc.signalingState, 'stable');
    peers.clear();
});

/** Two sides of which each was made ahead, when nobody was there. @param {object} early  @param {object} late tracks by then */
async function aheadPair(early, late = early) {
    FakePeerConnection.all.length = 0;
    const d = deps();
    const sides = ['offers', 'answers'].map(name => {
        const peers = new Peers(d);
        for (const [source, track] of Object.entries(early)) peers.setSource(source, track);
        peers.prepare(name === 'offers');
        for (const [source, track] of Object.entries(late)) if (track !== early[source]) peers.setSource(source, track);
        return peers;
    });
    await settle();
    return sides;
}

/** Both come inside. */
async function meet([a, b]) {
    const [made] = [FakePeerConnection.all.length];
    a.on('signal', s => b.receive('a', 1, structuredClone(s.data)));
    b.on('signal', s => a.receive('b', 1, structuredClone(s.data)));
    b.sync([participant('a', {offerer: false})]);
    a.sync([participant('b', {offerer: true})]);
    await settle();
    return {madeSince: FakePeerConnection.all.length - made, pcs: [a.byId.get('b').peer.pc, b.byId.get('a').peer.pc]};
}

test('a connection made ahead sets no description and gathers no addresses until another person is there; then it is the one used', async () => {
    const [a, b] = await aheadPair(sources);
    for (const pc of FakePeerConnection.all) {
        assert.equal(pc.localDescription, null);
        assert.deepEqual(pc.log, []);
    }
    const ahead = [a.ahead.pc, b.ahead.pc];
    assert.ok(a.ahead.offer, 'the offer is written');
    assert.ok(b.ahead.whole, 'the tracks hang on the answerer');
    a.setConfig({iceServers: [{urls: 'turn:later'}], iceTransportPolicy: 'relay'});
    const {madeSince, pcs} = await meet([a, b]);
    assert.equal(madeSince, 0);
    assert.deepEqual(pcs, ahead);
    assert.deepEqual(pcs[0].log, ['local offer', 'remote answer']);
    assert.deepEqual(pcs[1].log, ['remote offer', 'local answer']);
    assert.equal(pcs[0].config.iceTransportPolicy, 'relay', 'credentials and rules before the first candidate');
    for (const pc of pcs) assert.deepEqual(tracksOf(pc), ['mic', 'cam', null]);
    assert.equal(a.ahead, null);
    for (const peers of [a, b]) peers.clear();
});

const tracksOf = pc => pc.transceivers.map(t => t.sender.track?.id ?? null);

test('devices that come, go and change meanwhile are sent as they are then', async () => {
    const other = {kind: 'video', id: 'other'};
    for (const [early, late, sent] of [
        [{}, sources, ['mic', 'cam', null]],
        [sources, {audio: sources.audio, camera: null}, ['mic', null, null]],
        [sources, {...sources, camera: other}, ['mic', 'other', null]],
        [{audio: sources.audio}, {audio: sources.audio, camera: other}, ['mic', 'other', null]],
        [{camera: other}, {camera: other}, [null, 'other', null]],
        [{camera: other}, {camera: other, audio: sources.audio}, ['mic', 'other', null]],
        [{}, {}, [null, null, null]],
    ]) {
        const sides = await aheadPair(early, late);
        const {pcs} = await meet(sides);
        for (const pc of pcs) {
            assert.deepEqual(tracksOf(pc), sent);
            assert.equal(pc.signalingState, 'stable');
            for (const t of pc.transceivers.slice(0, 2)) assert.equal(t.direction, 'sendrecv');
        }
        for (const peers of sides) peers.clear();
    }
});

test('a connection made for the other role, or one that does not take the rules, is discarded', async () => {
    const [a] = await aheadPair(sources);
    const wrongRole = a.ahead.pc;
    a.sync([participant('b', {offerer: false})]);
    assert.ok(wrongRole.closed);
    assert.equal(FakePeerConnection.all.length, 3);
    a.clear();

    const [c] = await aheadPair(sources);
    const deaf = c.ahead.pc;
    deaf.setConfiguration = () => {
        throw new Error('no');
    };
    c.config = {iceTransportPolicy: 'relay'};
    c.sync([participant('b', {offerer: true})]);
    assert.ok(deaf.closed);
    assert.equal(c.byId.get('b').peer.pc.config.iceTransportPolicy, 'relay');
    c.clear();

    const [d] = await aheadPair(sources);
    const forgotten = d.ahead.pc;
    d.forgetAhead();
    assert.ok(forgotten.closed);
});

test('no connection is made ahead while another person is there, and never two', async () => {
    const [a] = await aheadPair(sources);
    a.prepare(true);
    assert.equal(FakePeerConnection.all.length, 2);
    a.sync([participant('b', {offerer: true})]);
    a.prepare(true);
    a.prepare(false);
    assert.equal(a.ahead, null);
    a.clear();
});

test('an offer that is still being written when it is needed is not used afterwards', async () => {
    const d = deps();
    const peers = new Peers(d);
    peers.prepare(true);
    const {pc} = peers.ahead;
    peers.sync([participant('b', {offerer: true})]); // in the same moment
    await settle();
    const {peer} = peers.byId.get('b');
    assert.equal(peer.pc, pc);
    assert.equal(peer.main.line.offer, null);
    peer.receive({pc: 'main', description: {type: 'answer', sdp: sdpOf('x')}});
    await settle();
    const {sdp} = pc.localDescription;
    pc.restartIce();
    await settle();
    assert.notEqual(pc.localDescription.sdp, sdp);
    assert.equal(pc.localDescription.type, 'offer');
    peers.clear();
});

test('an offer made ahead that the browser no longer takes is made anew, and the other side is told', async () => {
    const d = deps();
    const peers = new Peers(d);
    const sent = [];
    peers.on('signal', ({data}) => data.description && sent.push([data.gen, data.description.sdp]));
    peers.prepare(true);
    await settle();
    const {pc} = peers.ahead;
    pc.setLocalDescription = async () => {
        throw new Error('no longer');
    };
    peers.sync([participant('b', {offerer: true})]);
    await settle();
    const {peer} = peers.byId.get('b');
    assert.notEqual(peer.pc, pc);
    assert.deepEqual(sent.map(([gen]) => gen), [1, 2]);
    assert.equal(sent[1][1], peer.pc.localDescription.sdp);
    peers.clear();
});

test('the picture begins small, and is sent in full as soon as the line is known to carry it', async () => {
    const {a, b, clock} = await pair();
    const scale = pc => pc.transceivers[1].sender.parameters.encodings[0].scaleResolutionDownBy;
    assert.deepEqual([scale(a.pc()), scale(b.pc())], [4, 4]);
    b.pc().getStats = async () => new Map([['pair', {availableOutgoingBitrate: 250_000}]]);
    for (const s of [a, b]) s.pc().become('connected');
    clock.advance(GROW_MS - 1);
    await settle();
    assert.deepEqual([scale(a.pc()), scale(b.pc())], [4, 4]);
    clock.advance(1);
    await settle();
    assert.deepEqual(
        [scale(a.pc()), scale(b.pc())],
        [1, 2],
        'a browser without an estimate gets the full size',
    );
    b.pc().getStats = async () => new Map([['pair', {availableOutgoingBitrate: 1_500_000}]]);
    clock.advance(GROW_MS);
    await settle();
    assert.equal(scale(b.pc()), 1);
    b.peer.close();
    a.peer.close();
});

test('a source chosen before anybody came is sent to the person who comes', async () => {
    const peers = new Peers(deps());
    peers.setSource('audio', {kind: 'audio', id: 'early'});
    peers.sync([participant('a', {offerer: true})]);
    assert.equal(peers.byId.get('a').peer.pc.transceivers[0].sender.track.id, 'early');
    peers.clear();
});
