// No unused exports, texts or pictures.
import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {CATALOGUES, readCatalogue} from '../../web/build_texts.mjs';

const ROOT = new URL('../../', import.meta.url);
const path = folder => fileURLToPath(new URL(folder, ROOT));
const NOT_OURS = new Set(['node_modules', 'dist']);

/** The files below a folder whose name ends so, by name. */
function texts(folder, end) {
    const found = new Map();
    const walk = dir => {
        for (const entry of readdirSync(path(dir), {withFileTypes: true})) {
            const name = `${dir}/${entry.name}`;
            if (entry.isDirectory() && !NOT_OURS.has(entry.name)) walk(name);
            else if (end.test(name)) found.set(name, readFileSync(path(name), 'utf8'));
        }
    };
    walk(folder);
    return found;
}

const scripts = new Map([...texts('web', /\.m?js$/), ...texts('tests', /\.mjs$/)]);
const pages = [...texts('web', /\.html$/).values()].join('\n');
const client = [...scripts].filter(([name]) => name.startsWith('web/')).map(([, text]) => text);
const code = client.join('\n') + pages;

test('every export is imported somewhere', () => {
    const lonely = [];
    for (const [name, text] of scripts) {
        if (!/^web\/js\/|^tests\/(support|web)\//.test(name)) continue;
        for (const [, what] of text.matchAll(/^export (?:async )?(?:function\*?|const|let|class) (\w+)/gm)) {
            const wanted = new RegExp(`\\b${what}\\b`);
            if (![...scripts].some(([other, t]) => other !== name && wanted.test(t))) lonely.push(`${name}: ${what}`);
        }
    }
    assert.deepEqual(lonely, []);
});

/** The keys that the code may use: names in quotes or in a page's `<!--text:…-->`, and those that it puts together (`error.${code}`). */
function names() {
    const whole = new Set([...code.matchAll(/(?:['"]|<!--text:)([\w.-]+)(?:['"]|-->)/g)].map(m => m[1]));
    const made = [...code.matchAll(/`([\w.]+\.[\w.]*\$\{[^`]*)`/g)].map(
        ([, text]) => new RegExp(`^${text.replaceAll('.', '\\.').replace(/\$\{[^}]*\}/g, '[\\w.-]+')}$`),
    );
    return key => whole.has(key) || made.some(m => m.test(key));
}

test('every text is used', () => {
    const asked = names();
    for (const name of CATALOGUES) {
        const lonely = Object.keys(readCatalogue('en', name)).filter(key => !asked(key));
        assert.deepEqual(lonely, [], name);
    }
});

test('every picture is used', () => {
    const shown = new Set([...code.matchAll(/'([\w-]+)'|<!--icon:([\w-]+)-->/g)].map(m => m[1] ?? m[2]));
    const lonely = readdirSync(path('web/icons')).filter(f => f.endsWith('.svg') && !shown.has(f.slice(0, -4)));
    assert.deepEqual(lonely, []);
});
