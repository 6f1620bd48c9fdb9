// The catalogues of all pages: the same keys, the same blanks, every plural form, and every key that the code uses.
import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import test from 'node:test';
import {CATALOGUES, featureTexts, readCatalogue} from '../../web/build_texts.mjs';
import {formatElapsed, formatWhen, isolate, LANGUAGES, makeTranslate} from '../../web/js/core/i18n.js';
import {SCREENS} from '../../web/js/room/demo_screens.js';

const WEB = new URL('../../web/', import.meta.url);
const OTHERS = Object.keys(LANGUAGES).filter(l => l !== 'en');
const blanks = text => [...new Set(String(text).match(/\{\w+\}/g) ?? [])].sort();
const forms = text => (typeof text === 'string' ? [text] : Object.values(text));

for (const name of CATALOGUES)
    for (const lang of OTHERS)
        test(`${lang}/${name} has every text of en/${name}`, () => {
            const [en, other] = [readCatalogue('en', name), readCatalogue(lang, name)];
            assert.deepEqual(Object.keys(other).sort(), Object.keys(en).sort());
            for (const [key, text] of Object.entries(en)) {
                const plural = typeof text !== 'string';
                assert.equal(typeof other[key] !== 'string', plural, `${key}: counted in both or in neither`);
                const wanted = blanks(plural ? text.other : text);
                for (const form of forms(other[key])) {
                    assert.ok(form.trim(), `${key} is empty`);
                    for (const b of blanks(form)) assert.ok(wanted.includes(b), `${key}: ${b} is not filled in`);
                }
                if (!plural) assert.deepEqual(blanks(other[key]), wanted, key);
            }
        });

test('English texts have the apostrophe of print', () => {
    for (const name of CATALOGUES)
        for (const [key, text] of Object.entries(readCatalogue('en', name)))
            for (const form of forms(text)) assert.doesNotMatch(form, /\w'/, `${name}: ${key}`);
});

for (const name of CATALOGUES)
    for (const lang of Object.keys(LANGUAGES))
        test(`${lang}/${name} has every plural form of its language`, () => {
            const needed = new Intl.PluralRules(lang).resolvedOptions().pluralCategories;
            for (const [key, text] of Object.entries(readCatalogue(lang, name)))
                if (typeof text !== 'string')
                    for (const form of needed) assert.ok(form in text, `${key} lacks ${form}`);
        });

test('a feature names the same texts in every language, and adds them to pages and parts that exist', () => {
    const named = lang =>
        featureTexts(lang).map(({feature, texts}) =>
            Object.entries(texts).map(([name, of]) => [feature, name, Object.keys(of).sort()]),
        );
    for (const lang of OTHERS) assert.deepEqual(named(lang), named('en'), lang);
    for (const [feature, name] of named('en').flat()) assert.ok(CATALOGUES.includes(name), `${feature}: ${name}`);
});

/** All scripts of a folder, as one text. */
function sources(folder) {
    const dir = new URL(folder, WEB);
    return readdirSync(dir)
        .filter(f => f.endsWith('.js') && f !== 'demo.js')
        .map(f => readFileSync(new URL(f, dir), 'utf8'))
        .join('\n');
}

test('every text that the room page uses by name exists', () => {
    const known = Object.assign({}, ...['common', 'landing', 'guest', 'later', 'steady', 'admit'].map(name => readCatalogue('en', name)));
    const features = featureTexts('en').map(({feature}) => `js/features/${feature}/`);
    const code = ['js/ui/', 'js/room/', 'js/core/', ...features].map(sources).join('\n');
    const asked = [...code.matchAll(/\b(?:t|title|fault|textField|news|toast)\(\s*'([\w.]+\.[\w.]+)'/g)].map(m => m[1]);
    assert.ok(asked.length > 80, `${asked.length} found`);
    const listed = [...code.matchAll(/\b\w+: '((?:say|waiting)\.[\w.]+)'/g)].map(m => m[1]);
    for (const key of [...asked, ...listed, 'role.host', 'role.desk']) assert.ok(key in known, key);
    const page = readFileSync(new URL('room.html', WEB), 'utf8');
    for (const [, key] of page.matchAll(/data-t="([^"]+)"/g)) assert.ok(key in known, key);
});

test('every ending and every problem has its texts and an example screen', () => {
    const known = readCatalogue('en', 'later');
    const table = (file, name) => {
        const code = readFileSync(new URL(`js/ui/${file}`, WEB), 'utf8');
        const body = new RegExp(`const ${name} = \\{([\\s\\S]*?)\\n\\};`).exec(code)?.[1] ?? '';
        return [...body.matchAll(/^\s{4}(\w+):/gm)].map(m => m[1]);
    };
    const endings = table('ended.js', 'ENDINGS');
    const problems = table('problem.js', 'PROBLEMS');
    assert.ok(endings.length >= 6 && problems.length >= 15);
    for (const e of endings)
        for (const part of ['title', 'text', 'host']) assert.ok(`ended.${e}.${part}` in known, `${e} ${part}`);
    for (const e of endings) assert.ok(`ended-${e}` in SCREENS, e);
    for (const p of [...problems, 'other'])
        for (const part of ['title', 'text']) assert.ok(`problem.${p}.${part}` in known, `${p} ${part}`);
    for (const p of [...problems, 'other']) assert.ok(`problem-${p.replaceAll('_', '-')}` in SCREENS, p);
    for (const which of ['camera', 'mic'])
        for (const p of ['denied', 'denied_system', 'in_use', 'missing', 'constraint', 'failed']) {
            assert.ok(`device.${which}.${p}` in known);
            if (p !== 'denied') assert.ok(`device.way.${p}` in known);
        }
});

test('blanks are filled, unknown ones stay, a missing key shows', () => {
    const t = makeTranslate('en', {a: 'Hello {name}, {other}', n: {one: '{n} day', other: '{n} days'}});
    assert.equal(t('a', {name: '<b>'}), 'Hello <b>, {other}');
    assert.equal(t('n', {n: 1}), '1 day');
    assert.equal(t('n', {n: 1200}), '1,200 days');
    assert.equal(t('nothing'), 'nothing');
});

test('Arabic counts in six forms', () => {
    const t = makeTranslate('ar', readCatalogue('ar', 'admit'));
    const seen = new Set([0, 1, 2, 3, 11, 100].map(n => t('people.waits', {n})));
    assert.equal(seen.size, 6);
});

test('times read as people say them', () => {
    const now = new Date(2026, 10, 22, 9, 0);
    assert.match(formatWhen('en', new Date(2026, 10, 22, 14, 30), now), /^Today, 2:30\sPM$/);
    assert.match(formatWhen('ar', new Date(2026, 10, 22, 14, 30), now), /^اليوم، /);
    assert.match(formatWhen('en', new Date(2026, 10, 23, 14, 30), now), /^Tomorrow/);
    assert.match(formatWhen('en', new Date(2026, 10, 25, 14, 30), now), /Wednesday/);
    assert.equal(formatElapsed(65_000), '1:05');
    assert.equal(formatElapsed(3_723_000), '1:02:03');
    assert.equal(formatElapsed(-5), '0:00');
    assert.equal(isolate('+1 555'), '\u2066+1\u00a0555\u2069');
});
