// The call in a small window above other programs: the other's moving picture, two buttons, and the way back.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {admitFirst, chromium, guestArrives, hostArrives} from '../support/browser.mjs';
import {newInvitation, newRoom, newUser} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';

const {server, admin} = await practice();
const owner = await newUser(admin, {name: 'Dr Rivera'});
const browser = await chromium();

async function inCall(options = {}) {
    const room = await newRoom(owner);
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(owner, room), ...options});
    await guest.state('waiting');
    const host = await hostArrives(browser, {server, client: owner, room});
    await admitFirst(host);
    await guest.state('incall live');
    await guest.receives();
    return {host, guest};
}

async function popOut(person) {
    await person.press('more');
    await person.press('pip');
}

/** The other's picture in the small window plays on, and its content changes. */
async function moves(person) {
    await person.page.evaluate(() => {
        window.testLook = () => {
            const video = window.documentPictureInPicture?.window?.document.querySelector('video:not(.self)') ?? document.pictureInPictureElement;
            const paint = Object.assign(document.createElement('canvas'), {width: 64, height: 48}).getContext('2d');
            paint.drawImage(video, 0, 0, 64, 48);
            return {at: video.currentTime, seen: paint.getImageData(0, 0, 64, 48).data.join()};
        };
        window.testFirstLook = window.testLook();
    });
    await person.until(
        () => {
            const now = window.testLook();
            return now.at > window.testFirstLook.at + 0.5 && now.seen !== window.testFirstLook.seen;
        },
        null,
        'waiting for the small picture to move',
    );
}

const inWindow = (person, look) => person.page.evaluate(`(${look})(window.documentPictureInPicture.window)`);

test('the small window shows the other\'s moving picture without a second voice, mutes, and gives the call back', async () => {
    const {host, guest} = await inCall();
    await popOut(guest);
    await guest.until(() => window.documentPictureInPicture.window?.document.querySelectorAll('video').length === 2, null, 'waiting for the small window');
    assert.deepEqual(await inWindow(guest, w => [...w.document.querySelectorAll('video')].map(v => v.muted)), [true, true]);
    assert.ok(await guest.page.evaluate(() => window.documentPictureInPicture.window.document.querySelector('video').srcObject.getVideoTracks()[0] === document.querySelector('video[data-person]').srcObject.getVideoTracks()[0]), 'it is the other person');
    await moves(guest);
    await inWindow(guest, w => w.document.querySelector('button').click());
    await guest.sees('[data-do="mic"][aria-pressed="false"]');
    await host.sees('.tile .mic-off');
    assert.equal(await inWindow(guest, w => w.document.querySelector('button').innerText), 'Unmute');
    await inWindow(guest, w => w.close());
    await guest.until(() => window.documentPictureInPicture.window === null, null, 'waiting until the small window is gone');
    await guest.state('incall live');
    await guest.press('mic');
    await guest.receives();
    await popOut(guest);
    await guest.until(() => window.documentPictureInPicture.window !== null, null, 'waiting for the small window once more');
    await moves(guest);
    await inWindow(guest, w => w.document.querySelector('.end').click());
    await guest.state('ended');
    await guest.until(() => window.documentPictureInPicture.window === null, null, 'waiting until the small window is gone');
    guest.quiet();
    await guest.leave();
    await host.leave();
});

test('when the visit ends, the small window closes', async () => {
    const {host, guest} = await inCall();
    await popOut(guest);
    await guest.until(() => window.documentPictureInPicture.window !== null, null, 'waiting for the small window');
    await host.press('leave');
    await host.press('confirm-end');
    await guest.state('ended');
    await guest.until(() => window.documentPictureInPicture.window === null, null, 'waiting until the small window is gone');
    await guest.leave();
    await host.leave();
});

test('a browser without such windows lifts the picture alone out of the page, and puts it back', async () => {
    const {host, guest} = await inCall({before: () => delete window.documentPictureInPicture});
    await popOut(guest);
    await guest.until(() => document.pictureInPictureElement?.dataset.person !== undefined, null, 'waiting for the small picture');
    await moves(guest);
    await guest.page.evaluate(() => document.exitPictureInPicture());
    await guest.until(() => document.pictureInPictureElement === null, null, 'waiting until the small picture is gone');
    await guest.state('incall live');
    await guest.receives();
    guest.quiet();
    await guest.leave();
    await host.leave();
});
