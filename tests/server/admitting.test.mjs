// Two guests meet only when the person who lets the second in has confirmed it: over the seat, over the dashboard, and at the same moment.
import assert from 'node:assert/strict';
import test from 'node:test';
import {newInvitation, newRoom, newUser} from '../support/http.mjs';
import {admit, call, deskOf, guestAt, hostIn, practice} from '../support/scene.mjs';
import {parlour} from '../support/server.mjs';

const {server, admin} = await practice({args: ['--signal-threads', '3', '--rate-scale', '10']});
const host = await newUser(admin, {name: 'Dr Rivera'});
const colleague = await newUser(admin, {name: 'Dr Osei'});

/** A guest inside, and another who waits. */
async function oneInsideOneWaiting(fields) {
    const scene = await call(host, {room: fields, name: 'Ana Inside'});
    const next = await guestAt(scene.room, await newInvitation(host, scene.room), {server, name: 'Ben Waiting'});
    await scene.host.next('participant', {event: 'waiting', participant: {id: next.id}});
    return {...scene, next};
}

const guestInside = (seat, about, inside) => async () => {
    const error = await seat.next('error', {of: 'admit'});
    assert.equal(error.code, 'guest_inside');
    assert.equal(error.participant, about.id);
    assert.deepEqual(error.inside, inside.map(({id}) => id));
};

test('a second guest is not let in while another is inside: the error names the guest inside', async () => {
    const {host: seat, guest, next} = await oneInsideOneWaiting();
    seat.send({type: 'admit', participant: next.id});
    await guestInside(seat, next, [guest])();
    await next.nothing('state', {state: 'inside'});
    await guest.nothing('participant');
});

test('a second guest is not let in while the first has lost the connection and the seat is kept', async () => {
    const {host: seat, guest, next} = await oneInsideOneWaiting();
    guest.cut();
    await seat.next('participant', {event: 'away', participant: {id: guest.id}});
    seat.send({type: 'admit', participant: next.id});
    await guestInside(seat, next, [guest])();
    await next.nothing('state', {state: 'inside'});
});

test('the same holds for an admission from the dashboard', async () => {
    const {guest, next, room} = await oneInsideOneWaiting();
    const desk = await deskOf(host);
    desk.send({type: 'admit', room: room.id, participant: next.id});
    await guestInside(desk, next, [guest])();
    await next.nothing('state', {state: 'inside'});
    desk.send({type: 'admit', room: room.id, participant: next.id, beside: true});
    await next.next('state', {state: 'inside'});
});

test('`beside` adds the second guest to the first', async () => {
    const {host: seat, guest, next} = await oneInsideOneWaiting();
    await admit(seat, next, {beside: true});
    await guest.next('participant', {event: 'joined', participant: {id: next.id}});
});

test('`instead` ends the visit of the first, keeps the host, and neither guest ever sees the other', async () => {
    for (const way of ['seat', 'dashboard']) {
        const {host: seat, guest, next, room} = await oneInsideOneWaiting();
        const asks = way === 'seat' ? seat : await deskOf(host);
        asks.send({type: 'admit', room: room.id, participant: next.id, instead: true});
        assert.equal((await guest.next('bye')).reason, 'ended', way);
        await guest.over(4404);
        const {participants} = await next.next('state', {state: 'inside'});
        assert.deepEqual(participants.map(({id}) => id), [seat.id]);
        await seat.next('participant', {event: 'left', participant: {id: guest.id}, reason: 'ended'});
        assert.doesNotMatch(JSON.stringify(guest.all), new RegExp(next.id));
        assert.doesNotMatch(JSON.stringify(next.all), new RegExp(guest.id));
        await seat.nothing('bye');
    }
});

test('`instead` is one step in the record: both seats and the end of the visit', async () => {
    const {host: seat, guest, next, room} = await oneInsideOneWaiting();
    await admit(seat, next, {instead: true});
    const rows = parlour(['audit', 'export', '--data', server.data]).out.trim().split('\n').map(line => JSON.parse(line));
    const of = (action, object) => rows.find(row => row.action === action && row.object === object);
    const [left, admitted, ended] = [of('seat.leave', guest.id), of('seat.admit', next.id), of('visit.end', room.id)];
    assert.ok(left && admitted && ended, 'the first has left, the second is let in, a visit has ended');
    assert.deepEqual([left.at, ended.at], [admitted.at, admitted.at]);
    assert.equal(left.actor, seat.id);
});

test('`beside` and `instead` at once are refused, and the seat goes on', async () => {
    const {host: seat, next, room} = await oneInsideOneWaiting();
    const desk = await deskOf(host);
    for (const asks of [seat, desk]) {
        asks.send({type: 'admit', room: room.id, participant: next.id, beside: true, instead: true});
        assert.equal((await asks.next('error', {of: 'admit'})).code, 'invalid_field');
        asks.send({type: 'admit', room: room.id, participant: next.id, beside: 1});
        assert.equal((await asks.next('error', {of: 'admit'})).code, 'invalid_field');
    }
    await next.nothing('state', {state: 'inside'});
    await admit(seat, next, {beside: true});
});

test('of two hosts who each let another guest in at the same moment only one does', async () => {
    const room = await newRoom(host, {cohosts: [colleague.user.id]});
    const seats = [await hostIn(host, room), await hostIn(colleague, room)];
    const guests = [];
    for (const name of ['Ana', 'Ben']) guests.push(await guestAt(room, await newInvitation(host, room), {server, name}));
    await seats[1].next('participant', {event: 'waiting', participant: {id: guests[1].id}});
    for (const i of [0, 1]) seats[i].send({type: 'admit', participant: guests[i].id});
    const refusals = await Promise.race(seats.map(seat => seat.next('error', {code: 'guest_inside'})));
    const admitted = guests.filter(guest => guest.id !== refusals.participant);
    assert.deepEqual(refusals.inside, admitted.map(({id}) => id));
    await admitted[0].next('state', {state: 'inside'});
    await guests.find(guest => guest.id === refusals.participant).nothing('state', {state: 'inside'});
});

test('a guest who replaces a seat of the same one-person link meets nobody', async () => {
    const room = await newRoom(host);
    const invitation = await newInvitation(host, room);
    const seat = await hostIn(host, room);
    const phone = await guestAt(room, invitation, {server});
    await admit(seat, phone);
    const laptop = await guestAt(room, invitation, {server, name: 'Gina on her laptop'});
    await admit(seat, laptop);
    assert.equal((await phone.next('bye')).reason, 'replaced');
});

test('a text and a block that come with an admission have no effect', async () => {
    const {host: seat, guest, next, room} = await oneInsideOneWaiting();
    seat.send({type: 'admit', participant: next.id, instead: true, block: true, text: 'Secret of the next'});
    const bye = await guest.next('bye');
    assert.equal(bye.text, undefined);
    const again = await guestAt(room, await newInvitation(host, room), {server, client: guest.client, name: 'Ana again'});
    assert.equal(again.welcome.state, 'waiting');
});

test('a guest who goes away is passed over in the line and those behind move up; on return the old place is theirs', async () => {
    const room = await newRoom(host);
    const seat = await hostIn(host, room);
    const line = [];
    for (const name of ['Ana', 'Ben', 'Cleo']) line.push(await guestAt(room, await newInvitation(host, room), {server, name}));
    assert.deepEqual(line.map(guest => guest.welcome.position), [1, 2, 3]);
    const [ana, ben, cleo] = line;
    ana.cut();
    const {participant} = await seat.next('participant', {event: 'away', participant: {id: ana.id}});
    assert.equal(participant.away, true);
    assert.ok(Date.parse(participant.away_since) >= Date.parse(participant.since));
    await ben.next('state', {state: 'waiting', position: 1});
    await cleo.next('state', {state: 'waiting', position: 2});
    const back = await ana.resume();
    assert.equal(back.welcome.position, 1);
    await ben.next('state', {state: 'waiting', position: 2});
    await cleo.next('state', {state: 'waiting', position: 3});
    const told = await seat.next('participant', {event: 'back', participant: {id: ana.id}});
    assert.equal(told.participant.away_since, undefined);
});

test('a connection that comes and goes ten times a second sends news to those behind no more than once a second', async () => {
    const room = await newRoom(host);
    let first = await guestAt(room, await newInvitation(host, room), {server, name: 'Ana'});
    const second = await guestAt(room, await newInvitation(host, room), {server, name: 'Ben'});
    const began = Date.now();
    for (let i = 0; i < 20; i++) {
        first.cut();
        await first.closed;
        first = await first.resume();
    }
    await second.settled();
    const said = second.all.filter(message => message.type === 'state').length;
    const seconds = (Date.now() - began) / 1000;
    assert.ok(said <= seconds + 1, `${said} in ${seconds} s`);
});
