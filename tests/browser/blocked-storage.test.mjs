// Browsers that keep nothing: all cookies and storage are blocked by a setting of the person or of their organisation.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {admitFirst, chromium, firefox, guestArrives, hostArrives, Person} from '../support/browser.mjs';
import {newInvitation, newRoom, newUser, PASSWORD} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';

const {server, admin} = await practice();
const owner = await newUser(admin, {name: 'Dr Rivera'});
const fine = await chromium();
const blocking = {
    Chromium: await chromium({preferences: {profile: {default_content_setting_values: {cookies: 2}}}}),
    Firefox: await firefox({prefs: {'network.cookie.cookieBehavior': 2}}),
};

for (const [name, browser] of Object.entries(blocking)) {
    test(`a guest whose browser blocks all storage comes in, and is told beforehand what a reload loses (${name})`, async () => {
        const room = await newRoom(owner);
        const invitation = await newInvitation(owner, room);
        const guest = await Person.arrive(browser, {server, name: 'Gina Guest'});
        await guest.open(`/j/#${invitation.code}`);
        assert.equal(
            await guest.page.evaluate(() => {
                try {
                    return localStorage.length;
                } catch (e) {
                    return e.name;
                }
            }),
            'SecurityError',
            'storage is blocked for real',
        );
        await guest.hasText('Your browser blocks cookies');
        await guest.shot(`landing-${name}`);
        await guest.press('#l-go');
        await guest.state('primer');
        await guest.press('allow');
        await guest.state('check');
        if (await guest.page.$('#name')) await guest.type('#name', 'Gina Guest');
        await guest.press('enter');
        await guest.state('waiting');
        await guest.hasText('your place is lost');
        const host = await hostArrives(fine, {server, client: owner, room});
        await admitFirst(host);
        await guest.state('incall live');
        await host.receives();
        assert.deepEqual(guest.errors.filter(text => /SecurityError|insecure|denied for this document/.test(text)), []);
        await guest.leave();
        await host.leave();
    });

    test(`a person who signs in with a browser that keeps no cookies is told why it cannot work (${name})`, async () => {
        const page = await Person.arrive(browser, {server, name: 'Dr Rivera'});
        await page.open('/signin');
        await page.type('input[name="email"]', owner.user.email);
        await page.type('input[name="password"]', PASSWORD);
        await page.page.$eval('input[name="email"]', input => input.form.requestSubmit());
        await page.hasText('Your browser blocks cookies, so it cannot stay signed in here.');
        await page.shot(`sign-in-${name}`);
        await page.leave();
    });

    test(`the start page and another language work without storage (${name})`, async () => {
        const page = await Person.arrive(browser, {server, name: 'somebody'});
        await page.open('/');
        await page.press('.languages [lang="ar"]');
        await page.until(() => document.documentElement.dir === 'rtl', null, 'waiting for the other language');
        await page.leave();
    });
}

test('a guest whose browser keeps cookies is told nothing about them', async () => {
    const guest = await guestArrives(fine, {server, invitation: await newInvitation(owner, await newRoom(owner))});
    await guest.state('waiting');
    assert.doesNotMatch(await guest.text(), /cookies/);
    await guest.leave();
});
