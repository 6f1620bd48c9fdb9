// tests/run: the steps of its short form.
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {join} from 'node:path';
import test from 'node:test';
import {read, ROOT} from './tree.mjs';

const RUN = join(ROOT, 'tests/run');
const listed = (...flags) => execFileSync(RUN, [...flags, '--list'], {encoding: 'utf8'}).trim().split('\n');
const everyday = [...read('tests/run').match(/^STEPS='\n([\s\S]*?)'$/m)[1].matchAll(/^([a-z-]+) /gm)].map(match => match[1]);

test('the quick steps are some of those that run every day, and need no others', () => {
    const quick = listed('--quick');
    assert.deepEqual(quick.filter(step => !everyday.includes(step)), []);
    for (const step of ['release', 'unit', 'web', 'checks']) assert.ok(quick.includes(step), step);
    assert.ok(quick.length < everyday.length);
    const table = read('tests/run');
    for (const step of quick) {
        const needs = table.match(new RegExp(`^${step} +\\| ([a-z -]*)\\|`, 'm'))[1].trim();
        for (const needed of needs.split(' ').filter(Boolean)) assert.ok(quick.includes(needed), `${step} needs ${needed}`);
    }
});

test('all steps are listed, each once', () => {
    const all = listed();
    assert.deepEqual(everyday.filter(step => !all.includes(step)), []);
    assert.equal(new Set(all).size, all.length);
});

test('tests/run refuses an unknown argument, and --only without a name, and prints its usage', () => {
    for (const wrong of ['--fast', '--only']) {
        const {status, stderr} = spawnSync(RUN, [wrong], {encoding: 'utf8'});
        assert.equal(status, 2, wrong);
        assert.match(stderr, /--quick/, wrong);
    }
});
