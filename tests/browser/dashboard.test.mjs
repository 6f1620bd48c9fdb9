// The practice's pages, from the setup line on the terminal to a guest who is let in from the dashboard.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test, {after} from 'node:test';
import {chromium, firefox, guestArrives, Person} from '../support/browser.mjs';
import {codeOf, good, newInvitation, newRoom, newUser, PASSWORD, signIn} from '../support/http.mjs';
import {startServer} from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const browser = await chromium();
const submit = '[type="submit"]';
let admin;

test('the setup address makes the first admin and ends on the dashboard', async () => {
    const owner = await Person.arrive(browser, {server, name: 'owner'});
    await owner.open(`/setup#${server.setupCode}`);
    await owner.shot('setup');
    await owner.type('[name="practice"]', 'Hill Clinic');
    await owner.type('[name="name"]', 'Olga Owner');
    await owner.type('[name="email"]', 'owner@example.org');
    await owner.type('[name="password"]', 'short');
    await owner.press(`[type="submit"]`);
    await owner.sees('[aria-invalid="true"]');
    await owner.shot('setup-password-too-short');
    await owner.type('[name="password"]', PASSWORD);
    await owner.press(`[type="submit"]`);
    await owner.page.waitForFunction(() => location.pathname === '/app', {polling: 50});
    await owner.sees('main h1');
    await owner.shot('dashboard-empty');
    await owner.stayedHome();
    owner.quiet();
    await owner.leave();
    admin = await signIn(server, 'owner@example.org');
});

test('signing in with a wrong password says so and keeps the address that was typed', async () => {
    const owner = await Person.arrive(browser, {server, name: 'owner'});
    await owner.open('/app');
    await owner.page.waitForFunction(() => location.pathname === '/signin', {polling: 50});
    await owner.type('[name="email"]', 'owner@example.org');
    await owner.type('[name="password"]', 'not the right password');
    await owner.press(submit);
    await owner.sees('[role="alert"], .notice.danger, .notice.warn');
    await owner.shot('signin-wrong');
    assert.equal(await owner.page.$eval('[name="email"]', field => field.value), 'owner@example.org');
    await owner.type('[name="password"]', PASSWORD);
    await owner.press(submit);
    await owner.page.waitForFunction(() => location.pathname === '/app', {polling: 50});
    await owner.leave();
});

test('a room is made, its link is shown to copy and to scan, and leads a guest to it', async () => {
    const owner = await Person.arrive(browser, {server, client: admin, name: 'owner'});
    await owner.open('/app/rooms');
    await owner.press('new-room');
    await owner.type('dialog [name="name"]', 'Consulting room');
    await owner.shot('new-room');
    await owner.press('[type="submit"]', 'dialog');
    await owner.page.waitForFunction(() => /^\/app\/rooms\/./.test(location.pathname), {polling: 50});
    await owner.press('visit-link');
    await owner.sees('dialog svg[role="img"] path');
    await owner.shot('link-with-qr');
    const url = await owner.page.$eval('dialog input[readonly]', field => field.value);
    assert.match(url, new RegExp(`^${server.origin}/j/#[A-Za-z2-7]{26}$`));
    const guest = await guestArrives(browser, {server, invitation: {code: codeOf(url)}, devices: 'listen-only'});
    await guest.state('waiting');
    await owner.leave();
    await guest.leave();
});

test('a link is shown again, renewed and revoked', async () => {
    const room = await newRoom(admin, {name: 'Links'});
    const invitation = await newInvitation(admin, room, {guest_name: 'Ana Novak'});
    const owner = await Person.arrive(browser, {server, client: admin, name: 'owner'});
    await owner.open(`/app/rooms/${room.id}`);
    await owner.press('show-link');
    await owner.sees('dialog input[readonly]');
    assert.equal(codeOf(await owner.page.$eval('dialog input[readonly]', field => field.value)), invitation.code);
    await owner.page.keyboard.press('Escape');
    await owner.gone('dialog[open]');
    await owner.press('revoke-link');
    await owner.shot('revoke-link-asked');
    await owner.press('.danger', 'dialog');
    await owner.gone('[data-do="revoke-link"]');
    await owner.shot('room-with-links');
    const said = good(await admin.post('/invitations/lookup', {code: invitation.code}));
    assert.equal(said.state, 'revoked');
    await owner.leave();
});

test('the live page shows guests as they come, and lets them in', async () => {
    const host = await newUser(admin, {name: 'Dr Rivera'});
    const room = await newRoom(host, {name: 'Dr Rivera'});
    const dashboard = await Person.arrive(browser, {server, client: host, name: 'dashboard'});
    await dashboard.open('/app');
    await dashboard.sees('.calm, main h1');
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(host, room), name: 'Gina Guest', devices: 'listen-only'});
    await guest.state('waiting');
    await dashboard.hasText('Gina Guest');
    await dashboard.shot('live-somebody-waits');
    await dashboard.press('hold');
    await dashboard.type('.strip [name="text"]', 'Five minutes, please.');
    await dashboard.press('confirm-hold');
    await guest.hasText('Five minutes, please.');
    await dashboard.press('admit'); // takes the host along into the room (letting-in.test.mjs)
    await dashboard.state('primer');
    await dashboard.press('listen-only');
    await dashboard.state('check');
    await dashboard.press('enter');
    await dashboard.state('incall');
    await guest.state('incall');
    const overview = await dashboard.context.newPage();
    await overview.goto(`${server.origin}/app`);
    await overview.waitForSelector('.room-card', {visible: true});
    await dashboard.stayedHome();
    dashboard.quiet();
    await guest.leave();
    await dashboard.leave();
});

test('the front desk sees the people waiting and can hold and write, and is offered nothing it may not do', async () => {
    const host = await newUser(admin, {name: 'Dr Osei'});
    const desk = await newUser(admin, {name: 'Dora Desk', role: 'desk'});
    const room = await newRoom(host, {name: 'Dr Osei'});
    const dashboard = await Person.arrive(browser, {server, client: desk, name: 'desk', viewport: {width: 390, height: 844}});
    await dashboard.open('/app');
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(host, room), name: 'Paul Patient', devices: 'listen-only'});
    await guest.state('waiting');
    await dashboard.hasText('Paul Patient');
    await dashboard.sees('[data-do="hold"]');
    assert.equal(await dashboard.page.$('[data-do="admit"]'), null);
    // guests of earlier tests may still keep their places above
    await dashboard.press('chat', '[aria-label^="Paul Patient"]');
    await dashboard.type('.strip [name="text"]', 'Somebody will be with you soon.');
    await dashboard.press('send');
    await guest.hasText('Somebody will be with you soon.');
    await dashboard.shot('desk-on-a-phone');
    await guest.leave();
    await dashboard.leave();
});

test('the live page says when the connection is lost and comes back after a restart', async () => {
    const dashboard = await Person.arrive(browser, {server, client: admin, name: 'dashboard'});
    await dashboard.open('/app');
    await dashboard.sees('section');
    await server.kill9();
    await dashboard.sees('.trouble');
    await dashboard.shot('live-line-lost');
    await server.restart();
    await dashboard.gone('.trouble');
    const room = await newRoom(admin, {name: 'After the restart'});
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(admin, room), name: 'Late Guest', devices: 'listen-only'});
    await guest.state('waiting');
    await dashboard.hasText('Late Guest');
    await guest.leave();
    await dashboard.leave();
});

test('a page that could not be fetched comes whole, by itself with the network or with a press', async () => {
    const room = await newRoom(admin, {name: 'Far room'});
    await newInvitation(admin, room, {guest_name: 'Ina Invited'});
    for (const network of [false, true]) {
        const dashboard = await Person.arrive(browser, {server, client: admin, name: 'dashboard'});
        await dashboard.open('/app/rooms');
        await dashboard.sees(`#main a[href="/app/rooms/${room.id}"]`);
        if (network) {
            await dashboard.page.setRequestInterception(true);
            dashboard.page.once('request', request => request.abort().then(() => dashboard.page.setRequestInterception(false)));
        } else await dashboard.page.setOfflineMode(true);
        await dashboard.press(`a[href="/app/rooms/${room.id}"]`, '#main');
        await dashboard.sees('#main .empty[role=alert]');
        await dashboard.shot(`page-not-fetched-${network}`);
        if (network) await dashboard.press('.empty[role=alert] button', '#main');
        else await dashboard.page.setOfflineMode(false);
        await dashboard.hasText('Ina Invited'); // its links
        await dashboard.hasText('No calls yet');
        await dashboard.leave();
    }
});

test('a new colleague chooses a password by the link, in Firefox', async () => {
    const fox = await firefox();
    const made = good(await admin.post('/users', {email: 'colleague@example.org', name: 'Carla Colleague', role: 'host'}));
    const colleague = await Person.arrive(fox, {server, name: 'colleague'});
    await colleague.open(`/password#${codeOf(made.link ?? made.url)}`);
    await colleague.type('[name="password"]', 'her own long passphrase');
    await colleague.shot('password');
    await colleague.press(submit);
    await colleague.until(() => ['/signin', '/app'].includes(location.pathname), undefined, 'waiting for the sign-in');
    await signIn(server, 'colleague@example.org', 'her own long passphrase');
    await colleague.leave();
});

test('markup in names is shown as text on every page of the dashboard', async () => {
    const evil = '<img src=x onerror=document.title=1>';
    const room = await newRoom(admin, {name: evil});
    await newInvitation(admin, room, {guest_name: evil});
    const owner = await Person.arrive(browser, {server, client: admin, name: 'owner'});
    for (const path of ['/app', '/app/rooms', `/app/rooms/${room.id}`]) {
        await owner.open(path);
        await owner.hasText(evil);
        assert.equal(await owner.page.$('img[src="x"]'), null);
    }
    await owner.leave();
});

test('the pages have their policies: no inline script, no framing, camera only where it is used', async () => {
    const room = await pageAt('/j/');
    const dashboard = await pageAt('/app');
    for (const {headers} of [room, dashboard]) {
        assert.match(headers['content-security-policy'], /default-src 'none'/);
        assert.match(headers['content-security-policy'], /require-trusted-types-for 'script'/);
        assert.doesNotMatch(headers['content-security-policy'], /unsafe-inline|unsafe-eval(?!')|https?:\/\/(?!localhost)/);
        assert.match(headers['content-security-policy'], /frame-ancestors 'none'/);
        assert.equal(headers['x-content-type-options'], 'nosniff');
    }
    assert.match(room.headers['permissions-policy'], /camera=\(self\)/);
    assert.match(dashboard.headers['permissions-policy'], /camera=\(\)/);
});

const pageAt = path => admin.get(path);
