// Phones and desk computers whose clocks are wrong: the server's time counts, for everything shown and everything made.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {chromium, guestArrives, hostArrives, Person} from '../support/browser.mjs';
import {good, newInvitation, newRoom, newUser} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';

const {server, admin} = await practice();
const owner = await newUser(admin, {name: 'Dr Rivera'});
const browser = await chromium();

/** Runs in the page before any of its scripts: the computer's clock is wrong. */
const clocks = {
    'ten minutes behind': () => shiftClock(-600_000),
    'ten minutes ahead': () => shiftClock(600_000),
    'a day behind': () => shiftClock(-86_400_000),
    'a day ahead': () => shiftClock(86_400_000),
};
const wrong = name =>
    new Function(`
    const Native = Date;
    const shiftClock = ms => {
        globalThis.Date = class extends Native {
            constructor(...given) {
                if (given.length) super(...given);
                else super(Native.now() + ms);
            }
            static now() {
                return Native.now() + ms;
            }
        };
    };
    (${clocks[name]})();`);

for (const name of ['ten minutes behind', 'ten minutes ahead'])
    test(`a phone whose clock is ${name} counts down to the right minute, and opens the link as soon as the server does`, async t => {
        const room = await newRoom(owner);
        const later = await Person.arrive(browser, {server, name: 'Gina Guest', before: wrong(name)});
        await later.open(`/j/#${(await newInvitation(owner, room, {not_before_in_s: 30 * 60})).code}`);
        await later.hasText('You can enter in 30 minutes.');
        await later.shot(`early-${name.replaceAll(' ', '-')}`);
        await later.leave();

        const made = await newInvitation(owner, room, {not_before_in_s: 15});
        const guest = await Person.arrive(browser, {server, name: 'Gina Guest', before: wrong(name)});
        await guest.open(`/j/#${made.code}`);
        await guest.hasText('This page opens by itself.');
        assert.ok(await guest.page.$('#l-go[disabled]'));
        await guest.sees('#l-go:not([disabled])');
        const late = Date.now() - Date.parse(made.not_before);
        t.diagnostic(`open ${late} ms after the moment`);
        assert.ok(late >= 0 && late < 10_000, `${late} ms`);
        await guest.press('#l-go');
        await guest.state('primer');
        await guest.leave();
    });

for (const name of ['a day behind', 'a day ahead'])
    test(`on a computer whose clock is ${name} links last as long as they say, and waiting times are right`, async () => {
        const room = await newRoom(owner);
        const guest = await guestArrives(browser, {server, invitation: await newInvitation(owner, room), devices: 'listen-only'});
        await guest.state('waiting');

        const desk = await Person.arrive(browser, {server, client: owner, name: 'Dr Rivera', before: wrong(name)});
        await desk.open('/app');
        await desk.hasText('Gina Guest');
        await desk.hasText('just arrived');
        const today = new Intl.DateTimeFormat('en', {weekday: 'long', day: 'numeric', month: 'long'}).format(new Date());
        await desk.hasText(today);
        await desk.shot(`today-${name.replaceAll(' ', '-')}`);

        await desk.open(`/app/rooms/${room.slug}`);
        await desk.press('visit-link');
        await desk.hasText('Tomorrow');
        await desk.press('dialog .dialog-actions .button');
        await desk.press('new-link');
        await desk.page.select('select[name="lifetime"]', '72');
        await desk.page.$eval('select[name="lifetime"]', select => select.form.requestSubmit());
        await desk.sees('dialog .qr');
        const {items} = good(await owner.get(`/api/v1/rooms/${room.id}/invitations`));
        const lives = items.map(i => Math.round((Date.parse(i.expires_at) - Date.parse(i.created_at)) / 3_600_000)).sort((a, b) => a - b);
        assert.deepEqual(lives.slice(0, 2), [24, 72]);
        await desk.leave();

        const host = await hostArrives(browser, {server, client: owner, room, before: wrong(name)});
        await host.press('people');
        await host.sees('.waiting-person');
        await host.hasText('just arrived');
        assert.doesNotMatch(await host.text('.waiting-person'), /\d+ min/);
        await host.leave();
        await guest.leave();
    });
