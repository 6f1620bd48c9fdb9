// The quality of a call: reported by the pages of the people inside, kept with the room, shown to those who run it.
import assert from 'node:assert/strict';
import test from 'node:test';
import {Client, newRoom, newUser} from '../support/http.mjs';
import {call, good, practice, waitingRoom} from '../support/scene.mjs';

const {server, admin} = await practice();
const host = await newUser(admin, {name: 'Dr Rivera'});
const colleague = await newUser(admin, {name: 'Dr Osei'});
const front = await newUser(admin, {role: 'desk', name: 'Dora Desk'});

const read = async (client, room) => good(await client.get(`/api/v1/rooms/${room.id}/quality`)).items;

/** Waits until the store has as many stretches as `enough` wants. */
async function readUntil(room, enough) {
    for (let i = 0; i < 100; i++) {
        const items = await read(host, room);
        if (enough(items)) return items;
        await new Promise(done => setTimeout(done, 50));
    }
    assert.fail('not stored');
}

test('reports of both sides are added up per person and kept after the end, with their word', async () => {
    const {room, host: seat, guest} = await call(host);
    guest.send({type: 'quality', good: 24, fair: 6, rtt_ms: 40, loss: 3, concealed: 1, frozen_ms: 200, path: 'srflx'});
    guest.send({type: 'quality', poor: 10, lost: 2, rtt_ms: 300, loss: 90, path: 'relay/udp'});
    seat.send({type: 'quality', good: 30, rtt_ms: 35, path: 'host'});
    const items = await readUntil(room, list => list.length === 2 && list.some(s => s.poor_s === 10));
    const {began_at, last_at, ...ofGuest} = items.find(s => s.role === 'guest');
    assert.deepEqual(ofGuest, {
        participant: guest.id, name: 'Gina Guest', role: 'guest', quality: 'poor', good_s: 24, fair_s: 6, poor_s: 10, lost_s: 2,
        rtt_ms: 300, loss: 0.09, concealed: 0.001, frozen_ms: 200, path: 'relay/udp',
    });
    assert.ok(Date.parse(began_at) <= Date.parse(last_at));
    assert.equal(items.find(s => s.role === 'host').quality, 'good');
    seat.send({type: 'end'});
    await seat.next('bye');
    assert.equal((await read(host, room)).length, 2);
});

test('the hosts of the room and administrators may read it, nobody else', async () => {
    const {room, guest} = await call(host);
    guest.send({type: 'quality', good: 5});
    await readUntil(room, list => list.length === 1);
    assert.equal((await read(admin, room)).length, 1);
    for (const [client, status] of [[front, 403], [new Client(server), 401]]) assert.equal((await client.get(`/api/v1/rooms/${room.id}/quality`)).status, status);
    assert.ok([403, 404].includes((await colleague.get(`/api/v1/rooms/${room.id}/quality`)).status));
    assert.deepEqual(await read(host, await newRoom(host)), []);
});

test('a person who waits reports nothing, and figures out of bounds change nothing', async () => {
    const {room, host: seat, guest} = await waitingRoom(host);
    guest.send({type: 'quality', good: 5});
    assert.equal((await guest.next('error', {of: 'quality'})).code, 'forbidden');
    for (const wrong of [{good: 121}, {loss: 1001}]) {
        // a third fault within a minute would end the connection
        seat.send({type: 'quality', ...wrong});
        assert.match((await seat.next('error', {of: 'quality'})).code, /invalid/);
    }
    assert.deepEqual(await read(host, room), []);
});

test('a page that reports too often is refused, and the rest of the call goes on', async () => {
    const {room, host: seat, guest} = await call(host);
    for (let i = 0; i < 8; i++) guest.send({type: 'quality', good: 1});
    assert.equal((await guest.next('error', {of: 'quality'})).code, 'too_fast');
    const [stored] = await readUntil(room, list => list[0]?.good_s === 6);
    assert.equal(stored.good_s, 6);
    guest.send({type: 'chat', text: 'Still here'});
    assert.equal((await seat.next('chat')).text, 'Still here');
});
