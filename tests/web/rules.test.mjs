// Code that must stand in one place of the client, because it is easily got wrong elsewhere.
import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import test from 'node:test';
import {fileURLToPath} from 'node:url';

const ROOT = fileURLToPath(new URL('../../web/js/', import.meta.url));
const sources = readdirSync(ROOT, {recursive: true})
    .filter(name => name.endsWith('.js') && !/demo/.test(name))
    .map(name => ({name, lines: readFileSync(ROOT + name, 'utf8').split('\n')}));

/** Also removes a comment in the middle of a line, with code after it. */
const withoutComments = line => line.replace(/\/\*.*?\*\//g, '').replace(/\/\/ .*|\/?\*\*?.*/, '');

/** Lines of code outside `home` that match. */
const strays = (home, pattern) =>
    sources
        .filter(({name}) => !home.includes(name))
        .flatMap(({name, lines}) =>
            lines.map((line, i) => [`${name}:${i + 1}`, line.trim()]).filter(([, line]) => pattern.test(withoutComments(line))),
        );

test('only one module uses the browser\'s storage, which may be blocked, and it never throws', () => {
    assert.deepEqual(strays(['ui/page.js'], /\b(localStorage|sessionStorage|indexedDB|BroadcastChannel|serviceWorker|document\.cookie|cookieEnabled)\b/), []);
});

test('every part of the page is fetched by the one loader that handles upgrades', () => {
    const fetched = strays([], /\bimport\(/).filter(([, line]) => !/\bpart\(\(\) => import\(|'.\/demo\.js'/.test(line) && !/^(en|ar): \(\) => import\('(\.\.\/)+lang\//.test(line));
    assert.deepEqual(fetched, [], 'wrap it: part(() => import(…)); catalogues stand in a Source, which loadTexts() fetches so');
    assert.deepEqual(strays([], /\b[A-Z_]*(TEXTS|COMMON)(\[[^\]]*\]|\.\w+)\(|\[lang\w*\]\(/), [], 'a catalogue is fetched by part(SOURCE[lang]), never called');
});

test('the time comes from one clock, which follows the server\'s: no page reads its computer\'s clock', () => {
    assert.deepEqual(strays(['core/clock.js'], /\bDate\.now\b|\bnew Date\(\s*\)|(?<!new )\bDate\(\s*\)|\bperformance\.(now|timeOrigin)\b/), []);
});
