// Sockets that never join keep nobody out.
import assert from 'node:assert/strict';
import test, {after} from 'node:test';
import {frame, RawSocket, TEXT} from '../support/raw_ws.mjs';
import {call, hostIn, joinAsHost, newRoom, practice} from '../support/scene.mjs';

const TABLE = 512;
const ADDRESSES = 40;
const PER_ADDRESS = 16;
const {server, admin} = await practice({args: ['--rate-scale', '1000']});

/** Connects and never joins; null when the server has no place for it. */
async function silent(from) {
    try {
        const raw = await RawSocket.open(server, '/ws/@desk', {from});
        after(() => raw.destroy());
        return raw;
    } catch (error) {
        assert.match(error.message, / 503 |ECONNRESET|closed|hang up/);
        return null;
    }
}

/** As many as the addresses may have, several times over: earlier ones have gone by then, or gave way. */
async function flood(rounds) {
    for (let round = 0; round < rounds; round++) for (let i = 0; i < PER_ADDRESS; i++) await Promise.all(Array.from({length: ADDRESSES}, (_, a) => silent(`127.0.5.${a + 1}`)));
}

test('five hundred and twelve sockets that never join, from forty addresses, give way to a socket from elsewhere', async () => {
    assert.ok(ADDRESSES * PER_ADDRESS > TABLE);
    await flood(1);
    for (let i = 0; i < 20; i++) {
        const room = await newRoom(admin);
        const host = await hostIn(admin, room, {from: `127.0.6.${i + 1}`});
        host.send({type: 'leave'});
        await host.over(1000);
    }
    const flooding = flood(2);
    for (let i = 0; i < 10; i++) {
        const host = await hostIn(admin, await newRoom(admin), {from: `127.0.7.${i + 1}`});
        host.send({type: 'leave'});
        await host.over(1000);
    }
    await flooding;
    const {host, guest} = await call(admin);
    guest.send({type: 'chat', text: 'here'});
    await host.next('chat', {text: 'here'});
});

test('a socket from elsewhere that takes a second to join does not give way to them', async () => {
    const room = await newRoom(admin);
    const joined = await joinAsHost(admin, room);
    const patient = await RawSocket.open(server, joined.ws, {from: '127.0.8.1'});
    await flood(1);
    patient.write(frame(TEXT, JSON.stringify({type: 'join', token: joined.token})));
    assert.match(String((await patient.next(TEXT)).payload), /"type":"welcome"/);
    patient.destroy();
});
