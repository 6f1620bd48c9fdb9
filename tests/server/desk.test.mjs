// The dashboard's live feed: a snapshot, then numbered changes of the rooms this user may see.
import assert from 'node:assert/strict';
import test from 'node:test';
import {good, newInvitation, newRoom, newUser, signIn} from '../support/http.mjs';
import {admit, call, deskOf, guestAt, practice, waitingRoom} from '../support/scene.mjs';
import {parlour} from '../support/server.mjs';
import {Socket} from '../support/ws.mjs';

const {server, admin} = await practice({args: ['--signal-threads', '3', '--rate-scale', '10']}); // each test makes rooms
const host = await newUser(admin, {name: 'Dr Rivera'});
const other = await newUser(admin, {name: 'Dr Osei'});
const front = await newUser(admin, {role: 'desk', name: 'Dora Desk'});
const seenOf = (desk, id) => desk.next('participant', message => message.participant.id === id);

test('the front desk sees guests of every room, a host only those of their own rooms', async () => {
    const [atDesk, atHost, atOther] = [await deskOf(front), await deskOf(host), await deskOf(other)];
    const {guest, room} = await waitingRoom(host);
    for (const desk of [atDesk, atHost]) {
        const message = await seenOf(desk, guest.id);
        assert.equal(message.room, room.id);
        assert.equal(message.participant.state, 'waiting');
    }
    const theirs = await waitingRoom(other);
    await seenOf(atOther, theirs.guest.id);
    assert.doesNotMatch(JSON.stringify(atOther.all), new RegExp(guest.id));
});

test('a snapshot shows the people who are there already', async () => {
    const {guest, host: seat, room} = await call(host);
    const desk = await deskOf(front);
    const shown = desk.welcome.rooms.find(({id}) => id === room.id);
    assert.deepEqual(shown.participants.map(({id}) => id).sort(), [guest.id, seat.id].sort());
    assert.deepEqual(shown.participants.map(({user}) => user).filter(Boolean), [host.user.id], 'whose seat it is');
});

test('a host admits from the dashboard', async () => {
    const desk = await deskOf(host);
    const {guest, room} = await waitingRoom(host);
    await seenOf(desk, guest.id);
    desk.send({type: 'admit', room: room.id, participant: guest.id});
    await guest.next('state', {state: 'inside'});
});

test('the front desk holds, sends a message and declines, and admits or removes nobody', async () => {
    const desk = await deskOf(front);
    const {guest, room} = await waitingRoom(host);
    desk.send({type: 'hold', room: room.id, participant: guest.id, text: 'The doctor is late'});
    assert.equal((await guest.next('state', {held: true})).text, 'The doctor is late');
    desk.send({type: 'chat', room: room.id, to: guest.id, text: 'Would you like to wait?'});
    assert.equal((await guest.next('chat')).text, 'Would you like to wait?');
    desk.send({type: 'admit', room: room.id, participant: guest.id});
    assert.equal((await desk.next('error')).of, 'admit');
    await guest.nothing('state', {state: 'inside'});
    desk.send({type: 'deny', room: room.id, participant: guest.id});
    assert.equal((await guest.next('bye')).reason, 'denied');
});

test('a message from the dashboard carries name and role: a host\'s as host, the front desk\'s as front desk', async () => {
    const {guest, room} = await waitingRoom(host);
    const desks = [[await deskOf(host), host, {name: 'Dr Rivera', role: 'host'}], [await deskOf(front), front, {name: 'Dora Desk', role: 'desk', desk: true}]];
    for (const [desk, {user}, signed] of desks) {
        desk.send({type: 'chat', room: room.id, to: guest.id, text: `I am ${signed.name}`});
        const {name, role, desk: fromDesk, from} = await guest.next('chat');
        assert.deepEqual({name, role, ...(fromDesk && {desk: true})}, signed);
        assert.equal(from, user.id);
    }
    const told = await desks[0][0].next('chat', {name: 'Dora Desk'});
    assert.equal(told.role, 'desk', 'a colleague sees who answered');
});

test('a host decides nothing in another host\'s room', async () => {
    const desk = await deskOf(other);
    const {guest, room} = await waitingRoom(host);
    for (const type of ['admit', 'deny', 'hold']) {
        desk.send({type, room: room.id, participant: guest.id});
        assert.equal((await desk.next('error')).of, type);
    }
    await guest.nothing('state', message => message.state === 'inside' || message.held);
});

test('changes come numbered and in order, and a new room is seen at once', async () => {
    const desk = await deskOf(host);
    const room = await newRoom(host);
    const guest = await guestAt(room, await newInvitation(host, room), {server, name: 'First in a new room'});
    await seenOf(desk, guest.id);
    desk.send({type: 'admit', room: room.id, participant: guest.id});
    await desk.next('participant', {event: 'admitted', participant: {id: guest.id}});
    guest.send({type: 'leave'});
    await desk.next('participant', {event: 'left', participant: {id: guest.id}});
});

test('every dashboard shows what another host does', async () => {
    const desk = await deskOf(front);
    const {guest, host: seat} = await waitingRoom(host);
    await admit(seat, guest);
    await desk.next('participant', {event: 'admitted', participant: {id: guest.id}});
});

test('a room that is made while the feed is being opened is in the snapshot or among the changes, never missed', async () => {
    for (let i = 0; i < 25; i++) {
        const [desk, room] = await Promise.all([deskOf(host), newRoom(host)]);
        const told = () => desk.all.some(m => m.type === 'room' && m.room.id === room.id) || desk.welcome.rooms.some(({id}) => id === room.id);
        await desk.waitFor(() => told() || undefined, () => `round ${i}: the room is unknown`);
        desk.ws.terminate();
    }
});

test('changes to rooms on the command line beside the server are seen at once', async () => {
    const owner = await newUser(admin, {email: 'terminal@example.org', name: 'Dr Terminal'});
    const [mine, theirs] = [await deskOf(owner), await deskOf(front)];
    const made = parlour(['room', 'add', 'Made in a terminal', '--owner', 'terminal@example.org', '--json', '--data', server.data]);
    assert.equal(made.code, 0, made.err);
    const room = JSON.parse(made.out);
    for (const desk of [mine, theirs]) {
        const told = await desk.next('room', message => message.room.id === room.id);
        assert.equal(told.room.name, 'Made in a terminal');
        assert.equal(told.room.host, desk === mine);
    }
    const guest = await guestAt(room, await newInvitation(owner, room), {server});
    await seenOf(mine, guest.id);
    assert.equal(parlour(['room', 'delete', room.slug, '--data', server.data]).code, 0);
    assert.equal((await guest.next('bye')).reason, 'ended');
    for (const desk of [mine, theirs]) await desk.next('room', {event: 'deleted', room: {id: room.id}});
});

test('a sign-in has eight dashboards: one more closes the oldest, and another sign-in of the same user has its own', async () => {
    const user = await newUser(admin, {email: 'many@example.org'});
    const second = await signIn(server, 'many@example.org');
    const other = await deskOf(second);
    const desks = [];
    for (let i = 0; i < 8; i++) desks.push(await deskOf(user));
    for (const desk of desks) await desk.settled();
    desks.push(await deskOf(user));
    assert.equal((await desks[0].next('bye')).reason, 'replaced');
    await desks[0].over(4409);
    for (const desk of [other, ...desks.slice(1)]) await desk.settled();
    for (const desk of [other, ...desks.slice(1)]) await desk.close();
    for (let i = 0; i < 8; i++) desks.push(await deskOf(user));
    for (const desk of desks.slice(-8)) await desk.settled();
});

test('a token opens one dashboard, once: four hundred tries with it take no sockets', async () => {
    const user = await newUser(admin);
    const joined = good(await user.post('/desk/join', {}));
    const open = async () => {
        const socket = new Socket({server, path: joined.ws});
        await socket.open();
        socket.send({type: 'join', token: joined.token});
        return socket;
    };
    const first = await open();
    await first.next('welcome');
    for (let i = 0; i < 400; i++) {
        const again = await open();
        assert.equal((await again.next('error')).code, 'bad_token');
        await again.over(4401);
    }
    await first.settled();
});
