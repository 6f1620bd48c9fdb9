// Small things of the guest's and the host's pages that a person notices at once.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test, {after} from 'node:test';
import {SCREENS} from '../../web/js/room/demo_screens.js';
import {chromium, Person} from '../support/browser.mjs';
import {demoServer} from '../support/looks.mjs';

const server = await demoServer();
after(() => server.stop());
const browser = await chromium();

async function opened(name, {width = 390, height = 844, press, ...options} = {}) {
    const person = await Person.arrive(browser, {server, name, viewport: {width, height}, ...options});
    await person.open(`/j/?demo=${name}${press ? `&press=${press}` : ''}#x`);
    await person.sees('[data-demo="shown"]');
    return person;
}

test('the bar on the self-view has the corners of the picture', async () => {
    const person = await opened('check');
    const [picture, bar] = await person.page.evaluate(() => ['.preview', '.preview-bar'].map(one => getComputedStyle(document.querySelector(one)).borderEndEndRadius));
    assert.notEqual(picture, '0px');
    assert.equal(bar, picture);
    await person.leave();
});

test('the page names all empty fields at once, and each message goes when its field is filled', async () => {
    const person = await opened('check-empty', {press: 'enter'});
    await person.shot('check-empty-entered');
    const wrong = () => person.page.$$eval('.check-form .wrong', list => list.map(one => one.id));
    assert.deepEqual(await wrong(), ['name-wrong', 'pin-wrong', 'consent-missing']);
    assert.equal(await person.page.$eval('.check-form', form => form.noValidate), true, 'the browser keeps its bubble to itself');
    assert.equal(await person.page.evaluate(() => document.activeElement.id), 'name');
    await person.page.keyboard.type('\u200BA');
    await person.until(() => !document.querySelector('#name-wrong'), null, 'waiting until the name is not wrong any more');
    assert.deepEqual(await wrong(), ['pin-wrong', 'consent-missing']);
    await person.leave();
});

test('a toast covers no button, and is seen in an open dialog', async () => {
    for (const [width, height] of [[390, 844], [320, 640], [844, 390], [1280, 800]]) {
        const person = await opened('host-told', {width, height});
        await person.shot(`told-${width}`);
        const covered = await person.page.evaluate(() => {
            const free = button => {
                button.scrollIntoView({block: 'nearest'});
                const {x, y, width: w, height: h} = button.getBoundingClientRect();
                return [[0.1, 0.5], [0.5, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]].every(([a, b]) => button.contains(document.elementFromPoint(x + a * w, y + b * h)));
            };
            for (const toast of document.querySelectorAll('.toast')) toast.style.pointerEvents = 'auto'; // so that elementFromPoint finds it where it is seen
            return [...document.querySelectorAll('.call button')].filter(button => !free(button)).map(button => button.dataset.do);
        });
        assert.deepEqual(covered, [], `${width}`);
        assert.equal((await person.page.$$('.toast')).length, 2);
        await person.leave();
    }
    const person = await opened('host-told', {press: 'leave'});
    await person.shot('told-in-dialog');
    const seen = await person.page.$$eval('dialog[open] .toast', list => list.map(one => one.contains(document.elementFromPoint(...(box => [box.x + box.width / 2, box.y + box.height / 2])(one.getBoundingClientRect())))));
    assert.deepEqual(seen, [true, true]);
    await person.leave();
});

test('a blocked camera has one button, in the typeface of the page', async () => {
    for (const width of [390, 320])
        for (const name of ['check-denied', 'check-camera-denied']) {
            const person = await opened(name, {width});
            await person.shot(`${name}-${width}`);
            const buttons = await person.page.$$eval('.device-note :is(usermedia, .button)', list => list.filter(one => one.checkVisibility()).map(one => getComputedStyle(one).fontFamily));
            assert.deepEqual(buttons, [await person.page.evaluate(() => getComputedStyle(document.body).fontFamily)], `${name} at ${width}`);
            await person.leave();
        }
});

test('a microphone and a camera that are off say so on their buttons', async () => {
    for (const [language, mic, cam] of [['en', 'Muted', 'Cam off'], ['ar', 'مكتوم', 'مغلقة']]) {
        const person = await opened('call-camera-off', {language});
        await person.shot(`off-${language}`);
        assert.equal(await person.text('[data-do="mic"] .control-word'), mic);
        assert.equal(await person.text('[data-do="cam"] .control-word'), cam);
        await person.leave();
    }
});

test('the picture of a notice over the call stands beside its words, also on the narrowest screen', async () => {
    for (const name of ['call-picture-paused', 'call-device-news'])
        for (const width of [320, 1280]) {
            const person = await opened(name, {width, height: 640});
            await person.shot(`${name}-${width}`);
            const apart = await person.page.$$eval('.trouble .notice', notices => notices.filter(notice => {
                const [picture, words] = ['.icon', 'p'].map(part => notice.querySelector(part).getBoundingClientRect());
                return picture.bottom <= words.top || picture.top >= words.bottom;
            }).length);
            assert.equal(apart, 0, `${name}, ${width} px`);
            assert.ok(await person.page.$('.trouble .notice'));
            await person.leave();
        }
});

test('a host is never told to telephone the practice, which is their own', async () => {
    const ofHosts = Object.keys(SCREENS).filter(name => SCREENS[name].host);
    assert.ok(ofHosts.length >= 12, ofHosts.join());
    const person = await opened(ofHosts[0]);
    for (const name of ofHosts) {
        await person.open(`/j/?demo=${name}#x`);
        await person.sees('[data-demo="shown"]');
        assert.doesNotMatch(await person.text(), /(ask|tell|call|phone) the practice|phone them|you are let in|waiting room for you|your invitation|555 0100/i, name);
    }
    await person.leave();
});

test('all pages have the same mark, and it is not a medical one', async () => {
    const person = await Person.arrive(browser, {server, name: 'marks'});
    for (const path of ['/', '/signin', '/check', '/j/?demo=landing#x', '/j/?demo=waiting#x', '/j/?demo=primer-host#x']) {
        await person.open(path);
        const mark = await person.sees('#landing:not([hidden]) .brand img, #app:not([hidden]) :is(.brand, .door-brand) img');
        assert.deepEqual(await mark.evaluate(one => [new URL(one.src).pathname, one.complete && one.naturalWidth > 0, one.alt]), ['/favicon.svg', true, ''], path);
        assert.equal(await person.page.$('use[href*="heart"]'), null, path);
    }
    await person.leave();
});
