// The bytes that a browser fetches, as sent, from an invitation to the first picture and for the dashboard. Builds the client.
import assert from 'node:assert/strict';
import {readdirSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {buildClient, readBuild, WAYS} from '../../web/build_size.mjs';

const KB = 1024;
/** The bounds, by way and language. */
const MOST = {
    landing: {en: 14 * KB, ar: 14 * KB},
    'first picture': {en: 45 * KB, ar: 47 * KB},
    'after it': {en: 20 * KB, ar: 21 * KB},
    'in the call': {en: 10 * KB, ar: 10 * KB},
    dashboard: {en: 90 * KB, ar: 90 * KB},
};

const out = buildClient();
test.after(() => rmSync(out, {recursive: true, force: true}));
const dist = join(out, 'dist');
const build = readBuild(dist);

for (const [name, way] of Object.entries(WAYS))
    for (const [lang, most] of Object.entries(MOST[name]))
        test(`${name}: at most ${most} bytes are fetched (${lang})`, t => {
            const bytes = build.total(way, lang);
            t.diagnostic(`${bytes} bytes; what they are made of: npm run size -- --lang ${lang}`);
            assert.ok(bytes <= most, `${bytes} bytes`);
        });

test('a release holds nothing of the demo', () => {
    for (const f of readdirSync(join(dist, 'assets'))) {
        if (!f.endsWith('.js')) continue;
        assert.ok(!f.startsWith('demo'), f);
        assert.ok(!readFileSync(join(dist, 'assets', f), 'utf8').includes('Hill Clinic'), f);
    }
});

test('no address of another origin is in the files we serve', () => {
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
