// Back and Forward around a call, and the end page of a host while others wait.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test, {after} from 'node:test';
import {chromium, guestArrives, hostArrives} from '../support/browser.mjs';
import {newInvitation, newRoom, newUser, setUp} from '../support/http.mjs';
import {startServer} from '../support/server.mjs';

const server = await startServer({args: ['--rate-scale', '10']});
after(() => server.stop());
const admin = await setUp(server);
const rivera = await newUser(admin, {name: 'Dr Rivera'});
const browser = await chromium();

const comes = async (room, name) => {
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(rivera, room), name, devices: 'mic-only'});
    return guest.state('waiting');
};
/** The browser's Back button; it does not wait for a page that may not come. */
const back = person => person.page.evaluate(() => void setTimeout(() => history.back()));

test('Back in a call asks first: staying keeps the call untouched, and it asks again', async () => {
    const room = await newRoom(rivera, {name: 'Back'});
    const host = await hostArrives(browser, {server, client: rivera, room, devices: 'mic-only'});
    const guest = await comes(room, 'Gina Guest');
    await host.press('admit-first');
    await guest.state('incall live');
    await host.state('incall live');
    const sockets = await guest.page.evaluate(() => window.testSockets.length);
    for (const person of [guest, host, guest]) {
        await back(person);
        await person.sees('dialog[open] [data-do="confirm-leave"]');
        await person.press('cancel');
        await person.gone('dialog[open]');
        assert.match(await person.page.evaluate(() => document.body.dataset.state), /^incall live/);
    }
    assert.equal(await guest.page.evaluate(() => window.testSockets.length), sockets, 'the same connection all the time');
    await guest.receives({video: false});
    await back(guest);
    await guest.press('confirm-leave');
    await guest.state('ended');
    await host.state('incall alone');
    await guest.leave();
    await host.leave();
});

test('a second Back on the open question leaves, and Forward finds the place again', async () => {
    const room = await newRoom(rivera, {name: 'No trap'});
    const host = await hostArrives(browser, {server, client: rivera, room, devices: 'mic-only'});
    const guest = await comes(room, 'Gina Guest');
    await host.press('admit-first');
    await guest.state('incall live');
    await back(guest);
    await guest.sees('dialog[open] [data-do="confirm-leave"]');
    await back(guest);
    await guest.until(() => location.href === 'about:blank', undefined, 'waiting for the page before');
    await guest.page.goForward();
    await guest.state('incall');
    await guest.leave();
    await host.leave();
});

test('Back in the waiting room leaves at once, and Forward finds the place', async () => {
    const room = await newRoom(rivera, {name: 'Waiting'});
    const guest = await comes(room, 'Gina Guest');
    await back(guest);
    await guest.until(() => location.href === 'about:blank', undefined, 'waiting for the page before');
    await guest.page.goForward();
    await guest.state('waiting');
    await guest.hasText('You are next');
    await guest.leave();
});

test('the end page of a host shows the people waiting and for how long, stays current, and lets the first in with one press', async () => {
    const room = await newRoom(rivera, {name: 'Next please'});
    const host = await hostArrives(browser, {server, client: rivera, room, devices: 'mic-only'});
    await host.press('leave');
    await host.press('confirm-end');
    await host.state('ended');
    assert.equal(await host.page.$('[data-do="admit-next"]'), null);
    const ana = await comes(room, 'Ana Next');
    await host.sees('[data-do="admit-next"]');
    assert.match(await host.text('.next-guests'), /1 guest is waiting[\s\S]*Ana Next[\s\S]*just arrived[\s\S]*Let Ana Next in/);
    const ben = await comes(room, 'Ben Later');
    await host.hasText('2 guests are waiting');
    await host.shot('end-page-with-the-line');
    await host.press('admit-next');
    await host.state('incall');
    await ana.state('incall live');
    await ben.state('waiting');
    for (const person of [ana, ben, host]) await person.leave();
});

test('the next guest waiting in another room of the host is reached from the end page too', async () => {
    const [here, there] = [await newRoom(rivera, {name: 'Here'}), await newRoom(rivera, {name: 'There'})];
    const host = await hostArrives(browser, {server, client: rivera, room: here, devices: 'mic-only'});
    const guest = await comes(there, 'Ola Other');
    await host.press('leave');
    await host.press('confirm-end');
    await host.sees('[data-do="admit-next"]');
    assert.match(await host.text('.next-guests'), /There/);
    await host.press('admit-next');
    await host.until(slug => location.pathname === `/r/${slug}`, there.slug, 'waiting for the other room');
    await host.state('incall'); // the devices worked a moment ago
    await guest.state('incall');
    await guest.leave();
    await host.leave();
});
