// The quality of the last calls on a room's page: a real call that the host ends, whose last report comes after the goodbye; and its states.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {accessible, fitsIntoWidth} from '../support/axe.mjs';
import {chromium, inCall, Person} from '../support/browser.mjs';
import {newRoom, newUser} from '../support/http.mjs';
import {hostIn, practice} from '../support/scene.mjs';

const {server, admin} = await practice();
const owner = await newUser(admin, {name: 'Dr Rivera'});
const browser = await chromium();

test('after a call that the host ends the card shows both people with their word, on the dashboard and on a phone', async () => {
    const room = await newRoom(owner);
    const {host, guest} = await inCall(browser, server, owner, room);
    for (const person of [host, guest]) await person.sees('.quality'); // it is measured
    await host.press('leave');
    await host.press('confirm-end');
    await guest.state('ended');
    // The page closes when it has said its last word, and a seat is taken after everything before it is written.
    await guest.until(() => window.testSockets.every(({socket}) => socket.readyState === WebSocket.CLOSED), null, 'waiting until the guest has said everything');
    await hostIn(owner, await newRoom(owner));

    for (const [language, viewport] of [['en', {width: 1280, height: 800}], ['ar', {width: 320, height: 640}]]) {
        const person = await Person.arrive(browser, {server, name: `host-${language}`, client: owner, language, viewport});
        await person.open(`/app/rooms/${room.id}`);
        await person.sees('.call');
        const visits = await person.page.$$eval('.call', all => all.map(x => ({title: x.querySelector('h3').innerText, people: [...x.querySelectorAll('.call-people > li')].map(p => [p.querySelector('bdi').innerText, p.querySelector('.quality .icon') !== null && p.querySelector('.quality').innerText])})));
        assert.equal(visits.length, 1);
        assert.match(visits[0].title, language === 'en' ? /^Today, .* \d+ (seconds?|minutes?)$/ : /^اليوم/);
        const [ofHost, ofGuest] = visits[0].people;
        assert.deepEqual([ofHost[0], ofGuest[0]], ['Dr Rivera', 'Gina Guest']);
        for (const [, word] of visits[0].people) assert.match(word, language === 'en' ? /^(Good|Fair|Poor)$/ : /^(جيد|متوسط|ضعيف)$/);
        await person.page.$eval('#calls-title', x => x.scrollIntoView());
        await person.shot(`card-${language}`);
        await accessible(person, `card-${language}`);
        await fitsIntoWidth(person, `card-${language}`);
        await person.leave();
    }
    for (const person of [host, guest]) await person.leave();
});

test('before the first call the card says so; an answer that does not come is told, and comes with a press; earlier calls by the keyboard', async () => {
    const room = await newRoom(owner);
    const person = await Person.arrive(browser, {server, name: 'card-states', client: owner});
    await person.open(`/app/rooms/${room.id}`);
    await person.hasText('No calls yet');

    const quality = url => new URL(url).pathname.endsWith('/quality');
    const visit = i => ({began_at: new Date(Date.UTC(2026, 0, 30 - i)).toISOString(), last_at: new Date(Date.UTC(2026, 0, 30 - i, 0, 12)).toISOString(), people: []});
    let answer = request => request.respond({status: 429, contentType: 'application/problem+json', body: JSON.stringify({code: 'too_many_attempts', retry_after_s: 5})});
    await person.page.setRequestInterception(true);
    person.page.on('request', request => (quality(request.url()) ? answer(request) : request.continue()));
    await person.page.reload();
    await person.sees('section[aria-labelledby=calls-title] .empty[role=alert]');
    answer = request => request.respond({contentType: 'application/json', body: JSON.stringify({items: Array.from({length: 8}, (_, i) => visit(i)), next: null})});
    await person.page.click('section[aria-labelledby=calls-title] .empty button');
    await person.sees('.call');
    assert.equal((await person.page.$$('.call')).length, 5);
    await person.page.focus('[data-do=more-calls]');
    await person.page.keyboard.press('Enter');
    await person.until(() => document.activeElement?.id === 'call-5', null, 'waiting until the cursor is at the first of the earlier calls');
    assert.equal((await person.page.$$('.call')).length, 8);
    await person.gone('[data-do=more-calls]');
    await person.page.setRequestInterception(false);
    person.quiet();
    await person.leave();
});
