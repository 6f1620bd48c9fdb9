// A camera and a microphone that take their time: the buttons show it, and the last press wins.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {admitFirst, chromium, guestArrives, hostArrives} from '../support/browser.mjs';
import {newInvitation, newRoom, newUser} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';

const {server, admin} = await practice();
const owner = await newUser(admin, {name: 'Dr Rivera'});
const browser = await chromium();

/** Runs in the page before any script of it: devices open when the test lets them, and each track is remembered. */
function holdDevices() {
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    const held = [];
    window.testTracks = [];
    window.testHeld = () => held.length;
    window.testLetOpen = () => held.splice(0).forEach(open => open());
    navigator.mediaDevices.getUserMedia = async constraints => {
        await new Promise(open => held.push(open));
        const stream = await ask(constraints);
        window.testTracks.push(...stream.getTracks());
        return stream;
    };
}

const letOpen = async person => {
    // A page that has waited long asks anew at the next press: the older request is answered too, and its tracks are closed.
    await person.until(() => window.testHeld() >= 1, null, 'waiting for a question to the browser');
    await person.page.evaluate(() => window.testLetOpen());
};
const opening = (person, what) => person.sees(`[data-do="${what}"][aria-busy="true"][aria-pressed="true"]`);
const off = (person, what) => person.sees(`[data-do="${what}"][aria-pressed="false"]:not([aria-busy])`);
const live = (person, kind, count) =>
    person.until(([k, n]) => window.testTracks.filter(t => t.kind === k && t.readyState === 'live').length === n, [kind, count], `waiting until ${count} ${kind} tracks are open`);

test('off, on and off again while the camera opens ends with it off, in the check and in the call, and after a reload nothing starts that looks off', async () => {
    const room = await newRoom(owner);
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(owner, room), before: holdDevices});
    await guest.state('waiting');
    await opening(guest, 'cam');
    await opening(guest, 'mic');
    await guest.shot('opening');
    for (let i = 0; i < 3; i++) await guest.press('cam');
    await off(guest, 'cam');
    await letOpen(guest);
    await guest.sees('[data-do="mic"][aria-pressed="true"]:not([aria-busy])');
    await off(guest, 'cam');
    await live(guest, 'video', 0);
    await live(guest, 'audio', 1);

    const host = await hostArrives(browser, {server, client: owner, room});
    await admitFirst(host);
    await guest.state('incall live');
    await guest.press('cam');
    await opening(guest, 'cam');
    await guest.hasText('Starting…');
    await guest.shot('opening-in-call');
    await guest.page.setViewport({width: 320, height: 640});
    await guest.shot('opening-in-call-phone');
    await guest.page.setViewport({width: 1280, height: 800});
    await guest.press('cam');
    await guest.press('cam');
    await guest.press('cam');
    await letOpen(guest);
    await off(guest, 'cam');
    await live(guest, 'video', 0);
    await guest.press('cam');
    await letOpen(guest);
    await host.receives();

    await guest.page.reload();
    await guest.state('incall');
    await opening(guest, 'cam');
    await opening(guest, 'mic');
    await guest.press('cam');
    await guest.press('mic');
    await letOpen(guest);
    await off(guest, 'cam');
    await off(guest, 'mic');
    await live(guest, 'video', 0);
    await live(guest, 'audio', 0);
    await guest.press('mic');
    await letOpen(guest);
    await live(guest, 'audio', 1);
    assert.equal(await guest.page.evaluate(() => window.testHeld()), 0, 'no question is left over');
    guest.quiet();
    await guest.leave();
    await host.leave();
});
