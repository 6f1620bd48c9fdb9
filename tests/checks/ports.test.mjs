// Test files run side by side: none gets a port that another has, or one that the kernel may give to a connection meanwhile.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {ROOT} from './tree.mjs';

const SUPPORT = join(ROOT, 'tests/support/server.mjs');
const TAKE = `import(${JSON.stringify(SUPPORT)}).then(async ({freePort}) => {
    const ports = [];
    for (let i = 0; i < 300; i++) ports.push(await freePort());
    console.log(JSON.stringify(ports));
    process.stdin.on('end', () => process.exit()).resume();
});`;

test('processes that ask for free ports at the same time get different ones, and none from the range of outgoing connections', async () => {
    const [lowest] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/).map(Number);
    const children = Array.from({length: 4}, () => spawn(process.execPath, ['-e', TAKE], {stdio: ['pipe', 'pipe', 'inherit']}));
    const all = (await Promise.all(children.map(async child => JSON.parse(String((await once(child.stdout, 'data'))[0]))))).flat();
    for (const child of children) child.stdin.end();
    await Promise.all(children.map(child => once(child, 'close')));
    assert.equal(new Set(all).size, 1200);
    assert.ok(all.every(port => port < lowest));
});
