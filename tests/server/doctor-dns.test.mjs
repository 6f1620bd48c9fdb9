// `parlour doctor` compares the addresses of the public name with those of the machine: one inside a network of its own.
import {LAB_ADDRESS} from '../support/own_network.mjs';
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import test from 'node:test';
import {doctor, has} from '../support/doctor.mjs';
import {startServer} from '../support/server.mjs';

const PUBLIC = '203.0.113.5';
const ip = (...words) => execFileSync('ip', words);
const stopped = await startServer();
await stopped.stop();

const ask = host => doctor(stopped.data, ['--public-url', `https://${host}`]);

test('an address of this machine', async () => {
    const report = await ask(LAB_ADDRESS);
    has(report, 'dns_ok', 'ok');
    assert.equal(report.found.dns_ok.text, `${LAB_ADDRESS} leads to this machine: ${LAB_ADDRESS}.`);
});

test('an address in front of a machine that has a private one is not doubted: visits are passed on', async () => {
    const report = await ask('192.0.2.9');
    has(report, 'dns_through', 'ok');
    assert.match(report.found.dns_through.text, /192\.0\.2\.9.*10\.99\.0\.1/);
    assert.ok(!report.found.dns_ok);
});

test('an address of another machine, while this one has a public address, is a warning with both', async () => {
    ip('addr', 'add', `${PUBLIC}/32`, 'dev', 'v0');
    ip('route', 'add', '192.0.2.0/24', 'dev', 'v0', 'src', PUBLIC);
    const report = await ask('192.0.2.9');
    has(report, 'dns_elsewhere', 'warn');
    assert.match(report.found.dns_elsewhere.text, /192\.0\.2\.9.*203\.0\.113\.5/);
    has(await ask(PUBLIC), 'dns_ok', 'ok');
});

test('an address of a kind that this machine does not have is a warning', async () => has(await ask('[2001:db8::9]'), 'dns_no_way', 'warn'));
