// The page of the checks has words, in each language, for everything that the server can find.
import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import test from 'node:test';

const ROOT = new URL('../../', import.meta.url);
const source = readdirSync(new URL('server/doctor/', ROOT))
    .filter(name => name.endsWith('.c'))
    .map(name => readFileSync(new URL(`server/doctor/${name}`, ROOT), 'utf8'))
    .join('\n');
const codes = [...source.matchAll(/"(\w+)",\s*DOCTOR_(OK|WARN|FAIL),/g)].map(([, code, level]) => ({code, level}));

for (const language of ['en', 'ar']) {
    test(`each finding has its sentence and each fault its remedy in ${language}`, () => {
        const texts = JSON.parse(readFileSync(new URL(`web/lang/${language}/admin.json`, ROOT), 'utf8'));
        assert.ok(codes.length > 60, `${codes.length} found`);
        assert.deepEqual(codes.filter(({code}) => !texts[`doctor.found.${code}`]).map(c => c.code), []);
        assert.deepEqual(codes.filter(({code, level}) => (level === 'OK') === Boolean(texts[`doctor.fix.${code}`])).map(c => c.code), []);
    });
}
