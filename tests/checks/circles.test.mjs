// No two modules of the server depend on each other, directly or indirectly. A module is x.c with x.h; it depends on the modules that
// its includes name and on those whose functions and tables its object needs in the release build. A header alone (config.h, store.h)
// is the interface of several modules; it depends on none of them.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {extname, join} from 'node:path';
import test from 'node:test';
import {filesIn, read, ROOT} from './tree.mjs';

const OBJECTS = join(ROOT, 'build/release/CMakeFiles');

const sources = filesIn('server', '.c', '.h').filter(file => file !== 'server/main.c');
const moduleOf = file => file.slice('server/'.length, -extname(file).length);
const modules = new Set(sources.map(moduleOf));
const hasSource = module => sources.includes(`server/${module}.c`); // otherwise the object is left from an earlier build
const objectOf = module => join(OBJECTS, `parlour_${module.split('/')[0]}.dir/server/${module}.c.o`);

/** Module -> those that its files include. */
function includes() {
    const known = new Map([...modules].map(module => [module, new Set()]));
    for (const file of sources) {
        for (const [, name] of read(file).matchAll(/^#include "([^"]+)\.h"/gm)) {
            if (modules.has(name) && name !== moduleOf(file)) known.get(moduleOf(file)).add(name);
        }
    }
    return known;
}

/** Module -> those that define a symbol which its object needs; empty without a build. */
function calls() {
    const objects = new Map([...modules].filter(hasSource).map(module => [objectOf(module), module]).filter(([object]) => existsSync(object)));
    const home = new Map();
    const needed = [];
    const lines = objects.size > 0 ? execFileSync('nm', ['-A', '-P', ...objects.keys()], {encoding: 'utf8', maxBuffer: 1 << 26}).split('\n') : [];
    for (const line of lines) {
        const [, object, name, kind] = line.match(/^(.+): (\S+) (\S)/) ?? [];
        if (kind === 'U') needed.push([objects.get(object), name]);
        else if (/[A-Z]/.test(kind ?? '')) home.set(name, objects.get(object));
    }
    const known = new Map([...objects.values()].map(module => [module, new Set()]));
    for (const [module, name] of needed) if (home.has(name) && home.get(name) !== module) known.get(module).add(home.get(name));
    return known;
}

const both = (a, b) => new Map([...a].map(([module, known]) => [module, new Set([...known, ...(b.get(module) ?? [])])]));

/** The sets of modules that reach each other, of two and more (Tarjan, SIAM J. Comput. 1972). */
function circles(known) {
    const order = new Map();
    const lowest = new Map();
    const open = [];
    const found = [];
    const close = module => {
        const circle = open.splice(open.indexOf(module));
        if (circle.length > 1) found.push(circle.sort());
    };
    const visit = module => {
        order.set(module, order.size);
        lowest.set(module, order.get(module));
        open.push(module);
        for (const next of known.get(module) ?? []) {
            if (!order.has(next)) visit(next);
            if (open.includes(next)) lowest.set(module, Math.min(lowest.get(module), lowest.get(next)));
        }
        if (lowest.get(module) === order.get(module)) close(module);
    };
    for (const module of known.keys()) if (!order.has(module)) visit(module);
    return found;
}

test('the search finds a circle, and none where there is none', () => {
    const known = new Map(Object.entries({a: ['b'], b: ['c', 'e'], c: ['b', 'd'], d: [], e: ['a'], f: ['d', 'a']}));
    assert.deepEqual(circles(known), [['a', 'b', 'c', 'e']]);
    assert.deepEqual(circles(new Map(Object.entries({a: ['b', 'c'], b: ['c'], c: []}))), []);
});

test('no modules of the server form a circle, by includes and calls together', t => {
    const built = calls();
    if (built.size === 0) t.diagnostic('there is no release build: includes only');
    assert.deepEqual(circles(both(includes(), built)), []);
});
