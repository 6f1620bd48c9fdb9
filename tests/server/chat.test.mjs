// What people write is heard once, or its writer is told: over reloads, lost connections and restarts of the server.
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

/** What was written, as the socket got it: all chat up to now. */
async function heard(seat) {
    await seat.settled();
    return seat.all.filter(m => m.type === 'chat').map(m => [m.text, m.again === true]);
}

test('who writes hears that it was heard, or by whom it will be', async () => {
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

test('what nobody heard comes back after a reload as unheard, until a host has it', async () => {
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

test('without a number nobody is answered, as before', async () => {
    const {host: doctor} = await call(host);
    doctor.send({type: 'chat', text: 'one'});
    await doctor.nothing('ack');
});

test('what was written to one who was away comes after a reload, in order, and what came before is marked', async () => {
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

test('a resumed connection gets each line once, also when more was missed than is kept of the rest', async () => {
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
    test(`after ${name}, what the first one back writes waits for the other, by ticket or after a reload`, async () => {
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

test('a host who comes in reads what those who wait have written before', async () => {
    const room = await newRoom(host);
    const guest = await guestAt(room, await newInvitation(host, room), {server, numbered: true});
    guest.send({type: 'chat', text: 'my battery is low', id: 'x1'});
    assert.equal((await guest.next('ack')).heard, 0);
    const doctor = await hostIn(host, room);
    const line = await doctor.next('chat');
    assert.deepEqual([line.from, line.text, line.id, line.again], [guest.id, 'my battery is low', 'x1', undefined]);
});

test('a dashboard that comes back is shown what was said in the waiting room meanwhile', async () => {
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

test('what was said in the call is not shown at the front desk when the guest waits again', async () => {
    const {host: doctor, guest, room} = await call(host);
    guest.send({type: 'chat', text: 'between us'});
    await doctor.next('chat');
    doctor.send({type: 'return', participant: guest.id});
    await guest.next('state', {state: 'waiting'});
    const desk = await deskOf(front);
    assert.doesNotMatch(JSON.stringify(desk.welcome), /between us/);
    assert.ok(desk.welcome.rooms.find(r => r.id === room.id));
});

test('more than is kept for one who is away is refused, never thrown away, and the writer is told', {timeout: 60_000}, async () => {
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
