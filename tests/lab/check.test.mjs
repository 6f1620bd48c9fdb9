// The page /check in the networks that people sit behind: it says which ways are closed, and what that means for a visit.
// The relay can be reached over UDP, over TCP, and over TLS on port 443, each by a name that has addresses of IPv4 and IPv6.
import '../support/lab.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {DEVICES_FINE, selfTest} from '../support/selftest.mjs';
import {Lab, NAMED_RELAY} from './scene.mjs';

const lab = await Lab.start(['chromium'], NAMED_RELAY);
const {b} = lab.homes;
const OK = 'ok ok';
const CLOSED = 'warn unreachable';

/** Title; what is done to the network; the findings for each way to the relay and for UDP; the verdict; what the row of UDP says. */
const ROWS = [
    ['an ordinary router', null, [OK, OK, OK], OK, 'good', 'Picture and sound can take the fastest way.'],
    ['a router that blocks UDP', home => home.blockUdp(), [CLOSED, OK, OK], 'warn around', 'limited', 'Calls take the relay instead, a little slower.'],
    ['a router that lets port 443 through alone', home => home.onlyPort(443), [CLOSED, CLOSED, OK], 'warn around', 'limited', 'Calls take the relay instead, a little slower.'],
    ['a home with IPv6 alone', home => home.onlyIpv6(), [OK, OK, OK], OK, 'good', 'Picture and sound can take the fastest way.'],
];

for (const [title, change, relays, udp, verdict, words] of ROWS)
    test(`/check behind ${title} says what works there`, async () => {
        change?.(b);
        await b.settled();
        const found = await selfTest(lab.browsers.b.chromium, lab.server).finally(() => b.restore());
        const {person} = found;
        await person.shot(title.replaceAll(' ', '-'), {full: true});
        const relayRows = Object.fromEntries(relays.map((finding, i) => [`relay-${i}`, finding]));
        assert.deepEqual(found.rows, {...DEVICES_FINE, ...relayRows, udp, speed: OK});
        assert.equal(found.verdict, verdict);
        assert.ok((await person.text('[data-row=udp]')).includes(words), await person.text('[data-row=udp]'));
        await person.leave();
    });
