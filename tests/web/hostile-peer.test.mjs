// A person who was let in and whose page sends what no page of ours would: the connection to them may fail, and nothing else does.
import assert from 'node:assert/strict';
import test from 'node:test';
import {Peers} from '../../web/js/core/peers.js';
import {Recovery, SAMPLE_MS} from '../../web/js/features/recovery/recovery.js';
import {FLOODS, MALFORMED} from '../support/hostile_signals.mjs';
import {FakeClock, FakePeerConnection, makeStream, participant, quietLog, sdpOf, settle, UNREADABLE} from './fakes.mjs';

const rejected = [];
process.on('unhandledRejection', e => rejected.push(e));
const thrown = [];
globalThis.reportError = e => thrown.push(e);
test.afterEach(() => {
    assert.deepEqual(rejected, []);
    assert.deepEqual(thrown, []);
});

const SOURCES = {audio: {kind: 'audio', id: 'mic'}, camera: {kind: 'video', id: 'cam'}, screen: null};
/** So much the other side gets at once; then one thing in so many ms. */
const AT_ONCE = 10;
const EACH_MS = 2_000;

/** Our page with a hostile person, and all that it sends and makes. */
function scene({offerer = false, tended = true} = {}) {
    FakePeerConnection.all.length = 0;
    const clock = new FakeClock();
    const deps = {clock, connect: config => new FakePeerConnection(config), makeStream, log: quietLog};
    const peers = new Peers(deps);
    for (const [source, track] of Object.entries(SOURCES)) peers.setSource(source, track);
    const sent = [];
    peers.on('signal', s => sent.push(s));
    peers.sync([participant('hostile', {offerer})]);
    const {peer} = peers.byId.get('hostile');
    if (tended) peer.recovery = new Recovery(peer, {clock, sendPicture() {}, doubt: () => peer.recovery.reached(false)});
    const say = data => peers.receive('hostile', 1, structuredClone(data));
    return {clock, peers, peer, sent, say, made: () => FakePeerConnection.all.length, answers: () => sent.filter(s => s.data.description?.type === 'answer').length};
}

const offer = (words = 'offer', gen = 1) => ({pc: 'main', gen, description: {type: 'offer', sdp: sdpOf(words)}});

for (const offerer of [false, true])
    test(`nothing that is malformed throws or makes connections, ${offerer ? 'when our page offers' : 'when theirs does'}; then an honest person comes`, async () => {
        const {clock, peers, peer, say, made} = scene({offerer});
        await settle();
        const before = made();
        for (const [what, data] of MALFORMED) {
            assert.doesNotThrow(() => say(data), what);
            clock.advance(EACH_MS);
            await settle();
        }
        assert.ok(peer.main.pc.transceivers.length <= 3);
        if (!offerer) assert.ok(made() - before <= 1, `${made() - before} connections`);
        peers.sync([participant('honest', {offerer: false})]);
        peers.receive('honest', 1, offer());
        await settle();
        const {pc} = peers.byId.get('honest').peer;
        assert.deepEqual(pc.log, ['remote offer', 'local answer']);
        peers.clear();
    });

test('only a description with the m-lines of the plan, and no longer than one, reaches the browser', async () => {
    const {clock, peer, say} = scene();
    for (const sdp of ['', 'v=0', sdpOf('x') + 'm=video 9\r\n', sdpOf('x').replace('m=audio', 'm=video'), sdpOf('x'.repeat(30_000)), sdpOf('x').repeat(50)]) {
        say({pc: 'main', description: {type: 'offer', sdp}});
        clock.advance(EACH_MS);
        await settle();
        assert.deepEqual(peer.pc.log, []);
    }
    say(offer());
    await settle();
    assert.deepEqual(peer.pc.log, ['remote offer', 'local answer']);
});

test('a first offer that the browser does not take leaves no offer of our own in its place: the next one is answered', async () => {
    const {peer, say, answers} = scene();
    const line = peer.main.line;
    assert.ok(line.whole, 'both steps are asked for at once');
    say({pc: 'main', description: {type: 'offer', sdp: UNREADABLE}});
    await settle();
    assert.equal(peer.pc.signalingState, 'stable');
    assert.equal(answers(), 0);
    say(offer());
    await settle();
    assert.equal(peer.pc.signalingState, 'stable');
    assert.equal(answers(), 1);
    peer.close();
});

test('an answer that the browser does not take changes nothing for a later meeting of two offers', async () => {
    const {peer, say} = scene();
    say(offer());
    await settle();
    peer.pc.restartIce();
    await settle();
    assert.equal(peer.pc.signalingState, 'have-local-offer');
    say({pc: 'main', description: {type: 'answer', sdp: UNREADABLE}});
    say(offer('at the same time'));
    await settle();
    assert.ok(!peer.pc.log.includes('rollback'), 'the other one gives way');
    assert.equal(peer.main.described.sdp, sdpOf('offer'), 'only what the browser took is read again');
    peer.close();
});

for (const [what, times, data] of FLOODS)
    for (const offerer of [false, true])
        test(`a flood of ${what} costs our page a bounded amount of work, ${offerer ? 'when our page offers' : 'when theirs does'}`, async () => {
            const {clock, peer, sent, say, made} = scene({offerer});
            await settle();
            if (!offerer) say(offer());
            else say({pc: 'main', description: {type: 'answer', sdp: sdpOf('answer')}});
            await settle();
            const [seconds, connections, said] = [times / 50, made(), sent.length];
            for (let n = 0; n < times; n++) {
                say(data(n)); // as fast as the server lets it through
                clock.advance(20);
                if (n % 10 === 0) await settle();
            }
            await settle();
            const most = AT_ONCE + (1_000 * seconds) / EACH_MS;
            assert.ok(made() - connections <= most, `${made() - connections} connections`);
            assert.ok(sent.length - said <= 2 * most, `${sent.length - said} signals`);
            assert.ok(FakePeerConnection.all.filter(pc => !pc.closed).length <= 2, 'one, and one beside it');
            assert.ok(peer.pc.candidates.length <= 200);
            // Time forgives: a page that means well after all is heard.
            clock.advance(60_000);
            say(offerer ? {pc: 'main', again: true, gen: peer.newest.gen} : offer('later', peer.newest.gen + 1));
            await settle();
            assert.ok(offerer ? made() > connections : peer.newest.pc.remoteDescription.sdp === sdpOf('later'));
            peer.close();
        });

test('a candidate announces no connection: only an offer does, and only of the one who offers', async () => {
    const {peer, say, made} = scene();
    say({pc: 'main', gen: 2, candidate: null});
    say({pc: 'main', gen: 2, again: true});
    await settle();
    assert.deepEqual([made(), peer.newest.gen], [1, 1]);
    say(offer('anew', 2));
    await settle();
    assert.deepEqual([made(), peer.newest.gen], [2, 2]);
    peer.close();
});

test('channels that are not in the plan are closed', () => {
    const {peer} = scene();
    let closed = 0;
    peer.pc.ondatachannel({channel: {close: () => (closed += 1)}});
    assert.equal(closed, 1);
    peer.close();
});

test('a person who answers each offer and never can be reached: the tries become fewer, and go on', async () => {
    const {clock, peer, say, made} = scene({offerer: true});
    const run = async ms => {
        for (let t = 0; t < ms; t += SAMPLE_MS) {
            clock.advance(SAMPLE_MS);
            peer.recovery.sample([]);
            await settle();
            for (const c of peer.all()) if (c.pc.signalingState === 'have-local-offer') say({pc: 'main', gen: c.gen, description: {type: 'answer', sdp: sdpOf('answer')}});
        }
    };
    await run(60_000);
    const first = made();
    assert.ok(first >= 6 && first <= 10, `${first} in the first minute`);
    await run(120_000);
    assert.ok(made() - first <= 14, `${made() - first} in two more`);
    assert.ok(made() > first);
    assert.ok(FakePeerConnection.all.filter(pc => !pc.closed).length <= 2);
    peer.recovery.reached(true);
    const now = made();
    await run(4_000);
    assert.ok(made() - now >= 1, 'after the return of the server they are frequent again');
    peer.close();
});
