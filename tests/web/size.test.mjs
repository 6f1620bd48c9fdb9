// The weight of the way from an invitation to the first picture, as a browser fetches it (brotli). Builds the client.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';

const KB = 1024;
const LANDING_MAX = 14 * KB;
const PATH_MAX = 60 * KB;

const out = mkdtempSync(join(tmpdir(), 'parlour-size-'));
execFileSync(process.execPath, [fileURLToPath(new URL('../../web/build.mjs', import.meta.url)), '--out', out]);
test.after(() => rmSync(out, {recursive: true, force: true}));

const dist = join(out, 'dist');
const meta = JSON.parse(readFileSync(join(dist, 'meta.json'), 'utf8'));

/** Bytes on the wire: what the server fills comes as gzip, all else as brotli where that is worth it. @param {string} path */
function weight(path) {
    const file = join(dist, path);
    if (existsSync(`${file}.br`)) return statSync(`${file}.br`).size;
    const bytes = readFileSync(file);
    return bytes.includes('{{practice}}') ? gzipSync(bytes, {level: 9}).length : bytes.length;
}

const asset = output => `assets/${output.split('/').pop()}`;

/** A script with all it needs at once. */
function withImports(output, seen = new Set()) {
    if (seen.has(output)) return seen;
    seen.add(output);
    for (const i of meta.outputs[output].imports) if (i.kind === 'import-statement') withImports(i.path, seen);
    return seen;
}

/** The output made from this source: an entry, or what `import()` of it fetches. */
function outputOf(source) {
    const [found] = Object.entries(meta.outputs).find(([, o]) => o.entryPoint?.endsWith(source)) ?? [];
    assert.ok(found, `${source} is built`);
    return found;
}

const total = outputs => [...outputs].reduce((sum, o) => sum + weight(asset(o)), 0);
const icons = readdirSync(join(dist, 'assets')).find(f => /^icons-.*\.svg$/.test(f));

for (const lang of ['en', 'ar']) {
    const first = withImports(outputOf('js/room/main.js'));
    for (const c of ['common', 'landing']) withImports(outputOf(`lang/${lang}/${c}.json`), first);
    const landing = weight(`room.${lang}.html`) + total(first);

    test(`the landing page weighs at most 14 KB (${lang})`, t => {
        t.diagnostic(`${landing} bytes`);
        assert.ok(landing <= LANDING_MAX, `${landing} bytes`);
    });

    test(`the way to the first picture weighs at most 60 KB (${lang})`, t => {
        const all = new Set(first);
        withImports(outputOf('js/room/app.js'), all);
        withImports(outputOf(`lang/${lang}/guest.json`), all);
        const sum = weight(`room.${lang}.html`) + total(all) + weight(`assets/${icons}`) + weight('favicon.svg');
        t.diagnostic(`${sum} bytes`);
        assert.ok(sum <= PATH_MAX, `${sum} bytes`);
    });
}

test('a release holds nothing of the demo', () => {
    for (const f of readdirSync(join(dist, 'assets'))) {
        if (!f.endsWith('.js')) continue;
        assert.ok(!f.startsWith('demo'), f);
        assert.ok(!readFileSync(join(dist, 'assets', f), 'utf8').includes('Hill Clinic'), f);
    }
});

test('no address of another origin is in what we serve', () => {
    for (const f of readdirSync(join(dist, 'assets'))) {
        if (!/\.(js|svg)$/.test(f)) continue;
        const found = readFileSync(join(dist, 'assets', f), 'utf8').match(/https?:\/\/[\w.-]+/g) ?? [];
        assert.deepEqual(
            found.filter(u => u !== 'http://www.w3.org'),
            [],
            f,
        );
    }
});

for (const lang of ['en', 'ar']) {
    const all = withImports(outputOf('js/admin/main.js'));
    for (const c of ['common', 'admin']) withImports(outputOf(`lang/${lang}/${c}.json`), all);
    const dashboard = weight(`admin.${lang}.html`) + total(all) + weight(`assets/${icons}`);

    test(`the dashboard weighs at most 90 KB (${lang})`, t => {
        t.diagnostic(`${dashboard} bytes`);
        assert.ok(dashboard <= 90 * KB, `${dashboard} bytes`);
    });
}
