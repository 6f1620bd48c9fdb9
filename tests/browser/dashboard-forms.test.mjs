// The practice's pages with a keyboard and a form: rules, links, accounts, their own account.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test, {after} from 'node:test';
import {chromium, Person} from '../support/browser.mjs';
import {good, newRoom, newUser, PASSWORD, setUp, signIn} from '../support/http.mjs';
import {startServer} from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const browser = await chromium();
const admin = await setUp(server);
const SAVE = '[type="submit"]';

/** A person signed in, on a page. */
async function at(client, path) {
    const person = await Person.arrive(browser, {server, client, name: 'user'});
    await person.open(path);
    return person;
}

const fieldValue = (person, selector) => person.page.$eval(selector, field => (field.type === 'checkbox' ? field.checked : field.value));
const waitForPath = (person, path) => person.page.waitForFunction(wanted => location.pathname === wanted, {polling: 50}, path);

test('changing the rules of a room sends only the differences', async () => {
    const colleague = await newUser(admin, {name: 'Dr Co Host'});
    const room = await newRoom(admin, {name: 'Rules'});
    const owner = await at(admin, `/app/rooms/${room.id}`);
    await owner.hasText('Dr Co Host');
    await owner.type('#room-name', 'Rules two');
    await owner.press('#room-relay_only');
    await owner.type('#room-pin', '4711');
    await owner.press(`[value="${colleague.user.id}"]`);
    await owner.type('#room-consent_text', 'We talk.');
    await owner.press(SAVE, '#main form');
    await owner.hasText('Saved.');
    const now = await admin.read(`/rooms/${room.id}`);
    const rules = [now.name, now.relay_only, now.has_pin, now.cohosts, now.consent_text, now.slug];
    assert.deepEqual(rules, ['Rules two', true, true, [colleague.user.id], 'We talk.', room.slug]);
    assert.equal(await fieldValue(owner, '#room-pin'), '', 'the PIN does not stay on the screen');
    await owner.press(SAVE, '#main form');
    await owner.hasText('Nothing was changed.');
    await owner.press('#room-pin_off');
    await owner.press(SAVE, '#main form');
    await owner.gone('#room-pin_off');
    assert.equal((await admin.read(`/rooms/${room.id}`)).has_pin, false);
    owner.quiet();
    await owner.leave();
});

test('two people change a room: changes that fit are merged, and a conflict is asked about', async () => {
    const room = await newRoom(admin, {name: 'Both'});
    const owner = await at(admin, `/app/rooms/${room.id}`);
    await owner.sees('#room-name');
    good(await admin.patch(`/rooms/${room.id}`, {name: 'Theirs', locked: true}));
    await owner.type('#room-name', 'Mine');
    await owner.type('#room-max_participants', '3');
    await owner.press(SAVE, '#main form');
    await owner.sees('#merge .clash');
    await owner.shot('merge');
    assert.equal(await fieldValue(owner, '#room-locked'), true, 'theirs is taken over');
    assert.equal(await fieldValue(owner, '#room-max_participants'), '3', 'mine is kept');
    await (await owner.page.$('#merge .clash button')).click();
    await owner.gone('#merge .clash');
    assert.equal(await fieldValue(owner, '#room-name'), 'Theirs');
    await owner.press(SAVE, '#main form');
    await owner.gone('#merge');
    const now = await admin.read(`/rooms/${room.id}`);
    assert.deepEqual([now.name, now.max_participants, now.locked], ['Theirs', 3, true]);
    await owner.leave();
});

test('the server\'s objection stands beside its field, and nothing typed is lost', async () => {
    await newRoom(admin, {name: 'First', slug: 'taken-one'});
    const room = await newRoom(admin, {name: 'Second'});
    const owner = await at(admin, `/app/rooms/${room.id}`);
    await owner.type('#room-name', 'Still here');
    await owner.type('#room-slug', 'taken-one');
    await owner.press(SAVE, '#main form');
    await owner.sees('#room-slug[aria-invalid="true"]');
    assert.equal(await fieldValue(owner, '#room-name'), 'Still here');
    assert.equal(await owner.page.evaluate(() => document.activeElement?.id), 'room-slug');
    await owner.leave();
});

test('a room is deleted after a question', async () => {
    const room = await newRoom(admin, {name: 'To be deleted'});
    const owner = await at(admin, `/app/rooms/${room.id}`);
    await owner.press('delete-room');
    await owner.page.keyboard.press('Escape');
    await owner.gone('dialog[open]');
    assert.equal(await owner.page.evaluate(() => document.activeElement?.getAttribute('data-do')), 'delete-room', 'the focus goes back');
    await owner.press('delete-room');
    await owner.press('.danger', 'dialog');
    await waitForPath(owner, '/app/rooms');
    assert.equal((await admin.get(`/api/v1/rooms/${room.id}`)).status, 404);
    await owner.leave();
});

test('a host makes the first room and a link with options', async () => {
    const host = await at(await newUser(admin, {name: 'Dr First'}), '/app');
    await host.hasText('Create your first room');
    await host.press('.primary', '#main');
    await host.sees('dialog #room-new-name');
    assert.equal(await fieldValue(host, '#room-new-name'), 'Dr First');
    await host.press(SAVE, 'dialog');
    await host.hasText('No links yet');
    await host.press('new-link');
    await host.type('#invitation-guest_name', 'Ana Novak');
    await host.page.select('#invitation-lifetime', '0');
    await host.type('#invitation-max_uses', '3');
    await host.press(SAVE, 'dialog');
    await host.sees('dialog svg[role="img"]');
    await host.page.keyboard.press('Escape');
    await host.gone('dialog[open]');
    await host.hasText('0 of 3 used');
    await host.hasText('no end');
    await host.press('renew-link');
    await host.press('.primary', 'dialog');
    await host.sees('dialog svg[role="img"]');
    await host.leave();
});

test('an administrator adds an account, changes its role and back, disables and enables it', async () => {
    const owner = await at(admin, '/app/people');
    const row = '[aria-label="Nina New"]';
    const nina = async () => (await admin.read('/users?limit=200')).items.find(user => user.email === 'nina@example.org');
    await owner.press('add-person');
    await owner.type('#person-name', 'Nina New');
    await owner.type('#person-email', 'nina@example.org');
    await owner.press(SAVE, 'dialog');
    await owner.sees('dialog input[readonly]');
    assert.match(await fieldValue(owner, 'dialog input[readonly]'), /\/password#/);
    await owner.page.keyboard.press('Escape');
    await owner.gone('dialog[open]');
    await owner.page.select(`${row} select`, 'desk');
    await owner.hasText('Nina New is now: Front desk.');
    assert.equal((await nina()).role, 'desk');
    await owner.press('undo');
    await owner.page.waitForFunction(selector => document.querySelector(selector)?.value === 'host', {polling: 50}, `${row} select`);
    assert.equal((await nina()).role, 'host');
    await owner.press('disable', row);
    await owner.press('.danger', 'dialog');
    await owner.press('enable', row);
    await owner.sees(`${row} [data-do="disable"]`);
    assert.equal((await nina()).state, 'invited');
    owner.quiet();
    await owner.leave();
});

test('a second account with the same address is refused beside the field', async () => {
    await newUser(admin, {name: 'Only One', email: 'only@example.org'});
    const owner = await at(admin, '/app/people');
    await owner.press('add-person');
    await owner.type('#person-name', 'Twin');
    await owner.type('#person-email', 'only@example.org');
    await owner.press(SAVE, 'dialog');
    await owner.sees('#person-email[aria-invalid="true"]');
    assert.equal(await fieldValue(owner, '#person-name'), 'Twin');
    await owner.leave();
});

test('people change their own account, end a sign-in elsewhere and sign out', async () => {
    const user = await newUser(admin, {name: 'Dr Own', email: 'own@example.org'});
    const elsewhere = await signIn(server, 'own@example.org');
    const person = await at(user, '/app/account');
    const passwordForm = '#main section[aria-labelledby="password-title"]';
    await person.press('end-session');
    await person.gone('[data-do="end-session"]');
    assert.equal((await elsewhere.get('/api/v1/session')).status, 401);
    await person.type('#own-password-current', 'not my password at all');
    await person.type('#own-password-password', 'another fine passphrase');
    await person.press(SAVE, passwordForm);
    await person.hasText('This is not your current password.');
    await person.type('#own-password-current', PASSWORD);
    await person.press(SAVE, passwordForm);
    await person.hasText('Your password is changed');
    await person.type('#profile-name', 'Dr Renamed');
    await person.page.select('#profile-timezone', 'Asia/Tokyo');
    await person.page.select('#profile-language', 'ar');
    await person.press(SAVE, '#main section[aria-labelledby="profile-title"]');
    await person.sees('html[dir="rtl"] main');
    const {user: now} = await user.read('/session');
    assert.deepEqual([now.name, now.timezone, now.language], ['Dr Renamed', 'Asia/Tokyo', 'ar']);
    await person.press('sign-out');
    await waitForPath(person, '/signin');
    assert.equal((await user.get('/api/v1/session')).status, 401);
    await person.leave();
});

test('an administrator changes name and phone of the practice, and guests see them', async () => {
    const owner = await at(admin, '/app/account');
    await owner.type('#practice-practice', 'Valley Clinic');
    await owner.type('#practice-phone', '+351 555 0100');
    await owner.press(SAVE, '#main section[aria-labelledby="practice-title"]');
    await owner.hasText('Saved.');
    const facts = await admin.read('/public');
    assert.deepEqual([facts.practice, facts.phone], ['Valley Clinic', '+351 555 0100']);
    await owner.hasText('Valley Clinic');
    await owner.leave();
});

test('a sign-in that ends elsewhere leads to the sign-in page, and back to the page', async () => {
    const user = await newUser(admin, {name: 'Dr Gone', email: 'gone@example.org'});
    const person = await at(user, '/app/account');
    await person.sees('#profile-name');
    await user.delete('/session');
    await waitForPath(person, '/signin');
    await person.type('[name="email"]', 'gone@example.org');
    await person.type('[name="password"]', PASSWORD);
    await person.press(SAVE);
    await waitForPath(person, '/app/account');
    await person.leave();
});

test('arrow keys move through the rows, and Escape closes dialogs and strips', async () => {
    for (const name of ['Walk A', 'Walk B', 'Walk C']) await newUser(admin, {name});
    const owner = await at(admin, '/app/people');
    await owner.sees('[aria-label="Walk A"]');
    await owner.page.focus('.rows [data-row]');
    const names = [];
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp', 'End', 'Home']) {
        await owner.page.keyboard.press(key);
        names.push(await owner.page.evaluate(() => [...document.querySelectorAll('[data-row]')].indexOf(document.activeElement)));
    }
    const last = (await owner.page.$$('[data-row]')).length - 1;
    assert.deepEqual(names, [1, 2, 1, last, 0]);
    await owner.leave();
});
