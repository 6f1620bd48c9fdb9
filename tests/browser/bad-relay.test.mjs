// A relay that answers late, wrongly or never: a call that can do without it is not held up; one that cannot says so, and goes on as soon
// as the relay does.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test, {after} from 'node:test';
import {BadRelay} from '../support/bad_relay.mjs';
import {admitFirst, chromium, guestArrives, hostArrives} from '../support/browser.mjs';
import {newInvitation, newRoom, newUser, setUp} from '../support/http.mjs';
import {LAB_ADDRESS} from '../support/own_network.mjs';
import {startServer} from '../support/server.mjs';
import {SECRET, selfSigned, startCoturn} from '../support/turn.mjs';

const PORT = 3999;
const turn = await startCoturn(selfSigned(), [`allowed-peer-ip=${LAB_ADDRESS}`]); // the lab's one private address
after(() => turn.stop());
const relay = await BadRelay.start(turn, PORT);
const browser = await chromium();
const NO_WAY = 'One of your networks may block video calls';

/** Two people, of whom the host has let the guest in, in a practice whose relay is this one. */
async function meet({relayOnly = false, secret = SECRET} = {}) {
    const server = await startServer({args: ['--turn-url', `turn:${LAB_ADDRESS}:${PORT}?transport=udp`], env: {PARLOUR_TURN_SECRET: secret}});
    after(() => server.stop());
    const owner = await newUser(await setUp(server), {name: 'Dr Rivera'});
    const room = await newRoom(owner, relayOnly ? {relay_only: true} : {});
    const host = await hostArrives(browser, {server, client: owner, room});
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(owner, room)});
    await guest.state('waiting');
    await admitFirst(host);
    return {people: [host, guest], end: () => Promise.all([host.leave(), guest.leave()])};
}

/** Seconds until both see and hear each other. */
async function together({people}) {
    const begun = performance.now();
    await Promise.all(people.map(person => person.state('incall live').then(() => person.receives())));
    return (performance.now() - begun) / 1000;
}

for (const mode of ['late', 'silent', 'garbled'])
    test(`a relay that is ${mode} does not hold up a call that has a direct way`, async () => {
        relay.mode = mode;
        const call = await meet();
        const seconds = await together(call);
        console.log(`direct, relay ${mode}: ${seconds.toFixed(1)} s`);
        assert.ok(seconds <= 4, `${seconds} s`);
        await call.end();
    });

test('a relay that answers each question after three seconds carries the call, and carries it again after it was lost', async () => {
    relay.mode = 'late';
    const call = await meet({relayOnly: true});
    console.log(`relay-only, relay late: ${(await together(call)).toFixed(1)} s`);
    relay.forget();
    for (const person of call.people) await person.until(() => !document.body.dataset.state.startsWith('incall live'), null, 'waiting for the loss');
    console.log(`relay-only, relay late, again: ${(await together(call)).toFixed(1)} s`);
    await call.end();
});

for (const mode of ['silent', 'garbled'])
    test(`without another way than a relay that is ${mode}, both read why, and the call begins when the relay is good`, async () => {
        relay.mode = mode;
        const call = await meet({relayOnly: true});
        for (const person of call.people) await person.hasText(NO_WAY);
        relay.mode = 'good';
        console.log(`relay-only, relay good after it was ${mode}: ${(await together(call)).toFixed(1)} s`);
        await call.end();
    });

test('without another way than a relay that refuses the secret of the practice, both read why', async () => {
    relay.mode = 'good';
    const call = await meet({relayOnly: true, secret: 'another-secret-than-that-of-coturn'});
    for (const person of call.people) await person.hasText(NO_WAY);
    await call.end();
});
