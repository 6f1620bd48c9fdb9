// A text that is too long is never cut in silence: the page says how many characters fit, and the text stays.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {admitFirst, chromium, guestArrives, hostArrives, Person} from '../support/browser.mjs';
import {newInvitation, newRoom, newUser} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';

const {server, admin} = await practice();
const browser = await chromium();
const host = await newUser(admin, {name: 'Dr Rivera'});

/** Pastes: typing thousands of letters would take minutes. */
const paste = (person, selector, text) =>
    person.page.$eval(selector, (field, words) => {
        field.focus();
        field.value = words;
        field.dispatchEvent(new Event('input', {bubbles: true}));
    }, text);
const held = (person, selector) => person.page.$eval(selector, field => field.value.length);
const comes = (room, name, devices = 'listen-only') => newInvitation(host, room).then(invitation => guestArrives(browser, {server, invitation, name, devices}));

/** A text that is too long is reported and kept; without the last letters it is sent. */
async function isSaid(person, field, send, fits, wrong) {
    await person.sees(field);
    await paste(person, field, 'ä'.repeat(fits + 3));
    await person.press(send);
    await person.hasText(`This is too long: at most ${fits} characters.`);
    await person.shot(`${wrong}-${person.page.viewport().width}`);
    assert.equal(await held(person, field), fits + 3, 'nothing is cut');
    assert.equal(await person.page.$eval(field, node => node === document.activeElement && node.getAttribute('aria-invalid')), 'true');
    assert.ok((await person.page.$eval(field, node => node.getAttribute('aria-describedby'))).includes(wrong));
    await paste(person, field, 'ä'.repeat(fits));
    await person.gone(`#${wrong}`);
    await person.press(send);
}

test('a chat message that is too long is kept and reported, in the waiting room and in the call', async () => {
    const room = await newRoom(host);
    const doctor = await hostArrives(browser, {server, client: host, room});
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(host, room), devices: 'listen-only', viewport: {width: 320, height: 640}});
    await guest.state('waiting');
    await isSaid(guest, '#chat-text', 'send-chat', 2048, 'chat-text-wrong');
    await guest.sees('.chat-line.mine');
    await admitFirst(doctor);
    await doctor.state('incall');
    await doctor.press('chat');
    await isSaid(doctor, '#chat-text', 'send-chat', 2048, 'chat-text-wrong');
    await doctor.sees('.chat-line.mine');
    for (const person of [guest, doctor]) {
        person.quiet();
        await person.leave();
    }
});

test('a message to a guest that is too long keeps the dialog open', async () => {
    const room = await newRoom(host);
    const doctor = await hostArrives(browser, {server, client: host, room});
    const guest = await comes(room, 'Gina');
    await guest.state('waiting');
    await doctor.press('people');
    await doctor.press('person-menu');
    await doctor.press('hold');
    await isSaid(doctor, '#dialog-text', 'confirm-hold', 500, 'dialog-text-wrong');
    await doctor.gone('dialog[open]');
    await guest.hasText('ä'.repeat(50));
    for (const person of [guest, doctor]) await person.leave();
});

test('the same holds on Today, for a message and for one that goes with a decision', async () => {
    const colleague = await newUser(admin, {name: 'Dr Osei'});
    const room = await newRoom(colleague);
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(colleague, room), devices: 'listen-only'});
    await guest.state('waiting');
    const today = await Person.arrive(browser, {server, client: colleague, name: 'today'});
    await today.open('/app');
    await today.press('chat');
    await isSaid(today, '.strip [name="text"]', 'send', 2048, 'strip-wrong');
    await guest.sees('.chat-line');
    await today.press('hold');
    await isSaid(today, '.strip [name="text"]', 'confirm-hold', 500, 'strip-wrong');
    await guest.hasText('ä'.repeat(50));
    today.quiet();
    for (const person of [guest, today]) await person.leave();
});

test('a name that is too long is reported beside its field and stays there, and a PIN that is too long is a wrong one', async () => {
    const room = await newRoom(host, {pin: '4711'});
    const guest = await Person.arrive(browser, {server, name: 'Longname', viewport: {width: 320, height: 640}});
    await guest.open(`/j/#${(await newInvitation(host, room)).code}`);
    await guest.press('#l-go');
    await guest.press('listen-only');
    await guest.state('check');
    await paste(guest, '#name', 'n'.repeat(300));
    await paste(guest, '#pin', '4711');
    await guest.press('enter');
    await guest.sees('#name-wrong');
    assert.equal(await held(guest, '#name'), 300);
    await paste(guest, '#name', 'Ana Novak');
    await paste(guest, '#pin', '4'.repeat(90));
    await guest.press('enter');
    await guest.sees('#pin-wrong');
    await paste(guest, '#pin', '4711');
    await guest.press('enter');
    await guest.state('waiting');
    await guest.leave();
});
