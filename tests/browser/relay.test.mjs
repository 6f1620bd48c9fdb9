// Only by relay, through the real coturn with the printed configuration: over UDP, over TCP and over TLS.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test, {after} from 'node:test';
import {chromium, inCall} from '../support/browser.mjs';
import {newRoom, newUser, setUp} from '../support/http.mjs';
import {LAB_ADDRESS} from '../support/own_network.mjs';
import {startServer} from '../support/server.mjs';
import {SECRET, selfSigned, startCoturn, TURN_URLS} from '../support/turn.mjs';

const certificate = selfSigned();
// Media has to flow to the lab's one private address; an operator would not add this line.
const turn = await startCoturn(certificate, [`allowed-peer-ip=${LAB_ADDRESS}`]);
after(() => turn.stop());
const browser = await chromium({flags: [`--ignore-certificate-errors-spki-list=${certificate.pin}`, '--ignore-certificate-errors']});

for (const [index, way] of ['udp', 'tcp', 'tls'].entries())
    test(`two people in a relay-only room meet over ${way}`, async () => {
        const server = await startServer({args: ['--turn-url', TURN_URLS[index]], env: {PARLOUR_TURN_SECRET: SECRET}});
        try {
            const owner = await newUser(await setUp(server), {name: 'Dr Rivera'});
            const room = await newRoom(owner, {relay_only: true});
            const {host, guest} = await inCall(browser, server, owner, room);
            for (const person of [host, guest]) {
                const {paths} = await person.receives();
                assert.ok(paths.length > 0 && paths.every(path => path.local === 'relay' && path.relay === way), JSON.stringify(paths));
                const sdp = await person.page.evaluate(() => window.testConnections.map(pc => pc.localDescription?.sdp).join('\n'));
                assert.doesNotMatch(sdp, /typ (host|srflx)/, 'no address of the person is told to the other');
                await person.stayedHome();
            }
            await guest.shot(`relay-${way}`);
            await host.leave();
            await guest.leave();
        } finally {
            await server.stop();
        }
    });
