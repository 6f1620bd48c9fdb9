// The quality of a call: reported by the pages of the people inside, kept by visit with the room, shown to those who run it.
import assert from 'node:assert/strict';
import test from 'node:test';
import {Client, newRoom, newUser} from '../support/http.mjs';
import {admit, anotherGuest, call, good, guestAt, hostIn, newInvitation, practice, waitingRoom} from '../support/scene.mjs';

const {server, admin} = await practice();
const host = await newUser(admin, {name: 'Dr Rivera'});
const colleague = await newUser(admin, {name: 'Dr Osei'});
const front = await newUser(admin, {role: 'desk', name: 'Dora Desk'});
const aside = await newRoom(host);

/** Reads the visits once everything that these people have reported is written: shards write in order, and a seat is taken after its
 *  row is written. */
async function visits(room, ...people) {
    for (const person of people) await person.settled();
    await hostIn(host, aside);
    return read(host, room);
}
const read = async (client, room) => good(await client.get(`/api/v1/rooms/${room.id}/quality`)).items;
const ofRole = (visit, role) => visit.people.find(p => p.role === role);

/** One more guest, waiting. */
async function nextGuest(room, seat, name) {
    const guest = await guestAt(room, await newInvitation(host, room), {server, name});
    await seat.next('participant', {event: 'waiting', participant: {id: guest.id}});
    return guest;
}

test('reports of both sides are added up per person and kept, with their word, the cause and the worst moment', async () => {
    const {room, host: seat, guest} = await call(host);
    guest.send({type: 'quality', good: 24, fair: 6, rtt_ms: 40, loss: 3, concealed: 1, frozen_ms: 200, path: 'srflx'});
    guest.send({type: 'quality', poor: 10, lost: 1, rtt_ms: 300, loss: 90, path: 'relay/udp'});
    seat.send({type: 'quality', good: 30, rtt_ms: 35, path: 'host'});
    const [visit, ...others] = await visits(room, guest, seat);
    assert.deepEqual(others, []);
    assert.ok(Date.parse(visit.began_at) <= Date.parse(visit.last_at));
    const {worst_at, ...ofGuest} = ofRole(visit, 'guest');
    assert.deepEqual(ofGuest, {
        participant: guest.id, name: 'Gina Guest', role: 'guest', quality: 'poor', cause: 'loss', good_s: 24, fair_s: 6, poor_s: 10, lost_s: 1,
        rtt_ms: 300, loss: 0.09, concealed: 0.001, frozen_ms: 200, path: 'relay/udp', worst_bad_s: 11, worst_fair_s: 0,
    });
    assert.ok(Date.parse(worst_at) >= Date.parse(visit.began_at) && Date.parse(worst_at) <= Date.parse(visit.last_at));
    const ofHost = ofRole(visit, 'host');
    assert.deepEqual([ofHost.quality, ofHost.cause, ofHost.worst_at], ['good', null, null]);
});

for (const [verb, code] of [['end', 4404], ['remove', 4403]])
    test(`the last report of a guest whom the host sends away (${verb}) comes after the goodbye, and is kept`, async () => {
        const {room, host: seat, guest} = await call(host);
        guest.send({type: 'quality', good: 30});
        await guest.settled();
        seat.send({type: verb, ...(verb === 'remove' && {participant: guest.id})});
        await guest.next('bye');
        guest.send({type: 'chat', text: 'Nobody hears this'});
        guest.send({type: 'quality', poor: 17, rtt_ms: 900});
        await guest.close();
        const [visit] = await visits(room);
        const person = ofRole(visit, 'guest');
        assert.deepEqual([person.good_s, person.poor_s, person.quality, person.cause], [30, 17, 'poor', 'delay']);
        assert.ok(!seat.all.some(m => m.type === 'chat'));
        // One that says nothing is closed all the same, with the code of its end.
        const other = await call(host);
        other.host.send({type: verb, ...(verb === 'remove' && {participant: other.guest.id})});
        await other.guest.over(code);
    });

test('a guest who is sent back to waiting reports what the call was', async () => {
    const {room, host: seat, guest} = await call(host);
    seat.send({type: 'return', participant: guest.id});
    await guest.next('state', {state: 'waiting'});
    guest.send({type: 'quality', good: 12});
    const [visit] = await visits(room, guest);
    assert.equal(ofRole(visit, 'guest').good_s, 12);
});

test('each guest is a visit, for a host who stays inside as well; the last report about one counts for that one', async () => {
    const {room, host: seat, guest: first} = await call(host);
    first.send({type: 'quality', good: 20});
    await first.settled();
    first.send({type: 'leave'});
    await seat.next('participant', {event: 'left'});
    seat.send({type: 'quality', good: 21});
    const second = await nextGuest(room, seat, 'Second Guest');
    await admit(seat, second);
    seat.send({type: 'quality', poor: 22});
    second.send({type: 'quality', fair: 23});
    const third = await nextGuest(room, seat, 'Third Guest');
    await seat.settled();
    await second.settled();
    await admit(seat, third, {instead: true});
    seat.send({type: 'quality', good: 24});
    const list = await visits(room, seat, third);
    const seconds = p => p.good_s + p.fair_s + p.poor_s;
    assert.deepEqual(list.map(v => v.people.map(p => [p.name, seconds(p)])), [
        [['Dr Rivera', 24]],
        [['Dr Rivera', 22], ['Second Guest', 23]],
        [['Dr Rivera', 21], ['Gina Guest', 20]],
    ]);
});

test('a guest who comes beside another takes part in the same visit, which a restart of the server does not cut', async () => {
    const {room, host: seat, guest} = await call(host);
    const other = await anotherGuest(host, {room, host: seat});
    for (const person of [seat, guest, other]) person.send({type: 'quality', good: 10});
    await visits(room, seat, guest, other);
    await server.stop();
    await server.restart();
    const back = await guest.resume();
    back.send({type: 'quality', fair: 5});
    const list = await visits(room, back);
    assert.equal(list.length, 1, JSON.stringify(list));
    assert.deepEqual(list[0].people.map(p => p.role).sort(), ['guest', 'guest', 'host']);
    const gina = list[0].people.find(p => p.participant === guest.id);
    assert.deepEqual([gina.good_s, gina.fair_s], [10, 5]);
});

test('the hosts of the room and administrators may read it, nobody else', async () => {
    const {room, guest} = await call(host);
    guest.send({type: 'quality', good: 5});
    assert.equal((await visits(room, guest)).length, 1);
    assert.equal((await read(admin, room)).length, 1);
    for (const [client, status] of [[front, 403], [new Client(server), 401]]) assert.equal((await client.get(`/api/v1/rooms/${room.id}/quality`)).status, status);
    assert.ok([403, 404].includes((await colleague.get(`/api/v1/rooms/${room.id}/quality`)).status));
    assert.deepEqual(await read(host, await newRoom(host)), []);
});

test('of a person who was in no call nothing is kept, and figures out of bounds change nothing', async () => {
    const {room, host: seat, guest} = await waitingRoom(host);
    guest.send({type: 'quality', good: 5});
    for (const wrong of [{good: 121}, {loss: 1001}]) {
        // a third fault within a minute would end the connection
        seat.send({type: 'quality', ...wrong});
        assert.match((await seat.next('error', {of: 'quality'})).code, /invalid/);
    }
    seat.send({type: 'quality', good: 5});
    assert.deepEqual(await visits(room, guest, seat), []);
});

test('a page that reports too often is refused, and the rest of the call goes on', async () => {
    const {room, host: seat, guest} = await call(host);
    for (let i = 0; i < 8; i++) guest.send({type: 'quality', good: 1});
    assert.equal((await guest.next('error', {of: 'quality'})).code, 'too_fast');
    const [visit] = await visits(room, guest);
    assert.equal(ofRole(visit, 'guest').good_s, 6);
    guest.send({type: 'chat', text: 'Still here'});
    assert.equal((await seat.next('chat')).text, 'Still here');
});
