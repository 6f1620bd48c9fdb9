// The whole way by keyboard: from the link into the waiting room, and the single keys of the call.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {admitFirst, chromium, guestArrives, hostArrives, Person} from '../support/browser.mjs';
import {newInvitation, newRoom, newUser} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';

const {server, admin} = await practice();
const owner = await newUser(admin, {name: 'Dr Rivera'});
const browser = await chromium();
const STEPS_MAX = 30;

/** Presses Tab until an element that matches has the focus and shows it. */
async function tabTo(person, selector) {
    const there = () => person.page.evaluate(wanted => document.activeElement?.matches(wanted) === true, selector);
    for (let step = 0; !(await there()); step++) {
        if (step === STEPS_MAX) await person.explain(new Error('Tab does not lead there'), `tabbing to ${selector}`);
        await person.page.keyboard.press('Tab');
    }
    const ring = await person.page.evaluate(() => document.activeElement.matches(':focus-visible') && getComputedStyle(document.activeElement).outlineStyle);
    assert.ok(ring && ring !== 'none', `${selector} does not show its focus`);
}

test('a guest comes from the link into the waiting room with Tab, Enter and Space alone', async () => {
    const room = await newRoom(owner, {consent_text: 'I agree to a video visit.'});
    const guest = await Person.arrive(browser, {server, name: 'keys'});
    const {keyboard} = guest.page;
    await guest.open(`/j/#${(await newInvitation(owner, room)).code}`);
    await guest.sees('#l-go:not([disabled])');
    await keyboard.press('Tab');
    assert.equal(await guest.page.evaluate(() => document.activeElement.className), 'skip-link', 'the first stop skips the head');
    await tabTo(guest, '#l-go');
    await keyboard.press('Enter');
    await guest.state('primer');
    await guest.until(() => document.activeElement?.tagName === 'H1', null, 'waiting for the heading to be read');
    await tabTo(guest, '[data-do="allow"]');
    await keyboard.press('Space');
    await guest.state('check');
    await guest.sees('video[data-self]');
    await tabTo(guest, '[data-do="cam"]');
    await keyboard.press('Space');
    await guest.gone('video[data-self]');
    await keyboard.press('Space');
    await guest.sees('video[data-self]');
    await tabTo(guest, 'details summary');
    await keyboard.press('Enter');
    await guest.sees('#pick-cameraId');
    await tabTo(guest, '#name');
    await keyboard.type('Gina Guest');
    await tabTo(guest, '[name="consent"]');
    await keyboard.press('Space');
    await tabTo(guest, '[data-do="enter"]');
    await keyboard.press('Enter');
    await guest.state('waiting');
    guest.quiet();
    await guest.leave();
});

test('single keys work in the call, and not while a person writes', async () => {
    const room = await newRoom(owner);
    const host = await hostArrives(browser, {server, client: owner, room});
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(owner, room)});
    await guest.state('waiting');
    await admitFirst(host);
    await host.state('incall live');
    const {keyboard} = host.page;
    for (const [key, button] of [['m', 'mic'], ['v', 'cam']])
        for (const pressed of ['false', 'true']) {
            await keyboard.press(key);
            await host.sees(`[data-do="${button}"][aria-pressed="${pressed}"]`);
            if (pressed === 'false') await guest.sees(key === 'm' ? '.tile .mic-off' : '.tile .no-picture');
        }
    await keyboard.press('p');
    await host.sees('[data-panel="people"]');
    await keyboard.press('p');
    await host.gone('[data-panel]');
    await keyboard.press('c');
    await host.sees('[data-panel="chat"]');
    await host.until(() => document.activeElement?.id === 'chat-text', null, 'waiting for the cursor in the message');
    await keyboard.type('mvcp?');
    assert.equal(await host.page.$eval('#chat-text', field => field.value), 'mvcp?');
    for (const button of ['mic', 'cam']) assert.equal(await host.page.$eval(`[data-do="${button}"]`, b => b.ariaPressed), 'true', 'typed letters switch nothing');
    await host.sees('[data-panel="chat"]');
    assert.equal(await host.page.$('dialog'), null);
    await keyboard.press('Enter');
    await guest.press('chat');
    await guest.hasText('mvcp?');
    await keyboard.press('Escape');
    await host.gone('[data-panel]');
    await host.until(() => document.activeElement?.matches('[data-do="chat"]') === true, null, 'waiting for the focus to go back');
    await keyboard.press('?');
    await host.sees('dialog[open] .keys');
    await keyboard.press('m');
    await keyboard.press('Escape');
    await host.gone('dialog');
    assert.equal(await host.page.$eval('[data-do="mic"]', b => b.ariaPressed), 'true', 'behind a dialog no key works');
    await keyboard.down('Control');
    await keyboard.press('m');
    await keyboard.up('Control');
    assert.equal(await host.page.$eval('[data-do="mic"]', b => b.ariaPressed), 'true', 'with another key it is the browser\'s');
    host.quiet();
    await host.leave();
    await guest.leave();
});
