// From the waiting line into the call: one press on Today, the question before two guests meet, and guests who have gone.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test, {after} from 'node:test';
import {chromium, DEVICES, guestArrives, hostArrives, Person} from '../support/browser.mjs';
import {newInvitation, newRoom, newUser, setUp} from '../support/http.mjs';
import {startServer} from '../support/server.mjs';

const server = await startServer({args: ['--rate-scale', '10']});
after(() => server.stop());
const admin = await setUp(server);
const rivera = await newUser(admin, {name: 'Dr Rivera'});
const browser = await chromium({devices: DEVICES.granted});
const GRANTED = ['camera', 'microphone'];

const comes = async (room, name, owner = rivera) => {
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(owner, room), name, devices: 'mic-only'});
    return guest.state('waiting');
};
const row = name => `[data-row][aria-label^="${name}"]`;
/** Waits until the person has left the room's page for Today. */
const onToday = person => person.until(() => location.pathname === '/app', undefined, 'waiting for Today');

async function today({checked = true, client = rivera} = {}) {
    const before = checked
        ? () => {
              const d = new Date();
              localStorage.setItem('parlour.checked', JSON.stringify({day: `${d.getFullYear()}-${d.getMonth() + 1}-${d.getDate()}`, mic: true, cam: true}));
          }
        : undefined;
    const host = await Person.arrive(browser, {server, client, name: client.user.name, granted: GRANTED, before});
    await host.open('/app');
    await host.sees('main h1');
    return host;
}

test('one press on Today lets in and joins, in the same window and without the permission page; afterwards the host is back on Today', async () => {
    const room = await newRoom(rivera, {name: 'One press'});
    const host = await today();
    const guest = await comes(room, 'Gina Guest');
    await host.press('admit', row('Gina'));
    await host.state('incall');
    await guest.state('incall');
    await host.receives({video: false});
    await guest.receives();
    assert.equal((await browser.pages()).filter(page => page.url().includes('/r/')).length, 1, 'one window');
    await host.shot('let-in-from-today');
    await host.press('leave');
    await host.press('confirm-end');
    await guest.state('ended');
    await onToday(host);
    host.quiet();
    await guest.leave();
    await host.leave();
});

test('a press on Today counts although the row moves while the button is down', async () => {
    const osei = await newUser(admin, {name: 'Dr Osei'}); // nobody from other tests stands in this line
    const room = await newRoom(osei, {name: 'Moving line'});
    const [first, second] = [await comes(room, 'First Guest', osei), await comes(room, 'Second Guest', osei)];
    const before = () => {
        const Plain = WebSocket;
        window.heard = '';
        window.WebSocket = class extends Plain {
            constructor(...how) {
                super(...how);
                this.addEventListener('message', e => (window.heard = e.data));
            }
        };
    };
    const host = await Person.arrive(browser, {server, client: osei, name: 'Dr Osei', before});
    await host.open('/app');
    const button = await host.page.waitForSelector(`${row('Second')} [data-do="hold"]:not([disabled])`, {visible: true});
    const {x, y, width, height} = await button.boundingBox();
    await host.page.mouse.move(x + width / 2, y + height / 2);
    await host.page.mouse.down();
    await first.press('leave');
    await first.press('confirm-leave');
    await host.until(() => window.heard.includes('"event":"left"'), undefined, 'waiting for the news of the first guest');
    await host.page.mouse.up();
    await host.sees(`${row('Second')} .strip`);
    await host.gone(row('First'));
    for (const person of [first, second, host]) await person.leave();
});

test('the guest sees no empty room: the host is inside before the guest is', async () => {
    const room = await newRoom(rivera, {name: 'Never alone'});
    const host = await today();
    const guest = await comes(room, 'Gina Guest');
    await guest.page.evaluate(() => {
        window.states = [];
        new MutationObserver(() => window.states.push(document.body.dataset.state)).observe(document.body, {attributes: true, attributeFilter: ['data-state']});
    });
    await host.press('admit', row('Gina'));
    await guest.state('incall live');
    const states = await guest.page.evaluate(() => window.states);
    assert.ok(!states.includes('incall alone'), states.join());
    await guest.leave();
    await host.leave();
});

test('the first time, the browser asks for the devices: the guest waits meanwhile, and is let in with the host', async () => {
    const room = await newRoom(rivera, {name: 'First time'});
    const host = await today({checked: false});
    const guest = await comes(room, 'Gina Guest');
    await host.press('admit', row('Gina'));
    await host.state('primer');
    await guest.state('waiting');
    await host.press('allow');
    await host.state('check');
    await host.press('enter');
    await host.state('incall');
    await guest.state('incall');
    await host.press('leave');
    await host.press('confirm-end');
    await onToday(host);
    const next = await comes(room, 'Nora Next');
    await host.press('admit', row('Nora'));
    await host.state('incall');
    await next.state('incall');
    assert.equal(await host.page.evaluate(() => document.querySelector('[data-do="allow"]')), null);
    for (const person of [guest, next, host]) await person.leave();
});

test('the page names a guest who has left by then, and shows the host the way back', async () => {
    const room = await newRoom(rivera, {name: 'Too late'});
    const host = await today({checked: false});
    const guest = await comes(room, 'Gina Guest');
    await host.press('admit', row('Gina'));
    await host.state('primer');
    await guest.press('leave');
    await guest.press('confirm-leave');
    await guest.state('ended');
    await host.press('allow');
    await host.state('check');
    await host.press('enter');
    await host.sees('[data-dialog="missed"]');
    assert.match(await host.text('dialog'), /Gina Guest is no longer waiting/);
    await host.shot('guest-has-left');
    await host.press('back-to-today');
    await onToday(host);
    await guest.leave();
    await host.leave();
});

test('while a guest is inside, Today names them and asks: that visit ends and the next guest comes in, and they never meet', async () => {
    const room = await newRoom(rivera, {name: 'Hand-over'});
    const other = await newUser(admin, {name: 'Dr Osei'});
    await rivera.patch(`/rooms/${room.id}`, {cohosts: [other.user.id]});
    const colleague = await hostArrives(browser, {server, client: other, room, name: 'Dr Osei', devices: 'mic-only'});
    const ana = await comes(room, 'Ana Inside');
    await colleague.press('admit-first');
    await ana.state('incall');
    const host = await today();
    const ben = await comes(room, 'Ben Waiting');
    await host.press('admit', row('Ben'));
    await host.sees('dialog[open] [data-do="admit-instead"]');
    assert.match(await host.text('dialog'), /Ana Inside is still in the call/);
    assert.equal(await host.page.evaluate(() => document.activeElement?.id), 'dialog-title', 'nothing is pressed by a slip of Enter');
    await host.shot('today-asks');
    await host.press('not-now');
    await host.gone('dialog[open]');
    await ben.state('waiting');
    await host.press('admit', row('Ben'));
    await host.press('admit-instead');
    await ana.state('ended');
    await ben.state('incall');
    await host.state('incall');
    assert.doesNotMatch(await ben.page.evaluate(() => document.body.innerText), /Ana/);
    assert.equal(await host.page.$$eval('[data-tile]', tiles => tiles.length), 2, 'the colleague and Ben');
    for (const person of [ana, ben, colleague, host]) await person.leave();
});

test('in the call "Let in" asks by keyboard as well: not now, then add', async () => {
    const room = await newRoom(rivera, {name: 'Asked inside'});
    const host = await hostArrives(browser, {server, client: rivera, room, devices: 'mic-only'});
    const ana = await comes(room, 'Ana Inside');
    await host.press('admit-first');
    await ana.state('incall');
    const ben = await comes(room, 'Ben Waiting');
    await host.page.keyboard.press('p');
    await host.sees('[data-do="admit"]');
    await host.page.focus('[data-do="admit"]');
    await host.page.keyboard.press('Enter');
    await host.sees('dialog[open] [data-do="admit-beside"]');
    assert.match(await host.text('dialog'), /Ana Inside is still in the call/);
    await host.shot('call-asks');
    await host.page.keyboard.press('Enter'); // on the heading: nothing
    await host.page.keyboard.press('Escape');
    await host.gone('dialog[open]');
    await ben.state('waiting');
    await ana.state('incall');
    await host.press('admit');
    await host.sees('dialog[open] [data-do="admit-beside"]');
    await host.page.keyboard.press('Tab');
    await host.page.keyboard.press('Tab');
    assert.equal(await host.page.evaluate(() => document.activeElement?.getAttribute('data-do')), 'admit-beside');
    await host.page.keyboard.press('Enter');
    await ben.state('incall');
    await ana.until(() => document.querySelectorAll('[data-tile]').length === 2, undefined, 'waiting for the other guest');
    for (const person of [ana, ben, host]) await person.leave();
});

test('in the call and on Today the host is asked before a link moves to a second device, which ends the seat of the first', async () => {
    const osei = await newUser(admin, {name: 'Dr Osei'});
    const room = await newRoom(osei, {name: 'Two devices'});
    const invitation = await newInvitation(osei, room);
    const host = await hostArrives(browser, {server, client: osei, room, devices: 'mic-only'});
    const laptop = await Person.arrive(browser, {server, name: 'Gina Laptop'}); // opens the link before it is used
    await laptop.open(`/j/#${invitation.code}`);
    await laptop.press('#l-go');
    await laptop.state('primer');
    await laptop.press('mic-only');
    await laptop.state('check');
    const phone = await guestArrives(browser, {server, invitation, name: 'Gina Phone', devices: 'mic-only'});
    await phone.state('waiting');
    await host.press('admit-first');
    await phone.state('incall');
    await laptop.type('#name', 'Gina Laptop');
    await laptop.press('enter');
    await laptop.state('waiting');
    await host.page.keyboard.press('p');
    await host.press('admit');
    await host.sees('dialog[open] [data-do="admit-anyway"]');
    assert.match(await host.text('dialog'), /came with the same link/);
    await host.shot('call-asks-same-link');
    await phone.state('incall');
    await host.press('not-now');
    await host.gone('dialog[open]');
    const today = await Person.arrive(browser, {server, client: osei, name: 'Dr Osei'});
    await today.open('/app');
    await today.press('admit', row('Gina Laptop'));
    await today.sees('dialog[open] [data-do="admit-anyway"]');
    assert.match(await today.text('dialog'), /came with the same link/);
    await today.press('not-now');
    await host.press('admit');
    await host.press('admit-anyway');
    await laptop.state('incall');
    await phone.state('ended');
    for (const person of [phone, laptop, today, host]) await person.leave();
});

test('a message to a waiting guest who has gone reaches nobody else: it is not delivered, and the guest inside never reads it', async () => {
    const osei = await newUser(admin, {name: 'Dr Osei'});
    const room = await newRoom(osei, {name: 'For one alone'});
    const host = await hostArrives(browser, {server, client: osei, room, devices: 'mic-only'});
    const ana = await comes(room, 'Ana Inside', osei);
    await host.press('admit-first');
    await ana.state('incall');
    const ben = await comes(room, 'Ben Waiting', osei);
    await host.press('chat');
    await host.sees('#chat-to');
    const [, forBen] = await host.page.$$eval('#chat-to option', all => all.map(o => o.value));
    await host.page.select('#chat-to', forBen);
    await ben.press('leave');
    await ben.press('confirm-leave');
    await host.hasText('Somebody who has left');
    assert.equal(await host.page.$eval('#chat-to', s => s.value), forBen);
    await host.type('#chat-text', 'your results are here');
    await host.press('send-chat');
    await host.sees('[data-fate="failed"]');
    await host.shot('chat-recipient-has-left');
    await ana.press('chat');
    assert.doesNotMatch(await ana.text(), /your results/);
    for (const person of [ana, ben, host]) await person.leave();
});

test('a host who goes back to Today instead of entering lets nobody in when they enter that room later', async () => {
    const room = await newRoom(rivera, {name: 'Changed their mind'});
    const host = await today({checked: false});
    const guest = await comes(room, 'Gina Guest');
    await host.press('admit', row('Gina'));
    await host.state('primer');
    await host.page.goBack();
    await onToday(host);
    await host.sees('main h1');
    await host.open(`/r/${room.slug}`);
    await host.state('primer');
    await host.press('allow');
    await host.state('check');
    await host.press('enter');
    await host.state('incall');
    await host.sees('[data-do="admit-first"]');
    await guest.state('waiting');
    await guest.leave();
    await host.leave();
});

test('a doctor who writes from Today is shown with name and role, and the page does not claim that they are absent', async () => {
    const room = await newRoom(rivera, {name: 'Dr Rivera'});
    const host = await today();
    const guest = await comes(room, 'Gina Guest');
    await guest.hasText('Dr Rivera is not in the call yet.');
    await host.press('chat', row('Gina'));
    await host.type('.strip [name="text"]', 'I am with you in a minute.');
    await host.press('send');
    await guest.hasText('I am with you in a minute.');
    assert.match(await guest.text('.chat-who'), /Dr Rivera\s*· Host/);
    assert.doesNotMatch(await guest.text(), /Front desk/);
    await guest.hasText('Dr Rivera is not in the call yet, but can read and write messages here.');
    await guest.shot('doctor-writes');
    await guest.leave();
    await host.leave();
});

test('a guest who has closed the page stands last, is shown as gone and is not counted; letting them in needs a confirmation', async () => {
    const osei = await newUser(admin, {name: 'Dr Osei'}); // nobody from earlier tests waits in this host's line
    const room = await newRoom(osei, {name: 'Gone'});
    const inside = await hostArrives(browser, {server, client: osei, room, devices: 'mic-only'});
    const gone = await comes(room, 'Gone Guest', osei);
    const here = await comes(room, 'Here Guest', osei);
    await gone.leave();
    await inside.hasText('Here Guest is in the waiting room.');
    await inside.page.keyboard.press('p');
    await inside.sees('.waiting-person.gone');
    assert.match(await inside.text('#waiting-list-title'), /\(1\)/);
    assert.match(await inside.text('.waiting-person'), /Here Guest/, 'the first is the one who is there');
    const host = await today({client: osei});
    await host.sees('.seat.wait-gone');
    await host.until(() => document.querySelector('#waiting-title .count')?.textContent === '1', undefined, 'counting who is there');
    assert.match(await host.page.title(), /^\(1\)/);
    assert.match(await host.text('.seat.wait-gone'), /Gone Guest[\s\S]*place kept/);
    await host.shot('today-with-somebody-gone');
    await host.press('admit', row('Gone'));
    await host.sees('dialog[open] [data-do="admit-anyway"]');
    assert.match(await host.text('dialog'), /Gone Guest is not here right now/);
    await host.page.keyboard.press('Escape');
    for (const person of [here, inside, host]) await person.leave();
});

test('an admin who is not a host of the room is told that they do not join, and lets the guest in', async () => {
    const room = await newRoom(rivera, {name: 'Not theirs'});
    const host = await hostArrives(browser, {server, client: rivera, room, devices: 'mic-only'});
    const guest = await comes(room, 'Gina Guest');
    const owner = await Person.arrive(browser, {server, client: admin, name: 'owner'});
    await owner.open('/app');
    await owner.press('admit', row('Gina'));
    await owner.hasText('so you do not join the call yourself');
    await owner.shot('admin-does-not-join');
    await owner.press('confirm-admit');
    await guest.state('incall');
    assert.equal(await owner.page.evaluate(() => location.pathname), '/app');
    for (const person of [guest, host, owner]) await person.leave();
});
