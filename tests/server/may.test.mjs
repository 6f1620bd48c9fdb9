// `may` matches what the server allows: each verb, from each seat and state, from each dashboard, and over HTTP.
import assert from 'node:assert/strict';
import test from 'node:test';
import {newRoom, newUser} from '../support/http.mjs';
import {admit, call, deskOf, practice, waitingRoom} from '../support/scene.mjs';

const {admin} = await practice({args: ['--signal-threads', '2', '--rate-scale', '10']});
const host = await newUser(admin, {name: 'Dr Rivera'});
const colleague = await newUser(admin, {name: 'Dr Osei'});
const front = await newUser(admin, {role: 'desk', name: 'Dora Desk'});

const NOBODY = 'nobody-by-this-id';
/** Each message of a seat, written so that the seats stay as they are. `end` and `leave` come last: they end one. */
const FROM_SEAT = {
    chat: {text: 'Hello'},
    status: {hand: true},
    signal: {to: NOBODY, data: {}},
    seen: {participant: NOBODY, seen: true},
    quality: {good: 1},
    ice: {},
    admit: {participant: NOBODY},
    hold: {participant: NOBODY},
    deny: {participant: NOBODY},
    return: {participant: NOBODY},
    remove: {participant: NOBODY},
    mute: {participant: NOBODY, kind: 'audio'},
    room: {locked: false},
    end: {},
    leave: {},
};

let markers = 0;

/** Does the server refuse this message of a seat as not allowed? */
async function isForbidden(seat, verb) {
    const before = seat.all.length;
    const marker = `marker-${markers++}`;
    seat.send({type: verb, ...FROM_SEAT[verb]});
    seat.send({type: marker});
    await seat.next('error', {code: 'unknown_type', of: marker});
    return seat.all.slice(before).some(m => m.type === 'error' && m.of === verb && m.code === 'forbidden');
}

/** Checks every verb but the last two, and those only where they are refused. */
async function checkSeat(seat, may, who) {
    assert.deepEqual(may.filter(verb => !(verb in FROM_SEAT)), [], `${who}: a verb that no seat knows`);
    for (const verb of Object.keys(FROM_SEAT)) {
        if (['end', 'leave'].includes(verb) && may.includes(verb)) continue;
        assert.equal(await isForbidden(seat, verb), !may.includes(verb), `${who}: ${verb}`);
    }
}

test('a waiting guest, a guest inside and a host inside may do what they are told, and nothing else', async () => {
    const {host: seat, guest} = await waitingRoom(host);
    await checkSeat(guest, guest.welcome.may, 'waits');
    const inside = await admit(seat, guest);
    await checkSeat(guest, inside.may, 'inside');
    await checkSeat(seat, seat.welcome.may, 'host');
    assert.ok(inside.may.includes('leave') && seat.welcome.may.includes('end'));
    guest.send({type: 'leave'});
    assert.equal((await guest.next('bye')).reason, 'left');
    seat.send({type: 'end'});
    assert.equal((await seat.next('bye')).reason, 'ended');
});

test('the rights of a seat follow its state: let in, sent back, and back by its ticket', async () => {
    const {host: seat, guest} = await waitingRoom(host);
    const waiting = guest.welcome.may;
    assert.ok(!waiting.includes('signal'));
    const inside = await admit(seat, guest);
    assert.ok(inside.may.includes('signal'));
    const back = await guest.resume();
    assert.deepEqual(back.welcome.may, inside.may);
    seat.send({type: 'return', participant: guest.id});
    assert.deepEqual((await back.next('state', {state: 'waiting'})).may, waiting);
});

/** Each message of a dashboard about a room. */
const FROM_DASHBOARD = {
    admit: {participant: NOBODY},
    hold: {participant: NOBODY},
    deny: {participant: NOBODY},
    return: {participant: NOBODY},
    remove: {participant: NOBODY},
    chat: {to: NOBODY, text: 'Hello'},
};

async function checkDashboard(user, room, may, who) {
    const desk = await deskOf(user);
    const shown = desk.welcome.rooms.find(({id}) => id === room.id);
    assert.deepEqual(shown.may, may, `${who}: HTTP and the feed say the same`);
    for (const [verb, rest] of Object.entries(FROM_DASHBOARD)) {
        desk.send({type: verb, room: room.id, ...rest});
        const {code} = await desk.next('error', {of: verb});
        assert.equal(code, may.includes(verb) ? 'not_found' : 'forbidden', `${who}: ${verb}`);
    }
    desk.send({type: 'end', room: room.id});
    if (!may.includes('end')) assert.equal((await desk.next('error', {of: 'end'})).code, 'forbidden', `${who}: end`);
    return desk;
}

/** The calls of the API that `may` speaks of. */
async function checkApi(user, room, may, who) {
    const link = await user.post(`/rooms/${room.id}/invitations`, {});
    assert.equal(link.status === 201, may.includes('invite'), `${who}: invite`);
    const change = await user.patch(`/rooms/${room.id}`, {name: room.name});
    assert.equal(change.status === 200, may.includes('edit'), `${who}: edit`);
    const end = await user.delete(`/rooms/${room.id}`); // while somebody is in it: 409 to those who may
    assert.equal(end.status, may.includes('delete') ? 409 : 403, `${who}: delete`);
    const entry = await user.post(`/rooms/${room.id}/join`, {});
    assert.equal(entry.status === 200 && entry.json.role === 'host', may.includes('enter'), `${who}: enter`);
}

const mayOf = async (user, room) => (await user.read(`/rooms/${room.id}`)).may;

for (const [who, user] of [['admin', admin], ['desk', front], ['host', host]])
    test(`at the dashboard and over HTTP the ${who} may do what they are told, and nothing else`, async () => {
        const {room, guest} = await call(host);
        const may = await mayOf(user, room);
        await checkApi(user, room, may, who);
        await checkDashboard(user, room, may, who);
        if (may.includes('end')) assert.equal((await guest.next('bye')).reason, 'ended');
    });

test('a co-host may do all that the owner may, but not delete the room, and reads why', async () => {
    const {room} = await call(host);
    await host.patch(`/rooms/${room.id}`, {cohosts: [colleague.user.id]});
    const may = await mayOf(colleague, room);
    assert.deepEqual([...may, 'delete'].sort(), (await mayOf(host, room)).sort());
    await checkApi(colleague, room, may, 'co-host');
    assert.equal((await colleague.delete(`/rooms/${room.id}`)).json.code, 'not_owner');
});

test('the session says who may make rooms and who administers the practice', async () => {
    for (const user of [admin, host, front]) {
        const {may} = await user.read('/session');
        assert.equal((await user.post('/rooms', {name: `Of ${user.user.name}`})).status === 201, may.includes('create'));
        assert.equal((await user.get('/api/v1/users')).status === 200, may.includes('administer'));
    }
});

test('a person who becomes co-host, or stops being one, is told at once what they may do', async () => {
    const room = await newRoom(host);
    const desk = await deskOf(admin);
    const told = () => desk.next('room', message => message.room.id === room.id).then(message => message.room.may);
    const cohosts = ids => host.patch(`/rooms/${room.id}`, {cohosts: ids});
    assert.ok(!(await mayOf(admin, room)).includes('enter'));
    await cohosts([admin.user.id]);
    assert.ok((await told()).includes('enter'));
    await cohosts([colleague.user.id]);
    assert.ok(!(await told()).includes('enter'));
    assert.equal((await admin.post(`/rooms/${room.id}/join`, {})).status, 403);
});
