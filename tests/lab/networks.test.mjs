// The networks that people sit behind: each pair of them meets, over the path that is left, and sees a picture soon after it is let in.
// The relay has a name, as most have, with addresses of IPv4 and IPv6; only some of the homes have a way to the latter.
// PARLOUR_LAB_RUNS: calls for each row; PARLOUR_LAB_ROWS: only the rows whose title contains this.
import '../support/lab.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {firstPicture, Lab, NAMED_RELAY} from './scene.mjs';

const RUNS = Number(process.env.PARLOUR_LAB_RUNS ?? 1);
const lab = await Lab.start(['chromium'], NAMED_RELAY);
const {a, b} = lab.homes;
await (await lab.call()).end(); // the browsers have their code and have met once

const onlyTls = home => home.onlyPort(443);
const onlyIpv6 = home => home.onlyIpv6();
const symmetric = home => home.setNat('symmetric');
/** Title; what is done to the network of the host and of the guest; how the guest reaches the relay, if the path has one (null: either way); the most
 *  seconds to the picture. */
const ROWS = [
    ['two ordinary routers', null, null, 'direct', 1.5],
    ['a symmetric router at the guest', null, symmetric, 'relay', 1.5],
    ['symmetric routers at both', symmetric, symmetric, 'relay', 1.5],
    ['no UDP at the guest', null, home => home.blockUdp(), 'tcp', 1.5],
    ['no UDP at both', home => home.blockUdp(), home => home.blockUdp(), 'tcp', 1.5],
    ['only port 443 at the guest', null, onlyTls, 'tls', 1.5],
    ['only port 443 at both', onlyTls, onlyTls, 'tls', 1.5],
    ['only IPv6 at both', onlyIpv6, onlyIpv6, null, 1.5],
    ['only IPv6 at the guest, only IPv4 at the host', null, onlyIpv6, 'relay', 1.5],
];

/** @param {{local: string, remote: string, relay?: string}} path of the guest */
const kindOf = ({local, remote, relay}) => (local === 'relay' && relay !== 'udp' ? relay : [local, remote].includes('relay') ? 'relay' : 'direct');

for (const [title, atHost, atGuest, path, wantedS] of ROWS.filter(([title]) => title.includes(process.env.PARLOUR_LAB_ROWS ?? '')))
    test(`${title}: the call connects, and the picture is there within ${wantedS} s`, async () => {
        for (let run = 0; run < RUNS; run++) {
            atHost?.(a);
            atGuest?.(b);
            let call = null;
            try {
                call = await lab.call();
                const seconds = await firstPicture(call);
                const {paths} = await call.guest.stats();
                console.log(`${title}: ${seconds.toFixed(2)} s, ${JSON.stringify(paths)}`);
                if (path) assert.deepEqual(paths.map(kindOf), [path]);
                assert.ok(seconds <= wantedS, `${seconds} s`);
            } finally {
                await call?.end();
                for (const home of [a, b]) {
                    home.setNat('cone');
                    home.restore();
                }
            }
        }
    });
