// A person is let in, and what they have there is no page of ours: it sends whatever it likes. The others' pages live on, say what is the
// matter, and the calls with everybody else go on.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {chromium, guestArrives, hostArrives, inCall} from '../support/browser.mjs';
import {newInvitation, newRoom, newUser} from '../support/http.mjs';
import {FLOODS, MALFORMED} from '../support/hostile_signals.mjs';
import {guestAt, hostIn, practice} from '../support/scene.mjs';

const {server, admin} = await practice();
const owner = await newUser(admin, {name: 'Dr Rivera'});
const browser = await chromium();

/** Just below the rate from which on the server drops signals. */
const SIGNALS_PER_S = 45;
/** What is malformed comes slowly enough for each to reach the browser, and nothing but the browser stops it. */
const MALFORMED_PER_S = 1.5;
/** What the page may keep of all that: the messages that it keeps for the server, and its log. A connection that stays is more. */
const KEPT_BYTES = 2_000_000;

/** How many connections a page has made and has, and the bytes that it holds. */
async function held({page}) {
    const counts = await page.evaluate(() => {
        const made = (window.testMade ??= {connections: 0});
        made.connections += window.testConnections.length - (made.kept ?? 0);
        window.testConnections = window.testConnections.filter(pc => pc.connectionState !== 'closed');
        made.kept = window.testConnections.length;
        return {made: made.connections, open: made.kept};
    });
    const cdp = await page.createCDPSession();
    await cdp.send('HeapProfiler.collectGarbage');
    const {usedSize} = await cdp.send('Runtime.getHeapUsage');
    await cdp.detach();
    return {...counts, heap: usedSize};
}

/** Sends all of them at this rate, which is what is tested. @param {object[]} all */
async function sendAt(perS, seat, to, all) {
    const begun = performance.now();
    for (const [i, data] of all.entries()) {
        seat.send({type: 'signal', to, data});
        await new Promise(resolve => setTimeout(resolve, begun + (1_000 * (i + 1)) / perS - performance.now()));
    }
    await seat.settled();
}

const floods = FLOODS.flatMap(([, times, data]) => Array.from({length: times}, (_, n) => data(n)));

async function sendAll(seat, to) {
    await sendAt(MALFORMED_PER_S, seat, to, MALFORMED.map(([, data]) => data));
    await sendAt(SIGNALS_PER_S, seat, to, floods);
}

/** Ten at once and one every two seconds. */
const MOST_CONNECTIONS = 10 + (MALFORMED.length / MALFORMED_PER_S + floods.length / SIGNALS_PER_S) / 2;

/** Nothing grew without end, and no socket was lost. */
function bounded(before, after, hostile, t) {
    const [made, more] = [after.made - before.made, after.heap - before.heap];
    t.diagnostic(`${MALFORMED.length + floods.length} signals: ${made} connections made, ${after.open} open, ${more} bytes more`);
    assert.ok(made <= MOST_CONNECTIONS, `${made} connections made`);
    assert.ok(after.open <= 2, `${after.open} connections open`);
    assert.deepEqual(hostile.all.filter(m => m.event === 'away'), [], 'the page kept its socket');
    assert.ok(more < KEPT_BYTES, `${more} bytes more`);
}

test('a hostile guest sends everything that the server lets through: the host is not thrown out, is told, and sees the next guest', async t => {
    const room = await newRoom(owner);
    const host = await hostArrives(browser, {server, client: owner, room});
    const hostile = await guestAt(room, await newInvitation(owner, room), {server, name: 'Mallory'});
    await host.press('admit-first');
    const {participants} = await hostile.next('state', {state: 'inside'});
    await host.state('incall connecting');
    const before = await held(host);
    await sendAll(hostile, participants[0].id);
    const after = await held(host);
    await host.hasText('You and Mallory are not connected yet.');
    await host.state('incall connecting');
    bounded(before, after, hostile, t);
    host.quiet();
    hostile.send({type: 'leave'});
    await hostile.over(1000);
    await host.state('incall alone');
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(owner, room)});
    await guest.state('waiting');
    await host.press('admit-first');
    for (const person of [host, guest]) {
        await person.state('incall live');
        await person.receives();
        person.quiet();
    }
    for (const person of [host, guest]) await person.leave();
});

test('a hostile host does the same to a guest, whose page makes the offers: the guest stays, and the next host is seen', async t => {
    const room = await newRoom(owner);
    const hostile = await hostIn(owner, room);
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(owner, room)});
    const {participant} = await hostile.next('participant', {event: 'waiting'});
    hostile.send({type: 'admit', participant: participant.id});
    await guest.state('incall connecting');
    const before = await held(guest);
    await sendAll(hostile, participant.id);
    const after = await held(guest);
    await guest.hasText('are not connected yet.');
    bounded(before, after, hostile, t);
    guest.quiet();
    const host = await hostArrives(browser, {server, client: owner, room}); // takes the same seat again
    await hostile.over(4409);
    for (const person of [host, guest]) {
        await person.state('incall live');
        await person.receives();
        person.quiet();
    }
    for (const person of [host, guest]) await person.leave();
});

test('while a hostile guest floods the host, picture and sound of an honest one beside it go on', async () => {
    const room = await newRoom(owner);
    const {host, guest} = await inCall(browser, server, owner, room);
    const hostile = await guestAt(room, await newInvitation(owner, room), {server, name: 'Mallory'});
    await host.press('people');
    await host.press('admit');
    await host.press('admit-beside');
    const {participants} = await hostile.next('state', {state: 'inside'});
    const {id} = participants.find(p => p.role === 'host');
    const flooding = sendAt(SIGNALS_PER_S, hostile, id, floods);
    let over = false;
    flooding.finally(() => (over = true));
    while (!over) for (const person of [host, guest]) await person.receives(); // fails when nothing new comes
    await flooding;
    for (const person of [host, guest]) {
        await person.receives();
        person.quiet();
    }
    for (const person of [host, guest]) await person.leave();
});
