// No third party: no address of one in what we ship, and only licences that fit what we ship.
import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {FILES, filesIn, findLines, isText, read, ROOT} from './tree.mjs';

/** Names that stand in texts but receive no request: examples, namespaces, licences, specifications. */
const NEVER_ASKED = [
    'localhost', '127.0.0.1', '[::1]', 'example.org', 'example.com', 'example.net', 'www.w3.org', 'w3.org', 'www.rfc-editor.org', 'rfc-editor.org',
    'lit.dev', 'www.apache.org', 'opensource.org', 'lucide.dev', 'github.com', 'www.iana.org',
];
const allowedHost = host => NEVER_ASKED.some(name => host === name || host.endsWith(`.${name}`)) || host.endsWith('.example') || /[%${<]/.test(host) || !/[.\]]/.test(host);
const hostsIn = line => [...line.matchAll(/\b(?:https?|wss?):\/\/([^\s/"'`)\\<>:,;]+)/g)].map(match => match[1]);

test('no address of a third party stands in the sources', () => {
    const files = ['server', 'web', 'deploy', 'migrations'].flatMap(folder => filesIn(folder)).filter(file => isText(file) && !/(package-lock|LICENSE|icons\/)/.test(file));
    assert.deepEqual(findLines(files, line => hostsIn(line).some(host => !allowedHost(host))), []);
});

test('no third party\'s STUN or TURN server is a default', () => {
    const files = ['server', 'web', 'deploy'].flatMap(folder => filesIn(folder)).filter(file => isText(file) && !file.includes('package-lock'));
    assert.deepEqual(
        findLines(files, line => [...line.matchAll(/\b(?:stuns?|turns?):([a-z0-9-]+(?:\.[a-z0-9-]+)+)/g)].some(match => !/(^|\.)example\.(org|com|net)$/.test(match[1]))),
        [],
    );
});

test('the bundled client names no address of a third party', t => {
    const folder = join(ROOT, 'build/release/web');
    if (!existsSync(folder)) return t.skip('the client is not built');
    const files = readdirSync(folder, {recursive: true}).filter(file => /\.(js|css|html)$/.test(file));
    const found = files.flatMap(file => hostsIn(readFileSync(join(folder, file), 'utf8')).filter(host => !allowedHost(host)).map(host => `${file}: ${host}`));
    assert.deepEqual(found, []);
});

const SHIPPABLE = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'CC0-1.0', 'Unlicense', 'BlueOak-1.0.0']);
const TOOLS_TOO = new Set([...SHIPPABLE, 'MPL-2.0', 'Python-2.0', 'CC-BY-4.0']);
/** Packages whose package.json forgets what their LICENSE file says. */
const SAID_ELSEWHERE = {'node_modules/xmlhttprequest-ssl': 'MIT'};
const eachLicence = text => text.replace(/[()]/g, '').split(/ OR | AND /);

for (const folder of ['web', 'tests']) {
    test(`the licences of the npm packages of ${folder} fit`, () => {
        const {packages} = JSON.parse(read(`${folder}/package-lock.json`));
        const wrong = Object.entries(packages)
            .filter(([path]) => path !== '')
            .filter(([path, p]) => !eachLicence(p.license ?? SAID_ELSEWHERE[path] ?? 'none').every(name => (p.dev || folder === 'tests' ? TOOLS_TOO : SHIPPABLE).has(name)))
            .map(([path, p]) => `${path}: ${p.license}`);
        assert.deepEqual(wrong, []);
    });
}

test('each bundled package is named, with its licence, in the notices that travel with it', () => {
    const notices = FILES.filter(file => file === 'LICENSES.md').map(read).join('\n');
    const {packages} = JSON.parse(read('web/package-lock.json'));
    const bundled = Object.entries(packages).filter(([path, p]) => path && !p.dev && !p.peer).map(([path]) => path.replace(/^.*node_modules\//, ''));
    assert.deepEqual(bundled.filter(name => !notices.includes(name)), []);
});
