// Every page and state by axe-core, in light and dark, in English and in Arabic (right to left), and at 320 px.
// Each page checked is also kept as a picture among the test artefacts.
import '../support/own_network.mjs';
import test, {after} from 'node:test';
import {accessible, fitsIntoWidth} from '../support/axe.mjs';
import {chromium, DEVICES, guestArrives, hostArrives, Person} from '../support/browser.mjs';
import {Client, good, newInvitation, newRoom, newUser, setUp} from '../support/http.mjs';
import {startServer} from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const browser = await chromium();
const setupCode = server.setupCode;
let admin; // made after the setup page was checked
const DESKTOP = {width: 1280, height: 800};
const PHONE = {width: 320, height: 640};

/** The page as it is now, in both schemes, wide and narrow. */
async function look(person, what) {
    for (const scheme of ['light', 'dark']) {
        await person.page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}, {name: 'prefers-reduced-motion', value: 'reduce'}]);
        for (const [size, viewport] of [['desktop', DESKTOP], ['phone', PHONE]]) {
            await person.page.setViewport(viewport);
            const name = `${what}-${person.language}-${scheme}-${size}`;
            await person.shot(name);
            await accessible(person, name);
            if (size === 'phone') await fitsIntoWidth(person, name);
        }
    }
    await person.page.setViewport(DESKTOP);
}

async function arrive(options) {
    const person = await Person.arrive(browser, {server, ...options});
    person.language = options.language;
    return person;
}

for (const language of ['en', 'ar']) {
    if (language === 'en')
        test('the setup page', async () => {
            const owner = await arrive({language, name: 'owner'});
            await owner.open(`/setup#${setupCode}`);
            await owner.sees('form');
            await look(owner, 'setup');
            await owner.leave();
        });

    test(`the start page and the sign-in pages, ${language}`, async () => {
        admin ??= await setUp(server);
        const visitor = await arrive({language, name: 'visitor'});
        for (const [path, what] of [['/', 'start'], ['/signin', 'signin'], ['/check', 'selftest'], [`/password#${'A'.repeat(26)}`, 'password'], ['/setup', 'setup-done'], ['/j/', 'link-missing']]) {
            await visitor.open(path);
            await visitor.sees('h1');
            await look(visitor, what);
        }
        await visitor.open('/signin');
        await visitor.type('[name="email"]', 'owner@example.org');
        await visitor.type('[name="password"]', 'not the right password');
        await visitor.press('form [type="submit"]');
        await visitor.sees('[role="alert"], .notice');
        await look(visitor, 'signin-wrong');
        await visitor.leave();
    });

    test(`the invitation in each of its states, ${language}`, async () => {
        const room = await newRoom(admin, {consent_text: 'I agree to a video visit.', pin: '4711'});
        const later = new Date(Date.now() + 3_600_000).toISOString();
        const revoked = await newInvitation(admin, room);
        await admin.delete(`/invitations/${revoked.id}`);
        const used = await newInvitation(admin, room);
        good(await new Client(server).post(`/rooms/${room.id}/join`, {invitation: used.code, name: 'First', pin: '4711', consent: {version: room.consent_version ?? 1}}));
        const links = {valid: await newInvitation(admin, room, {guest_name: 'Ana Novak'}), early: await newInvitation(admin, room, {not_before: later}), revoked, used};
        for (const [state, {code}] of Object.entries(links)) {
            const guest = await arrive({language, name: state});
            await guest.open(`/j/#${code}`);
            await guest.page.waitForFunction(() => document.querySelector('#l-card')?.getAttribute('aria-busy') !== 'true', {polling: 50});
            await look(guest, `link-${state}`);
            if (state === 'valid') {
                await guest.press('#l-go');
                await guest.state('primer');
                await look(guest, 'primer');
                await guest.press('allow');
                await guest.state('check');
                await guest.sees('video[data-self]');
                await look(guest, 'check-with-pin-and-consent');
                await guest.type('#pin', '1111');
                await guest.press('[name="consent"]');
                await guest.press('enter');
                await guest.sees('#pin-wrong');
                await look(guest, 'check-wrong-pin');
            }
            await guest.leave();
        }
    });

    test(`devices that are denied, ${language}`, async () => {
        const denying = await chromium({devices: DEVICES.denied});
        const room = await newRoom(admin);
        const guest = await Person.arrive(denying, {server, language, name: 'denied'});
        guest.language = language;
        await guest.open(`/j/#${(await newInvitation(admin, room)).code}`);
        await guest.press('#l-go');
        await guest.press('allow');
        await guest.sees('[data-problem]');
        await look(guest, 'devices-denied');
        await denying.close();
    });

    test(`the waiting room, the call and its ends, ${language}`, async () => {
        const room = await newRoom(admin);
        const invitation = await newInvitation(admin, room);
        const guest = await guestArrives(browser, {server, invitation, language});
        guest.language = language;
        await guest.state('waiting');
        await look(guest, 'waiting-nobody-there');
        const host = await hostArrives(browser, {server, client: admin, room, language, name: 'host'});
        host.language = language;
        await look(host, 'call-somebody-waits');
        await host.press('people');
        await look(host, 'call-people');
        await host.press('.waiting-person [data-do="person-menu"]');
        await host.press('hold');
        await host.sees('dialog[open]');
        await look(host, 'call-hold-dialog');
        await host.type('#dialog-text', 'Five more minutes.');
        await host.press('confirm-hold');
        await guest.hasText('Five more minutes.');
        await look(guest, 'waiting-held');
        await host.press('admit');
        await guest.state('incall live');
        await host.state('incall live');
        await host.receives();
        await look(host, 'call-live-people');
        await guest.press('chat');
        await guest.type('#chat-text', 'Hello there');
        await guest.press('send-chat');
        await look(guest, 'call-live-chat');
        await guest.press('close-panel');
        await guest.press('more');
        await look(guest, 'call-more-menu');
        await guest.press('more');
        await guest.press('leave');
        await guest.sees('dialog[open]');
        await look(guest, 'call-leave-dialog');
        await guest.press('cancel');
        await host.press('leave');
        await host.sees('dialog[open]');
        await look(host, 'call-host-leave-dialog');
        await host.press('confirm-end');
        await guest.state('ended');
        await look(guest, 'ended-guest');
        await host.state('ended');
        await look(host, 'ended-host');
        await guest.leave();
        await host.leave();
    });

    test(`doors that stay closed, ${language}`, async () => {
        const room = await newRoom(admin, {locked: true});
        const guest = await guestArrives(browser, {server, invitation: await newInvitation(admin, room), language, devices: 'listen-only'});
        guest.language = language;
        await guest.sees('[data-problem="room_locked"]');
        await look(guest, 'problem-locked');
        await guest.leave();
    });

    test(`the dashboard, ${language}`, async () => {
        const room = await newRoom(admin, {name: 'Consulting room'});
        await newInvitation(admin, room, {guest_name: 'Ana Novak'});
        await newUser(admin, {name: 'Dr Rivera'});
        const owner = await arrive({language, name: 'owner', client: admin});
        const guest = await guestArrives(browser, {server, invitation: await newInvitation(admin, room), name: 'Gina Guest', devices: 'listen-only', language});
        await guest.state('waiting');
        await owner.open('/app');
        await owner.hasText('Gina Guest');
        await look(owner, 'dashboard-live');
        await owner.press('deny');
        await owner.sees('.strip');
        await look(owner, 'dashboard-live-deny');
        for (const [path, what] of [['/app/rooms', 'rooms'], [`/app/rooms/${room.id}`, 'room'], ['/app/people', 'people'], ['/app/account', 'account'], ['/app/nothing', 'missing']]) {
            await owner.open(path);
            await owner.sees('main h1');
            await owner.page.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy="true"]'), {polling: 50});
            await look(owner, `dashboard-${what}`);
        }
        await owner.open(`/app/rooms/${room.id}`);
        await owner.press('visit-link');
        await owner.sees('dialog svg[role="img"]');
        await look(owner, 'dashboard-link-dialog');
        await owner.open('/app/rooms');
        await owner.press('new-room');
        await owner.press('[type="submit"]', 'dialog');
        await look(owner, 'dashboard-new-room-dialog');
        await owner.leave();
        await guest.leave();
    });
}
