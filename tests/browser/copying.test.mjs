// Links that are passed on by the clipboard and by the QR code, which is decoded from its drawing as a telephone would.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import jsQR from 'jsqr';
import {accessible} from '../support/axe.mjs';
import {chromium, Person} from '../support/browser.mjs';
import {Client, codeOf, good, newInvitation, newRoom, newUser} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';

const {server, admin} = await practice();
const owner = await newUser(admin, {name: 'Dr Rivera'});
const browser = await chromium();
const CLIPBOARD = ['clipboard-read', 'clipboard-sanitized-write'];

async function clipboard(person) {
    await person.page.bringToFront();
    return person.page.evaluate(() => navigator.clipboard.readText());
}

/** The text that a camera reads in the QR code shown now: its paths are painted, ground first, and the points decoded. */
async function readCode(person) {
    const {points, width} = await person.page.$eval('.qr svg', drawing => {
        const scale = 4;
        const width = drawing.viewBox.baseVal.width * scale;
        const paint = Object.assign(document.createElement('canvas'), {width, height: width}).getContext('2d');
        paint.scale(scale, scale);
        for (const part of drawing.querySelectorAll('rect, path')) {
            paint.fillStyle = getComputedStyle(part).fill;
            if (part.matches('rect')) paint.fillRect(0, 0, part.width.baseVal.value, part.height.baseVal.value);
            else paint.fill(new Path2D(part.getAttribute('d')));
        }
        return {points: [...paint.getImageData(0, 0, width, width).data], width};
    });
    return jsQR(Uint8ClampedArray.from(points), width, width)?.data;
}

test('the link of a visit is copied as it is shown, its QR code holds the same link, and it lets a guest in', async () => {
    const room = await newRoom(owner, {name: 'Consulting room'});
    const host = await Person.arrive(browser, {server, client: owner, name: 'host', granted: CLIPBOARD});
    await host.open(`/app/rooms/${room.id}`);
    await host.press('visit-link');
    await host.sees('.qr svg path');
    const link = await host.page.$eval('dialog input[readonly]', field => field.value);
    await host.press('copy-link', 'dialog');
    await host.hasText('copied');
    await host.shot('copied');
    assert.equal(await clipboard(host), link);
    assert.equal(await readCode(host), link);
    assert.equal(good(await new Client(server).post('/invitations/lookup', {code: codeOf(link)})).state, 'valid');
    host.quiet();
    await host.leave();
});

/** A browser that cannot make calls: the link must be opened in another one. */
const withoutDevices = () => Object.defineProperty(navigator, 'mediaDevices', {value: undefined});

async function atTooOldBrowser(options) {
    const room = await newRoom(owner);
    const guest = await Person.arrive(browser, {server, name: 'old-browser', viewport: {width: 390, height: 844}, before: withoutDevices, ...options});
    const link = `/j/#${(await newInvitation(owner, room)).code}`;
    await guest.open(link);
    await guest.press('#l-go');
    await guest.sees('[data-problem="unsupported"]');
    return {guest, link: server.origin + link};
}

test('a guest who must open the link elsewhere copies it with one press', async () => {
    const {guest, link} = await atTooOldBrowser({granted: CLIPBOARD});
    await guest.sees('.qr svg path');
    assert.equal(await readCode(guest), link, 'or another device reads it');
    await guest.press('copy');
    await guest.hasText('Copied');
    assert.equal(await clipboard(guest), link);
    await guest.leave();
});

test('when the clipboard is blocked, the page does not claim to have copied: it shows the link to be copied by hand', async () => {
    const {guest, link} = await atTooOldBrowser({
        before: () => {
            Object.defineProperty(navigator, 'mediaDevices', {value: undefined});
            navigator.clipboard.writeText = () => Promise.reject(new DOMException('Write permission denied.', 'NotAllowedError'));
        },
    });
    await guest.press('copy');
    await guest.sees('#link-by-hand');
    await guest.until(() => document.activeElement?.id === 'link-by-hand', null, 'waiting for the cursor in the link');
    assert.equal(await guest.page.$eval('#link-by-hand', field => field.value.slice(field.selectionStart, field.selectionEnd)), link);
    assert.doesNotMatch(await guest.text('#app'), /Copied/);
    await guest.shot('by-hand');
    await accessible(guest, 'link by hand');
    await guest.leave();
});

/** Acts like a program that shows pages itself and denies them the camera. */
const insideAnotherProgram = () => {
    Object.defineProperty(navigator, 'mediaDevices', {value: undefined});
    Object.defineProperty(navigator, 'userAgent', {value: `${navigator.userAgent.replace(/Headless/, '')} Android [FBAN/FB4A;FBAV/400.0]`});
};

test('a link that was opened inside another program leads to the person\'s browser: copied, by a press, or read by another device', async () => {
    const room = await newRoom(owner);
    const guest = await Person.arrive(browser, {server, name: 'in-app', viewport: {width: 390, height: 844}, before: insideAnotherProgram});
    const link = `/j/#${(await newInvitation(owner, room)).code}`;
    await guest.open(link);
    await guest.press('#l-go');
    await guest.sees('[data-problem="in_app"]');
    await guest.sees('.qr svg path');
    assert.equal(await readCode(guest), server.origin + link);
    assert.ok((await guest.page.$eval('a[href^="intent:"]', e => e.getAttribute('href'))).endsWith(`${link}#Intent;scheme=https;end`));
    assert.ok(await guest.page.$('[data-do="copy"]:not([disabled])'));
    await accessible(guest, 'in-app');
    await guest.shot('in-app');
    await guest.leave();
});
