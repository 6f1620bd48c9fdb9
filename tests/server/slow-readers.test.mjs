// People who read too slowly: their queue is bounded and shown, their connections are cut, and the others go on.
import assert from 'node:assert/strict';
import test from 'node:test';
import {Client, call, practice} from '../support/scene.mjs';
import {freePort} from '../support/server.mjs';

const READERS = 12;
const SOCKET_CAP = 512 * 1024;
const metricsPort = await freePort();
const {server, admin} = await practice({args: ['--rate-scale', '100', '--metrics-listen', `127.0.0.1:${metricsPort}`]});
const metrics = new Client({...server, port: metricsPort});

async function figure(name) {
    const {text} = await metrics.get('/metrics');
    return Number(new RegExp(`parlour_${name} (\\d+)`).exec(text)[1]);
}

test('the queue of a reader who stops is shown and is at most half a megabyte each; then the reader is cut and the others go on', async () => {
    const scenes = [];
    for (let i = 0; i < READERS; i++) scenes.push(await call(admin));
    const quick = await call(admin);
    for (const {guest} of scenes) guest.ws._socket.pause();
    const filler = 'v'.repeat(7000);
    let most = 0;
    for (let round = 0; (await figure('slow_closed_total')) < READERS; round++) {
        assert.ok(round < 1000, 'they are cut before seven megabytes each');
        for (const {host, guest} of scenes) host.send({type: 'signal', to: guest.id, data: {round, filler}});
        quick.host.send({type: 'signal', to: quick.guest.id, data: {round}});
        assert.equal((await quick.guest.next('signal')).data.round, round);
        most = Math.max(most, await figure('queued_bytes'));
        if (round % 40 === 39) await Promise.all(scenes.map(({host}) => host.settled()));
    }
    assert.ok(most > SOCKET_CAP / 2, `${most} bytes were shown`);
    assert.ok(most <= READERS * (SOCKET_CAP + 200_000), `${most} bytes were shown`);
    for (const {host, guest} of scenes) await host.next('participant', {event: 'away', participant: {id: guest.id}});
    assert.ok((await figure('kept_bytes')) > 0, 'what waits for who was cut is shown as well');
    assert.equal(quick.guest.end, undefined);
});

test('a person who was cut for reading slowly comes back and goes on, or is told that something is missing', async () => {
    const {host, guest} = await call(admin);
    guest.ws._socket.pause();
    const before = await figure('slow_closed_total');
    for (let i = 0; (await figure('slow_closed_total')) === before; i++) {
        assert.ok(i < 1000);
        host.send({type: 'signal', to: guest.id, data: {i, filler: 'v'.repeat(7000)}});
    }
    const back = await guest.resume();
    if (back.welcome.resumed) assert.equal((await back.next('signal')).seq, guest.seq + 1);
    host.send({type: 'chat', text: 'there you are'});
    await back.next('chat', {text: 'there you are'});
});
