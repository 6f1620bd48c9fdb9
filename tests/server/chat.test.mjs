// A message arrives once, or its writer is told: over reloads, lost connections and restarts of the server.
import assert from 'node:assert/strict';
import test from 'node:test';
import {newInvitation, newRoom, newUser} from '../support/http.mjs';
import {call, deskOf, guestAt, hostIn, practice, waitingRoom} from '../support/scene.mjs';

const {server, admin} = await practice({args: ['--signal-rate', '500', '--rate-scale', '10']});
const host = await newUser(admin, {name: 'Dr Rivera'});
const front = await newUser(admin, {role: 'desk', name: 'Dora Desk'});
const NUMBERED = {seat: {numbered: true}};

/** The connection is lost, and the others know it. */
async function lose(seat, other) {
    seat.cut();
    await seat.closed;
    await other.next('participant', {event: 'away', participant: {id: seat.id}});
}

/** The page of a guest is loaded anew. */
const reload = ({room, invitation, guest}) => guestAt(room, invitation, {server, client: guest.client});

/** All chat that the socket has received up to now. */
async function heard(seat) {
    await seat.settled();
    return seat.all.filter(m => m.type === 'chat').map(m => [m.text, m.again === true]);
}

test('the writer is told that the message was heard, or by whom it will be', async () => {
    const scene = await call(host, NUMBERED);
    const {host: doctor, guest} = scene;
    doctor.send({type: 'chat', text: 'one', id: 'line-1'});
    assert.deepEqual(await doctor.next('ack').then(({of, n, heard: by, later, never}) => ({of, n, by, later, never})), {of: 'chat', n: doctor.sent, by: 1, later: undefined, never: undefined});
    assert.equal((await guest.next('chat')).id, 'line-1');
    await lose(guest, doctor);
    doctor.send({type: 'chat', text: 'two', to: guest.id});
    assert.deepEqual(await doctor.next('ack').then(({heard: by, later}) => ({by, later})), {by: 0, later: [guest.id]});
    await doctor.close();
});

test('a message that nobody heard comes back after a reload as unheard, until a host has it', async () => {
    const room = await newRoom(host);
    const invitation = await newInvitation(host, room);
    const guest = await guestAt(room, invitation, {server, numbered: true});
    guest.send({type: 'chat', text: 'is anybody there?', id: 'x1'});
    assert.equal((await guest.next('ack')).heard, 0);
    const again = await reload({room, invitation, guest});
    const line = await again.next('chat');
    assert.deepEqual([line.again, line.unheard], [true, true]);
    const doctor = await hostIn(host, room);
    assert.equal((await doctor.next('chat')).unheard, undefined, 'only its writer is told');
    const later = await reload({room, invitation, guest: again});
    assert.equal((await later.next('chat')).unheard, undefined);
});

test('a message without an id gets no answer, as before', async () => {
    const {host: doctor} = await call(host);
    doctor.send({type: 'chat', text: 'one'});
    await doctor.nothing('ack');
});

test('messages to a person who was away come after a reload, in order, and earlier ones are marked', async () => {
    const scene = await call(host);
    scene.host.send({type: 'chat', text: 'before'});
    await scene.guest.next('chat');
    scene.guest.send({type: 'chat', text: 'my own'});
    await scene.host.next('chat');
    await lose(scene.guest, scene.host);
    for (const text of ['away 1', 'away 2']) scene.host.send({type: 'chat', text});
    await scene.host.settled();
    const again = await reload(scene);
    assert.deepEqual(await heard(again), [
        ['before', true],
        ['my own', true],
        ['away 1', false],
        ['away 2', false],
    ]);
});

test('a resumed connection gets each message once, also when it missed more than is kept of other types', async () => {
    const {host: doctor, guest} = await call(host);
    doctor.send({type: 'chat', text: 'seen'});
    await guest.next('chat');
    await lose(guest, doctor);
    doctor.send({type: 'chat', text: 'missed'});
    for (let i = 0; i < 600; i++) doctor.send({type: 'signal', to: guest.id, data: {i}});
    await doctor.settled();
    const again = await guest.resume();
    assert.equal(again.welcome.resumed, false);
    assert.deepEqual(await heard(again), [['missed', false]]);
    const once = await again.resume();
    assert.deepEqual(await heard(once), []);
});

for (const [name, stop] of [
    ['kill -9', () => server.kill9()],
    ['a stop', () => server.stop()],
])
    test(`after ${name}, a message from the first one back waits for the other, by ticket or after a reload`, async () => {
        const [byTicket, byReload] = [await call(host), await call(host)];
        await stop();
        await server.restart();
        for (const scene of [byTicket, byReload]) {
            const doctor = await scene.host.resume();
            doctor.send({type: 'chat', text: 'are you there?'});
            await doctor.settled();
        }
        assert.deepEqual(await heard(await byTicket.guest.resume()), [['are you there?', false]]);
        assert.deepEqual(await heard(await reload(byReload)), [['are you there?', false]]);
    });

test('a host who comes in reads the earlier messages of the guests who wait', async () => {
    const room = await newRoom(host);
    const guest = await guestAt(room, await newInvitation(host, room), {server, numbered: true});
    guest.send({type: 'chat', text: 'my battery is low', id: 'x1'});
    assert.equal((await guest.next('ack')).heard, 0);
    const doctor = await hostIn(host, room);
    const line = await doctor.next('chat');
    assert.deepEqual([line.from, line.text, line.id, line.again], [guest.id, 'my battery is low', 'x1', undefined]);
});

/** Sends it as soon as the rate limit for waiting guests allows. */
async function sayWaiting(seat, text, id) {
    for (let answer; answer?.type !== 'ack'; ) {
        seat.send({type: 'chat', text, id});
        answer = await seat.waitFor(() => seat.inbox.splice(0).find(m => m.type === 'ack' || m.code === 'too_fast'), () => 'no answer');
        if (answer.type === 'error') await seat.change(100);
        else assert.equal(answer.heard, 0);
    }
}

test('a waiting guest who writes much displaces nobody else\'s messages, and only those passed on to the host count as heard', {timeout: 60_000}, async () => {
    const room = await newRoom(host);
    const link = await newInvitation(host, room, {max_uses: 10});
    const strangers = [];
    for (let i = 0; i < 4; i++) strangers.push(await guestAt(room, link, {server, numbered: true}));
    const patient = await guestAt(room, link, {server, numbered: true, name: 'Pat Patient'});
    await sayWaiting(patient, 'I have chest pain', 'pain');
    for (let line = 0; line < 5; line++) await Promise.all(strangers.map((seat, i) => sayWaiting(seat, `${line} ${'x'.repeat(4000)}`, `s${i}-${line}`)));
    const doctor = await hostIn(host, room);
    await doctor.next('chat', {id: 'pain'});
    const told = await patient.next('chat');
    assert.deepEqual([told.from, told.id, told.again, told.unheard], [patient.id, 'pain', true, undefined]);
    await doctor.settled();
    const lines = doctor.all.filter(m => m.type === 'chat');
    const passed = new Set(lines.map(m => m.id));
    assert.deepEqual(lines.map(m => m.at), lines.map(m => m.at).sort(), 'in order of time');
    assert.equal(passed.size, 1 + 15, '64 KiB');
    for (const [i, seat] of strangers.entries()) {
        await seat.settled();
        const heard = seat.all.filter(m => m.type === 'chat').map(m => m.id);
        assert.deepEqual(heard, [0, 1, 2, 3, 4].map(line => `s${i}-${line}`).filter(id => passed.has(id)));
        const again = await reload({room, invitation: link, guest: seat});
        await again.settled();
        for (const m of again.all.filter(({type}) => type === 'chat')) assert.equal(m.unheard === true, !passed.has(m.id), m.id);
    }
});

for (const resumed of [true, false])
    test(`a writer who was away when a host read it learns that by a ticket, ${resumed ? 'with the missed messages' : 'also when those are no longer kept'}`, async () => {
        const room = await newRoom(host);
        const guest = await guestAt(room, await newInvitation(host, room), {server, numbered: true});
        guest.send({type: 'chat', text: 'is anybody there?', id: 'x1'});
        await guest.next('ack');
        guest.cut();
        await guest.closed;
        const doctor = await hostIn(host, room);
        await doctor.next('chat', {id: 'x1'});
        const back = await guest.resume(resumed ? {} : {seq: 10_000});
        assert.equal(back.welcome.resumed, resumed);
        const line = await back.next('chat');
        assert.deepEqual([line.id, line.again, line.unheard], ['x1', true, undefined]);
    });

test('a dashboard that comes back shows the messages of the waiting room since then', async () => {
    const {guest, room} = await waitingRoom(host);
    guest.send({type: 'chat', text: 'I am late'});
    await guest.settled();
    const desk = await deskOf(front);
    const of = ({rooms}) => rooms.find(r => r.id === room.id).participants.find(p => p.id === guest.id).chat;
    assert.deepEqual(of(desk.welcome).map(l => l.text), ['I am late']);
    desk.numbered = true;
    desk.send({type: 'chat', room: room.id, to: guest.id, text: 'No hurry', id: 'd1'});
    assert.equal((await desk.next('ack')).heard, 1);
    assert.equal((await guest.next('chat')).id, 'd1');
    const again = await deskOf(front);
    assert.deepEqual(of(again.welcome).map(l => [l.text, l.desk === true]), [
        ['I am late', false],
        ['No hurry', true],
    ]);
});

test('messages of the call are not shown to the front desk when the guest waits again', async () => {
    const {host: doctor, guest, room} = await call(host);
    guest.send({type: 'chat', text: 'between us'});
    await doctor.next('chat');
    doctor.send({type: 'return', participant: guest.id});
    await guest.next('state', {state: 'waiting'});
    const desk = await deskOf(front);
    assert.doesNotMatch(JSON.stringify(desk.welcome), /between us/);
    assert.ok(desk.welcome.rooms.find(r => r.id === room.id));
});

test('a message beyond what is kept for an absent person is refused, never thrown away, and the writer is told', {timeout: 60_000}, async () => {
    const scene = await call(host, NUMBERED);
    const {host: doctor, guest} = scene;
    await lose(guest, doctor);
    const text = i => `${i} ${'x'.repeat(4000)}`;
    let kept = 0;
    for (let answer; !answer?.never; kept += answer?.later ? 1 : 0) {
        doctor.send({type: 'chat', text: text(kept)});
        answer = await doctor.waitFor(() => doctor.inbox.splice(0).find(m => m.type === 'ack' || m.code === 'too_fast'), () => 'no answer');
        if (answer.type === 'error') await doctor.change(100);
        else assert.deepEqual(answer.never ?? answer.later, [guest.id]);
    }
    assert.equal(kept, 15, '64 KiB');
    const again = await reload(scene);
    assert.deepEqual((await heard(again)).map(([line]) => line), Array.from({length: kept}, (_, i) => text(i)));
});
