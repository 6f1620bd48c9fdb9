// The screen of a phone stays on from the waiting room to the end of the visit: the browser's own locks are counted.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {admitFirst, chromium, guestArrives, hostArrives} from '../support/browser.mjs';
import {newInvitation, newRoom, newUser} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';

const {server, admin} = await practice();
const owner = await newUser(admin, {name: 'Dr Rivera'});
const browser = await chromium();

/** Runs in the page before any script of it: keeps each lock that the browser gives out. */
function countLocks() {
    window.testLocks = [];
    const {wakeLock} = navigator;
    const ask = wakeLock.request.bind(wakeLock);
    wakeLock.request = async kind => {
        const lock = await ask(kind);
        window.testLocks.push(lock);
        return lock;
    };
}

const holds = (person, wanted) => person.until(n => window.testLocks.filter(l => !l.released).length === n, wanted, `waiting until ${wanted} locks are held`);

async function switchAway(person) {
    const other = await person.context.newPage();
    await other.bringToFront();
    await person.until(() => document.hidden, null, 'waiting until it is out of sight');
    await holds(person, 0);
    return other;
}

async function switchBack(person, other) {
    await other.close();
    await person.page.bringToFront();
    await person.until(() => !document.hidden, null, 'waiting until it is seen again');
}

test('a guest who switches to another application and back keeps the screen on while waiting and in the call, and no lock outlives the visit', async () => {
    const room = await newRoom(owner);
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(owner, room), devices: 'listen-only', before: countLocks});
    await guest.state('waiting');
    await holds(guest, 1);
    for (let i = 0; i < 2; i++) {
        await switchBack(guest, await switchAway(guest));
        await holds(guest, 1);
    }
    const host = await hostArrives(browser, {server, client: owner, room});
    const other = await switchAway(guest);
    await host.page.bringToFront();
    await admitFirst(host);
    await guest.state('incall');
    await switchBack(guest, other);
    await holds(guest, 1);
    await guest.press('leave');
    await guest.press('confirm-leave');
    await guest.state('ended');
    await holds(guest, 0);
    assert.ok((await guest.page.evaluate(() => window.testLocks.length)) <= 4, 'one lock for each time the page was seen');
    guest.quiet();
    await guest.leave();
    await host.leave();
});
