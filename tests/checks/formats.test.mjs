// One formatter for C and one for JS, and strict types over the JSDoc comments of the client.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import test from 'node:test';
import {FILES, ROOT} from './tree.mjs';

function run(command, args, folder = ROOT) {
    const done = spawnSync(command, args, {cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26});
    assert.equal(done.status, 0, `${command}: ${`${done.error ?? ''}${done.stdout}${done.stderr}`.slice(0, 4000)}`);
}

const web = join(ROOT, 'web');
const tool = name => join(web, 'node_modules/.bin', name);

test('C is formatted by clang-format', () => {
    run('clang-format', ['--dry-run', '--Werror', ...FILES.filter(file => /^(server|tests)\/.*\.[ch]$/.test(file))]);
});

test('JavaScript and CSS of the client pass biome', () => {
    run(tool('biome'), ['check', '.'], web);
});

test('the types of the client hold', () => {
    run(tool('tsc'), ['-p', 'jsconfig.json'], web);
});

test('the scripts of deploy and tests are sound shell', t => {
    if (spawnSync('shellcheck', ['--version']).error) return t.skip('shellcheck is not installed');
    run('shellcheck', ['deploy/run', 'deploy/install-packages', 'deploy/npm-install', 'tests/run', '.ci/run', 'tests/support/fuzz']);
});
