// Every state of the practice's pages, opened by ?demo=name with invented people: by axe-core in light and dark,
// English and Arabic, and at 320 px. Also the ones that a real server shows only on a bad day.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test, {after} from 'node:test';
import {DEMOS} from '../../web/js/admin/demo.js';
import {chromium, Person} from '../support/browser.mjs';
import {demoServer, LOOKS, lookAtDemo} from '../support/looks.mjs';

const server = await demoServer();
after(() => server.stop());
const browser = await chromium();

/** What is shown for a text that is missing. */
const KEY = /\b(live|room|rooms|link|links|asked|people|error|ask|verb|merge|account|sessions|password|setup|signin)\.[a-z_]+\b(?!@)/;

for (const [language, looks] of Object.entries(LOOKS)) {
    test(`every state of the dashboard, ${language}`, async t => {
        const person = await Person.arrive(browser, {server, name: 'demo', language});
        for (const name of Object.keys(DEMOS)) {
            await t.test(name, async () => {
                await lookAtDemo(person, `/app?demo=${name}&lang=${language}`, `${name}-${language}`, looks, async () => {
                    assert.doesNotMatch(await person.page.evaluate(() => document.body.innerText), KEY, 'a text is missing');
                });
            });
        }
        person.quiet();
        await person.leave();
    });
}
