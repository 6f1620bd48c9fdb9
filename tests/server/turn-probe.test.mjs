// The printed configuration against the real coturn: no internal address can be reached through the relay,
// in any of its spellings. The test asks for a permission and never sends anything to the address.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import {createHmac} from 'node:crypto';
import test, {after} from 'node:test';
import {LAB_ADDRESS} from '../support/own_network.mjs';
import {credentials, LAB_ADDRESS_6, selfSigned, startCoturn, StunClient} from '../support/turn.mjs';

const turn = await startCoturn(selfSigned());
after(() => turn.stop());

const INTERNAL_4 = [
    '0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.254', LAB_ADDRESS, '100.64.0.1', '100.127.255.254', '127.0.0.1', '127.1.2.3', '169.254.0.1', '169.254.169.254',
    '172.16.0.1', '172.31.255.254', '192.0.0.1', '192.0.0.170', '192.0.2.1', '192.88.99.1', '192.168.0.1', '192.168.255.254', '198.18.0.1', '198.19.255.254',
    '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255',
];
const INTERNAL_6 = [
    '::1', '::127.0.0.1', '::10.0.0.1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', '::ffff:192.168.1.1', '::ffff:0.0.0.0', '::ffff:8.8.8.8',
    '::', '::ffff:10.0.1.0', '::ffff:127.0.0.0', '::10.0.0.0', '::ffff:0:10.0.0.1', '::ffff:0:10.0.1.0', '::1:0:0', '::1:0:0:0', '0:0:0:1::', '0:1::', '1::', '64:ff9b::10.0.1.0',
    '64:ff9b::7f00:1', '64:ff9b::10.0.0.1', '64:ff9b::169.254.169.254', '64:ff9b:1::10.0.0.1', '100::1', '2001::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2', '2001:db8::1',
    '2002:7f00:1::1', '2002:a00:1::', '2002:c0a8:101::1', '2002:a9fe:a9fe::1', 'fc00::1', 'fd00::1', LAB_ADDRESS_6, 'fdff:ffff::1', 'fe80::1', 'febf::1', 'fec0::1', 'feff::1', 'ff02::1', 'ff0e::1',
];
const PUBLIC_4 = ['1.1.1.1', '8.8.8.8', '93.184.216.34', '100.63.255.255', '100.128.0.1', '172.15.255.255', '172.32.0.1', '192.0.1.1', '198.17.255.255', '198.20.0.1', '223.255.255.254'];
const PUBLIC_6 = ['2606:4700:4700::1111', '2a00:1450:4001::200e', '2400:cb00::1', '2001:4860:4860::8888', '2003::1'];

const client4 = new StunClient();
const client6 = new StunClient();
after(() => [client4, client6].forEach(client => client.close()));

test('credentials made by Parlour give an allocation', async () => {
    assert.equal((await client4.allocate(credentials(), 4)).ok, true, turn.log);
    assert.equal((await client6.allocate(credentials(), 6)).ok, true, turn.log);
});

for (const address of INTERNAL_4) test(`${address} is refused`, async () => assert.equal(await client4.permission(address), 403));
for (const address of INTERNAL_6) test(`${address} is refused`, async () => assert.equal(await client6.permission(address), 403));
for (const address of PUBLIC_4) test(`${address} is public and allowed`, async () => assert.equal(await client4.permission(address), 0));
for (const address of PUBLIC_6) test(`${address} is public and allowed`, async () => assert.equal(await client6.permission(address), 0));

test('expired, invented and otherwise signed credentials are refused', async () => {
    const {username} = credentials();
    const wrong = [
        credentials('probe', -10), credentials('probe', 600, 'another-secret-of-32-characters-'), {username, credential: 'nonsense'}, {username: 'probe', credential: 'x'},
        {username, credential: createHmac('sha256', 'a-turn-secret-of-the-laboratory-1').update(username).digest('base64')},
    ];
    for (const pair of wrong) {
        const client = new StunClient();
        assert.equal((await client.allocate(pair)).code, 401, JSON.stringify(pair));
        client.close();
    }
});

test('one participant gets a dozen allocations and no more', async () => {
    const pair = credentials('greedy');
    const clients = Array.from({length: 13}, () => new StunClient());
    const codes = [];
    for (const client of clients) codes.push((await client.allocate(pair)).code);
    for (const client of clients) client.close();
    assert.deepEqual(codes.slice(0, 12), Array(12).fill(0));
    assert.equal(codes[12], 486);
});

test('people who share a name, as strangers who test their line do, have twelve allocations together, whatever the time in their credentials', async () => {
    const clients = Array.from({length: 13}, () => new StunClient());
    const answers = [];
    for (const [i, client] of clients.entries()) answers.push(await client.allocate(credentials('check-3', 100 + i)));
    assert.deepEqual(answers.map(a => a.code), [...Array(12).fill(0), 486]);
    const another = new StunClient();
    assert.equal((await another.allocate(credentials('check-4', 100))).code, 0, 'others are not hindered');
    for (const client of [...clients, another]) client.close();
});
