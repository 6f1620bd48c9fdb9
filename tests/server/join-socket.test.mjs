// The first message, and the messages a socket may send: limits, strikes and close codes.
import assert from 'node:assert/strict';
import test from 'node:test';
import {Client, newInvitation, newRoom, newUser} from '../support/http.mjs';
import {call, guestAt, joinAsHost, practice, waitingRoom} from '../support/scene.mjs';
import {Seat, Socket} from '../support/ws.mjs';

const {server, admin} = await practice();
const host = await newUser(admin, {name: 'Dr Rivera'});
const room = await newRoom(host);

async function opened(path = `/ws/${room.id}`, options = {}) {
    const socket = new Socket({server, path, ...options});
    await socket.open();
    return socket;
}

test('a socket that does not join within five seconds is closed with 4408', async () => {
    const begun = Date.now();
    const socket = await opened();
    await socket.over(4408);
    const ms = Date.now() - begun;
    assert.ok(ms > 4000 && ms < 8000, `after ${ms} ms`);
});

test('a first message that is not join closes with 4401', async () => {
    for (const first of [{type: 'chat', text: 'x'}, {type: 'leave'}, {type: 'unknown'}]) {
        const socket = await opened();
        socket.send(first);
        await socket.over(4401);
    }
});

test('a first message that is not JSON opens nothing', async () => {
    for (const first of ['hello', '{"type":"join"', '[]', '{"type":"join"}', '{"type":"join","token":7}', '{"type":"join","resume":{}}']) {
        const socket = await opened();
        socket.send(first);
        const {code} = await socket.over();
        assert.ok([4401, 1008].includes(code), `${first}: ${code}`);
    }
});

test('a room that does not exist looks the same as a wrong token', async () => {
    const socket = await opened('/ws/no-such-room');
    socket.send({type: 'join', token: (await joinAsHost(host, room)).token});
    await socket.over(4401);
});

test('a subprotocol other than parlour.v1 is refused', async () => {
    await assert.rejects(opened(undefined, {protocol: 'chat.v9'}), /400|426|closed/);
    await assert.rejects(opened(undefined, {protocol: []}), /400|426|closed/);
});

test('a second connection of the same seat replaces the first', async () => {
    const joined = await joinAsHost(host, room);
    const first = await Seat.take(server, joined);
    const second = await Seat.take(server, joined);
    assert.equal((await first.next('bye')).reason, 'replaced');
    await first.over(4409);
    assert.equal(second.id, first.id);
    second.send({type: 'leave'});
    await second.over(1000);
});

test('a binary message closes with 1003', async () => {
    const {guest} = await call(host);
    guest.ws.send(Buffer.from('{"type":"leave"}'), {binary: true});
    await guest.over(1003);
});

test('a text that is not UTF-8 closes with 1007', async () => {
    const {guest} = await call(host);
    guest.ws.send(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), {binary: false});
    await guest.over(1007);
});

test('a message beyond 64 KiB closes with 1009, in one frame and in many', async () => {
    const {guest, host: seat} = await call(host);
    guest.ws.send('x'.repeat(65 * 1024));
    await guest.over(1009);
    for (let i = 0; i < 6; i++) seat.ws.send('y'.repeat(16 * 1024), {fin: false});
    await seat.over(1009);
});

test('a message of just 64 KiB is read', async () => {
    const {guest} = await call(host);
    const frame = '{"type":"nonsense","pad":""}';
    guest.ws.send(frame.replace('""', `"${'p'.repeat(64 * 1024 - frame.length)}"`));
    assert.equal((await guest.next('error')).of, 'nonsense');
});

test('broken messages are errors, and the third within a minute closes with 1008', async () => {
    const {guest, host: seat} = await call(host);
    guest.send('{"type":');
    await guest.next('error');
    guest.send('{"type":"chat","text":7}');
    await guest.next('error');
    guest.send('{"type":"chat","type":"chat","text":"twice"}');
    await guest.over(1008);
    await seat.nothing('chat');
});

test('each kind of broken message is answered with an error', async () => {
    const broken = [
        '', 'null', '"text"', '7', '[]', '{}', '{"type":7}', '{"type":null}', '{"Type":"leave"}', '{"type":"chat"}', '{"type":"chat","text":null}', "{'type':'leave'}", '{"type":"leave",}',
        '{"type":"leave"} {"type":"leave"}', '{"type":"chat","text":"\\ud800"}', '{"type":"chat","text":"a\u0001"}', `{"type":"x","a":${'['.repeat(16)}${']'.repeat(16)}}`,
        '{"type":"signal","to":"x","data":{"a":1,"a":2}}', '{"type":"signal","to":"x","data":7}', '{"type":"signal","to":7,"data":{}}', '{"type":"admit"}', '{"type":"status","mic":"loud"}', '{"type":"mute","participant":"*","kind":"smell"}',
    ];
    for (const text of broken) {
        const joined = await joinAsHost(host, room);
        const seat = await Seat.take(server, joined);
        seat.send(text);
        const answer = await Promise.race([seat.next('error'), seat.closed]);
        assert.equal(answer.type, 'error', `${text} was answered by ${JSON.stringify(answer)}`);
    }
});

test('depth 16 is fine, unknown fields are ignored, unknown types are an error without a strike', async () => {
    const {guest, host: seat} = await call(host);
    guest.send(`{"type":"signal","to":"${seat.id}","data":{"a":${'['.repeat(13)}${']'.repeat(13)}},"whatever":1}`);
    await seat.next('signal');
    for (let i = 0; i < 5; i++) {
        guest.send({type: `future-${i}`, field: 1});
        assert.equal((await guest.next('error')).of, `future-${i}`);
    }
    guest.send({type: 'chat', text: 'still here'});
    await seat.next('chat');
});

test('a socket that floods is closed with 4429, and nobody else notices', async () => {
    const {guest, host: seat} = await call(host);
    for (let i = 0; i < 1200 && !guest.end; i++) guest.send({type: 'status', hand: i % 2 === 0});
    await guest.over(4429);
    seat.send({type: 'ice'});
    await seat.next('ice');
});

test('a burst of 150 messages is carried, each once and in order', async () => {
    const {guest, host: seat} = await call(host);
    for (let i = 0; i < 150; i++) guest.send({type: 'signal', to: seat.id, data: {i}});
    for (let i = 0; i < 150; i++) assert.equal((await seat.next('signal')).data.i, i);
});

test('one address may have only so many sockets that never joined, and joined ones do not count', async () => {
    const {guest, host: seat} = await call(host);
    const idle = [];
    let refusedAt = 0;
    for (let i = 0; i < 40 && !refusedAt; i++) {
        const socket = new Socket({server, path: `/ws/${room.id}`, from: '127.0.7.1'});
        await socket.open().then(() => idle.push(socket), () => (refusedAt = i));
        if (socket.end) refusedAt = i;
        if (idle.length > 16) await Promise.race([socket.closed, new Promise(resolve => setTimeout(resolve, 200))]);
        if (socket.end && socket.end.code !== 4408) refusedAt = i;
    }
    assert.ok(refusedAt >= 16 && refusedAt <= 33, `refused at ${refusedAt}`);
    for (const socket of idle) socket.ws.terminate();
    seat.send({type: 'chat', text: 'fine'});
    await guest.next('chat');
});

test('many waiting guests do not see each other, and all get in', async () => {
    const scene = await waitingRoom(host);
    const guests = [];
    for (let i = 0; i < 8; i++) guests.push(await guestAt(scene.room, await newInvitation(host, scene.room), {server, name: `Guest ${i}`, client: new Client(server)}));
    for (const guest of guests) {
        await guest.settled();
        assert.doesNotMatch(JSON.stringify(guest.all), /Guest \d.*Guest \d/);
    }
});
