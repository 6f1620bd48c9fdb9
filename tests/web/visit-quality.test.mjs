// The quality of the connections in a visit: measured while there are any, told to the server when it changes, gone with the person.
import assert from 'node:assert/strict';
import test from 'node:test';
import './blank_page.mjs';
import {quality} from '../../web/js/features/quality/panel.js';
import {Measured} from '../../web/js/features/quality/measured.js';
import {FakePeerConnection, settle} from './fakes.mjs';
import {enter, HOST, setUp} from './visit_scene.mjs';

const STATS = [
    {type: 'inbound-rtp', packetsLost: 0, packetsReceived: 100},
    {type: 'candidate-pair', id: 'p', nominated: true, state: 'succeeded', localCandidateId: 'l', currentRoundTripTime: 0.05},
    {type: 'local-candidate', id: 'l', candidateType: 'host'},
];

/** In a call whose connection to the host carries picture and sound. */
async function live() {
    const t = await enter(setUp());
    const line = FakePeerConnection.all.at(-1);
    line.asked = 0;
    line.getStats = async () => {
        line.asked += 1;
        return new Map(STATS.map((s, i) => [i, s]));
    };
    line.become('connected');
    return {...t, line};
}
const told = t => t.sockets[0].sent.filter(m => m.type === 'status' && m.quality);

test('the quality is shown, and told to the server once as long as it stays', async () => {
    const t = await live();
    t.visit.add(new Measured(t.visit)); // it comes after the first picture
    for (let i = 0; i < 3; i++) {
        t.clock.advance(2_000);
        await settle();
    }
    assert.deepEqual(t.visit.call.quality, {h: 'good'});
    assert.deepEqual(told(t).map(({quality, path}) => ({quality, path})), [{quality: 'good', path: 'host'}]);
});

test('the same quality again draws nothing anew', async () => {
    const t = await live();
    t.visit.add(new Measured(t.visit));
    t.clock.advance(2_000);
    await settle();
    const before = t.visit.call;
    const {asked} = t.line;
    t.clock.advance(2_000);
    await settle();
    assert.ok(t.line.asked > asked);
    assert.equal(t.visit.call, before);
});

test('after the last connection nothing is measured, and no quality is remembered', async () => {
    const t = await live();
    t.visit.add(new Measured(t.visit));
    t.clock.advance(2_000);
    await settle();
    t.visit.leave();
    const {asked} = t.line;
    assert.deepEqual(t.visit.call.quality, {});
    t.clock.advance(10_000);
    await settle();
    assert.equal(t.line.asked, asked);
});

const reports = t => t.sockets[0].sent.filter(m => m.type === 'quality');
const pass = async (t, seconds) => {
    for (let i = 0; i < seconds; i++) {
        t.clock.advance(1_000);
        await settle();
    }
};

test('the server is told twice a minute, and of the rest before we leave', async () => {
    const t = await live();
    t.visit.add(new Measured(t.visit));
    await pass(t, 60);
    assert.deepEqual(reports(t).map(r => r.good), [30, 30]);
    await pass(t, 7);
    t.visit.leave();
    const [, , last] = reports(t);
    assert.equal(last.good, 7);
    assert.equal(last.rtt_ms, 50);
    const sent = t.sockets[0].sent.map(m => m.type);
    assert.ok(sent.lastIndexOf('quality') < sent.indexOf('leave'), 'a seat that was given up reports nothing');
    assert.equal(reports(t).length, 3);
});

test('a visit that the host ends, a return to waiting, and the last person who leaves: the rest is reported at once', async () => {
    const measured = async () => {
        const t = await live();
        t.visit.add(new Measured(t.visit));
        await pass(t, 7);
        return t;
    };
    const ended = await measured();
    ended.sockets[0].say({type: 'bye', reason: 'ended'});
    assert.deepEqual(reports(ended).map(r => r.good), [7]);
    assert.equal(ended.sockets[0].closedWith, 1005, 'after its last word the page closes');
    const returned = await measured();
    returned.sockets[0].say({type: 'state', seq: 2, state: 'waiting', reason: 'returned', participants: [HOST]});
    assert.deepEqual(reports(returned).map(r => r.good), [7]);
    const alone = await measured();
    alone.sockets[0].say({type: 'participant', seq: 2, event: 'left', participant: HOST, reason: 'left'});
    assert.deepEqual(reports(alone).map(r => r.good), [7]);
});

test('seconds without a connection to the person are reported as lost', async () => {
    const t = await live();
    t.visit.add(new Measured(t.visit));
    await pass(t, 10);
    t.visit.deps.peers.byId.get('h').peer.setState('lost');
    await pass(t, 20);
    assert.deepEqual(reports(t).map(({good, lost}) => ({good, lost})), [{good: 10, lost: 20}]);
});

test('the header shows the worse of both sides', () => {
    const call = {people: [{id: 'h', name: 'Dr Rivera', status: {quality: 'poor'}}], peers: {h: {state: 'live'}}, quality: {h: 'good'}};
    const classOf = drawn => drawn.values[0];
    assert.equal(classOf(quality(call)), 'poor');
    assert.equal(classOf(quality({...call, people: [{...call.people[0], status: {quality: 'fine?'}}]})), 'good', 'an unknown word says nothing');
    assert.equal(quality({...call, peers: {h: {state: 'lost'}}}).values, undefined, 'no word while the connection is lost');
});
