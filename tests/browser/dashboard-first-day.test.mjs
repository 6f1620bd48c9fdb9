// The first hour of a new user: forms that name all mistakes at once, words that stay whole on a small phone, toasts that are in nobody's way.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test, {after} from 'node:test';
import {wordsStayWhole} from '../support/axe.mjs';
import {chromium, Person} from '../support/browser.mjs';
import {Client, good, newInvitation, newRoom, newUser, PASSWORD, setUp} from '../support/http.mjs';
import {guestAt} from '../support/scene.mjs';
import {startServer} from '../support/server.mjs';

const server = await startServer();
const empty = await startServer(); // nobody has set it up yet
after(() => Promise.all([server.stop(), empty.stop()]));
const browser = await chromium();
const admin = await setUp(server);
good(await admin.patch('/settings', {practice: 'Hill Clinic for Families'}));
const SMALL = {width: 320, height: 640};
const SAVE = '[type="submit"]';

const at = async (client, path, options = {}) => {
    const person = await Person.arrive(browser, {server, client, name: 'user', ...options});
    await person.open(path);
    return person;
};
const wrongFields = person => person.page.$$eval('[aria-invalid="true"]', fields => fields.map(f => f.name));
const focused = person => person.page.evaluate(() => document.activeElement?.name || document.activeElement?.dataset.do);
/** Whether a finger on its middle would meet it and nothing else. */
const meets = (person, selector) => person.page.$eval(selector, element => {
    const r = element.getBoundingClientRect();
    return element.contains(document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2));
});

test('the setup form names all mistakes at once, and each message goes when its field is corrected', async () => {
    const owner = await at(undefined, `/setup#${empty.setupCode}`, {viewport: SMALL, server: empty});
    await owner.type('[name="email"]', 'olga at example');
    await owner.type('[name="password"]', 'short');
    await owner.press(SAVE);
    await owner.sees('#setup-practice-wrong');
    assert.deepEqual(await wrongFields(owner), ['practice', 'name', 'email', 'password']);
    assert.equal(await focused(owner), 'practice', 'the first one can be mended at once');
    await owner.shot('setup-all-errors-320');
    await owner.type('[name="practice"]', 'Hill Clinic for Families');
    assert.deepEqual(await wrongFields(owner), ['name', 'email', 'password']);
    await owner.type('[name="email"]', 'owner@example.org');
    assert.deepEqual(await wrongFields(owner), ['name', 'password']);
    await owner.type('[name="password"]', PASSWORD);
    await owner.press(SAVE);
    await owner.until(() => document.activeElement?.name === 'name', null, 'waiting for the cursor in the name');
    assert.deepEqual(await wrongFields(owner), ['name']);
    assert.equal(await owner.page.$eval('[name="password"]', f => f.value), PASSWORD, 'nothing typed is lost');
    await owner.type('[name="name"]', 'x'.repeat(70));
    await owner.press(SAVE);
    await owner.hasText('at most 64 characters');
    await owner.type('[name="name"]', 'Dr Olga Owner');
    await owner.press(SAVE);
    await owner.until(() => location.pathname === '/app', null, 'waiting for the dashboard');
    await owner.sees('.toast');
    await owner.sees('.empty .primary');
    await owner.shot('welcome-320');
    const apart = await owner.page.evaluate(() => {
        const [a, b] = ['.empty .primary', '.toast'].map(s => document.querySelector(s).getBoundingClientRect());
        return a.bottom <= b.top || a.top >= b.bottom;
    });
    assert.ok(apart, 'the first thing to do is not covered by the welcome');
    owner.quiet();
    await owner.leave();
});

test('labels of buttons stay whole at 320 px, however long the name of the practice is', async () => {
    const owner = await at(admin, '/app', {viewport: SMALL});
    await owner.sees('main h1');
    await wordsStayWhole(owner, 'the head of the dashboard');
    const lines = await owner.page.$eval('[data-do="sign-out"] span', e => Math.round(e.getBoundingClientRect().height / Number.parseFloat(getComputedStyle(e).lineHeight)));
    assert.equal(lines, 1, 'Sign out is one line');
    await owner.shot('head-320');
    await owner.leave();
});

test('typing replaces a suggested name', async () => {
    const host = await at(await newUser(admin, {name: 'Dr First'}), '/app');
    await host.press('.primary', '#main');
    await host.until(() => document.activeElement?.id === 'room-new-name', null, 'waiting for the cursor in the name');
    await host.page.keyboard.type('Garden room');
    assert.equal(await host.page.$eval('#room-new-name', f => f.value), 'Garden room');
    await host.page.keyboard.press('Escape');
    await host.gone('dialog[open]');
    await host.press('.primary', '#main');
    await host.press('#room-new-slug');
    await host.press('#room-new-name');
    await host.page.keyboard.type('Blue room');
    assert.equal(await host.page.$eval('#room-new-name', f => f.value), 'Blue room', 'also after a press of the mouse');
    await host.press('#room-new-name');
    await host.page.keyboard.type('!');
    assert.equal((await host.page.$eval('#room-new-name', f => f.value)).length, 'Blue room!'.length, 'the typed text is not thrown away');
    await host.leave();
});

test('a toast stands before an open dialog, not behind it', async () => {
    const room = await newRoom(admin, {name: 'Toasts'});
    await newInvitation(admin, room, {guest_name: 'Ana Novak'});
    const owner = await at(admin, `/app/rooms/${room.id}`, {viewport: SMALL});
    await owner.press('show-link');
    await owner.press('copy-message', 'dialog');
    await owner.sees('.toast');
    assert.ok(await meets(owner, '.toast .square'), 'it can be closed');
    await owner.shot('toast-in-dialog-320');
    await owner.leave();
});

test('a toast does not cover the button that was pressed, and everything can be scrolled out from under it', async () => {
    for (const viewport of [SMALL, {width: 1280, height: 600}]) {
        const owner = await at(admin, '/app/account', {viewport});
        await owner.sees('#profile-name');
        const button = `#main section[aria-labelledby="profile-title"] ${SAVE}`;
        // where the toast will stand
        await owner.page.$eval(button, b => window.scrollBy(0, b.getBoundingClientRect().bottom - innerHeight + 100));
        await owner.page.$eval(button, b => b.click());
        await owner.sees('.toast');
        assert.ok(await meets(owner, button), `${viewport.width} px: the button that was pressed`);
        await owner.page.$$eval('#main button', all => all.at(-1).setAttribute('data-test', 'last'));
        await owner.page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
        assert.ok(await meets(owner, '[data-test="last"]'), `${viewport.width} px: the last button of the page`);
        await owner.shot(`toast-on-page-${viewport.width}`);
        await owner.leave();
    }
});

test('a toast shown before a dialog was opened stays behind it', async () => {
    const owner = await at(admin, '/app/rooms', {viewport: SMALL});
    await owner.press('new-room');
    await owner.type('#room-new-name', 'Behind');
    await owner.press(SAVE, 'dialog');
    await owner.hasText('Behind is ready.');
    await owner.press('new-link');
    await owner.sees('dialog[open]');
    assert.equal(await owner.page.$('dialog .toast'), null);
    assert.ok(await meets(owner, `dialog ${SAVE}`));
    await owner.leave();
});

test('on a phone the buttons of an opened question are in view, above the navigation', async () => {
    const host = await newUser(admin, {name: 'Dr Small'});
    const room = await newRoom(host);
    await guestAt(room, await newInvitation(host, room), {server});
    const page = await at(host, '/app', {viewport: {width: 390, height: 740}});
    await page.press('deny');
    await page.until(() => document.activeElement?.name === 'text', null, 'waiting for the cursor in the field');
    assert.ok(await meets(page, '[data-do="confirm-deny"]'));
    await page.shot('question-on-phone');
    await page.leave();
});

test('an empty message is reported by the page itself', async () => {
    const host = await newUser(admin, {name: 'Dr Rivera'});
    const room = await newRoom(host);
    const guest = await guestAt(room, await newInvitation(host, room), {server});
    const page = await at(host, '/app');
    await page.press('chat');
    await page.press('send');
    await page.hasText('Write something first.');
    assert.equal(await focused(page), 'text');
    await page.page.keyboard.type('Hello');
    await page.gone('#strip-wrong');
    await page.press('send');
    assert.equal((await guest.next('chat')).text, 'Hello');
    page.quiet();
    await page.leave();
});

test('a link to send is a whole message that can be read and changed, in the language of the guest; the link alone is the second choice', async () => {
    good(await admin.patch('/settings', {phone: '+351 555 0100'}));
    const host = await newUser(admin, {name: 'Dr Rivera'});
    const room = await newRoom(host, {name: 'Consulting room'});
    const {url} = await newInvitation(host, room, {guest_name: 'Ana Novak'});
    const granted = ['clipboard-read', 'clipboard-sanitized-write'];
    const page = await at(host, `/app/rooms/${room.id}`, {viewport: {width: 390, height: 844}, granted});
    const copied = () => page.page.evaluate(() => navigator.clipboard.readText());
    await page.press('show-link');
    await page.press('copy-message', 'dialog');
    await page.hasText('Message copied.');
    const message = await copied();
    for (const part of ['Hello Ana Novak,', 'Dr Rivera (Hill Clinic for Families)', 'camera and a microphone', '+351 555 0100', `\n${url}\n`])
        assert.ok(message.includes(part), `${part} in\n${message}`);
    await page.shot('message-390');
    await page.type('#link-message', `Hi Ana! ${url}`);
    await page.press('copy-message', 'dialog');
    await page.until(async wanted => (await navigator.clipboard.readText()) === wanted, `Hi Ana! ${url}`, 'waiting for what was typed');
    await page.press('copy-link', 'dialog');
    await page.until(async wanted => (await navigator.clipboard.readText()) === wanted, url, 'waiting for the link alone');
    await page.page.select('dialog .select', 'ar');
    await page.sees('#link-message[dir="rtl"]');
    assert.match(await page.page.$eval('#link-message', f => f.value), /مرحبًا Ana Novak/);
    await page.shot('message-in-arabic-390');
    page.quiet();
    await page.leave();
});

test('a link that names this machine says so, with the remedy, and a colleague is not called a guest', async () => {
    await newUser(admin, {name: 'Carla Colleague'});
    const page = await at(admin, '/app/people', {viewport: SMALL});
    await page.press('new-password-link', '[aria-label="Carla Colleague"]');
    await page.press('.primary', 'dialog');
    await page.sees('dialog [data-reach="machine"]');
    assert.match(await page.text('dialog'), /localhost[\s\S]*--public-url/);
    assert.match(await page.text('dialog figcaption'), /^Carla Colleague can scan/);
    assert.doesNotMatch(await page.text('dialog'), /\bguest.s phone/i);
    await page.shot('password-link-320');
    await page.leave();
});

test('a used link is shown again and revoked', async () => {
    const host = await newUser(admin, {name: 'Dr Used'});
    const room = await newRoom(host);
    const invitation = await newInvitation(host, room, {guest_name: 'Ben Osei'});
    const page = await at(host, `/app/rooms/${room.id}`);
    await page.hasText('Valid');
    const guest = await guestAt(room, invitation, {server});
    await page.hasText('the same person may come back'); // without a press
    await page.press('show-link');
    await page.sees('#link-url');
    assert.equal(await page.page.$eval('#link-url', f => f.value), invitation.url);
    await page.page.keyboard.press('Escape');
    await page.gone('dialog[open]');
    await page.press('revoke-link');
    await page.press('.danger', 'dialog');
    await page.hasText('Revoked');
    await page.gone('[data-do="show-link"]');
    await page.gone('[data-do="revoke-link"]');
    await page.sees('[data-do="renew-link"]');
    assert.equal(good(await new Client(server).post('/invitations/lookup', {code: invitation.code})).state, 'revoked');
    assert.ok(guest);
    await page.leave();
});

test('the room form says how many people can talk, and accepts no more', async () => {
    const room = await newRoom(admin, {name: 'Four'});
    assert.equal((await admin.read(`/rooms/${room.id}`)).capacity, 4);
    const page = await at(admin, `/app/rooms/${room.id}`);
    await page.sees('#room-max_participants');
    assert.equal(await page.page.$eval('#room-max_participants', f => f.value), '4');
    await page.type('#room-max_participants', '12');
    await page.press(SAVE, '#main form');
    await page.hasText('Choose a number from 2 to 4.');
    await page.type('#room-max_participants', '3');
    await page.press(SAVE, '#main form');
    await page.hasText('Saved.');
    const now = await admin.read(`/rooms/${room.id}`);
    assert.deepEqual([now.max_participants, now.capacity], [3, 3]);
    await page.leave();
});

test('an account in each state offers what the server accepts then, and nothing else', async () => {
    const offers = row => row.evaluate(r => [...r.querySelectorAll('[data-do]')].map(b => b.dataset.do));
    const invited = good(await admin.post('/users', {name: 'In Invited', email: 'invited@example.org', role: 'host'}), 201);
    const active = (await newUser(admin, {name: 'Ac Active'})).user;
    const disabled = (await newUser(admin, {name: 'Di Disabled'})).user;
    good(await admin.patch(`/users/${disabled.id}`, {disabled: true}));
    const owner = await at(admin, '/app/people');
    for (const [user, wanted] of [[invited, ['new-password-link', 'disable']], [active, ['new-password-link', 'disable']], [disabled, ['enable']]]) {
        const row = await owner.sees(`[aria-label="${user.name}"]`);
        assert.deepEqual(await offers(row), wanted, user.name);
        assert.equal((await admin.post(`/users/${user.id}/link`)).status, wanted.includes('new-password-link') ? 201 : 409, user.name);
    }
    good(await admin.patch(`/users/${invited.id}`, {disabled: true}));
    await owner.page.reload();
    await owner.press('enable', '[aria-label="In Invited"]');
    await owner.hasText('needs a new password link');
    await owner.press('enable', '[aria-label="Di Disabled"]');
    await owner.hasText('Di Disabled can sign in again');
    owner.quiet();
    await owner.leave();
});
