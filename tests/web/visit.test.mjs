// The whole of a visit with everything outside played by the test: HTTP, socket, connections, devices, storage.
import assert from 'node:assert/strict';
import test from 'node:test';
import {ApiError} from '../../web/js/core/api.js';
import {makeChecks} from '../../web/js/core/checked.js';
import {Devices} from '../../web/js/core/devices.js';
import {makeErrands} from '../../web/js/core/errand.js';
import {HostWay} from '../../web/js/core/host_way.js';
import {LocalMedia} from '../../web/js/core/media.js';
import {Peers} from '../../web/js/core/peers.js';
import {makePlace} from '../../web/js/core/place.js';
import {Signaling} from '../../web/js/core/signaling.js';
import {Visit} from '../../web/js/core/visit.js';
import {
    FakeClock,
    FakePeerConnection,
    FakeSocket,
    makeStream,
    participant,
    quietLog,
    settle,
    welcome,
} from './fakes.mjs';

const INVITATION = {
    code: 'CODE',
    state: 'valid',
    practice: 'P',
    hostName: 'H',
    room: {id: 'r', name: 'R', kind: 'meeting'},
    guestName: '',
    notBefore: '',
    pinRequired: false,
    consent: null,
    phone: '',
    languages: [],
};
const SEAT = {
    token: 'tok',
    participant: 'me',
    role: 'guest',
    state: 'waiting',
    room: {id: 'r', name: 'R'},
    ws: '/ws/r',
    ice_servers: [],
    ice_ttl_s: 0,
};
const HOST = participant('h', {role: 'host', kind: 'user', offerer: true});

function setUp({answer = async () => SEAT, kept = new Map(), permission = 'prompt'} = {}) {
    FakePeerConnection.all.length = 0;
    const clock = new FakeClock();
    const sockets = [];
    const posts = [];
    const signaling = new Signaling({
        clock,
        random: () => 0.5,
        open: path => {
            const s = new FakeSocket(path);
            sockets.push(s);
            return s;
        },
    });
    const peers = new Peers({
        clock,
        log: quietLog,
        connect: c => new FakePeerConnection(c),
        makeStream,
        freshConfig: () => visit.relay.fresh(),
    });
    const track = kind => ({kind, enabled: true, stop() {}, getSettings: () => ({}), label: kind});
    const media = new LocalMedia({
        clock,
        devices: new Devices({
            media: {
                getUserMedia: async c => {
                    const tracks = Object.keys(c).map(track);
                    return {
                        getTracks: () => tracks,
                        getAudioTracks: () => tracks.filter(t => t.kind === 'audio'),
                        getVideoTracks: () => tracks.filter(t => t.kind === 'video'),
                    };
                },
                enumerateDevices: async () => [],
            },
            permissions: {query: async () => ({state: permission})},
        }),
        storage: {getItem: () => null, setItem() {}},
        audioContext: () => assert.fail('no sound here'),
    });
    media.meter.listen = () => undefined;
    const storage = {
        getItem: k => kept.get(k) ?? null,
        setItem: (k, v) => kept.set(k, v),
        removeItem: k => kept.delete(k),
    };
    const errands = makeErrands({storage, wall: clock.wall});
    const checks = makeChecks({storage, wall: clock.wall});
    const place = makePlace({storage, address: () => '/j/#CODE'});
    const api = {
        post: async (path, body) => {
            posts.push({path, body});
            return answer(path, body);
        },
        get: async () => Promise.reject(new ApiError({status: 401, code: 'unauthorized'})),
    };
    const visit = new Visit({
        api,
        clock,
        signaling,
        peers,
        media,
        place,
        hostWay: async visit => new HostWay(visit, {errands, checks}),
        log: quietLog,
        certificate: async () => 'certificate',
    });
    return {visit, clock, sockets, posts, media, place, errands, checks, kept};
}

/** What the server says to one who is inside, and comes back. */
const welcomeBack = more => welcome({state: 'inside', participants: [HOST], ...more});

/** To the waiting room. */
async function wait(t = setUp()) {
    await t.visit.open(INVITATION);
    await t.visit.askDevices();
    await t.visit.enter({name: ' Ana ', pin: '', consent: ''});
    t.sockets[0].open();
    t.sockets[0].say(welcome({participants: [HOST]}));
    return t;
}

/** Into the call. */
async function enter(t) {
    await wait(t);
    return admit(t);
}

/** From the waiting room into the call. */
async function admit(t, ice_servers = [{urls: 'turn:x'}]) {
    t.sockets[0].say({
        type: 'state',
        seq: 1,
        state: 'inside',
        participants: [HOST],
        ice_servers,
        ice_ttl_s: 600,
    });
    await settle();
    return t;
}

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

test('the connection is made before the guest is let in, and says nothing until then', async () => {
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

test('a room that goes only by a relay tells no address, even where no relay is set up', async () => {
    const t = await wait(setUp({answer: async () => ({...SEAT, room: {...SEAT.room, relay_only: true}})}));
    await settle();
    await admit(t, []);
    const [pc] = FakePeerConnection.all;
    assert.deepEqual(pc.log, ['local offer']);
    assert.equal(pc.config.iceTransportPolicy, 'relay');
    assert.deepEqual(pc.config.iceServers, []);
});

test('a room that comes to go only by a relay tells no address to those who come later', async () => {
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

test('who is alone inside has a connection ready to answer with', async () => {
    const t = await wait();
    t.sockets[0].say({type: 'state', seq: 1, state: 'inside', participants: [], ice_servers: [], ice_ttl_s: 0});
    await settle();
    const [offering, answering] = FakePeerConnection.all;
    assert.ok(offering.closed, 'the first offer will be the other one’s');
    const newcomer = participant('n', {offerer: false});
    t.sockets[0].say({type: 'participant', seq: 2, event: 'joined', participant: newcomer, offerer: false});
    const offer = {pc: 'main', gen: 1, description: {type: 'offer', sdp: 'x'}};
    t.sockets[0].say({type: 'signal', seq: 3, from: 'n', from_instance: 1, data: offer});
    await settle();
    assert.equal(FakePeerConnection.all.length, 2);
    assert.deepEqual(answering.log, ['remote offer', 'local answer']);
    assert.equal(t.sockets[0].sent.at(-1).data.description.type, 'answer');
});

test('the socket is opened while the door is still asked, and closed when the door says no', async () => {
    let open;
    const t = setUp({answer: () => new Promise((resolve, reject) => (open = {resolve, reject}))});
    await t.visit.open(INVITATION);
    await t.visit.askDevices();
    const entering = t.visit.enter({name: 'Ana', pin: '', consent: ''});
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
    assert.equal(await t.visit.resume(''), true);
    assert.deepEqual(t.posts[0].body, {invitation: 'CODE', name: 'Ana'});
    t.sockets[0].open();
    t.sockets[0].say(welcome({state: 'inside', participants: [HOST]}));
    assert.equal(t.visit.call.phase, 'incall');
    assert.equal(t.visit.call.invitation.practice, 'P');
    await settle();
    assert.equal(t.visit.call.local.camState, 'off', 'a camera that was off stays off');
});

test('a reload in the waiting room keeps the words that were said there', async () => {
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
    assert.equal(await t.visit.resume(''), true);
    t.sockets[0].open();
    t.sockets[0].say(welcome({position: 1, epoch: 'e2'}));
    assert.equal(t.visit.call.waiting.reason, 'returned');
    assert.equal(t.visit.call.waiting.text, 'One moment');
});

test('a refused ticket that leads back to the waiting room is told as such', async () => {
    const t = await enter(setUp());
    t.sockets[0].drop(4401);
    await settle();
    t.sockets[1].open();
    t.sockets[1].say(welcome({position: 1}));
    assert.equal(t.visit.call.phase, 'waiting');
    assert.equal(t.visit.call.cause, 'lost_place');
    assert.equal(t.place.read().waiting.reason, 'lost_place');
});

test('a seat that is gone is not asked for at the next reload', async () => {
    const t = await wait();
    t.sockets[0].say({type: 'bye', reason: 'denied'});
    t.sockets[0].drop(4403);
    assert.equal(t.visit.call.phase, 'ended');
    assert.equal(t.visit.call.cause, 'denied');
    assert.equal(t.place.read(), null);
    assert.equal(t.media.tracks.audio, null, 'devices are let go');
});

test('who waits by a link that is taken back reads that, with the way to a new one', async () => {
    const t = await wait();
    t.sockets[0].say({type: 'bye', reason: 'invitation_revoked'});
    t.sockets[0].drop(4403);
    assert.equal(t.visit.call.phase, 'problem');
    assert.equal(t.visit.call.problem.code, 'invitation_revoked');
    assert.equal(t.place.read(), null);
});

test('a server killed in a call: same connection, new numbers, nothing said twice', async () => {
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

test('the other one reloads: a new connection', async () => {
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

test('a refused ticket asks the door once more, without leaving the call; a second refusal is told', async () => {
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

    up = false; // the server comes back, has given the seat up, and goes again before the door is asked
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

test('a guest who waits is checked in again by the page, and what the door refuses is told with its words', async () => {
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

test('who leaves while the line is lost stays away', async () => {
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

test('somebody whose seat ended for want of a socket stays as long as they are seen, and comes back into the same connection', async () => {
    const t = await enter(setUp());
    const [pc] = FakePeerConnection.all;
    pc.become('connected');
    t.sockets[0].say({
        type: 'participant',
        seq: 2,
        event: 'left',
        reason: 'expired',
        participant: {...HOST, state: 'expired'},
    });
    assert.equal(pc.closed, false);
    assert.equal(t.visit.call.people.length, 1);
    t.sockets[0].say({type: 'participant', seq: 3, event: 'joined', participant: HOST, offerer: false});
    assert.equal(pc.closed, false);
    assert.equal(t.visit.call.people[0].state, 'inside');
    t.sockets[0].say({
        type: 'participant',
        seq: 4,
        event: 'left',
        reason: 'expired',
        participant: {...HOST, state: 'expired'},
    });
    pc.become('failed');
    t.clock.advance(1);
    assert.equal(t.visit.call.people.length, 0, 'nothing is seen of them any more');
    assert.equal(pc.closed, true);
});

test('who was removed or has left goes at once, seen or not', async () => {
    for (const reason of ['removed', 'left', 'ended']) {
        const t = await enter(setUp());
        const [pc] = FakePeerConnection.all;
        pc.become('connected');
        t.sockets[0].say({type: 'participant', seq: 2, event: 'left', reason, participant: {...HOST, state: reason}});
        assert.equal(pc.closed, true, reason);
    }
});

// ---- what is written ----

const mine = t => t.visit.call.chat.filter(l => l.mine).map(l => [l.text, l.status]);
const sentChat = socket => socket.sent.filter(m => m.type === 'chat');

test('a line is shown as under way until the server has answered', async () => {
    const t = await enter(setUp());
    t.visit.written.say('one');
    assert.deepEqual(mine(t), [['one', 'sending']]);
    const {n} = sentChat(t.sockets[0])[0];
    t.sockets[0].say({type: 'ack', seq: 2, of: 'chat', n, heard: 1});
    assert.deepEqual(mine(t), [['one', '']]);
});

test('a line for one who is away waits for them: heard when they are back, not delivered when their seat ends', async () => {
    for (const [event, more, status] of [
        ['back', {}, ''],
        ['left', {reason: 'expired'}, 'failed'],
    ]) {
        const t = await enter(setUp());
        t.sockets[0].say({type: 'participant', seq: 2, event: 'away', participant: {...HOST, state: 'away'}});
        t.visit.written.say('one');
        t.sockets[0].say({type: 'ack', seq: 3, of: 'chat', n: sentChat(t.sockets[0])[0].n, heard: 0, later: ['h']});
        assert.deepEqual(mine(t), [['one', 'later']]);
        t.sockets[0].say({type: 'participant', seq: 4, event, participant: HOST, ...more});
        assert.deepEqual(mine(t), [['one', status]]);
    }
});

/** What the server answers to the last line. */
const ackLast = (t, seq, answer) =>
    t.sockets.at(-1).say({type: 'ack', seq, of: 'chat', n: sentChat(t.sockets.at(-1)).at(-1).n, ...answer});

test('a line that nobody heard is not shown as heard: who waits is read by the host who comes', async () => {
    const t = await wait();
    t.sockets[0].say({type: 'participant', seq: 1, event: 'left', participant: HOST, reason: 'left'});
    t.visit.written.say('is anybody there?');
    ackLast(t, 2, {heard: 0});
    assert.deepEqual(mine(t), [['is anybody there?', 'unread']]);
    t.sockets[0].say({type: 'participant', seq: 3, event: 'joined', participant: HOST});
    assert.deepEqual(mine(t), [['is anybody there?', '']], 'the server gives it to a host who comes in');
    assert.equal(sentChat(t.sockets[0]).length, 1);
});

test('who is let in with lines that nobody has read says them to the host, once one is there', async () => {
    const t = await wait();
    t.visit.written.say('is anybody there?');
    ackLast(t, 1, {heard: 0});
    t.sockets[0].say({type: 'state', seq: 2, state: 'inside', participants: [], ice_servers: [], ice_ttl_s: 0});
    assert.equal(sentChat(t.sockets[0]).length, 1);
    t.sockets[0].say({type: 'participant', seq: 3, event: 'joined', participant: HOST, offerer: true});
    const [first, again] = sentChat(t.sockets[0]);
    assert.equal(again.id, first.id);
    ackLast(t, 4, {heard: 1});
    assert.deepEqual(mine(t), [['is anybody there?', '']]);
});

test('a line in an empty room is for nobody who comes later: it was not delivered', async () => {
    const t = await enter(setUp());
    t.sockets[0].say({type: 'participant', seq: 2, event: 'left', reason: 'left', participant: HOST});
    t.visit.written.say('a note');
    ackLast(t, 3, {heard: 0});
    assert.deepEqual(mine(t), [['a note', 'failed']]);
    t.sockets[0].say({type: 'participant', seq: 4, event: 'joined', participant: participant('other', {role: 'host'})});
    assert.equal(sentChat(t.sockets[0]).length, 1);
});

test('a line for one who is seen and has lost the seat is said again when they have one, and marked when they go', async () => {
    for (const comes of [true, false]) {
        const t = await enter(setUp());
        const [pc] = FakePeerConnection.all;
        pc.become('connected');
        t.sockets[0].say({type: 'participant', seq: 2, event: 'away', participant: {...HOST, state: 'away'}});
        t.visit.written.say('while away');
        ackLast(t, 3, {heard: 0, later: ['h']});
        t.sockets[0].say({type: 'participant', seq: 4, event: 'left', reason: 'expired', participant: {...HOST, state: 'expired'}});
        t.visit.written.say('without a seat');
        ackLast(t, 5, {heard: 0});
        const both = status => [['while away', status], ['without a seat', status]];
        assert.deepEqual(mine(t), both('unread'));
        if (comes) t.sockets[0].say({type: 'participant', seq: 6, event: 'joined', participant: HOST, offerer: false});
        else pc.become('failed');
        t.clock.advance(1);
        if (!comes) t.sockets[0].say({type: 'participant', seq: 6, event: 'joined', participant: participant('x', {role: 'host'})});
        assert.deepEqual(mine(t), both(comes ? 'sending' : 'failed'));
        assert.deepEqual(
            sentChat(t.sockets[0]).map(m => m.text).slice(2),
            comes ? ['while away', 'without a seat'] : [],
        );
    }
});

test('what nobody has read is said again to a server that forgot, however old, also over a reload', async () => {
    const t = await wait();
    t.sockets[0].say({type: 'participant', seq: 1, event: 'left', participant: HOST, reason: 'left'});
    t.sockets[0].say({type: 'chat', seq: 2, from: 'me', text: 'of an earlier page', id: 'y', again: true, unread: true});
    t.visit.written.say('is anybody there?');
    ackLast(t, 3, {heard: 0});
    t.clock.advance(600_000);
    t.sockets[0].drop();
    t.clock.advance(600);
    t.sockets[1].open();
    t.sockets[1].say(welcome({epoch: 'e2'}));
    assert.deepEqual(sentChat(t.sockets[1]).map(m => m.text), ['of an earlier page', 'is anybody there?']);
});

test('after a restart of the server a line that waited there, or was said a moment ago, is said again under its name', async () => {
    const t = await enter(setUp());
    t.visit.written.say('long ago');
    t.sockets[0].say({type: 'ack', seq: 2, of: 'chat', n: sentChat(t.sockets[0])[0].n, heard: 1});
    t.clock.advance(70_000);
    for (const [text, answer] of [
        ['just now', {heard: 1}],
        ['for the host', {heard: 0, later: ['h']}],
        ['unanswered', null],
    ]) {
        t.visit.written.say(text);
        if (answer)
            t.sockets[0].say({
                type: 'ack',
                seq: (t.seq = (t.seq ?? 2) + 1),
                of: 'chat',
                n: sentChat(t.sockets[0]).at(-1).n,
                ...answer,
            });
    }
    t.sockets[0].drop();
    t.clock.advance(600);
    t.sockets[1].open();
    t.sockets[1].say(welcomeBack({epoch: 'e2', participants: [{...HOST, state: 'away'}]}));
    const before = sentChat(t.sockets[0]);
    const again = sentChat(t.sockets[1]);
    assert.deepEqual(again.map(m => m.text).sort(), ['for the host', 'just now', 'unanswered']);
    for (const m of again) assert.equal(m.id, before.find(b => b.text === m.text).id);
    assert.deepEqual(
        mine(t).map(([, status]) => status),
        ['', 'sending', 'sending', 'sending'],
    );
});

test('a line that was too fast is said again by the page; one that cannot be delivered says so, and can be sent again', async () => {
    const t = await enter(setUp());
    t.visit.written.say('one');
    const refuse = (seq, code) =>
        t.sockets[0].say({type: 'error', seq, code, of: 'chat', n: sentChat(t.sockets[0]).at(-1).n});
    refuse(2, 'too_fast');
    assert.deepEqual(mine(t), [['one', 'sending']]);
    t.clock.advance(1000);
    assert.equal(sentChat(t.sockets[0]).length, 2);
    refuse(3, 'not_found');
    assert.deepEqual(mine(t), [['one', 'failed']]);
    t.visit.written.again(t.visit.call.chat[0]);
    assert.deepEqual(mine(t), [['one', 'sending']]);
    assert.equal(new Set(sentChat(t.sockets[0]).map(m => m.id)).size, 1);
    t.sockets[0].say({type: 'ack', seq: 4, of: 'chat', n: sentChat(t.sockets[0]).at(-1).n, heard: 0, never: ['h']});
    assert.deepEqual(mine(t), [['one', 'failed']], 'too much waits for them already');
});

test('a line that comes twice is shown once; after a reload the conversation is there again, own lines too, and is no news', async () => {
    const t = await enter(setUp());
    const line = {type: 'chat', from: 'h', name: 'H', text: 'hello', at: '', id: 'x'};
    t.sockets[0].say({...line, seq: 2});
    t.sockets[0].say({...line, seq: 3});
    assert.equal(t.visit.call.chat.length, 1);
    assert.equal(t.visit.call.unread, 1);
    t.sockets[0].say({type: 'chat', seq: 4, from: 'me', text: 'my own', id: 'y', again: true});
    t.sockets[0].say({type: 'chat', seq: 5, from: 'h', text: 'old', id: 'z', again: true});
    assert.deepEqual(
        t.visit.call.chat.map(l => [l.text, l.mine]),
        [
            ['hello', false],
            ['my own', true],
            ['old', false],
        ],
    );
    assert.equal(t.visit.call.unread, 1);
});

test('what was written to one patient is gone when the host goes on with the next, counts and tries too', async () => {
    const t = await hostComes({errand: null, checked: null});
    await t.visit.askDevices([]);
    await t.visit.enter({name: '', pin: '', consent: ''});
    await hostInside(t, [participant('a', {name: 'Ana'})]);
    t.sockets[0].say({type: 'chat', seq: 1, from: 'a', name: 'Ana', text: 'my results?', id: 'x', at: ''});
    t.visit.written.say('they are bad');
    t.sockets[0].say({type: 'error', seq: 2, code: 'too_fast', of: 'chat', n: sentChat(t.sockets[0])[0].n});
    t.sockets[0].say({type: 'bye', reason: 'ended'});
    t.sockets[0].drop(4404);
    assert.equal(t.visit.call.phase, 'ended');
    await t.visit.way.goOnWith({id: 'g', name: 'Gina', since: '', room: {id: 'r', name: 'R', slug: 'dr-rivera'}});
    t.sockets[1].open();
    t.sockets[1].say(welcome({role: 'host', state: 'inside', participants: [{...GINA, state: 'inside'}]}));
    t.clock.advance(20_000);
    assert.deepEqual(t.visit.call.chat, []);
    assert.equal(t.visit.call.unread, 0);
    assert.equal(t.visit.written.tries.size, 0);
    assert.deepEqual(sentChat(t.sockets[1]), [], 'the try of a moment ago is not for the next');
});

test('what was said a moment ago is not said again by the page when another guest would hear it', async () => {
    for (const [who, said] of [
        ['a', ['for Ana']],
        ['b', []],
    ]) {
        const t = await hostComes({errand: null, checked: null});
        await t.visit.askDevices([]);
        await t.visit.enter({name: '', pin: '', consent: ''});
        await hostInside(t, [participant('a')]);
        t.visit.written.say('for Ana');
        ackLast(t, 1, {heard: 1});
        t.sockets[0].drop();
        t.clock.advance(600);
        t.sockets[1].open();
        t.sockets[1].say(welcome({role: 'host', state: 'inside', epoch: 'e2', participants: [participant(who)]}));
        assert.deepEqual(sentChat(t.sockets[1]).map(m => m.text), said);
    }
});

test('a line that was refused for its pace is not said to another guest who came meanwhile', async () => {
    const t = await hostComes({errand: null, checked: null});
    await t.visit.askDevices([]);
    await t.visit.enter({name: '', pin: '', consent: ''});
    await hostInside(t, [participant('a')]);
    t.visit.written.say('for Ana');
    t.sockets[0].say({type: 'error', seq: 1, code: 'too_fast', of: 'chat', n: sentChat(t.sockets[0])[0].n});
    t.sockets[0].say({type: 'participant', seq: 2, event: 'left', reason: 'left', participant: participant('a')});
    t.sockets[0].say({type: 'participant', seq: 3, event: 'admitted', participant: participant('b')});
    t.clock.advance(20_000);
    assert.equal(sentChat(t.sockets[0]).length, 1);
    assert.deepEqual(mine(t), [['for Ana', 'failed']]);
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

test('who was away when the visit ended is told so at the door; who was lost for too long joins again', async () => {
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

test('an end of long ago does not keep one from coming by a press', async () => {
    const t = await wait(setUp({answer: async () => ({...SEAT, over: 'ended'})}));
    assert.equal(t.visit.call.phase, 'waiting');
    const refused = setUp({answer: async () => ({...SEAT, over: 'ended'})});
    await refused.visit.open(INVITATION);
    await refused.visit.askDevices();
    await refused.visit.enter({name: 'Ana', pin: '', consent: ''});
    refused.sockets[0].open();
    refused.sockets[0].drop(4401); // before any welcome
    await settle();
    assert.notEqual(refused.visit.call.phase, 'ended', 'that end was of another time');
});

test('a seat that another node serves is asked for at the door again', async () => {
    const t = await enter(setUp());
    t.sockets[0].drop(4421);
    await settle();
    assert.equal(t.posts.length, 2);
    assert.equal(t.sockets.length, 2);
});

test('a wrong PIN is mended on the spot, a locked room has its own screen', async () => {
    let code = 'wrong_pin';
    const t = setUp({answer: async () => Promise.reject(new ApiError({status: 403, code}))});
    await t.visit.open(INVITATION);
    await t.visit.askDevices();
    await t.visit.enter({name: 'Ana', pin: '1', consent: ''});
    assert.equal(t.visit.call.phase, 'check');
    assert.equal(t.visit.call.problem.code, 'wrong_pin');
    code = 'room_locked';
    await t.visit.enter({name: 'Ana', pin: '2', consent: ''});
    assert.equal(t.visit.call.phase, 'problem');
    assert.equal(t.visit.call.problem.code, 'room_locked');
});

test('without a network the place is kept for the next try', async () => {
    const t = await wait();
    const again = setUp({kept: t.kept, answer: async () => Promise.reject(new ApiError({code: 'network'}))});
    await again.visit.resume('');
    assert.equal(again.visit.call.problem.code, 'network');
    assert.notEqual(again.place.read(), null);
});

test('a door that is busy for a moment does not cost the place, one that says no does', async () => {
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
        await t.visit.resume('');
        assert.equal(t.visit.call.problem.code, code);
        assert.equal(t.place.read() !== null, kept, code);
    }
});

test('who came back by a room\'s address and found no server asks for that room again, not for none', async () => {
    const kept = new Map();
    const first = setUp({kept});
    first.place.write({room: 'r', name: 'Ana', mic: true, cam: true, consent: '', invitation: null});
    const t = setUp({kept, answer: async () => Promise.reject(new ApiError({code: 'network'}))});
    await t.visit.resume('dr-rivera');
    await t.visit.rejoin();
    assert.deepEqual(
        t.posts.map(p => p.path),
        ['/rooms/r/join', '/rooms/dr-rivera/join'],
    );
});

test('a running call outlives a door that wants consent, a PIN or another name; the check asks when it is over', async () => {
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
        await t.visit.enter({name: 'Ana', pin: '1', consent: '2'});
        assert.equal(t.visit.call.phase, 'connecting', 'and the way in is open');
    }
});

test('who waited and is asked for consent anew gives it at the check', async () => {
    let refusal = null;
    const t = await wait(setUp({answer: async () => (refusal ? Promise.reject(refusal) : SEAT)}));
    refusal = new ApiError({status: 422, code: 'consent_outdated', field: 'consent', consent: {version: 2, text: 'New'}});
    t.sockets[0].drop(4401);
    await settle();
    assert.deepEqual([t.visit.call.phase, t.visit.call.consent?.text], ['check', 'New']);
});

test('a link that was taken back leaves no place that a reload would ask for', async () => {
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

test('a host asks for silence: obeyed and told, never the other way round', async () => {
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

test('relay credentials are renewed before their end; an answer that never comes means the line is dead', async () => {
    const t = await enter(setUp());
    t.clock.advance(480_000);
    assert.equal(t.sockets[0].sent.at(-1).type, 'ice');
    const asked = t.visit.relay.fresh();
    t.clock.advance(3_000);
    assert.equal((await asked).iceServers[0].urls, 'turn:x');
    assert.equal(t.visit.call.link, 'lost');
});

test('a refusal of fresh relay credentials is an answer too: the line is trusted, and those at hand are used', async () => {
    const t = await enter(setUp());
    const asked = t.visit.relay.fresh();
    t.sockets[0].say({type: 'error', seq: 2, code: 'too_fast', detail: '', of: 'ice'});
    assert.equal((await asked).iceServers[0].urls, 'turn:x');
    t.clock.advance(3_000);
    assert.equal(t.visit.call.link, 'open');
});

test('chat goes out once, shows at once, and an empty line not at all', async () => {
    const t = await enter(setUp());
    assert.equal(t.visit.written.say('  '), false);
    assert.equal(t.visit.written.say(' hello '), true);
    assert.deepEqual(
        t.visit.call.chat.map(l => [l.text, l.mine]),
        [['hello', true]],
    );
    const sent = t.sockets[0].sent.filter(m => m.type === 'chat');
    assert.deepEqual(
        sent.map(m => m.text),
        ['hello'],
    );
});

test('how long a line has not come about is counted over all tries at it, and anew once it was live', async () => {
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
    await t.visit.rejoin();
    assert.equal(t.visit.call.phase, 'connecting');
    assert.equal(t.posts.length, 2);
});

test('opened elsewhere: the place is kept, and can be taken back', async () => {
    const t = await enter(setUp());
    t.sockets[0].say({type: 'bye', reason: 'replaced'});
    t.sockets[0].drop(4409);
    assert.equal(t.visit.call.cause, 'replaced');
    assert.notEqual(t.place.read(), null);
    await t.visit.rejoin();
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
    await t.visit.openRoom('dr-rivera');
    await settle();
    assert.equal(t.visit.call.phase, 'primer');
    assert.deepEqual(t.visit.call.practice, {name: 'Hill Clinic', phone: ''});
    await t.visit.askDevices([]);
    await t.visit.enter({name: 'Ana', pin: '', consent: ''});
    const path = '/rooms/dr-rivera/join';
    assert.deepEqual(t.posts, [
        {path, body: {}}, // the knock
        {path, body: {name: 'Ana'}},
    ]);
    assert.equal(t.place.read().room, 'r');
});

test('a room by its address that is not for strangers says so before it asks for a camera; what can be mended at the check does not', async () => {
    for (const [refusal, phase] of [
        [{status: 404, code: 'not_found'}, 'problem'],
        [{status: 423, code: 'room_locked'}, 'problem'],
        [{status: 422, code: 'name_required', field: 'name'}, 'primer'],
    ]) {
        const t = setUp({answer: async () => Promise.reject(new ApiError(refusal))});
        await t.visit.openRoom('dr-rivera');
        assert.equal(t.visit.call.phase, phase, refusal.code);
    }
});

// ---- a host who comes to let somebody in ----

const ERRAND = {slug: 'dr-rivera', participant: 'g', name: 'Gina', how: '', met: [], gone: false, same: false, held: false};
const GINA = participant('g', {name: 'Gina', state: 'waiting'});

/** A host by the room's address, who has pressed "Let in" on Today. */
async function hostComes({errand = ERRAND, checked = {mic: true, cam: false}, ...options} = {}) {
    const t = setUp({answer: async () => ({...SEAT, role: 'host', state: 'inside'}), permission: 'granted', ...options});
    t.visit.deps.api.get = async path =>
        path === '/session' ? {user: {name: 'Dr Rivera'}} : {id: 'r', name: 'R', slug: 'dr-rivera'};
    if (errand) t.errands.leave(errand);
    if (checked) t.checks.remember(checked);
    t.heard = [];
    t.visit.on('meets', m => t.heard.push({meets: m.participant, ...(m.refused && {refused: true})}));
    t.visit.on('missed', m => t.heard.push({missed: m.name}));
    await t.visit.openRoom('dr-rivera');
    await settle();
    return t;
}

/** The server lets the host in. */
async function hostInside(t, participants) {
    t.sockets[0].open();
    t.sockets[0].say(welcome({role: 'host', state: 'inside', participants}));
    await settle();
    return t.sockets[0].sent.filter(m => m.type === 'admit');
}

test('with devices that worked today a host goes straight in, and lets the guest in once inside, not before', async () => {
    const t = await hostComes();
    assert.equal(t.visit.call.phase, 'connecting');
    assert.deepEqual(t.media.wantedNow(), {mic: true, cam: false}, 'as they were at the check');
    assert.equal(t.sockets[0].sent.length, 0, 'nothing is said before the seat is taken');
    const [admit, ...more] = await hostInside(t, [GINA]);
    assert.equal(admit.participant, 'g');
    assert.deepEqual(more, []);
    assert.equal(t.errands.read('dr-rivera'), null, 'done once, also over a reload');
    assert.equal(t.place.read().today, true);
});

test('without a check today, or a permission that is not given, the devices are asked for first; the guest goes on waiting', async () => {
    for (const options of [{checked: null}, {checked: {mic: false, cam: false}}, {permission: 'prompt'}]) {
        const t = await hostComes(options);
        assert.equal(t.visit.call.phase, 'primer', JSON.stringify(options));
        assert.ok(t.errands.read('dr-rivera'), 'what they came for is kept');
        await t.visit.askDevices(['audio']);
        await t.visit.enter({name: '', pin: '', consent: ''});
        assert.deepEqual((await hostInside(t, [GINA])).map(m => m.participant), ['g']);
        assert.deepEqual(t.checks.today(), {mic: true, cam: false}, 'remembered for the next');
    }
});

test('yesterday\'s check counts no more, and an errand of long ago neither', async () => {
    const t = await hostComes();
    t.clock.advance(24 * 3600_000);
    assert.equal(t.checks.today(), null);
    assert.equal(t.errands.read('dr-rivera'), null);
});

test('what a host came for ten minutes ago, or for another room, is forgotten, and nobody is let in by it', async () => {
    for (const [errand, minutes] of [[ERRAND, 11], [{...ERRAND, slug: 'another'}, 0]]) {
        const t = await hostComes({errand, checked: null});
        t.clock.advance(minutes * 60_000);
        await t.visit.askDevices(['audio']);
        await t.visit.enter({name: '', pin: '', consent: ''});
        assert.deepEqual(await hostInside(t, [GINA]), []);
        assert.deepEqual(t.heard, []);
        assert.equal(t.kept.has('parlour.errand'), false, 'it lies nowhere');
    }
});

test('one whom the host asks to wait meanwhile is not let in a moment later', async () => {
    const t = await hostComes();
    t.visit.decide('hold', 'g');
    assert.equal(t.kept.has('parlour.errand'), false);
    assert.deepEqual(await hostInside(t, [GINA]), []);
});

test('who has left meanwhile is named to the host, and nobody is let in', async () => {
    const t = await hostComes();
    assert.deepEqual(await hostInside(t, [participant('other', {state: 'waiting'})]), []);
    assert.deepEqual(t.heard, [{missed: 'Gina'}]);
});

test('who was let in by a colleague meanwhile needs nothing more', async () => {
    const t = await hostComes();
    assert.deepEqual(await hostInside(t, [participant('g', {state: 'inside'})]), []);
    assert.deepEqual(t.heard, []);
});

test('what was answered on Today about those inside holds for them alone, and for one who was there', async () => {
    const inside = id => participant(id, {state: 'inside'});
    for (const [errand, people, admits, heard] of [
        [{how: 'instead', met: ['a']}, [inside('a'), GINA], [{instead: true}], []],
        [{how: 'beside', met: ['a']}, [inside('a'), GINA], [{beside: true}], []],
        [{how: 'beside', met: ['a']}, [inside('b'), GINA], [], [{meets: 'g'}]],
        [{}, [inside('b'), GINA], [], [{meets: 'g'}]],
        [{}, [{...GINA, away: true}], [], [{meets: 'g'}]],
        [{gone: true}, [{...GINA, away: true}], [{}], []],
        [{}, [{...GINA, same_invitation: true}], [], [{meets: 'g'}]],
        [{same: true}, [{...GINA, same_invitation: true}, inside('a')], [{}], []],
        [{}, [{...GINA, held: true}], [], [{meets: 'g'}]],
        [{held: true}, [{...GINA, held: true}], [{}], []],
        [{}, [{...HOST, state: 'inside'}, GINA], [{}], []],
    ]) {
        const t = await hostComes({errand: {...ERRAND, ...errand}});
        const said = await hostInside(t, people);
        assert.deepEqual(said.map(({type: _, participant: __, n: ___, ...how}) => how), admits, JSON.stringify({errand, people}));
        assert.deepEqual(t.heard, heard);
    }
});

test('a guest who was not let in because of another is a question, not a failure', async () => {
    const t = await hostComes({errand: null, checked: null});
    await t.visit.askDevices([]);
    await t.visit.enter({name: '', pin: '', consent: ''});
    await hostInside(t, [GINA]);
    t.sockets[0].say({type: 'error', seq: 1, code: 'guest_inside', detail: '', of: 'admit', participant: 'g', inside: ['x']});
    assert.deepEqual(t.heard, [{meets: 'g', refused: true}]);
    assert.deepEqual(t.visit.call.toasts, []);
});

test('a guest with an errand in the tab does nothing with it', async () => {
    const t = setUp();
    t.errands.leave(ERRAND);
    await wait(t);
    await admit(t);
    assert.ok(!t.sockets[0].sent.some(m => m.type === 'admit'));
});
