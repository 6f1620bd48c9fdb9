// Lost connections: nothing lost, nothing twice, in order, or an honest `resumed:false`.
import assert from 'node:assert/strict';
import test from 'node:test';
import {good, newUser} from '../support/http.mjs';
import {random, SEED} from '../support/random.mjs';
import {admit, anotherGuest, call, guestAt, practice, waitingRoom} from '../support/scene.mjs';
import {Seat, Socket} from '../support/ws.mjs';

const {server, admin} = await practice({args: ['--signal-rate', '500']}); // so that a test can miss more than is kept
const host = await newUser(admin, {name: 'Dr Rivera'});
const lost = async seat => {
    seat.cut();
    await seat.closed;
};

test('others see a person who lost the connection as away, and then back', async () => {
    const {host: seat, guest} = await call(host);
    await lost(guest);
    const away = await seat.next('participant', {event: 'away', participant: {id: guest.id}});
    assert.equal(away.participant.state, 'away');
    const again = await guest.resume();
    assert.equal(again.welcome.resumed, true);
    const back = await seat.next('participant', {event: 'back', participant: {id: guest.id}});
    assert.equal(back.participant.instance, away.participant.instance, 'a resumed socket is no fresh start');
    assert.equal(back.participant.state, 'inside');
});

test('messages sent during the loss are sent again, in order', async () => {
    const {host: seat, guest} = await call(host);
    await guest.settled();
    const {seq} = guest;
    await lost(guest);
    await seat.next('participant', {event: 'away'});
    for (let i = 0; i < 50; i++) seat.send({type: 'signal', to: guest.id, data: {i}});
    await seat.settled();
    const again = await guest.resume();
    assert.deepEqual([again.welcome.resumed, again.welcome.seq], [true, seq]);
    for (let i = 0; i < 50; i++) assert.equal((await again.next('signal')).data.i, i);
});

test('messages that had not arrived are sent again, those that had are not', async () => {
    const {host: seat, guest} = await call(host);
    for (let i = 0; i < 10; i++) seat.send({type: 'signal', to: guest.id, data: {i}});
    for (let i = 0; i < 10; i++) await guest.next('signal');
    const fifth = guest.all.filter(m => m.type === 'signal')[4].seq;
    await lost(guest);
    const again = await guest.resume({seq: fifth});
    for (let i = 5; i < 10; i++) assert.equal((await again.next('signal')).data.i, i);
    await again.nothing('signal');
});

test('a client that numbers its messages may send them again: each is handled once', async () => {
    const {host: seat, guest} = await call(host, {seat: {numbered: true}});
    guest.send({type: 'chat', text: 'one'});
    guest.send({type: 'chat', text: 'two'});
    guest.send({...{type: 'chat', text: 'two again'}, n: guest.sent}, {numbered: false});
    guest.send({type: 'chat', text: 'three'});
    for (const text of ['one', 'two', 'three']) assert.equal((await seat.next('chat')).text, text);
    guest.send({type: 'chat', text: 'gap', n: guest.sent + 2}, {numbered: false});
    assert.equal((await guest.next('error')).code, 'gap');
});

test('the welcome after a lost connection says which of the client\'s messages were handled', async () => {
    const {guest} = await call(host, {seat: {numbered: true}});
    for (let i = 0; i < 5; i++) guest.send({type: 'chat', text: `number ${i}`});
    await guest.settled();
    const handled = guest.sent;
    await lost(guest);
    const again = await guest.resume();
    assert.equal(again.welcome.n, handled);
});

test('a ticket is valid until the client speaks on its new socket, then only the new one is', async () => {
    const {guest} = await call(host);
    const first = guest.ticket;
    await lost(guest);
    const second = await guest.resume();
    assert.notEqual(second.ticket, first);
    await lost(second);
    const third = await second.resume({ticket: first});
    assert.equal(third.welcome.resumed, true, 'nothing was said on the second socket: the first ticket still works');
    await third.settled();
    await lost(third);
    await assert.rejects(third.resume({ticket: first}));
    const fourth = await third.resume();
    assert.equal(fourth.welcome.self, guest.id);
});

test('a resume replaces a socket that is still open', async () => {
    const {guest} = await call(host);
    const again = await guest.resume();
    await guest.over(4409);
    assert.equal(again.welcome.resumed, true);
});

test('an invented ticket opens nothing', async () => {
    const {guest, room} = await call(host);
    for (const ticket of ['', 'A'.repeat(43), guest.ticket.slice(0, -1), `${guest.ticket}A`, '0'.repeat(64)]) {
        const seat = new Seat({server, path: `/ws/${room.id}`});
        await seat.open();
        seat.send({type: 'join', resume: {ticket, seq: 0}});
        const {code} = await seat.over();
        assert.ok([4401, 1008].includes(code), `${JSON.stringify(ticket)}: ${code}`);
    }
});

test('a ticket of another room opens nothing here', async () => {
    const a = await call(host);
    const b = await call(host);
    await lost(a.guest);
    const seat = new Seat({server, path: `/ws/${b.room.id}`});
    await seat.open();
    seat.send({type: 'join', resume: {ticket: a.guest.ticket, seq: a.guest.seq}});
    await seat.over(4401);
});

test('a ticket shown while its seat is being ended is void, and the room is not called missing', async () => {
    const {host: seat, guest} = await waitingRoom(host);
    const again = new Socket({server, path: guest.joined.ws});
    await again.open();
    seat.send({type: 'deny', participant: guest.id});
    again.send({type: 'join', resume: {ticket: guest.ticket, seq: guest.seq}});
    assert.equal((await again.next('error')).code, 'bad_ticket');
    await again.over(4401);
});

test('a number that was never sent is answered with resumed:false', async () => {
    const {guest} = await call(host);
    await lost(guest);
    const again = await guest.resume({seq: guest.seq + 1000});
    assert.equal(again.welcome.resumed, false);
});

/** A call whose guest lost the connection and missed `count` signals with `bytes` of padding each. */
async function missed({count, bytes}) {
    const {host: seat, guest} = await call(host);
    await guest.settled();
    await lost(guest);
    await seat.next('participant', {event: 'away'});
    for (let i = 0; i < count; i++) seat.send({type: 'signal', to: guest.id, data: {i, pad: 'x'.repeat(bytes)}});
    await seat.settled();
    return {seat, guest};
}

for (const kept of [{count: 512, bytes: 10}, {count: 19, bytes: 40_000}])
    test(`${kept.count} missed messages of ${kept.bytes} bytes are kept: resumed, complete and in order`, async () => {
        const {seat, guest} = await missed(kept);
        const again = await guest.resume();
        assert.deepEqual([again.welcome.resumed, again.welcome.seq], [true, guest.seq]);
        for (let i = 0; i < kept.count; i++) assert.equal((await again.next('signal')).data.i, i);
        seat.send({type: 'signal', to: guest.id, data: {i: 'next'}});
        assert.equal((await again.next('signal')).data.i, 'next');
    });

for (const lacking of [{count: 513, bytes: 10}, {count: 20, bytes: 40_000}])
    test(`${lacking.count} missed messages of ${lacking.bytes} bytes are more than is kept: an honest resumed:false with everything fresh`, async () => {
        const {seat, guest} = await missed(lacking);
        const again = await guest.resume();
        assert.deepEqual([again.welcome.resumed, again.welcome.state], [false, 'inside']);
        assert.deepEqual(again.welcome.participants.map(p => p.id), [seat.id]);
        await again.nothing('signal');
        seat.send({type: 'signal', to: guest.id, data: {i: 'next'}});
        assert.equal((await again.next('signal')).data.i, 'next');
    });

test('a waiting guest keeps the place, and learns the decision made during the loss', async () => {
    const {host: seat, guest} = await waitingRoom(host);
    await lost(guest);
    seat.send({type: 'admit', participant: guest.id});
    await seat.next('participant', {event: 'admitted', participant: {id: guest.id}});
    const again = await guest.resume();
    assert.ok(again.welcome.state === 'inside' || (await again.next('state')).state === 'inside');
});

test('a reload keeps the seat, counts a new instance and is listed once', async () => {
    const scene = await call(host);
    const reloaded = await guestAt(scene.room, scene.invitation, {server, client: scene.guest.client});
    assert.equal(reloaded.id, scene.guest.id);
    const third = await anotherGuest(host, scene, 'Third');
    assert.deepEqual(third.inside.participants.map(p => p.id).sort(), [scene.host.id, scene.guest.id].sort());
});

/** One side of the model: sends numbered texts, loses its connection at random, and keeps the messages it received. */
class Side {
    constructor(seat) {
        this.seat = seat;
        this.got = [];
        this.sent = 0;
        this.resumed = 0;
        this.collect();
    }

    collect() {
        const take = data => {
            const message = JSON.parse(String(data));
            if (message.type === 'signal') this.got.push(message.data.i);
        };
        this.seat.inbox.filter(m => m.type === 'signal').forEach(m => this.got.push(m.data.i));
        this.seat.ws.on('message', take);
    }

    say(to) {
        if (this.seat.ws.readyState === 1) this.seat.send({type: 'signal', to, data: {i: this.sent++, pad: 'p'.repeat((this.sent * 37) % 900)}});
    }

    async reconnect() {
        await this.seat.closed;
        const next = await this.seat.resume();
        assert.equal(next.welcome.resumed, true);
        this.resumed++;
        this.seat = next;
        this.collect();
    }
}

test(`cut at random moments, both sides get everything once and in order (seed ${SEED})`, async t => {
    const dice = random();
    for (let round = 0; round < 6; round++) {
        const scene = await call(host, {seat: {numbered: true}});
        const sides = [new Side(scene.host), new Side(scene.guest)];
        for (let step = 0; step < 120; step++) {
            for (const [index, side] of sides.entries()) for (let i = dice.below(3); i > 0; i--) side.say(sides[1 - index].seat.id);
            if (dice.chance(0.12)) {
                const side = sides[dice.below(2)];
                if (dice.chance(0.5)) await new Promise(resolve => setImmediate(resolve));
                side.seat.cut();
                await side.reconnect();
            }
            if (dice.chance(0.3)) await new Promise(resolve => setTimeout(resolve, dice.below(8)));
        }
        for (const [index, side] of sides.entries()) {
            const other = sides[1 - index];
            await other.seat.waitFor(() => (other.got.length >= side.sent ? true : undefined), () => `${other.got.length} of ${side.sent} arrived`);
            assert.deepEqual(other.got, Array.from({length: side.sent}, (_, i) => i));
        }
        t.diagnostic(`round ${round}: ${sides.map(s => `${s.sent} sent, ${s.resumed} resumed`).join('; ')}`);
    }
});

test('the server says how long a seat is kept, waiting and inside, each time that changes', async () => {
    const scene = await waitingRoom(host);
    assert.equal(scene.guest.welcome.resume.window_s, 900);
    assert.equal(scene.host.welcome.resume.window_s, 120);
    await admit(scene.host, scene.guest);
    assert.equal(scene.guest.inside.window_s, 120);
    scene.host.send({type: 'return', participant: scene.guest.id});
    assert.equal((await scene.guest.next('state', {state: 'waiting'})).window_s, 900);
});

test('a page that takes its seat with a token and names its instance keeps it, and with it its connections', async () => {
    const {host: seat, guest, room, invitation} = await call(host);
    const joined = await guest.client.post(`/rooms/${room.id}/join`, {invitation: invitation.code, name: 'Gina Guest'}).then(good);
    const {instance} = seat.all.find(m => m.event === 'admitted').participant;
    for (const [said, is] of [
        [instance, instance],
        [instance + 7, instance + 1],
        [instance, instance + 2],
    ]) {
        const page = new Seat({server, path: joined.ws});
        await page.open();
        page.send({type: 'join', token: joined.token, instance: said});
        assert.equal((await page.next('welcome')).instance, is);
    }
});
