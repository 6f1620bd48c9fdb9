// Links and rooms that let nobody in: each has its own message and a way out.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {chromium, guestArrives, hostArrives, Person} from '../support/browser.mjs';
import {Client, expiredInvitation, good, newInvitation, newRoom, newUser, PASSWORD} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';

const {server, admin} = await practice();
const owner = await newUser(admin, {name: 'Dr Rivera'});
const browser = await chromium();
const phone = {width: 390, height: 844};
const inMinutes = minutes => new Date(Date.now() + minutes * 60_000).toISOString();

async function landing(code, name) {
    const guest = await Person.arrive(browser, {server, name, viewport: phone});
    await guest.open(`/j/#${code}`);
    return guest;
}

test('a valid link greets by practice and host, and its secret leaves the address bar', async () => {
    const room = await newRoom(owner);
    const guest = await landing((await newInvitation(owner, room, {guest_name: 'Ana Novak'})).code, 'valid');
    await guest.hasText('Dr Rivera');
    await guest.hasText('Hill Clinic');
    await guest.sees('#l-go:not([disabled])');
    await guest.shot('link-valid');
    await guest.stayedHome();
    guest.quiet();
    await guest.leave();
});

test('the pictures are there before the first screen behind the landing page is drawn', async () => {
    const room = await newRoom(owner);
    const watch = () => {
        const loaded = () => performance.getEntriesByType('resource').some(e => /\/icons-/.test(e.name));
        const see = () => document.body?.dataset.state === 'primer' && (window.testPictures ??= loaded());
        new MutationObserver(see).observe(document, {subtree: true, childList: true, attributeFilter: ['data-state']});
    };
    const guest = await Person.arrive(browser, {server, name: 'pictures', viewport: phone, before: watch});
    await guest.open(`/j/#${(await newInvitation(owner, room)).code}`);
    await guest.press('#l-go');
    await guest.state('primer');
    assert.equal(await guest.page.evaluate(() => window.testPictures), true);
    await guest.leave();
});

test('early, expired, used, revoked, unknown and missing codes each have their own message', async () => {
    const room = await newRoom(owner);
    const states = {
        early: (await newInvitation(owner, room, {not_before: inMinutes(90)})).code,
        used: (await newInvitation(owner, room)).code,
        expired: null,
        revoked: null,
        unknown: 'B'.repeat(26),
        missing: '',
    };
    good(await new Client(server).post(`/rooms/${room.id}/join`, {invitation: states.used, name: 'First'}));
    const revoked = await newInvitation(owner, room);
    await owner.delete(`/invitations/${revoked.id}`);
    states.revoked = revoked.code;
    states.expired = (await expiredInvitation(owner, room)).code;
    const words = new Set();
    for (const [state, code] of Object.entries(states)) {
        const guest = await landing(code, state);
        await guest.sees('#l-notice > :not([data-t="landing.loading"])');
        words.add(await guest.text('#l-notice'));
        assert.equal(await guest.page.$('#l-go:not([disabled]):not([hidden])'), null, `${state} must not let in`);
        await guest.shot(`link-${state}`);
        await guest.leave();
    }
    assert.equal(words.size, Object.keys(states).length, 'each has words of its own');
});

test('an early link says when it opens, and opens by itself', async () => {
    const room = await newRoom(owner);
    const opens = new Date(Date.now() + 15_000);
    const guest = await landing((await newInvitation(owner, room, {not_before: opens.toISOString()})).code, 'early');
    await guest.sees('#l-when');
    await guest.shot('link-early');
    const soon = await guest.text('#l-notice');
    const at = await guest.page.evaluate(ms => new Date(ms).toLocaleTimeString('en', {timeStyle: 'short'}), opens.getTime());
    assert.match(soon, /in 1 minute/);
    assert.ok((await guest.text('#l-when')).includes(at), `${await guest.text('#l-when')} names ${at}`);
    await guest.sees('#l-go:not([disabled]):not([hidden])');
    await guest.page.waitForFunction(() => document.querySelector('#l-when').hidden, {polling: 50});
    await guest.leave();
});

test('a guest with a dead link asks for a new one, and the dashboard gives it', async () => {
    const room = await newRoom(owner, {name: 'Consulting room'});
    const dead = await newInvitation(owner, room, {guest_name: 'Ana Novak'});
    await owner.delete(`/invitations/${dead.id}`);
    const host = await Person.arrive(browser, {server, name: 'host', client: owner});
    await host.open('/app');
    await host.sees('main h1');
    const guest = await landing(dead.code, 'asks');
    await guest.press('#l-new');
    await guest.hasText('has been told');
    await guest.shot('link-asked');
    await host.hasText('Ana Novak');
    await host.sees('[data-do="renew-link"]');
    await host.shot('dashboard-asked');
    await host.press('renew-link');
    await host.press('dialog[open] .dialog-actions .primary');
    await host.sees('dialog[open] input[readonly]');
    const url = await host.page.$eval('dialog[open] input[readonly]', e => e.value);
    await host.page.waitForFunction(() => !document.querySelector('#asked-title'), {polling: 50});
    await guest.open(`/j/#${new URL(url).hash.slice(1)}`); // in the same tab: only the fragment changes
    await guest.sees('#l-go:not([disabled])');
    await guest.leave();
    await host.leave();
});

test('a request for a new link can be dismissed', async () => {
    const room = await newRoom(owner);
    const dead = await newInvitation(owner, room, {guest_name: 'Ben Osei'});
    await owner.delete(`/invitations/${dead.id}`);
    good(await new Client(server).post('/invitations/request-new', {code: dead.code}));
    const host = await Person.arrive(browser, {server, name: 'host', client: owner});
    await host.open('/app');
    await host.press('dismiss-asked');
    await host.press('dialog[open] .dialog-actions .danger');
    await host.page.waitForFunction(() => !document.querySelector('#asked-title'), {polling: 50});
    await host.page.reload();
    await host.sees('#waiting-title');
    assert.equal(await host.page.$('#asked-title'), null);
    await host.leave();
});

test('the skip link past the header keeps the invitation', async () => {
    const room = await newRoom(owner);
    const invitation = await newInvitation(owner, room);
    const guest = await landing(invitation.code, 'skips');
    await guest.sees('#l-go:not([disabled])');
    const skip = async () => {
        await guest.page.focus('.skip-link');
        await guest.page.keyboard.press('Enter');
        return guest.page.evaluate(() => [document.activeElement.tagName, document.activeElement.getClientRects().length > 0, location.hash]);
    };
    assert.deepEqual(await skip(), ['MAIN', true, `#${invitation.code}`]);
    await guest.press('#l-go');
    await guest.state('primer');
    assert.deepEqual(await skip(), ['MAIN', true, `#${invitation.code}`]);
    await guest.leave();
});

test('a link revoked after the page was opened is refused at the join, and the page leads back to the invitation, which says that it is revoked', async () => {
    const room = await newRoom(owner);
    const invitation = await newInvitation(owner, room);
    const guest = await landing(invitation.code, 'taken-back');
    await guest.press('#l-go');
    await guest.press('listen-only');
    await guest.type('#name', 'Gina');
    await owner.delete(`/invitations/${invitation.id}`);
    await guest.press('enter');
    await guest.sees('[data-problem="revoked"]');
    await guest.press('reload');
    await guest.sees('#l-notice .warn');
    await guest.gone('#l-go');
    await guest.leave();
});

test('a colleague who is not signed in is led from a closed room to the sign-in page, and back to the room', async () => {
    const room = await newRoom(owner);
    const host = await Person.arrive(browser, {server, name: 'signed-out'});
    await host.open(`/r/${room.slug}`);
    await host.sees('[data-problem="not_found"]');
    await host.press('signin');
    await host.type('[name="email"]', owner.user.email);
    await host.type('[name="password"]', PASSWORD);
    await host.press('[type="submit"]');
    await host.until(slug => location.pathname === `/r/${slug}`, room.slug, 'waiting for the room again');
    await host.state('primer');
    await host.leave();
});

test('a code in the path is moved out of it', async () => {
    const room = await newRoom(owner);
    const invitation = await newInvitation(owner, room);
    const guest = await Person.arrive(browser, {server, name: 'path'});
    await guest.open(`/j/${invitation.code}`);
    await guest.sees('#l-go:not([disabled])');
    assert.doesNotMatch(new URL(guest.page.url()).pathname, new RegExp(invitation.code));
    await guest.leave();
});

test('a locked room says that it is locked, and lets the guest in when it is opened', async () => {
    const room = await newRoom(owner, {locked: true});
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(owner, room)});
    await guest.sees('[data-problem="room_locked"]');
    await guest.shot('room-locked');
    good(await owner.patch(`/rooms/${room.id}`, {locked: false}));
    await guest.press('again');
    await guest.state('waiting');
    await guest.leave();
});

test('a host who locks the room keeps the next guest out, and unlocking it lets them in', async () => {
    const room = await newRoom(owner);
    const host = await hostArrives(browser, {server, client: owner, room});
    await host.press('people');
    await host.press('lock');
    await host.sees('[data-do="lock"][aria-pressed="true"]');
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(owner, room), devices: 'listen-only'});
    await guest.sees('[data-problem="room_locked"]');
    await guest.hasText('The host is not letting anyone else in at the moment.');
    await host.press('lock');
    await host.sees('[data-do="lock"][aria-pressed="false"]');
    await guest.press('again');
    await guest.state('waiting');
    await host.hasText('Gina Guest');
    await guest.leave();
    await host.leave();
});

test('a PIN is asked for, a wrong one is reported beside its field, the right one is accepted', async () => {
    const room = await newRoom(owner, {pin: '4711', consent_text: 'I agree to a video visit.'});
    const guest = await Person.arrive(browser, {server, name: 'pin', viewport: phone});
    await guest.open(`/j/#${(await newInvitation(owner, room)).code}`);
    await guest.press('#l-go');
    await guest.press('listen-only');
    await guest.type('#name', 'Gina');
    await guest.type('#pin', '0000');
    await guest.press('[name="consent"]');
    await guest.press('enter');
    await guest.sees('#pin-wrong');
    await guest.until(() => document.activeElement?.id === 'pin', null, 'waiting for the cursor in the PIN');
    assert.ok(await guest.page.$eval('#pin-wrong', node => node.getBoundingClientRect().bottom <= innerHeight), 'the error is in view');
    assert.ok(await guest.page.$eval('[name="consent"]', box => box.checked), 'the consent stays ticked');
    await guest.shot('wrong-pin');
    await guest.type('#pin', '4711');
    await guest.press('enter');
    await guest.state('waiting');
    await guest.leave();
});

test('consent is asked for and required', async () => {
    const room = await newRoom(owner, {consent_text: 'I agree to a video visit.'});
    const guest = await Person.arrive(browser, {server, name: 'consent'});
    await guest.open(`/j/#${(await newInvitation(owner, room)).code}`);
    await guest.press('#l-go');
    await guest.press('listen-only');
    await guest.hasText('I agree to a video visit.');
    await guest.shot('consent');
    await guest.type('#name', 'Gina');
    await guest.press('enter');
    await guest.state('check');
    await guest.press('[name="consent"]');
    await guest.press('enter');
    await guest.state('waiting');
    await guest.leave();
});

test('a guest without an invitation reads the text that needs consent, and comes in with it', async () => {
    const room = await newRoom(owner, {access: 'link', pin: '4711', consent_text: 'I agree to a video visit.'});
    const guest = await Person.arrive(browser, {server, name: 'consent-link', viewport: phone});
    await guest.open(`/r/${room.slug}`);
    await guest.press('listen-only');
    await guest.type('#name', 'Gina');
    await guest.press('enter');
    await guest.hasText('I agree to a video visit.');
    await guest.shot('consent-without-invitation');
    await guest.until(() => document.activeElement?.matches('.consent') === true, null, 'waiting for the text to be where one reads');
    await guest.press('[name="consent"]');
    await guest.press('enter');
    await guest.type('#pin', '4711');
    await guest.hasText('I agree to a video visit.');
    await guest.press('enter');
    await guest.state('waiting');
    await guest.leave();
});

test('a name like the host\'s is refused beside the field', async () => {
    const room = await newRoom(owner);
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(owner, room), name: 'Dr Rivera', devices: 'listen-only'});
    await guest.sees('#name-wrong');
    await guest.shot('name-taken');
    await guest.type('#name', 'Gina');
    await guest.press('enter');
    await guest.state('waiting');
    await guest.leave();
});

test('a second tab takes the seat; the first says that and can take it back', async () => {
    const room = await newRoom(owner);
    const host = await hostArrives(browser, {server, client: owner, room});
    const second = await host.context.newPage();
    await second.evaluateOnNewDocument(() => {});
    await second.goto(`${server.origin}/r/${room.slug}`);
    await second.waitForSelector('[data-do="allow"]', {visible: true});
    await second.click('[data-do="allow"]');
    await second.waitForSelector('[data-do="enter"]:not([disabled])', {visible: true});
    await second.click('[data-do="enter"]');
    await host.state('ended');
    await host.page.bringToFront();
    await host.shot('opened-elsewhere');
    await host.press('rejoin');
    await host.state('incall');
    await host.leave();
});

test('a room that does not exist shows the same as one that is not for you', async () => {
    const room = await newRoom(owner);
    const words = [];
    for (const slug of [room.slug, 'there-is-no-such-room']) {
        const visitor = await Person.arrive(browser, {server, name: `visitor-${words.length}`});
        await visitor.open(`/r/${slug}`);
        await visitor.sees('[data-problem]'); // without having been asked for a camera
        words.push(await visitor.text('#app'));
        await visitor.shot('no-such-room');
        await visitor.leave();
    }
    assert.equal(words[0], words[1]);
});

test('the links of the room that is shown follow what others do, also when links of another room change at the same time', async () => {
    const room = await newRoom(owner);
    const other = await newRoom(owner);
    const host = await Person.arrive(browser, {server, name: 'host', client: owner});
    await host.open(`/app/rooms/${room.slug}`);
    await host.sees('#links-title');
    await newInvitation(owner, room, {guest_name: 'First Guest'});
    await host.hasText('First Guest');
    await Promise.all([newInvitation(owner, room, {guest_name: 'Ana Novak'}), newInvitation(owner, other)]);
    await newInvitation(owner, other);
    await host.hasText('Ana Novak');
    await host.leave();
});

test('a name typed in the check is still there after going back to the invitation', async () => {
    const room = await newRoom(owner);
    const guest = await landing((await newInvitation(owner, room)).code, 'back');
    for (const name of ['', 'Ana Novak']) {
        await guest.press('#l-go');
        await guest.press('listen-only');
        await guest.sees('#name');
        assert.equal(await guest.page.$eval('#name', field => field.value), name);
        await guest.type('#name', 'Ana Novak');
        await guest.press('back');
        await guest.state('landing');
    }
    await guest.leave();
});
