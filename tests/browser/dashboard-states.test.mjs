// Every state of the practice's pages, opened by ?demo=name with invented people: by axe-core in light and dark,
// English and Arabic, and at 320 px. Also the ones that a real server shows only on a bad day.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import test, {after} from 'node:test';
import {DEMOS} from '../../web/js/admin/demo.js';
import {accessible, fitsIntoWidth, wordsStayWhole} from '../support/axe.mjs';
import {chromium, Person} from '../support/browser.mjs';
import {ROOT, startServer, temporaryFolder} from '../support/server.mjs';

const folder = temporaryFolder('parlour-demo');
execFileSync(process.execPath, [join(ROOT, 'web/build.mjs'), '--out', folder, '--demo'], {stdio: 'inherit'});
const server = await startServer({args: ['--web-dir', join(folder, 'dist')]});
after(() => server.stop());
const browser = await chromium();

const DESKTOP = {width: 1280, height: 800};
const PHONE = {width: 320, height: 640};
const LOOKS = {
    en: [['light', DESKTOP], ['dark', PHONE]],
    ar: [['dark', PHONE], ['light', DESKTOP]],
};

for (const [language, looks] of Object.entries(LOOKS)) {
    test(`every state of the dashboard, ${language}`, async t => {
        const person = await Person.arrive(browser, {server, name: 'demo', language});
        for (const name of Object.keys(DEMOS)) {
            await t.test(name, async () => {
                await person.page.setViewport(looks[0][1]);
                await person.open(`/app?demo=${name}&lang=${language}`);
                await person.sees('[data-demo="shown"]');
                const words = await person.page.evaluate(() => document.body.innerText);
                assert.doesNotMatch(words, /\b(live|room|rooms|link|links|people|error|ask|verb|merge|account|sessions|password|setup|signin)\.[a-z_]+\b(?!@)/, 'a text is missing');
                for (const [scheme, viewport] of looks) {
                    const what = `${name}-${language}-${scheme}-${viewport.width}`;
                    await person.page.setViewport(viewport);
                    await person.page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}, {name: 'prefers-reduced-motion', value: 'reduce'}]);
                    await person.shot(what);
                    await accessible(person, what);
                    await fitsIntoWidth(person, what);
                    await wordsStayWhole(person, what);
                }
            });
        }
        person.quiet();
        await person.leave();
    });
}
