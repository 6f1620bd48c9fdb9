// Screens of a visit, opened by ?demo=name with invented people: by axe-core in light and dark, and at 320 px.
import assert from 'node:assert/strict';
import test, {after} from 'node:test';
import {readCatalogue} from '../../web/build_texts.mjs';
import {LANDINGS, SCREENS} from '../../web/js/room/demo_screens.js';
import {chromium, Person} from './browser.mjs';
import {demoServer, LOOKS, lookAtDemo} from './looks.mjs';

/** `t()` shows this for a missing text: its key. */
const keys = ['common', 'landing', 'guest', 'later', 'steady', 'admit'].flatMap(name => Object.keys(readCatalogue('en', name)));
const KEY = new RegExp(`(?<![\\w@.])(${[...new Set(keys.filter(key => key.includes('.')).map(key => key.split('.')[0]))].join('|')})\\.[a-z_]+(?![\\w@])`);

/** All text of the page, also text for screen readers only. */
const words = person =>
    person.page.evaluate(() => [document.title, document.body.innerText, ...[...document.querySelectorAll('[aria-label], [placeholder]')].map(e => e.ariaLabel ?? e.placeholder)].join('\n'));

/** A heading, an explanation, and something to press. */
async function showsTheWayOut(person) {
    const found = await person.page.$eval('#app main', main => {
        const seen = selector => [...main.querySelectorAll(selector)].filter(e => e.checkVisibility() && e.innerText.trim());
        return {headings: seen('h1').length, words: seen('p').length, ways: seen('button:enabled, a[href]').length};
    });
    assert.equal(found.headings, 1, 'one heading');
    assert.ok(found.words > 0, 'no words');
    assert.ok(found.ways > 0, 'no way out');
}

/** Screens with which a visit ends or cannot begin; the others are its course. @param {string} name */
const isEnd = name => /^(ended|problem)-/.test(name);
const names = [...Object.keys(LANDINGS), ...Object.keys(SCREENS)];

/** Tests every screen of the course of a visit, or every one that ends it, in one language. @param {string} language  @param {'course' | 'ends'} which */
export async function visitScreens(language, which) {
    const server = await demoServer();
    after(() => server.stop());
    const browser = await chromium();

    test(`every screen of a visit, its ${which}, ${language}`, async t => {
        const person = await Person.arrive(browser, {server, name: 'demo', language});
        for (const name of names.filter(n => isEnd(n) === (which === 'ends'))) {
            await t.test(name, async () => {
                await lookAtDemo(person, `/j/?demo=${name}#x`, `${name}-${language}`, LOOKS[language], async () => {
                    assert.doesNotMatch(await words(person), KEY, 'a text is missing');
                    if (name.startsWith('problem-')) await showsTheWayOut(person);
                });
            });
        }
        person.quiet();
        await person.leave();
    });
}
