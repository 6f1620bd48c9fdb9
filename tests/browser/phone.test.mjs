// A call on a small screen: an open panel covers neither the other's face nor the buttons, also with a keyboard on the screen.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test, {after} from 'node:test';
import {chromium, Person} from '../support/browser.mjs';
import {demoServer} from '../support/looks.mjs';

const server = await demoServer();
after(() => server.stop());
const browser = await chromium();

/** A telephone's keyboard where only the visual viewport shrinks (Safari): a viewport of our own making. */
function ownView() {
    const view = new EventTarget();
    Object.assign(view, {height: innerHeight, offsetTop: 0, scale: 1});
    Object.defineProperty(window, 'visualViewport', {value: view});
}

async function opened(name, {width, height, language, before}) {
    const person = await Person.arrive(browser, {server, name, viewport: {width, height, hasTouch: true, isMobile: true}, language, before});
    await person.open(`/j/?demo=${name}#x`);
    await person.sees('[data-demo="shown"]');
    return person;
}

/** Everything that covers a face, a button or the field; and the height of the picture. */
function inTheWay(viewHeight) {
    const box = selector => document.querySelector(selector)?.getBoundingClientRect();
    const covered = (name, {left, right, top, bottom}, own) => {
        const [x, y] = [(left + right) / 2, (top + bottom) / 2];
        if (top < 0 || bottom > viewHeight + 1 || left < 0 || right > innerWidth + 1) return [`${name} is out of view`];
        const at = document.elementFromPoint(x, y);
        return at?.closest(own) ? [] : [`${name} is covered by ${at?.className}`];
    };
    const face = box('.tile > video');
    const faults = covered('the face', face, '.tile');
    for (const button of document.querySelectorAll('.call-bar .control')) faults.push(...covered(button.dataset.do, button.getBoundingClientRect(), `[data-do="${button.dataset.do}"]`));
    for (const own of ['#chat-text', '[data-do="send-chat"]', '[data-do="close-panel"]']) if (box(own)) faults.push(...covered(own, box(own), own));
    return {faults, face: Math.round(face.height), lines: Math.round(box('.chat-lines, .people').height)};
}

const SIZES = [[390, 844], [320, 568], [844, 390]];
for (const [width, height] of SIZES)
    for (const name of ['call-chat', 'host-chat', 'host-call'])
        test(`${name} at ${width}x${height}: the face is seen above the panel and every button can be pressed`, async () => {
            const person = await opened(name, {width, height});
            await person.shot(`${name}-${width}`);
            const {faults, face, lines} = await person.page.evaluate(inTheWay, height);
            assert.deepEqual(faults, []);
            assert.ok(face >= 120, `the picture is ${face} px high`);
            assert.ok(lines >= 60, `what is read is ${lines} px high`);
            await person.leave();
        });

for (const [name, width] of [['call-chat', 360], ['host-call', 390]])
    test(`the buttons of ${name} are equally far apart at ${width} px`, async () => {
        const person = await opened(name, {width, height: 740});
        await person.shot(`${name}-bar-${width}`);
        const middles = await person.page.$$eval('.call-bar .control-icon', all => all.map(icon => icon.getBoundingClientRect()).map(({left, right}) => (left + right) / 2));
        const steps = middles.slice(1).map((middle, i) => middle - middles[i]);
        assert.ok(Math.max(...steps) - Math.min(...steps) <= 2, steps.join(' '));
        await person.leave();
    });

test('the same from right to left', async () => {
    const person = await opened('host-chat', {width: 390, height: 844, language: 'ar'});
    await person.shot('host-chat-ar');
    assert.deepEqual((await person.page.evaluate(inTheWay, 844)).faults, []);
    await person.leave();
});

test('a keyboard that shrinks the page leaves picture, field and buttons in view', async () => {
    const person = await opened('call-chat', {width: 390, height: 844});
    await person.page.focus('#chat-text');
    await person.page.setViewport({width: 390, height: 410, hasTouch: true, isMobile: true});
    await person.until(() => document.documentElement.hasAttribute('data-short'), null, 'waiting until the page knows');
    await person.shot('keyboard-shrinks-page');
    const {faults, face} = await person.page.evaluate(inTheWay, 410);
    assert.deepEqual(faults, []);
    assert.ok(face >= 90, `${face}`);
    await person.leave();
});

test('a keyboard that shrinks only the view leaves picture, field and buttons in it', async () => {
    const person = await opened('call-chat', {width: 390, height: 844, before: ownView});
    await person.page.focus('#chat-text');
    await person.page.evaluate(() => {
        Object.assign(visualViewport, {height: 470, offsetTop: 120});
        visualViewport.dispatchEvent(new Event('resize'));
    });
    await person.shot('keyboard-shrinks-view');
    assert.deepEqual((await person.page.evaluate(inTheWay, 470)).faults, []);
    await person.page.evaluate(() => {
        Object.assign(visualViewport, {height: 844, offsetTop: 0});
        visualViewport.dispatchEvent(new Event('resize'));
    });
    assert.deepEqual((await person.page.evaluate(inTheWay, 844)).faults, [], 'and all is as before when it goes');
    await person.leave();
});

test('a guest who waits with the telephone held sideways sees the text and the self-view at once', async () => {
    for (const language of ['en', 'ar']) {
        const person = await opened('waiting', {width: 844, height: 390, language});
        await person.shot(`waiting-sideways-${language}`);
        const out = await person.page.evaluate(() => ['#waiting-title', '.waiting .lead', '.preview', '.preview [data-do="mic"]'].filter(selector => document.querySelector(selector).getBoundingClientRect().bottom > innerHeight));
        assert.deepEqual(out, [], language);
        await person.leave();
    }
});
