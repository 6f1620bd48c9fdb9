// A host whose socket is lost for longer than a seat is kept, in a call whose picture and sound need no server. Time passes ten times
// as fast for this server; each test waits in a room of its own, at the same time as the others.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {faster} from '../support/clock.mjs';
import {Client, good, newInvitation, newUser, refused} from '../support/http.mjs';
import {anotherGuest, call, deskOf, guestAt, hostIn, practice} from '../support/scene.mjs';

const TIMES = 10;
const KEPT_MS = 120_000 / TIMES;
const MISSED_MS = 300_000 / TIMES;
const LIMIT_MS = 10_000;
const {server, admin} = await practice({env: faster(TIMES)});
const host = await newUser(admin, {name: 'Dr Rivera'});

/** Their seat has ended because the connection was lost, as `witness` hears. */
async function isLost(seat, witness) {
    seat.cut();
    await witness.next('participant', {event: 'away', participant: {id: seat.id}});
    const left = await witness.next('participant', {event: 'left', participant: {id: seat.id}}, KEPT_MS + LIMIT_MS);
    assert.equal(left.reason, 'expired');
}

describe('a host is lost', {concurrency: true}, () => {
    test('the guest of a host who is lost stays inside, and the host finds them there', async () => {
        const scene = await call(host);
        await isLost(scene.host, scene.guest);
        await scene.guest.nothing('state');
        const again = await hostIn(host, scene.room);
        assert.equal((await scene.guest.next('participant', {event: 'joined'})).participant.id, scene.host.id);
        assert.equal(again.welcome.participants.find(p => p.id === scene.guest.id).state, 'inside');
    });

    test('a lost host is waited for until they have stayed away for five minutes more', async () => {
        const {host: seat, guest} = await call(host);
        await isLost(seat, guest);
        assert.equal((await guest.next('state', {state: 'waiting'}, MISSED_MS + LIMIT_MS)).reason, 'host_left');
    });

    test('a person who is seen and heard without a socket keeps the seat as long as that lasts, and every rule counts them', async () => {
        const [scene, silent] = [await call(host), await call(host)];
        for (const {host: seat, guest} of [scene, silent]) {
            guest.cut();
            await seat.next('participant', {event: 'away', participant: {id: guest.id}});
        }
        scene.host.send({type: 'seen', participant: scene.guest.id, seen: true});
        assert.equal((await silent.host.next('participant', {event: 'left', participant: {id: silent.guest.id}}, KEPT_MS + LIMIT_MS)).reason, 'expired');
        await scene.host.nothing('participant', m => m.event === 'left');
        const second = await guestAt(scene.room, await newInvitation(host, scene.room), {server, name: 'Second Guest'});
        await scene.host.next('participant', {event: 'waiting', participant: {id: second.id}});
        scene.host.send({type: 'admit', participant: second.id});
        assert.equal((await scene.host.next('error', {of: 'admit'})).code, 'guest_inside');
        scene.host.send({type: 'remove', participant: scene.guest.id, block: true});
        assert.equal((await scene.host.next('participant', {event: 'left'})).reason, 'removed');
        scene.host.send({type: 'seen', participant: scene.guest.id, seen: true});
        assert.equal((await scene.host.next('error', {of: 'seen'})).code, 'not_found');
    });

    test('a host is kept by a guest who sees them, and no longer than that', async () => {
        const {host: seat, guest} = await call(host);
        seat.cut();
        await guest.next('participant', {event: 'away'});
        guest.send({type: 'seen', participant: seat.id, seen: true});
        guest.send({type: 'seen', participant: seat.id, seen: false});
        assert.equal((await guest.next('participant', {event: 'left', participant: {id: seat.id}}, KEPT_MS + LIMIT_MS)).reason, 'expired');
    });

    test('a host whose account is closed in a call is kept by no guest who still sees them', async () => {
        const former = await newUser(admin, {name: 'Dr Former'});
        const {host: seat, guest} = await call(former);
        good(await admin.patch(`/users/${former.user.id}`, {disabled: true}));
        await seat.over(4401);
        await guest.next('participant', {event: 'away'});
        guest.send({type: 'seen', participant: seat.id, seen: true});
        assert.equal((await guest.next('participant', {event: 'left', participant: {id: seat.id}}, KEPT_MS + LIMIT_MS)).reason, 'expired');
    });

    test('guests alone cannot keep each other\'s seats', async () => {
        const scene = await call(host);
        const second = await anotherGuest(host, scene);
        scene.guest.cut();
        await second.next('participant', {event: 'away', participant: {id: scene.guest.id}});
        second.send({type: 'seen', participant: scene.guest.id, seen: true});
        assert.equal((await second.next('error', {of: 'seen'})).code, 'not_found');
    });

    test('a guest who was lost with the host is inside again, whoever is back first, also when the host had locked the room', async () => {
        const scene = await call(host);
        const witness = await anotherGuest(host, scene);
        scene.host.send({type: 'room', locked: true});
        await scene.host.settled();
        scene.host.cut();
        await isLost(scene.guest, witness);
        await witness.next('participant', {event: 'left', participant: {id: scene.host.id}}, KEPT_MS);
        const again = await guestAt(scene.room, scene.invitation, {server, client: scene.guest.client});
        assert.equal(again.welcome.state, 'inside');
        refused(await new Client(server).post(`/rooms/${scene.room.id}/join`, {invitation: (await newInvitation(host, scene.room)).code, name: 'Newcomer'}), 423, 'room_locked');
    });

    test('the same holds when the room itself had been forgotten meanwhile', async () => {
        const scene = await call(host);
        scene.host.send({type: 'room', locked: true});
        await scene.host.settled();
        const desk = await deskOf(host);
        scene.host.cut();
        scene.guest.cut();
        for (const {id} of [scene.host, scene.guest]) await desk.next('participant', {event: 'left', participant: {id}}, KEPT_MS + LIMIT_MS);
        const again = await guestAt(scene.room, scene.invitation, {server, client: scene.guest.client});
        assert.equal(again.welcome.state, 'inside');
        assert.equal((await again.next('state', {state: 'waiting'}, MISSED_MS + LIMIT_MS)).reason, 'host_left');
    });

    test('a guest lost before the host ended the visit does not come into the next one', async () => {
        const scene = await call(host);
        await isLost(scene.guest, scene.host);
        scene.host.send({type: 'end'});
        await scene.host.next('bye', {reason: 'ended'});
        const next = await hostIn(host, scene.room);
        const again = await guestAt(scene.room, scene.invitation, {server, client: scene.guest.client});
        assert.equal(again.welcome.state, 'waiting');
        await next.next('participant', {event: 'waiting', participant: {id: scene.guest.id}});
    });

    test('a guest lost before the last host left does not come into the next visit', async () => {
        const scene = await call(host);
        await isLost(scene.guest, scene.host);
        scene.host.send({type: 'leave'});
        await scene.host.next('bye', {reason: 'left'});
        await hostIn(host, scene.room);
        const again = await guestAt(scene.room, scene.invitation, {server, client: scene.guest.client});
        assert.equal(again.welcome.state, 'waiting');
    });

    test('a guest and a host who were lost before another host ended the visit find the room closed to the guest', async () => {
        const second = await newUser(admin, {name: 'Dr Stone'});
        const scene = await call(host, {room: {cohosts: [second.user.id]}});
        const other = await hostIn(second, scene.room);
        await Promise.all([isLost(scene.host, other), isLost(scene.guest, other)]);
        other.send({type: 'room', locked: true});
        await other.settled();
        other.send({type: 'end'});
        await other.next('bye', {reason: 'ended'});
        refused(await scene.guest.client.post(`/rooms/${scene.room.id}/join`, {invitation: scene.invitation.code, name: 'Gina Guest'}), 423, 'room_locked');
    });

    test('an end from a dashboard also ends the visit of lost guests, even when everybody inside was lost', async () => {
        const scene = await call(host);
        const waits = await guestAt(scene.room, await newInvitation(host, scene.room), {server, name: 'Next'});
        const desk = await deskOf(host);
        for (const seat of [scene.host, scene.guest]) seat.cut();
        for (const {id} of [scene.host, scene.guest]) await desk.next('participant', {event: 'left', participant: {id}}, KEPT_MS + LIMIT_MS);
        desk.send({type: 'end', room: scene.room.id});
        desk.send({type: 'hold', room: scene.room.id, participant: waits.id}); // answered after it
        await waits.next('state', {reason: 'held'});
        const again = await guestAt(scene.room, scene.invitation, {server, client: scene.guest.client});
        assert.equal(again.welcome.state, 'waiting');
    });

    test('a host who leaves takes the guest out of the room as usual', async () => {
        const {host: seat, guest} = await call(host);
        seat.send({type: 'leave'});
        assert.equal((await guest.next('state', {state: 'waiting'})).reason, 'host_left');
    });
});
