// One formatter for C and one for JS, strict types over the JSDoc comments of the client, and sound scripts.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import test from 'node:test';
import {FILES, ROOT, isText, read} from './tree.mjs';

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

test('JavaScript of the tests passes the linter of biome, without its formatter', () => {
    run(tool('biome'), ['lint', '--error-on-warnings', '.'], join(ROOT, 'tests'));
});

test('the types of the client hold', () => {
    run(tool('tsc'), ['-p', 'jsconfig.json'], web);
});

test('every script is sound shell', () => {
    const scripts = FILES.filter(file => isText(file) && /^#!\S*\/(ba)?sh\b/.test(read(file)));
    assert.ok(scripts.includes('deploy/run') && scripts.includes('tests/run'), `scripts are found: ${scripts}`);
    run('shellcheck', scripts);
});
