// The samples in deploy/proxy as they are shipped, but for the paths of the certificate: each proxy is started with its own in a network
// of this test, where visits.example.org is this machine, and a visit is driven through it.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import {get} from 'node:http';
import {request as secureRequest} from 'node:https';
import test from 'node:test';
import {Client, good, refused, setUp} from '../support/http.mjs';
import {LAB_ADDRESS} from '../support/own_network.mjs';
import {NAME, PROXY_KINDS, startProxy, through} from '../support/proxies.mjs';
import {admit, guestAt, hostIn, newInvitation, newRoom} from '../support/scene.mjs';
import {startServer} from '../support/server.mjs';

async function withProxy(name, run) {
    const parlour = await startServer({port: 8080, publicUrl: `https://${NAME}`, args: ['--trusted-proxy', '127.0.0.1']});
    try {
        const proxy = await startProxy(name, parlour, LAB_ADDRESS);
        try {
            await run(proxy.server, parlour);
        } finally {
            await proxy.stop();
        }
    } finally {
        await parlour.stop();
    }
}

/** The answer to the head of a request with a body of this length; none of the body is sent. */
const announce = (client, path, length) =>
    new Promise((resolve, reject) => {
        const {ca, servername} = client.server.tls;
        const headers = {Host: NAME, Cookie: client.cookieHeader(), Origin: client.server.origin, 'Sec-Fetch-Site': 'same-origin', 'X-Parlour': '1', 'Content-Type': 'application/json', 'Content-Length': length};
        const request = secureRequest({host: client.server.host, port: 443, ca, servername, method: 'POST', path, headers}, async response => {
            const chunks = await response.toArray();
            request.destroy();
            resolve(client.answer('POST', path, response, Buffer.concat(chunks)));
        });
        request.on('error', reject);
        request.flushHeaders();
    });

const redirectOf = host =>
    new Promise((resolve, reject) => get({host, port: 80, path: '/j/', headers: {Host: NAME}}, answer => resolve(answer.resume() && [answer.statusCode, answer.headers.location])).on('error', reject));

for (const name of PROXY_KINDS)
    test(`${name}: the sample serves page, API and WebSocket over https, IPv4 and IPv6, and names the client`, async () => {
        await withProxy(name, async (server, parlour) => {
            for (const host of [LAB_ADDRESS, '::1']) {
                const page = await new Client(through(parlour, host)).get('/');
                assert.equal(page.status, 200, page.text);
                assert.match(page.headers['content-security-policy'], new RegExp(`wss://${NAME.replaceAll('.', '\\.')}`));
                const [status, location] = await redirectOf(host);
                assert.ok([301, 302, 308].includes(status) && location === `https://${NAME}/j/`, `${host}: ${status} ${location}`);
            }
            const admin = await setUp(server);
            assert.ok(admin.cookies.has('__Host-sid'), String([...admin.cookies.keys()]));
            const room = await newRoom(admin);
            const host = await hostIn(admin, room);
            const guest = await guestAt(room, await newInvitation(admin, room), {server});
            await admit(host, guest);
            host.send({type: 'signal', to: guest.id, data: {pc: 'main', description: {type: 'offer', sdp: 'v=0'}}});
            await guest.next('signal');
            for (const seat of [host, guest]) seat.close();

            const forger = new Client(server, {headers: {'X-Forwarded-For': '198.51.100.1'}});
            good(await forger.post('/session', {email: 'owner@example.org', password: 'correct horse battery staple'}));
            const {items} = await admin.read('/audit?limit=200&action=session.start');
            assert.equal(items.at(-1).detail, `${LAB_ADDRESS.replace(/\d+$/, '0')}/24`);
            assert.doesNotMatch(parlour.err, /http\.proxy_/);
        });
    });

for (const name of PROXY_KINDS)
    test(`${name}: a body that is too large is answered 413 in our format, and never 502`, async () => {
        await withProxy(name, async server => {
            const admin = await setUp(server);
            for (const size of [262_145, 300_000, 520_000, 1_000_000])
                refused(await admin.post('/rooms', {name: 'x'.repeat(size)}), 413, 'body_too_large');
            refused(await announce(admin, '/api/v1/rooms', 5_000_000), 413, 'body_too_large');
            good(await admin.post('/rooms', {name: 'Small enough'}), 201);
        });
    });
