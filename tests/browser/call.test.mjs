// The first call: setup, room, link, waiting room, admission, and two people who see and hear each other.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {admitFirst, chromium, firefox, guestArrives, hostArrives, Person} from '../support/browser.mjs';
import {newInvitation, newRoom, newUser} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';

const {server, admin} = await practice();
const owner = await newUser(admin, {name: 'Dr Rivera'});
const [chrome, fox] = await Promise.all([chromium(), firefox()]);

async function meet(hostBrowser, guestBrowser, fields) {
    const room = await newRoom(owner, fields);
    const invitation = await newInvitation(owner, room);
    const host = await hostArrives(hostBrowser, {server, client: owner, room});
    const guest = await guestArrives(guestBrowser, {server, invitation});
    await guest.state('waiting');
    return {room, invitation, host, guest};
}

/** How far the open connections have come in gathering addresses. */
const gathering = person => person.page.evaluate(() => window.testConnections.filter(pc => pc.signalingState !== 'closed').map(pc => pc.iceGatheringState));

async function inCall(host, guest) {
    await admitFirst(host);
    for (const person of [host, guest]) await person.state('incall live');
}

/** Picture and sound arrive, and the picture outgrows its small beginning. */
async function seesAndHears(person) {
    await person.receives();
    await person.statsWhen(s => s.width > 320, 'waiting for a larger picture');
}

test('two Chromium see and hear each other', async () => {
    const {host, guest} = await meet(chrome, chrome);
    await guest.shot('guest-waits');
    await host.shot('host-somebody-waits');
    await inCall(host, guest);
    await Promise.all([host, guest].map(seesAndHears));
    await host.shot('host-in-call');
    await guest.shot('guest-in-call');
    for (const person of [host, guest]) {
        assert.equal(await person.page.evaluate(() => window.testSockets.length), 1, 'the socket opened ahead is the one used');
        await person.stayedHome();
        person.quiet();
        await person.leave();
    }
});

/** From now on, counts each stop and restart of any element of the page that plays. */
const countRestarts = person =>
    person.page.evaluate(() => {
        window.testRestarts = [];
        document.addEventListener('emptied', e => window.testRestarts.push(e.target.tagName), true);
    });

test('no picture and no sound begins again when the page is drawn again', async () => {
    const {host, guest} = await meet(chrome, chrome);
    await inCall(host, guest);
    await guest.receives();
    await countRestarts(guest);
    await guest.press('more');
    await guest.press('hide-self');
    await guest.press('chat');
    const elapsed = () => guest.text('.elapsed');
    const before = await elapsed();
    await guest.until(was => document.querySelector('.elapsed').innerText !== was, before, 'waiting for the next second');
    await guest.until(() => document.querySelector('video[data-person]').currentTime > 2, null, 'waiting until the picture has played for two seconds');
    assert.deepEqual(await guest.page.evaluate(() => window.testRestarts), []);
    await guest.leave();
    await host.leave();
});

test('a picture that has left the page lets go of the camera', async () => {
    const {host, guest} = await meet(chrome, chrome);
    await guest.state('waiting');
    await guest.until(() => {
        window.testMirror = document.querySelector('[data-self]');
        return Boolean(window.testMirror?.srcObject);
    }); // drawn when the camera is open
    await inCall(host, guest);
    await guest.until(() => !window.testMirror.isConnected && window.testMirror.srcObject === null);
    await host.leave();
    await guest.leave();
});

test('on a phone the send button stays in reach while a long address is typed', async () => {
    const {host, guest} = await meet(chrome, chrome);
    await guest.page.setViewport({width: 320, height: 640});
    await guest.type('#chat-text', `https://example.org/${'letter'.repeat(20)}`);
    await guest.press('send-chat');
    await guest.sees('.chat-line.mine');
    await guest.leave();
    await host.leave();
});

test('a guest in Firefox and a host in Chromium see and hear each other', async () => {
    const {host, guest} = await meet(chrome, fox);
    await inCall(host, guest);
    await Promise.all([host, guest].map(seesAndHears));
    await guest.shot('firefox-guest-in-call');
    await guest.stayedHome();
    await host.leave();
    await guest.leave();
});

test('a host in Firefox and a guest in Chromium see and hear each other', async () => {
    const {host, guest} = await meet(fox, chrome);
    await inCall(host, guest);
    await Promise.all([host, guest].map(seesAndHears));
    await host.shot('firefox-host-in-call');
    await host.leave();
    await guest.leave();
});

test('microphone and camera go off and on again, and the other side is told', async () => {
    const {host, guest} = await meet(chrome, chrome);
    await inCall(host, guest);
    await host.receives();
    await guest.press('cam');
    await host.sees('.tile .no-picture');
    await guest.press('mic');
    await host.sees('.tile .mic-off');
    await host.shot('guest-muted-without-picture');
    await guest.press('cam');
    await guest.press('mic');
    await host.gone('.tile .no-picture');
    const {frames} = await host.stats();
    await host.statsWhen(s => s.frames > frames + 10, 'waiting for the picture to move again');
    await host.leave();
    await guest.leave();
});

test('a host switches off a guest\'s microphone and camera: the guest is told by whom, and only the guest can switch them on again', async () => {
    const {host, guest} = await meet(chrome, chrome);
    await inCall(host, guest);
    await host.receives();
    const row = '.person[data-person-row]';
    const sends = kind => guest.page.evaluate(wanted => window.testConnections.some(pc => pc.localDescription && pc.getSenders().some(s => s.track?.kind === wanted && s.track.enabled)), kind);
    await host.press('people');
    await host.press(`${row} [data-do="person-menu"]`);
    await host.press('mute');
    await guest.sees('[data-do="mic"][aria-pressed="false"]');
    await guest.hasText('Dr Rivera has muted your microphone.');
    assert.equal(await sends('audio'), false);
    await host.sees('.tile .mic-off');
    await host.press(`${row} [data-do="person-menu"]`);
    await host.press('mute-video');
    await guest.sees('[data-do="cam"][aria-pressed="false"]');
    await guest.hasText('Dr Rivera has turned off your camera.');
    await guest.shot('switched-off-by-the-host');
    assert.equal(await sends('video'), false);
    await host.sees('.tile .no-picture');
    await guest.press('mic');
    await guest.press('cam');
    await host.gone('.tile .mic-off');
    await host.gone('.tile .no-picture');
    await host.receives();
    await host.leave();
    await guest.leave();
});

test('two people write to each other, and text stays text', async () => {
    const {host, guest} = await meet(chrome, chrome);
    await inCall(host, guest);
    await guest.press('chat');
    await guest.type('#chat-text', 'Hello <img src=x onerror=alert(1)> 👋 https://example.org/a?b=c');
    await guest.press('send-chat');
    await host.press('chat');
    await host.hasText('Hello <img src=x onerror=alert(1)> 👋');
    assert.equal(await host.page.$('.chat-text img'), null);
    await host.shot('host-chat');
    await host.leave();
    await guest.leave();
});

test('sent back, admitted again, removed: each time the guest sees where they are', async () => {
    const {host, guest} = await meet(chrome, chrome);
    await inCall(host, guest);
    await guest.receives();
    await host.press('people');
    const row = '.person[data-person-row]';
    await host.press(`${row} [data-do="person-menu"]`);
    await host.press('return');
    await guest.state('waiting');
    await guest.shot('guest-sent-back');
    assert.deepEqual((await guest.stats()).connections, 0, 'no picture leaves a guest who waits');
    assert.deepEqual(await gathering(guest), ['new'], 'the connection made ahead has gathered no address');
    await host.press('admit');
    await guest.state('incall live');
    await Promise.all([host.receives(), guest.receives()]);
    await host.press(`${row} [data-do="person-menu"]`);
    await host.press('remove');
    await host.press('confirm-remove');
    await guest.state('ended');
    await guest.shot('guest-removed');
    await host.leave();
    await guest.leave();
});

test('a reload keeps the seat and the call comes back by itself', async () => {
    const {host, guest} = await meet(chrome, chrome);
    await inCall(host, guest);
    await host.receives();
    await guest.page.reload();
    await guest.state('incall live');
    await Promise.all([host.receives(), guest.receives()]);
    await host.page.reload();
    await host.state('incall live');
    await Promise.all([host.receives(), guest.receives()]);
    await host.leave();
    await guest.leave();
});

test('a reload in the waiting room keeps the place', async () => {
    const {host, guest} = await meet(chrome, chrome);
    await guest.page.reload();
    await guest.state('waiting');
    await admitFirst(host);
    await guest.state('incall live');
    await host.leave();
    await guest.leave();
});

test('the host leaves: the guest is back in the waiting room, not at the end', async () => {
    const {host, guest} = await meet(chrome, chrome);
    await inCall(host, guest);
    await host.press('leave');
    await host.shot('host-two-verbs');
    await host.press('confirm-leave');
    await host.state('ended');
    await host.shot('host-left');
    await guest.state('waiting');
    await guest.shot('guest-host-left');
    await host.leave();
    await guest.leave();
});

test('the host ends the visit for everyone, and goes back to the next guest waiting', async () => {
    const {room, host, guest} = await meet(chrome, chrome);
    await inCall(host, guest);
    const next = await guestArrives(chrome, {server, invitation: await newInvitation(owner, room), name: 'Next Guest', devices: 'listen-only'});
    await next.state('waiting');
    await host.press('leave');
    await host.press('confirm-end');
    for (const person of [host, guest]) await person.state('ended');
    await guest.shot('guest-visit-ended');
    assert.equal(await guest.page.$('[data-do="rejoin"]'), null, 'an ended visit is over for a guest');
    await host.shot('host-visit-ended');
    await host.press('rejoin');
    await host.state('incall');
    await admitFirst(host);
    await next.state('incall live');
    for (const person of [host, guest, next]) await person.leave();
});

test('a guest put on hold sees the message, and a guest who is declined is told', async () => {
    const {host, guest} = await meet(chrome, chrome);
    await host.press('people');
    await host.press('.waiting-person [data-do="person-menu"]');
    await host.press('hold');
    await host.type('#dialog-text', 'The doctor needs five more minutes.');
    await host.press('confirm-hold');
    await guest.hasText('The doctor needs five more minutes.');
    await guest.shot('guest-held');
    await host.press('.waiting-person [data-do="person-menu"]');
    await host.press('deny');
    await host.shot('host-declines');
    await host.press('confirm-deny');
    await guest.state('ended');
    await guest.shot('guest-declined');
    await host.leave();
    await guest.leave();
});

test('three people in one call each see the two others', async () => {
    const {host, guest, room} = await meet(chrome, chrome);
    await inCall(host, guest);
    const third = await guestArrives(chrome, {server, invitation: await newInvitation(owner, room), name: 'Third Person', viewport: {width: 390, height: 844}});
    await third.state('waiting');
    await host.press('people');
    await host.press('admit');
    await host.press('admit-beside');
    for (const person of [host, guest, third]) await person.statsWhen(s => s.connections === 2 && s.frames > 10 && s.audioEnergy > 0, 'waiting for two others');
    await third.shot('phone-three-people');
    for (const person of [host, guest, third]) await person.leave();
});

test('when no connection between two people is possible, both are told what to try, for as long as it lasts', async () => {
    const {host, guest} = await meet(chrome, chrome, {relay_only: true}); // and there is no relay
    await admitFirst(host);
    for (const person of [host, guest]) {
        await person.state('incall connecting');
        await person.hasText('try another one, such as mobile data');
        await person.state('incall');
    }
    await guest.shot('guest-no-way');
    await host.leave();
    await guest.leave();
});

test('a person who only opens the start page learns where they are, and nothing is requested from elsewhere', async () => {
    const visitor = await Person.arrive(chrome, {server, name: 'visitor'});
    await visitor.open('/');
    await visitor.hasText('Hill Clinic');
    await visitor.shot('start-page');
    await visitor.stayedHome();
    visitor.quiet();
    await visitor.leave();
});
