// Letters of twice the size on a phone, as the settings of a browser have them: all fits, and every button can be pressed.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test, {after} from 'node:test';
import {fitsIntoWidth, wordsStayWhole} from '../support/axe.mjs';
import {chromium, Person} from '../support/browser.mjs';
import {demoServer} from '../support/looks.mjs';

const server = await demoServer();
after(() => server.stop());
const browser = await chromium({preferences: {webkit: {webprefs: {default_font_size: 32}}}});

/** Buttons that another element covers, or that are cut off: in their middle and a little inside their edges. */
function coveredButtons() {
    const faults = [];
    for (const button of document.querySelectorAll('button, summary')) {
        if (!button.checkVisibility()) continue;
        button.scrollIntoView({block: 'center'});
        const {left, right, top, bottom} = button.getBoundingClientRect();
        const points = [[(left + right) / 2, (top + bottom) / 2], [left + 8, (top + bottom) / 2], [right - 8, (top + bottom) / 2]];
        if (points.some(([x, y]) => !button.contains(document.elementFromPoint(x, y)))) faults.push(button.dataset.do ?? button.id);
    }
    return faults;
}

const PAGES = ['landing', 'primer', 'check', 'check-empty', 'waiting'];
const CALLS = ['call', 'host-call', 'call-chat'];
for (const [width, height, names] of [[360, 740, [...PAGES, ...CALLS]], [412, 840, CALLS], [740, 360, ['call']]])
    for (const name of names)
        test(`${name} at ${width}x${height} with letters of twice the size: nothing is cut off or covered`, async () => {
            const person = await Person.arrive(browser, {server, name, viewport: {width, height, hasTouch: true}});
            await person.open(`/j/?demo=${name}#x`);
            await person.sees('[data-demo="shown"]');
            assert.equal(await person.page.evaluate(() => getComputedStyle(document.documentElement).fontSize), '32px');
            await person.shot(`${name}-${width}`, {full: true});
            await fitsIntoWidth(person, name);
            await wordsStayWhole(person, name);
            assert.deepEqual(await person.page.evaluate(coveredButtons), []);
            await person.leave();
        });
