// The server is away, for seconds or for longer than any seat is kept: nobody is thrown out, and no message is lost.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {chromium, guestArrives, inCall} from '../support/browser.mjs';
import {faster} from '../support/clock.mjs';
import {newInvitation, newRoom, newUser} from '../support/http.mjs';
import {call, practice} from '../support/scene.mjs';

const {server, admin} = await practice();
const owner = await newUser(admin, {name: 'Dr Rivera'});
const fast = await practice({env: faster(10)}); // its two minutes are twelve seconds
const browser = await chromium();

const leaveAll = people => Promise.all(Object.values(people).map(p => p.leave()));

/** The page's clock is this much later from now on. */
const later = (person, ms) =>
    person.page.evaluate(ms => {
        const now = performance.now.bind(performance);
        performance.now = () => now() + ms;
    }, ms);

const connections = person => person.page.evaluate(() => window.testConnections.filter(pc => pc.connectionState !== 'closed').length);
const openAgain = (person, than) => person.page.waitForFunction(n => window.testSockets.length > n && window.testSockets.at(-1).socket.readyState === 1, {polling: 50}, than);

/** Writes a message in the panel or the waiting room. */
async function write(person, text) {
    if (!(await person.page.$('#chat-text'))) await person.press('chat');
    await person.type('#chat-text', text);
    await person.press('send-chat');
}

/** From now on this page can open no socket; its other connections go on. */
const blockSockets = person =>
    person.page.evaluate(() => {
        const Native = window.WebSocket;
        window.testBlocked = true;
        window.WebSocket = class extends Native {
            constructor(url, ...rest) {
                super(window.testBlocked ? 'ws://127.0.0.1:1/' : url, ...(window.testBlocked ? [] : rest));
            }
        };
    });
const unblockSockets = person => person.page.evaluate(() => (window.testBlocked = false));

/** The next try comes, by itself or by a press, and the one after it: the page does not give up. */
async function goesOnTrying(person) {
    const sockets = await person.page.evaluate(() => window.testSockets.length);
    if (await person.page.$('[data-do="try-now"]')) await person.press('try-now');
    await person.page.waitForFunction(n => window.testSockets.length > n, {polling: 50}, sockets);
}

/** Waits until the page is back: by itself once the server is there again, or by a press. */
async function isBack(person) {
    await person.page.click('[data-do="try-now"]').catch(() => undefined); // it may be back already
    await person.gone('.link-bar');
}

test('the server is away for longer than a seat in a call is kept: picture and sound go on, and both people are back by themselves', async () => {
    const people = await inCall(browser, server, owner);
    const {host, guest} = people;
    const had = [await connections(host), await connections(guest)];
    await server.kill9();
    for (const person of [host, guest]) await person.sees('.link-bar');
    for (const person of [host, guest]) await later(person, 130_000);
    for (const person of [host, guest]) await goesOnTrying(person);
    for (const person of [host, guest]) {
        await person.state('incall live');
        await person.hasText('Your call goes on');
        await person.receives();
    }
    assert.equal(await guest.page.$('.tile.away'), null, 'a running picture is not dimmed');
    await guest.shot('call-without-server');
    await server.restart();
    for (const person of [host, guest]) await isBack(person);
    for (const person of [host, guest]) await person.state('incall live');
    assert.deepEqual([await connections(host), await connections(guest)], had, 'the same connections');
    await leaveAll(people);
});

for (const who of ['host', 'guest'])
    test(`the ${who}'s sockets fail for longer than the seat is kept: picture and sound go on, nobody is sent away, and the same call is whole again`, async () => {
        const doctor = await newUser(fast.admin, {name: 'Dr Rivera'});
        const people = await inCall(browser, fast.server, doctor);
        const witness = await call(doctor); // a guest whom nobody sees: they lose the seat when its time is over
        const [lost, other] = [people[who], people[who === 'host' ? 'guest' : 'host']];
        const had = [await connections(lost), await connections(other)];
        await blockSockets(lost);
        await lost.page.evaluate(() => window.testSockets.at(-1).socket.close(3000));
        await lost.sees('.link-bar');
        witness.guest.cut();
        await witness.host.next('participant', {event: 'left', reason: 'expired'}, 30_000);
        for (const person of [lost, other]) await person.state('incall live');
        for (const person of [lost, other]) await person.receives();
        assert.equal(await other.page.$('.tile.away'), null, 'a running picture is not dimmed');
        await other.shot(`call-${who}-given-up`);
        await unblockSockets(lost);
        await isBack(lost);
        for (const person of [lost, other]) await person.state('incall live');
        for (const person of [lost, other]) await person.receives();
        assert.deepEqual([await connections(lost), await connections(other)], had, 'the same connections');
        await leaveAll(people);
    });

test('the server is away for longer than a place in the line is kept: a waiting guest is told the truth, and is back by themselves', async () => {
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(owner, await newRoom(owner))});
    await guest.state('waiting');
    await guest.sees('.presence');
    await server.kill9();
    await guest.sees('.link-bar');
    await guest.hasText('as soon as the connection is back');
    assert.equal(await guest.page.$('.presence'), null, 'nobody can know who is here');
    await guest.shot('waiting-server-lost');
    await later(guest, 16 * 60_000);
    await guest.hasText('checks you in again');
    await guest.shot('waiting-without-server');
    await goesOnTrying(guest);
    await server.restart();
    await isBack(guest);
    await guest.state('waiting');
    await guest.sees('.presence');
    await guest.leave();
});

test('messages written while the server is away are shown as under way, and arrive once when it is back, whoever is back first', async () => {
    const people = await inCall(browser, server, owner);
    const {host, guest} = people;
    await write(guest, 'before');
    await host.press('chat');
    await host.hasText('before');
    const before = await host.page.evaluate(() => window.testSockets.length);
    await server.kill9();
    await blockSockets(host);
    await guest.sees('.link-bar');
    await write(guest, 'while you were away');
    await guest.sees('[data-fate="sending"]');
    await guest.shot('chat-sending');
    await server.restart();
    await guest.gone('.link-bar');
    await guest.sees('[data-fate="later"]');
    await guest.shot('chat-later');
    await unblockSockets(host);
    await openAgain(host, before);
    // In the panel, not only read aloud, which comes a moment before it is drawn.
    await host.until(() => document.querySelectorAll('.chat-text').length > 1, null, 'waiting for the second line');
    await guest.gone('[data-fate]');
    const lines = await host.page.$$eval('.chat-text', all => all.map(l => l.textContent));
    assert.deepEqual(lines, ['before', 'while you were away'], 'once each');
    await leaveAll(people);
});

test('a guest who reloads has the conversation again, with the messages sent meanwhile', async () => {
    const people = await inCall(browser, server, owner);
    const {host, guest} = people;
    await write(host, 'hello');
    await write(guest, 'my own line');
    const url = guest.page.url();
    await guest.page.goto('about:blank');
    await host.sees('.tile.away');
    await write(host, 'are you there?');
    await host.sees('[data-fate="later"]');
    await guest.page.goto(url);
    await guest.page.waitForFunction(() => document.body.dataset.state?.startsWith('incall') || document.querySelector('#l-go:not([disabled])'), {polling: 50});
    if (await guest.page.evaluate(() => document.body.dataset.state === 'landing')) await guest.press('#l-go');
    await guest.state('incall live');
    await guest.press('chat');
    await guest.hasText('are you there?');
    assert.deepEqual(await guest.page.$$eval('.chat-text', all => all.map(l => l.textContent)), ['hello', 'my own line', 'are you there?']);
    await host.gone('[data-fate]');
    await leaveAll(people);
});

test('a waiting guest whose line is dead reads within seconds that the connection is lost, not that the host is away, and is back by themselves', async () => {
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(owner, await newRoom(owner))});
    await guest.state('waiting');
    await guest.sees('.presence');
    process.kill(server.pid, 'SIGSTOP'); // its sockets stand, and carry nothing
    try {
        const from = Date.now();
        await guest.sees('.link-bar');
        assert.ok(Date.now() - from < 8_000, `${Date.now() - from} ms`);
        await guest.hasText('We lost the connection to the practice. Your place is kept for 15 minutes');
        assert.equal(await guest.page.$('.presence'), null, 'nobody can know who is here');
        await guest.shot('waiting-dead-line');
    } finally {
        process.kill(server.pid, 'SIGCONT');
    }
    await guest.gone('.link-bar');
    await guest.sees('.presence');
    await guest.leave();
});

test('a waiting guest without a network reads that at once, and is back with the network', async () => {
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(owner, await newRoom(owner))});
    await guest.state('waiting');
    await guest.sees('.presence');
    // The browser's offline mode leaves sockets alone, and one that is opened just before it goes on.
    await blockSockets(guest);
    const from = Date.now();
    await guest.page.setOfflineMode(true);
    await guest.hasText('You are offline');
    assert.ok(Date.now() - from < 2_000, `${Date.now() - from} ms`);
    assert.equal(await guest.page.$('.presence'), null);
    await guest.shot('waiting-offline');
    await unblockSockets(guest);
    await guest.page.setOfflineMode(false);
    await guest.gone('.link-bar');
    await guest.sees('.presence');
    await guest.leave();
});

test('a browser that says without end that it has no network is believed while the line is lost, and only then', async () => {
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(owner, await newRoom(owner))});
    await guest.state('waiting');
    await guest.sees('.presence');
    const sockets = await guest.page.evaluate(() => {
        Object.defineProperty(navigator, 'onLine', {get: () => false});
        dispatchEvent(new Event('offline'));
        return window.testSockets.length;
    });
    await openAgain(guest, sockets - 1);
    await guest.gone('.link-bar');
    await guest.sees('.presence');
    process.kill(server.pid, 'SIGSTOP'); // its sockets stand, and carry nothing
    try {
        await guest.hasText('You are offline');
    } finally {
        process.kill(server.pid, 'SIGCONT');
    }
    await guest.gone('.link-bar');
    await guest.sees('.presence');
    await guest.leave();
});
