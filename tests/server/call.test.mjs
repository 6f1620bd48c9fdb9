// The waiting room and the call over the socket: rights, announcements, and messages passed on.
import assert from 'node:assert/strict';
import test from 'node:test';
import {Client, good, newInvitation, newRoom, newUser, refused} from '../support/http.mjs';
import {admit, anotherGuest, call, deskOf, guestAt, hostIn, joinAsHost, practice, waitingRoom} from '../support/scene.mjs';
import {Seat, Socket} from '../support/ws.mjs';

const {server, admin} = await practice({args: ['--signal-threads', '3', '--rate-scale', '10']}); // each test makes rooms
const host = await newUser(admin, {name: 'Dr Rivera'});
const colleague = await newUser(admin, {name: 'Dr Osei'});

test('a guest waits, whether or not a host is there', async () => {
    const room = await newRoom(host);
    const guest = await guestAt(room, await newInvitation(host, room), {server});
    assert.equal(guest.welcome.state, 'waiting');
    assert.equal(guest.welcome.role, 'guest');
    assert.deepEqual(guest.welcome.participants, []);
    assert.deepEqual(guest.welcome.ice_servers ?? [], []);
    const seat = await hostIn(host, room);
    assert.equal(seat.welcome.state, 'inside');
    const listed = seat.welcome.participants.find(p => p.id === guest.id);
    assert.deepEqual([listed.state, listed.kind, listed.name], ['waiting', 'guest', 'Gina Guest']);
    const seen = await guest.next('participant', {participant: {id: seat.id}});
    assert.deepEqual([seen.event, seen.participant.role], ['joined', 'host']);
});

test('an admitted guest learns who is inside and who makes the first offer', async () => {
    const {host: seat, guest} = await waitingRoom(host);
    const inside = await admit(seat, guest);
    assert.deepEqual(inside.participants.map(p => p.id), [seat.id]);
    assert.equal(inside.topology, 'p2p');
    assert.ok(Array.isArray(inside.ice_servers));
    const told = seat.all.find(m => m.type === 'participant' && m.event === 'admitted');
    assert.equal(inside.participants[0].offerer, true, 'the newcomer offers');
    assert.equal(told.offerer, false);
});

test('a participant\'s own state reaches the others', async () => {
    const {host: seat, guest} = await call(host);
    guest.send({type: 'status', mic: false, cam: true, hand: true});
    const {participant} = await seat.next('participant', {event: 'changed', participant: {id: guest.id}});
    assert.equal(participant.status.mic, false);
    assert.equal(participant.status.hand, true);
});

test('a signal arrives byte for byte, whatever its data looks like', async () => {
    const {host: seat, guest} = await call(host);
    const odd = '{"pc":"main",  "nested":{"a":[1, 2.50,1e3,-0.0 ,"\\u00e9\\ud83d\\ude00 é😀\\/"],"t":true,"n":null},"candidate":{"candidate":"candidate:1 1 udp 1 192.0.2.1 9 typ host"}}';
    guest.send(`{"type":"signal","to":"${seat.id}","data":${odd}}`);
    const raw = await new Promise(resolve => seat.ws.once('message', data => resolve(String(data))));
    assert.ok(raw.includes(odd), raw);
    const message = JSON.parse(raw);
    assert.equal(message.from, guest.id);
    assert.equal(typeof message.from_instance, 'number');
});

test('a signal of 48 KiB passes, a longer one is an error', async () => {
    const {host: seat, guest} = await call(host);
    const data = size => ({pc: 'main', description: {type: 'offer', sdp: 'x'.repeat(size)}});
    guest.send({type: 'signal', to: seat.id, data: data(47 * 1024)});
    assert.equal((await seat.next('signal')).data.description.sdp.length, 47 * 1024);
    guest.send({type: 'signal', to: seat.id, data: data(50 * 1024)});
    assert.equal((await guest.next('error')).of, 'signal');
    await seat.nothing('signal');
});

test('only people inside signal, only within their room, and only to a person who is there', async () => {
    const {host: seat, guest} = await waitingRoom(host);
    guest.send({type: 'signal', to: seat.id, data: {pc: 'main'}});
    assert.equal((await guest.next('error')).of, 'signal');
    seat.send({type: 'signal', to: guest.id, data: {pc: 'main'}});
    assert.equal((await seat.next('error')).of, 'signal');
    const elsewhere = await call(host);
    elsewhere.guest.send({type: 'signal', to: seat.id, data: {pc: 'main'}});
    assert.equal((await elsewhere.guest.next('error')).of, 'signal');
    for (const socket of [seat, guest, elsewhere.host]) await socket.nothing('signal');
});

test('a ping is answered at once, without a number, to each who is seated and to a dashboard', async () => {
    const {host: seat, guest} = await waitingRoom(host);
    const desk = await deskOf(host);
    for (const socket of [guest, seat, desk]) {
        const {seq} = socket;
        socket.send({type: 'ping'}, {numbered: false});
        assert.deepEqual(await socket.next('pong'), {type: 'pong', of: 'ping'});
        assert.equal(socket.seq, seq);
    }
    guest.cut();
    await seat.next('participant', {event: 'away', participant: {id: guest.id}});
    const back = await guest.resume();
    back.send({type: 'ping'}, {numbered: false});
    await back.next('pong');
    await back.nothing('error');
});

test('a signal meant for an older instance is dropped and the sender told', async () => {
    const {host: seat, guest, room, invitation} = await call(host);
    const old = seat.all.find(m => m.type === 'participant' && m.event === 'admitted').participant.instance;
    const reloaded = await guestAt(room, invitation, {server, client: guest.client});
    await guest.over(4409);
    const change = await seat.next('participant', {event: 'changed', participant: {id: guest.id}});
    assert.equal(change.participant.instance, old + 1);
    assert.equal(change.offerer, false, 'the reloader offers');
    assert.equal(reloaded.welcome.state, 'inside', 'a reload keeps the place');
    assert.equal(reloaded.welcome.since, guest.inside.since, 'and the time since when it is taken');
    seat.send({type: 'signal', to: guest.id, to_instance: old, data: {pc: 'main'}});
    assert.equal((await seat.next('error')).code, 'stale_instance');
    seat.send({type: 'signal', to: guest.id, to_instance: old + 1, data: {pc: 'main', good: 1}});
    assert.equal((await reloaded.next('signal')).data.good, 1);
});

test('decline ends the seat, and the guest may ask again only after a minute', async () => {
    const {host: seat, guest, room, invitation} = await waitingRoom(host);
    seat.send({type: 'deny', participant: guest.id, text: 'Wrong day'});
    assert.equal((await guest.next('bye')).reason, 'denied');
    await guest.over(4403);
    assert.equal((await seat.next('participant', {event: 'left', participant: {id: guest.id}})).reason, 'denied');
    const again = await guest.client.post(`/rooms/${room.id}/join`, {invitation: invitation.code, name: 'Gina'});
    assert.ok(again.status === 429 || again.status === 403, again.text);
    assert.ok(Number(again.headers['retry-after']) <= 60);
});

test('hold shows the guest a message, and return sends a guest inside back to wait', async () => {
    const {host: seat, guest} = await waitingRoom(host);
    seat.send({type: 'hold', participant: guest.id, text: 'Five more minutes'});
    const held = await guest.next('state', {state: 'waiting'});
    assert.deepEqual([held.held, held.text], [true, 'Five more minutes']);
    await admit(seat, guest);
    seat.send({type: 'return', participant: guest.id, text: 'Back in a moment'});
    const back = await guest.next('state', {state: 'waiting'});
    assert.equal(back.text, 'Back in a moment');
    const told = await seat.next('participant', {event: 'waiting', participant: {id: guest.id}});
    assert.equal(told.reason, 'returned');
    guest.send({type: 'signal', to: seat.id, data: {pc: 'main'}});
    assert.equal((await guest.next('error')).of, 'signal', 'one who was sent back signals nobody');
});

test('remove ends the call for one person and voids their tokens and tickets', async () => {
    const {host: seat, guest} = await call(host);
    const {token, ws} = guest.joined;
    const {ticket} = guest;
    seat.send({type: 'remove', participant: guest.id});
    assert.equal((await guest.next('bye')).reason, 'removed');
    await guest.over(4403);
    for (const join of [{token}, {resume: {ticket, seq: guest.seq}}]) {
        const revenant = new Seat({server, path: ws});
        await revenant.open();
        revenant.send({type: 'join', ...join});
        const end = await revenant.over();
        assert.ok([4401, 4403, 4404].includes(end.code), `closed ${end.code}`);
    }
});

test('a guest decides nothing', async () => {
    const {host: seat, guest} = await call(host);
    const messages = [
        {type: 'admit', participant: seat.id}, {type: 'deny', participant: seat.id}, {type: 'hold', participant: seat.id}, {type: 'return', participant: seat.id},
        {type: 'remove', participant: seat.id}, {type: 'end'}, {type: 'room', locked: true}, {type: 'mute', participant: seat.id, kind: 'audio'},
    ];
    for (const message of messages) {
        guest.send(message);
        assert.equal((await guest.next('error')).of, message.type);
    }
    await seat.nothing('mute');
    assert.equal(guest.end, undefined, 'a forbidden message is not a fault');
});

test('mute is a request to one or to all, and says who asked', async () => {
    const scene = await call(host);
    const second = await anotherGuest(host, scene);
    scene.host.send({type: 'mute', participant: scene.guest.id, kind: 'audio'});
    assert.deepEqual([(await scene.guest.next('mute')).kind, scene.guest.all.at(-1).from], ['audio', scene.host.id]);
    scene.host.send({type: 'mute', participant: '*', kind: 'video'});
    for (const guest of [scene.guest, second]) assert.equal((await guest.next('mute')).kind, 'video');
    await scene.host.nothing('mute');
});

test('a locked room refuses newcomers with 423 and keeps the people who are there', async () => {
    const scene = await call(host);
    scene.host.send({type: 'room', locked: true});
    assert.equal((await scene.guest.next('room')).room.locked, true);
    const invitation = await newInvitation(host, scene.room);
    refused(await new Client(server).post(`/rooms/${scene.room.id}/join`, {invitation: invitation.code, name: 'Late'}), 423, 'room_locked');
    assert.equal((await host.read(`/rooms/${scene.room.id}`)).locked, true, 'the lock is stored');
    scene.host.send({type: 'room', locked: false});
    await scene.guest.next('room');
    good(await new Client(server).post(`/rooms/${scene.room.id}/join`, {invitation: invitation.code, name: 'Late'}));
});

test('a lock set over the API reaches the people inside', async () => {
    const scene = await call(host);
    good(await host.patch(`/rooms/${scene.room.id}`, {locked: true}));
    await scene.guest.next('room');
});

test('end ends the visit for everyone inside and voids their tickets, and waiting guests go on waiting', async () => {
    const scene = await call(host);
    const waiting = await guestAt(scene.room, await newInvitation(host, scene.room), {server, name: 'Waiting'});
    scene.host.send({type: 'end'});
    for (const socket of [scene.host, scene.guest]) {
        assert.equal((await socket.next('bye')).reason, 'ended');
        await socket.over(4404);
    }
    await assert.rejects(scene.guest.resume());
    await waiting.settled();
    assert.equal(waiting.end, undefined);
});

test('leave gives up the seat with a proper goodbye', async () => {
    const scene = await call(host);
    scene.guest.send({type: 'leave'});
    assert.equal((await scene.guest.next('bye')).reason, 'left');
    await scene.guest.over(1000);
    assert.equal((await scene.host.next('participant', {event: 'left', participant: {id: scene.guest.id}})).reason, 'left');
});

test('leaving gives up the seat: a guest who comes back must be admitted again', async () => {
    const scene = await call(host);
    scene.guest.send({type: 'leave'});
    await scene.guest.over(1000);
    const again = await guestAt(scene.room, scene.invitation, {server, client: scene.guest.client});
    assert.equal(again.welcome.state, 'waiting');
    assert.equal(again.id, scene.guest.id);
});

test('when the last host leaves, guests wait again, unless they may stay', async () => {
    const scene = await call(host);
    scene.host.send({type: 'leave'});
    assert.equal((await scene.guest.next('state', {state: 'waiting'})).reason, 'host_left');
    const free = await call(host, {room: {guests_may_stay: true}});
    free.host.send({type: 'leave'});
    await free.guest.next('participant', {event: 'left'});
    await free.guest.nothing('state', {state: 'waiting'});
});

test('without a waiting room guests enter directly, but only while a host is inside', async () => {
    const room = await newRoom(host, {waiting_room: false});
    const early = await guestAt(room, await newInvitation(host, room), {server});
    assert.equal(early.welcome.state, 'waiting');
    await hostIn(host, room);
    const direct = await guestAt(room, await newInvitation(host, room), {server});
    assert.equal(direct.welcome.state, 'inside');
});

test('a full room refuses the next admission and changes nothing', async () => {
    const scene = await call(host, {room: {max_participants: 2}});
    const third = await guestAt(scene.room, await newInvitation(host, scene.room), {server, name: 'Third'});
    await scene.host.next('participant', {event: 'waiting', participant: {id: third.id}});
    scene.host.send({type: 'admit', participant: third.id, beside: true});
    assert.equal((await scene.host.next('error')).code, 'room_full');
    await third.nothing('state', {state: 'inside'});
    refused(await colleague.post(`/rooms/${scene.room.id}/join`, {}), 404);
});

test('a decision about a person who is not there is an error and changes nothing', async () => {
    const {host: seat, guest} = await call(host);
    for (const type of ['admit', 'deny', 'hold', 'return', 'remove']) {
        seat.send({type, participant: 'nobody'});
        assert.equal((await seat.next('error')).of, type);
    }
    seat.send({type: 'admit', participant: guest.id});
    assert.equal((await seat.next('error')).of, 'admit', 'a person inside cannot be admitted');
});

test('everyone inside is listed to everyone inside, and each pair has one offerer', async () => {
    const scene = await call(host);
    const second = await anotherGuest(host, scene, 'Second');
    const joined = await scene.guest.next('participant', {event: 'joined', participant: {id: second.id}});
    assert.equal(joined.offerer, false);
    const offers = Object.fromEntries(second.inside.participants.map(p => [p.id, p.offerer]));
    assert.deepEqual(offers, {[scene.host.id]: true, [scene.guest.id]: true});
});

test('a waiting guest sees the hosts and nobody else', async () => {
    const scene = await call(host);
    const waiting = await guestAt(scene.room, await newInvitation(host, scene.room), {server, name: 'Curious'});
    assert.deepEqual(waiting.welcome.participants.map(p => p.id), [scene.host.id]);
    await anotherGuest(host, scene, 'Somebody Else');
    await waiting.settled();
    assert.doesNotMatch(JSON.stringify(waiting.all), /Somebody Else|Gina Guest/);
});

test('chat reaches everyone inside, or one person, and says from whom and when', async () => {
    const scene = await call(host);
    const second = await anotherGuest(host, scene, 'Second');
    scene.guest.send({type: 'chat', text: 'Hello <b>all</b> 👋'});
    for (const socket of [scene.host, second]) {
        const {from, text, at} = await socket.next('chat');
        assert.deepEqual([from, text], [scene.guest.id, 'Hello <b>all</b> 👋']);
        assert.match(at, /^\d{4}-.*Z$/);
    }
    scene.host.send({type: 'chat', text: 'Only you', to: second.id});
    assert.equal((await second.next('chat')).text, 'Only you');
    await scene.guest.nothing('chat', {text: 'Only you'});
});

test('a waiting guest chats with the hosts only, and is not heard by the other guests', async () => {
    const scene = await call(host);
    const waiting = await guestAt(scene.room, await newInvitation(host, scene.room), {server, name: 'Waiting'});
    waiting.send({type: 'chat', text: 'I am early'});
    assert.equal((await scene.host.next('chat')).from, waiting.id);
    await scene.guest.nothing('chat');
    waiting.send({type: 'chat', text: 'psst', to: scene.guest.id});
    assert.equal((await waiting.next('error')).of, 'chat');
    scene.host.send({type: 'chat', text: 'Nearly there', to: waiting.id});
    assert.equal((await waiting.next('chat')).text, 'Nearly there');
    scene.host.send({type: 'chat', text: 'For the call'});
    await scene.guest.next('chat', {text: 'For the call'});
    await waiting.nothing('chat', {text: 'For the call'});
});

test('a chat text beyond 4 KB, an empty one and one that is not text are errors', async () => {
    const scene = await call(host);
    for (const text of ['x'.repeat(4097), '', 7]) {
        const fresh = await call(host);
        fresh.guest.send({type: 'chat', text});
        assert.equal((await fresh.guest.next('error')).of, 'chat');
        await fresh.host.nothing('chat');
    }
    scene.guest.send({type: 'chat', text: 'x'.repeat(4096)});
    await scene.host.next('chat');
});

test('message types of later versions are answered as not available', async () => {
    const scene = await call(host);
    for (const message of [{type: 'call'}, {type: 'transfer', participant: scene.guest.id, room: 'x'}, {type: 'recording', op: 'ask'}, {type: 'watch', items: []}, {type: 'room', topology: 'sfu'}]) {
        scene.host.send(message);
        const {of, code} = await scene.host.next('error');
        assert.deepEqual([of, code], [message.type, 'not_available']);
    }
});

test('a rule that a host cannot change in the room is refused, and the other changes of that message are not made', async () => {
    const {room, host: seat, guest} = await call(host);
    for (const rule of [{waiting_room: false}, {relay_only: false}, {guests_may_stay: true}, {max_participants: 3}, {access: 'link'}, {pin: null}, {cohosts: []}, {e2ee: true}, {recording: 'local'}, {kind: 'reception'}]) {
        seat.send({type: 'room', locked: true, ...rule});
        const {of, code} = await seat.next('error');
        assert.deepEqual([of, code], ['room', 'not_available'], JSON.stringify(rule));
    }
    await guest.nothing('room');
    assert.equal((await host.read(`/rooms/${room.id}`)).locked, false);
    seat.send({type: 'room', topology: 'auto'});
    assert.equal((await seat.next('room')).room.topology, 'p2p');
    seat.send({type: 'room', locked: true, topology: 'p2p', e2ee: false, recording: 'off'});
    assert.equal((await guest.next('room')).room.locked, true);
    seat.send({type: 'room'});
    assert.equal((await seat.next('error')).code, 'invalid_field');
});

test('an owner and a co-host are both hosts, and each may decide', async () => {
    const room = await newRoom(host, {cohosts: [colleague.user.id]});
    const owner = await hostIn(host, room);
    const second = await Seat.take(server, await joinAsHost(colleague, room));
    assert.equal(second.welcome.role, 'host');
    const guest = await guestAt(room, await newInvitation(host, room), {server});
    await second.next('participant', {event: 'waiting'});
    await admit(second, guest);
    await owner.next('participant', {event: 'admitted'});
});

test('a co-host who is taken off the room loses seat, ticket and token within a second', async () => {
    const room = await newRoom(host, {cohosts: [colleague.user.id]});
    const owner = await hostIn(host, room);
    const unused = await joinAsHost(colleague, room);
    const second = await Seat.take(server, await joinAsHost(colleague, room));
    const since = Date.now();
    good(await host.patch(`/rooms/${room.id}`, {cohosts: []}));
    await second.over(4403);
    assert.ok(Date.now() - since < 1000);
    await owner.next('participant', {event: 'left', reason: 'removed', participant: {id: second.id}});
    refused(await colleague.post(`/rooms/${room.id}/join`, {}), 404);
    const late = new Socket({server, path: unused.ws});
    await late.open();
    late.send({type: 'join', token: unused.token});
    assert.match((await late.next('error')).code, /^(not_host|seat_over)$/);
    await late.over(4401);
});

test('a room with people inside cannot be deleted; after the end it can', async () => {
    const scene = await call(host);
    refused(await host.delete(`/rooms/${scene.room.id}`), 409, 'room_in_use');
    scene.guest.send({type: 'chat', text: 'still here'});
    await scene.host.next('chat');
    scene.host.send({type: 'end'});
    await scene.guest.over(4404);
    assert.ok((await host.delete(`/rooms/${scene.room.id}`)).status < 300);
});
