// A visit in real browsers with TLS of our own and no proxy: camera, sockets and the call, while the certificate is replaced.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test, {after} from 'node:test';
import {admitFirst, chromium, guestArrives, hostArrives} from '../support/browser.mjs';
import {newInvitation, newRoom, newUser, setUp} from '../support/http.mjs';
import {startServer, temporaryFolder} from '../support/server.mjs';
import {Authority, replace} from '../support/tls.mjs';

const authority = new Authority();
const kept = temporaryFolder();
const issued = authority.issue({name: 'localhost'});
const files = {...issued, cert: `${kept}/fullchain.pem`, key: `${kept}/privkey.pem`};
replace(files, issued);
const browser = await chromium({flags: ['--ignore-certificate-errors']});

test('two people meet over TLS without a proxy, and a new certificate changes nothing for them', async () => {
    const server = await startServer({tls: files});
    after(() => server.stop());
    const owner = await newUser(await setUp(server), {name: 'Dr Rivera'});
    const room = await newRoom(owner);
    const host = await hostArrives(browser, {server, client: owner, room});
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(owner, room)});
    await guest.state('waiting');
    await admitFirst(host);
    for (const person of [host, guest]) await person.state('incall live');
    assert.match(guest.page.url(), /^https:\/\/localhost:/);
    const from = server.err.length;
    replace(files, authority.issue({name: 'localhost'}));
    await server.logs(/tls\.certificate/, from);
    for (const person of [host, guest]) {
        await person.receives();
        await person.state('incall live');
        await person.stayedHome();
    }
    await host.leave();
    await guest.leave();
});
