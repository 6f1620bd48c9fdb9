// The places of files in the tree, and content that must stand nowhere in it.
import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import test from 'node:test';
import {FILES, filesIn, findLines, isText, read, ROOT} from './tree.mjs';

const TOP_LEVEL = new Set([
    '.ci', '.clang-format', '.github', '.gitignore', 'CHANGELOG.md', 'CMakeLists.txt', 'CMakePresets.json', 'LICENSE', 'README.md',
    'deploy', 'migrations', 'server', 'tests', 'web', 'LICENSES.md', '.editorconfig',
]);

const texts = FILES.filter(file => isText(file) && !file.startsWith('tests/checks/') && !file.endsWith('package-lock.json'));

test('the top level holds what the tree describes', () => {
    const there = [...new Set(FILES.map(file => file.split('/')[0]))];
    assert.deepEqual(there.filter(name => !TOP_LEVEL.has(name)), []);
    for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md', 'CMakeLists.txt']) assert.ok(there.includes(name), `${name} is missing`);
});

test('each folder has a README of a page that says what it holds', () => {
    const folders = new Set(filesIn('server').filter(file => file.split('/').length > 2).map(file => file.split('/').slice(0, 2).join('/')));
    for (const folder of ['server', 'web', 'tests', 'migrations', 'deploy', ...folders]) {
        assert.ok(existsSync(join(ROOT, folder, 'README.md')), `${folder}/README.md is missing`);
        assert.ok(read(`${folder}/README.md`).split('\n').length <= 120, `${folder}/README.md is longer than a page`);
    }
});

test('nothing is left half done', () => {
    assert.deepEqual(findLines(texts, line => /\b(TODO|FIXME|XXX|HACK)\b/.test(line)), []);
});

test('no path of a developer\'s machine stands in the tree', () => {
    assert.deepEqual(findLines(texts, line => /(^|[\s"'`=(])\/(home|work|root|Users)\/\w/.test(line)), []);
});

test('no text has trailing blanks, tabs in C, or lacks its last newline', () => {
    const code = texts.filter(file => /\.(c|h|mjs|js|css|sql|md|cmake)$/.test(file) && !file.startsWith('web/icons'));
    assert.deepEqual(findLines(code, (line, file) => (/[ \t]+$/.test(line) && !file.endsWith('.md')) || (/\t/.test(line) && /\.[ch]$/.test(file))), []);
    assert.deepEqual(code.filter(file => read(file) !== '' && !read(file).endsWith('\n')), []);
});

test('no private key and no secret of this installation is in the tree', () => {
    assert.deepEqual(findLines(texts, line => /BEGIN (RSA |EC |OPENSSH )?PRIVATE KEY/.test(line)), []);
    assert.deepEqual(FILES.filter(file => /(^|\/)(master\.key|setup-code|.*\.db|.*\.db-wal|.*\.pem)$/.test(file)), []);
});

test('a switch over an enumeration has no default (a report)', t => {
    for (const line of findLines(filesIn('server', '.c'), text => /^\s*default:/.test(text))) t.diagnostic(line);
});

/** Names that mean the same in each of their folders. */
const SAME_ROLE = {
    'main.js': 'the script that a page begins with',
    'demo.js': 'any screen of the page by ?demo=name',
};

test('no two modules of the client have one name, but entry points and the files that each feature has', () => {
    const folders = new Map();
    for (const file of filesIn('web/js', '.js').filter(file => !file.startsWith('web/js/features/'))) {
        const name = basename(file);
        folders.set(name, [...(folders.get(name) ?? []), dirname(file)]);
    }
    const shared = [...folders].filter(([, where]) => where.length > 1);
    assert.deepEqual(shared.filter(([name]) => !(name in SAME_ROLE)), []);
    assert.deepEqual(Object.keys(SAME_ROLE).filter(name => !shared.some(([twice]) => twice === name)), [], 'a name that is excused and not shared');
});
