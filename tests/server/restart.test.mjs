// The server stops and starts while people are connected: seats are kept, nothing acknowledged is lost.
import assert from 'node:assert/strict';
import test from 'node:test';
import {Client, good, newInvitation, newUser, refused} from '../support/http.mjs';
import {frame, RawSocket, TEXT} from '../support/raw_ws.mjs';
import {admit, call, guestAt, hostIn, practice, waitingRoom} from '../support/scene.mjs';

const {server, admin} = await practice();
const host = await newUser(admin, {name: 'Dr Rivera', email: 'host@example.org'});
const UPGRADE = {Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Protocol': 'parlour.v1', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ=='};

test('SIGTERM says goodbye with a time to come back, and everyone comes back to their seat', async () => {
    const {host: seat, guest} = await call(host);
    const waiting = await waitingRoom(host);
    await server.stop();
    for (const socket of [seat, guest, waiting.guest]) {
        const bye = await socket.next('bye');
        assert.equal(bye.reason, 'restarting');
        assert.ok(bye.retry_ms >= 0 && bye.retry_ms <= 30_000);
        await socket.over(1012);
    }
    await server.restart();
    const again = await guest.resume();
    assert.deepEqual([again.welcome.resumed, again.welcome.state], [false, 'inside']);
    assert.notEqual(again.welcome.epoch, guest.welcome.epoch);
    const stillWaiting = await waiting.guest.resume();
    assert.equal(stillWaiting.welcome.state, 'waiting');
    const back = await seat.resume();
    assert.equal(back.welcome.state, 'inside');
});

test('after kill -9 an admitted guest is inside, with the same instance, and signals again', async () => {
    const {host: seat, guest} = await call(host);
    const before = seat.all.find(m => m.event === 'admitted').participant;
    await server.kill9();
    await Promise.all([seat.closed, guest.closed]);
    await server.restart();
    const guestAgain = await guest.resume();
    assert.deepEqual([guestAgain.welcome.resumed, guestAgain.welcome.state], [false, 'inside']);
    const hostAgain = await seat.resume();
    const listed = hostAgain.welcome.participants.find(p => p.id === guest.id);
    assert.equal(listed.instance, before.instance, 'peers keep their connection: the instance is the same');
    assert.ok(['inside', 'away'].includes(listed.state));
    guestAgain.send({type: 'signal', to: seat.id, data: {after: 'restart'}});
    assert.equal((await hostAgain.next('signal')).data.after, 'restart');
});

test('after kill -9 an earlier token still takes the seat, and a reload keeps it', async () => {
    const scene = await call(host);
    await server.kill9();
    await server.restart();
    const again = await guestAt(scene.room, scene.invitation, {server, client: scene.guest.client});
    assert.equal(again.welcome.state, 'inside');
    assert.equal(again.id, scene.guest.id);
});

test('a person removed before the kill does not come in by an old ticket after it', async () => {
    const {host: seat, guest} = await call(host);
    seat.send({type: 'remove', participant: guest.id});
    await guest.over(4403);
    await server.kill9();
    await server.restart();
    await assert.rejects(guest.resume());
});

test('a guest sent back to wait before the kill waits after it', async () => {
    const {host: seat, guest} = await call(host);
    seat.send({type: 'return', participant: guest.id});
    await guest.next('state', {state: 'waiting'});
    await server.kill9();
    await server.restart();
    assert.equal((await guest.resume()).welcome.state, 'waiting');
});

test('a guest on hold and a locked room are still on hold and locked after the kill', async () => {
    const {host: seat, guest, room} = await waitingRoom(host);
    seat.send({type: 'hold', participant: guest.id, text: 'Soon'});
    await guest.next('state', {held: true});
    seat.send({type: 'room', locked: true});
    await seat.settled();
    await server.kill9();
    await server.restart();
    assert.equal((await host.read(`/rooms/${room.id}`)).locked, true);
    const seatAgain = await seat.resume();
    const listed = seatAgain.welcome.participants.find(p => p.id === guest.id);
    assert.equal(listed.state, 'waiting');
});

test('sign-ins, rooms and invitations outlive the kill', async () => {
    const {room, invitation} = await waitingRoom(host);
    await server.kill9();
    await server.restart();
    assert.equal((await host.read('/session')).user.email, 'host@example.org');
    assert.equal((await host.read(`/rooms/${room.id}`)).name, room.name);
    assert.equal(good(await new Client(server).post('/invitations/lookup', {code: invitation.code})).state, 'used');
});

/** A socket that never answers the server's goodbye, which has to wait for it. */
async function clinger(joined) {
    const raw = await RawSocket.open(server, joined.ws);
    raw.write(frame(TEXT, JSON.stringify({type: 'join', token: joined.token})));
    await raw.next(TEXT);
    return raw;
}

test('while it drains it is not ready and takes nobody new; it ends within ten seconds', async () => {
    const scene = await call(host);
    const invitation = await newInvitation(host, scene.room);
    const waits = await clinger(good(await new Client(server).post(`/rooms/${scene.room.id}/join`, {invitation: invitation.code, name: 'Clings'})));
    const late = new Client(server);
    assert.equal((await late.get('/readyz')).status, 200);
    const begun = Date.now();
    const stopped = server.stop();
    await scene.guest.over(1012);
    for (const client of [late, new Client(server)]) { // an earlier connection, and a new one
        const ready = await client.get('/readyz');
        assert.equal(ready.status, 503);
        assert.match(ready.text, /stopping/);
        assert.equal((await client.get('/healthz')).status, 200);
        refused(await client.post(`/rooms/${scene.room.id}/join`, {invitation: invitation.code, name: 'Late'}), 503, 'restarting');
        refused(await client.get(scene.guest.joined.ws, UPGRADE), 503, 'restarting');
    }
    assert.equal(await waits.closeCode(), 1012);
    await stopped;
    assert.ok(Date.now() - begun < 10_000);
    await server.restart();
});

test('a guest can be admitted after a restart by the host who came back', async () => {
    const {room, guest} = await waitingRoom(host);
    await server.kill9();
    await server.restart();
    const guestAgain = await guest.resume();
    const seat = await hostIn(host, room);
    await admit(seat, guestAgain);
});
