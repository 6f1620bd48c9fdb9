// States of the practice's pages, opened by ?demo=name with invented people: by axe-core in light and dark, and at 320 px. This includes
// states that a real server shows only on a bad day.
import assert from 'node:assert/strict';
import test, {after} from 'node:test';
import {DEMOS} from '../../web/js/admin/demo.js';
import {chromium, Person} from './browser.mjs';
import {demoServer, LOOKS, lookAtDemo} from './looks.mjs';

/** The page shows this for a missing text. */
const KEY = /\b(live|room|rooms|link|links|asked|people|error|ask|verb|merge|account|sessions|password|setup|signin|doctor|calls|quality)\.[a-z_]+\b(?!@)/;

/** Tests them all in one language. @param {string} language */
export async function dashboardStates(language) {
    const server = await demoServer();
    after(() => server.stop());
    const browser = await chromium();

    test(`every state of the dashboard, ${language}`, async t => {
        const person = await Person.arrive(browser, {server, name: 'demo', language});
        for (const name of Object.keys(DEMOS)) {
            await t.test(name, async () => {
                await lookAtDemo(person, `/app?demo=${name}&lang=${language}`, `${name}-${language}`, LOOKS[language], async () => {
                    assert.doesNotMatch(await person.page.evaluate(() => document.body.innerText), KEY, 'a text is missing');
                });
            });
        }
        person.quiet();
        await person.leave();
    });
}
