// After every refusal the seat and the dashboard go on: the next numbered message is handled, and no number stays a gap.
import assert from 'node:assert/strict';
import test from 'node:test';
import {newRoom} from '../support/http.mjs';
import {call, deskOf, hostIn, practice} from '../support/scene.mjs';

const {admin} = await practice();
const deep = levels => '['.repeat(levels) + ']'.repeat(levels);

/** The refused messages, sent as number 2: the message (NUMBER stands for its `n`) and the code of the answer. @type {Record<string, [string, string]>} */
const REFUSED = {
    'cut off': ['{"type":"chat","text":"a","n":NUMBER', 'invalid_json'],
    'no JSON at all': ['hello', 'invalid_json'],
    'a list': ['[{"n":NUMBER}]', 'invalid_json'],
    'an empty text': ['', 'invalid_json'],
    'too deep': [`{"type":"chat","text":"a","x":${deep(16)},"n":NUMBER}`, 'invalid_json'],
    'too many members': [`{"type":"chat",${Array.from({length: 70}, (_, i) => `"k${i}":0`)},"n":NUMBER}`, 'invalid_json'],
    'a member twice': ['{"type":"chat","type":"chat","n":NUMBER}', 'invalid_json'],
    'a NUL': ['{"type":"chat","text":"\\u0000","n":NUMBER}', 'invalid_json'],
    'a lone surrogate': ['{"type":"chat","text":"\\ud800","n":NUMBER}', 'invalid_json'],
    'no type': ['{"n":NUMBER}', 'missing_type'],
    'a type that is no text': ['{"type":7,"n":NUMBER}', 'missing_type'],
    'an unknown type': ['{"type":"dance","n":NUMBER}', 'unknown_type'],
    'a type longer than any': [`{"type":"${'x'.repeat(200)}","n":NUMBER}`, 'unknown_type'],
    'a text as number': ['{"type":"chat","text":"a","n":"NUMBER"}', 'invalid_field'],
    'zero as number': ['{"type":"chat","text":"a","n":0}', 'invalid_field'],
    'a number beyond 64 bits': ['{"type":"chat","text":"a","n":99999999999999999999999}', 'invalid_field'],
    'a wrong field': ['{"type":"chat","text":7,"n":NUMBER}', 'invalid_field'],
    'a missing field': ['{"type":"chat","n":NUMBER}', 'invalid_field'],
    'a number too large to keep, outside of a signal': ['{"type":"status","ready":1e999,"n":NUMBER}', 'invalid_json'],
    'a type that this version does not have': ['{"type":"transfer","n":NUMBER}', 'not_available'],
    'nobody by this id': ['{"type":"admit","participant":"nobody","room":"nowhere","n":NUMBER}', 'not_found'],
    'a second join': ['{"type":"join","token":"x","n":NUMBER}', 'unknown_type'],
};

/** A message that is answered, on a seat and on a dashboard. */
async function answered(socket) {
    socket.send({type: 'admit', room: 'nowhere', participant: 'nobody'});
    assert.deepEqual(await socket.next('error', {of: 'admit'}).then(e => [e.code, e.n]), ['not_found', socket.sent]);
}

/** Sends number 1, the refused message as number 2, then number 3, which must be handled. */
async function goesOn(socket, [message, code], name) {
    socket.numbered = true;
    await answered(socket);
    socket.sent++;
    socket.send(message.replace('NUMBER', '2'), {numbered: false});
    const error = await socket.next('error');
    assert.deepEqual([error.code, error.n], [code, 2], name);
    await answered(socket);
    assert.equal(socket.end, undefined, name);
}

test('after every refusal the seat goes on with the next number', async () => {
    const room = await newRoom(admin);
    for (const [name, refused] of Object.entries(REFUSED)) {
        const seat = await hostIn(admin, room);
        await goesOn(seat, refused, name);
        await seat.close();
    }
});

test('after every refusal the dashboard goes on with the next number', async () => {
    for (const [name, refused] of Object.entries(REFUSED)) {
        if (refused[0].includes('"ready"')) continue; // a dashboard has no status
        const desk = await deskOf(admin);
        await goesOn(desk, refused, name);
        await desk.close();
    }
});

test('a message refused for its pace counts as handled, broken or not', async () => {
    const {guest} = await call(admin, {seat: {numbered: true}});
    for (let i = 0; i < 300; i++) {
        guest.send({type: 'status', mic: i % 2 === 0});
        if (i % 50 !== 20) continue;
        guest.sent++;
        if (i > 250) guest.send('{"type":"chat"', {numbered: false});
        else guest.send({type: 'chat', n: guest.sent, text: 'x'}, {numbered: false});
    }
    await guest.next('error', {code: 'too_fast'});
    for (let heard = null; !heard; heard = await guest.next('ice', () => true, 200).catch(() => null)) {
        assert.equal(guest.end, undefined);
        assert.deepEqual(guest.all.filter(m => m.code === 'gap'), []);
        guest.send({type: 'ice'}); // again, until the pace allows one
    }
});

test('a gap names the expected number, and a client that sends again from there goes on', async () => {
    const {host, guest} = await call(admin, {seat: {numbered: true}});
    guest.send({type: 'chat', text: 'one'});
    const lost = guest.sent + 1;
    for (const n of [lost + 1, lost + 2]) guest.send({type: 'chat', text: `number ${n}`, n}, {numbered: false});
    for (let i = 0; i < 2; i++) assert.equal((await guest.next('error', {code: 'gap'})).n, lost);
    for (const n of [lost, lost + 1, lost + 2]) guest.send({type: 'chat', text: `again ${n}`, n}, {numbered: false});
    assert.equal((await host.next('chat')).text, 'one');
    for (const n of [lost, lost + 1, lost + 2]) assert.equal((await host.next('chat')).text, `again ${n}`);
});

for (const [name, bytes, code] of [
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 1007],
    ['longer than a message may be', 'x'.repeat(70_000), 1009],
    ['binary', null, 1003],
])
    test(`a message that is ${name} ends the connection, and the seat is taken up again without it`, async () => {
        const {guest} = await call(admin, {seat: {numbered: true}});
        await guest.settled();
        guest.ws.send(bytes ?? Buffer.from('{}'), {binary: bytes === null});
        guest.sent++;
        await guest.over(code);
        const again = await guest.resume();
        assert.deepEqual([again.welcome.resumed, again.welcome.n], [true, guest.sent]);
        await again.settled();
        await again.nothing('error', {code: 'gap'});
    });

test('all that JSON allows is relayed byte for byte, also numbers that no program could hold', async () => {
    const {host, guest} = await call(admin);
    const data = '{"big":123456789012345678901234567890,"tiny":-0.0e-99999,"huge":[1e999,-1E+4000],"id":18446744073709551616 }';
    const raw = new Promise(resolve => guest.ws.on('message', text => String(text).includes('"signal"') && resolve(String(text))));
    host.send(`{"type":"signal","to":"${guest.id}","data":${data}}`);
    assert.ok((await raw).includes(`"data":${data}}`));
});
