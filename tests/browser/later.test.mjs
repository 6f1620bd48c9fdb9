// The part fetched only after the first picture: it is there when it is wanted, on a slow line, without any line, and after a failure.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {chromium, guestArrives, hostArrives, Person} from '../support/browser.mjs';
import {newInvitation, newRoom, newUser} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';

const {server, admin} = await practice();
const owner = await newUser(admin, {name: 'Dr Rivera'});
const browser = await chromium();
const SLOW = {download: 20_000, upload: 20_000, latency: 300};

/** A guest at the device check of a room where nobody has to wait and the host is inside. */
async function beforeTheDoor() {
    const room = await newRoom(owner, {waiting_room: false});
    const host = await hostArrives(browser, {server, client: owner, room});
    const guest = await Person.arrive(browser, {server, name: 'Gina Guest', viewport: {width: 390, height: 844}});
    await guest.open(`/j/#${(await newInvitation(owner, room)).code}`);
    await guest.press('#l-go');
    await guest.press('allow');
    await guest.state('check');
    if (await guest.page.$('#name')) await guest.type('#name', 'Gina Guest');
    return {host, guest};
}

const fetched = person => person.requests.filter(url => /\/assets\/later-/.test(url)).length;

/** Requests for the later part are answered by `answer` until they are let through. */
async function meddle(person, answer) {
    const line = {held: true};
    await person.page.setRequestInterception(true);
    person.page.on('request', r => (line.held && /\/assets\/later-/.test(r.url()) ? answer(r) : r.continue()));
    return line;
}

test('nothing of it is fetched before the first picture, and it is there soon after', async () => {
    const {host, guest} = await beforeTheDoor();
    assert.equal(fetched(guest), 0, 'at the check');
    await guest.press('enter');
    await guest.receives();
    await guest.until(() => performance.getEntriesByType('resource').some(e => /later-.*\.js/.test(e.name) && e.responseEnd > 0), null, 'waiting for what comes later');
    guest.quiet();
    await guest.leave();
    await host.leave();
});

test('a button pressed right after the first picture is answered, also on a slow line', async () => {
    const {host, guest} = await beforeTheDoor();
    await guest.page.emulateNetworkConditions(SLOW);
    await guest.press('enter');
    await guest.state('incall live');
    await guest.press('chat');
    await guest.press('more');
    await guest.sees('#chat-text');
    await guest.sees('[data-menu]');
    await guest.shot('slow-line');
    await guest.page.emulateNetworkConditions(null);
    guest.quiet();
    await guest.leave();
    await host.leave();
});

test('without any line after the first picture chat, menu and devices still open', async () => {
    const {host, guest} = await beforeTheDoor();
    await guest.press('enter');
    await guest.receives();
    await guest.until(() => performance.getEntriesByType('resource').filter(e => /later-|icons-/.test(e.name) && e.responseEnd > 0).length >= 4, null, 'waiting for what comes later');
    await guest.page.setOfflineMode(true);
    await guest.press('chat');
    await guest.sees('#chat-text');
    await guest.press('more');
    await guest.press('devices');
    await guest.sees('#pick-cameraId');
    await guest.shot('offline');
    await guest.page.setOfflineMode(false);
    await guest.leave();
    await host.leave();
});

test('the page says what it cannot fetch, and fetches it once it can', async () => {
    const {host, guest} = await beforeTheDoor();
    const line = await meddle(guest, r => r.abort());
    await guest.press('enter');
    await guest.state('incall live');
    await guest.press('chat');
    await guest.sees('[data-do="chat"][aria-busy="true"]');
    await guest.sees('.stage-top [role="alert"]');
    await guest.shot('not-there');
    line.held = false;
    await guest.sees('#chat-text');
    await guest.until(() => document.activeElement?.id === 'chat-text', null, 'waiting for the focus in what was opened');
    await guest.gone('.stage-top [role="alert"]');
    await guest.leave();
    await host.leave();
});

/** A guest in the waiting room to whom nothing of it comes before `go` is called. */
async function waitsWithout() {
    const guest = await Person.arrive(browser, {server, name: 'Gina Guest'});
    let go = () => {};
    const waits = new Promise(resolve => (go = resolve));
    await meddle(guest, r => waits.then(() => r.continue()));
    await guestArrives(browser, {server, invitation: await newInvitation(owner, await newRoom(owner)), person: guest});
    await guest.state('waiting');
    return {guest, go};
}

test('the waiting room does not move while the conversation is being fetched', async () => {
    const {guest, go} = await waitsWithout();
    await guest.sees('.chat-card .spinner');
    const size = () => guest.page.$eval('.chat-card', card => JSON.stringify(card.getBoundingClientRect()));
    const before = await size();
    await guest.shot('waiting-without-chat');
    go();
    await guest.sees('#chat-text');
    assert.equal(await size(), before);
    guest.quiet();
    await guest.leave();
});

test('one can leave without it, and reads how the visit ended when it is there, from the heading on', async () => {
    const {guest, go} = await waitsWithout();
    await guest.press('leave');
    await guest.press('confirm-leave');
    await guest.state('ended');
    await guest.hasText('One moment');
    await guest.shot('ended-awaited');
    go();
    await guest.sees('[data-ended="left"]');
    await guest.until(() => document.activeElement?.matches('[data-ended] h1'), null, 'waiting for the focus on the heading');
    guest.quiet();
    await guest.leave();
});
