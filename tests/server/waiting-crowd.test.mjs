// Waiting guests have not been let in by anybody: whatever they send, the messages that others get from them are bounded.
import assert from 'node:assert/strict';
import test from 'node:test';
import {Client, deskOf, guestAt, joinAsHost, newInvitation, newRoom, practice} from '../support/scene.mjs';
import {thinLine} from '../support/thin_line.mjs';
import {Seat} from '../support/ws.mjs';

const GUESTS = 20;
const PER_S = 50; // the limit of one seat
const SECONDS = 20;
const HEARS_PER_S = 40;
const {server, admin} = await practice({args: ['--rate-scale', '100']});

/** Notes when each message comes. */
function listen(socket) {
    const times = [];
    socket.ws.on('message', () => times.push(performance.now()));
    return times;
}

/** The largest number that came within one second. */
function densest(times) {
    let most = 0;
    for (let first = 0, last = 0; last < times.length; last++) {
        while (times[last] - times[first] > 1000) first++;
        most = Math.max(most, last - first + 1);
    }
    return most;
}

async function strangers(room, count) {
    const invitation = await newInvitation(admin, room, {max_uses: count});
    return Promise.all(Array.from({length: count}, (_, i) => guestAt(room, invitation, {server, name: `Stranger ${i}`, from: `127.0.1.${i + 1}`})));
}

/** Each sends as much as a seat may: status changes, and one chat in five. */
async function chatter(guests, seconds) {
    const end = performance.now() + seconds * 1000;
    let sent = 0;
    for (let due = performance.now(), i = 0; due < end; due += 1000 / PER_S, i++) {
        await new Promise(resolve => setTimeout(resolve, Math.max(0, due - performance.now())));
        for (const guest of guests) {
            if (i % 5 === 0) guest.send({type: 'chat', text: `line ${i}`});
            else guest.send({type: 'status', hand: i % 2 === 0, quality: `q${i % 7}`});
            if (i % 5 === 0) sent++;
        }
    }
    return sent;
}

const count = (sockets, fits) => sockets.reduce((sum, {all}) => sum + all.filter(fits).length, 0);

test('twenty waiting guests who send all that a seat may cause at most forty messages a second to a host on 1 Mbit/s and a dashboard', async () => {
    const room = await newRoom(admin);
    const host = await Seat.take(await thinLine(server, 1e6), await joinAsHost(admin, room));
    const desk = await deskOf(admin);
    const guests = await strangers(room, GUESTS);
    for (const socket of [host, desk]) for (const {id} of guests) await socket.next('participant', {event: 'waiting', participant: {id}}); // they came in the same second
    const heard = {host: listen(host), dashboard: listen(desk)};
    const chats = await chatter(guests, SECONDS);
    for (const [who, times] of Object.entries(heard)) assert.ok(densest(times) <= HEARS_PER_S, `the ${who} heard ${densest(times)} in a second`);
    assert.equal(host.end ?? desk.end, undefined, 'nobody was cut');
    for (const guest of guests) await guest.settled();
    await host.settled();
    const passed = count([host], m => m.type === 'chat');
    assert.ok(passed >= SECONDS, `${passed} chats came through`);
    assert.equal(passed + count(guests, m => m.code === 'too_fast' && m.of === 'chat'), chats, 'each chat came through, or its sender was told');
});

test('the last status of every waiting guest is announced, however fast it changed before', async () => {
    const room = await newRoom(admin);
    const host = await Seat.take(server, await joinAsHost(admin, room));
    const guests = await strangers(room, 5);
    for (let i = 0; i < 30; i++) for (const guest of guests) guest.send({type: 'status', quality: `q${i}`});
    for (const guest of guests) await host.next('participant', {event: 'changed', participant: {id: guest.id, status: {quality: 'q29'}}});
    for (const guest of guests) await host.nothing('participant', m => m.participant.id === guest.id && m.participant.status.quality === 'q28');
});

test('an unchanged status is announced to nobody, and that of a person inside four times a second at most', async () => {
    const room = await newRoom(admin, {waiting_room: false});
    const host = await Seat.take(server, await joinAsHost(admin, room));
    const [guest] = await strangers(room, 1);
    await host.next('participant', {event: 'joined'});
    guest.send({type: 'status', mic: true, cam: false});
    await host.next('participant', {event: 'changed', participant: {status: {mic: true, cam: false}}});
    for (let i = 0; i < 20; i++) guest.send({type: 'status', mic: true, cam: false});
    await guest.settled();
    await host.nothing('participant');
    const times = listen(host);
    const started = performance.now();
    for (let i = 1; i <= 60; i++) guest.send({type: 'status', ready: i});
    await host.next('participant', {event: 'changed', participant: {status: {ready: 60}}});
    const seconds = (performance.now() - started) / 1000;
    assert.ok(times.length <= 1 + 4 * seconds, `${times.length} were told in ${seconds} s`);
});

test('a waiting guest whose connection flaps is announced once a second at most, and in the end with their true state', async () => {
    const room = await newRoom(admin);
    const host = await Seat.take(server, await joinAsHost(admin, room));
    let [guest] = await strangers(room, 1);
    await host.next('participant', {event: 'waiting'});
    const times = listen(host);
    const started = performance.now();
    for (let i = 0; i < 30; i++) {
        guest.cut();
        await guest.closed;
        guest = await guest.resume();
    }
    const seconds = (performance.now() - started) / 1000;
    guest.send({type: 'status', quality: 'settled'});
    const last = await host.next('participant', {participant: {id: guest.id, status: {quality: 'settled'}}});
    assert.equal(last.participant.away, undefined);
    assert.ok(times.length <= 3 + seconds, `${times.length} in ${seconds} s`);
});

test('one more waiting guest is heard beside nineteen who flood the chat', async () => {
    const room = await newRoom(admin);
    const host = await Seat.take(server, await joinAsHost(admin, room));
    const guests = await strangers(room, 19);
    const patient = await guestAt(room, await newInvitation(admin, room), {server, client: new Client(server), name: 'Pat Patient'});
    await chatter(guests, 3);
    patient.send({type: 'chat', text: 'I am here'});
    await host.next('chat', {from: patient.id, text: 'I am here'});
});

test('a host can ask everybody to be quiet five times a second at most, and is told about the limit', async () => {
    const room = await newRoom(admin, {waiting_room: false});
    const host = await Seat.take(server, await joinAsHost(admin, room));
    const [guest] = await strangers(room, 1);
    await host.next('participant', {event: 'joined'});
    for (let i = 0; i < 20; i++) host.send({type: 'mute', participant: '*', kind: 'audio'});
    await host.next('error', {code: 'too_fast', of: 'mute'});
    await guest.settled();
    assert.ok(count([guest], m => m.type === 'mute') <= 6);
});
