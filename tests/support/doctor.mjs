// doctor.mjs - a round of `parlour doctor`, while this process goes on: it may play the other side.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {BIN, ROOT} from './server.mjs';

const TEXTS = JSON.parse(readFileSync(`${ROOT}/web/lang/en/admin.json`, 'utf8'));
const filled = (key, blanks) => (TEXTS[key] ?? '').replaceAll('’', "'").replace(/\{(\w+)\}/g, (_, name) => blanks[name]);

/** The dashboard's page says the same (with the apostrophe of print), from the code and the blanks. */
export function saysTheSame({code, text, remedy, blanks}) {
    assert.equal(filled(`doctor.found.${code}`, blanks), text);
    assert.equal(filled(`doctor.fix.${code}`, blanks), remedy);
}

/** The report, with the findings by code and the exit status. Whatever is found has its words. */
export async function doctor(data, args = [], env = {}) {
    const done = await new Promise(resolve => {
        execFile(BIN, ['doctor', '--json', '--data', data, ...args], {env: {...process.env, ...env}, timeout: 100_000}, (error, out, err) => resolve({code: error ? error.code : 0, out, err}));
    });
    assert.doesNotMatch(done.err, /Sanitizer|runtime error/);
    const report = JSON.parse(done.out || 'null');
    assert.ok(report, done.err);
    report.checks.forEach(saysTheSame);
    for (const {status, text, remedy} of report.checks) {
        assert.doesNotMatch(text + remedy, /[{}]|\?\?/, 'every blank is filled in');
        assert.equal(status === 'ok', remedy === '', 'what does not work comes with a remedy, and nothing else does');
    }
    assert.equal(done.code, report.status === 'fail' ? 1 : 0);
    const found = Object.fromEntries(report.checks.map(c => [c.code, c]));
    return {...report, code: done.code, found, codes: Object.keys(found)};
}

export const has = (report, code, status) => assert.equal(report.found[code]?.status, status, `${code}: ${JSON.stringify(report.checks, null, 1)}`);
