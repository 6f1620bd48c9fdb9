// TLS without a proxy: pages, API and sockets; which versions; what comes instead of a handshake; who the client is.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {readFileSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import test, {after} from 'node:test';
import {connect as connectSecure} from 'node:tls';
import {Client, setUp} from '../support/http.mjs';
import {anotherGuest, call, practice} from '../support/scene.mjs';
import {freePort, Server, startServer} from '../support/server.mjs';
import {Authority, fingerprint, NAME} from '../support/tls.mjs';

const authority = new Authority();
const own = authority.issue();
const [metricsPort, redirectPort] = [await freePort(), await freePort()];
const {server, admin} = await practice({
    tls: own,
    args: ['--rate-scale', '100', '--metrics-listen', `127.0.0.1:${metricsPort}`, '--redirect-listen', `127.0.0.1:${redirectPort}`],
});

/** One finished handshake; `error` instead when it fails. */
async function greet(options = {}) {
    const socket = connectSecure({host: server.host, port: server.port, ...server.tls, ...options});
    after(() => socket.destroy());
    socket.on('error', error => (socket.error ??= error));
    await Promise.race([once(socket, 'secureConnect').catch(() => {}), once(socket, 'close').catch(() => {})]);
    return socket;
}

/** What a connection without TLS is told, until the server closes it. */
async function say(port, bytes) {
    const socket = connect({host: server.host, port});
    const heard = [];
    socket.on('data', chunk => heard.push(chunk)).on('error', () => {});
    socket.write(bytes);
    await once(socket, 'close');
    return Buffer.concat(heard).toString('latin1');
}

async function figure(name) {
    const {text} = await new Client({host: '127.0.0.1', port: metricsPort}).get('/metrics');
    return Number(text.match(new RegExp(`^parlour_${name} (\\S+)`, 'm'))[1]);
}

test('a visit takes place under TLS without a proxy: pages, API, sockets and the relay between them', async () => {
    const page = await new Client(server).get('/', {Accept: 'text/html'});
    assert.equal(page.status, 200);
    assert.match(page.headers['strict-transport-security'], /max-age=/);
    const scene = await call(admin);
    scene.host.send({type: 'signal', to: scene.guest.id, data: {candidate: 'x'.repeat(20_000)}});
    assert.equal((await scene.guest.next('signal')).data.candidate.length, 20_000);
    await anotherGuest(admin, scene);
});

test('TLS 1.3 and 1.2 are spoken, with forward secrecy and http/1.1; 1.1 is refused', async () => {
    for (const version of ['TLSv1.3', 'TLSv1.2']) {
        const socket = await greet({minVersion: version, maxVersion: version, ALPNProtocols: ['h2', 'http/1.1']});
        assert.equal(socket.getProtocol(), version);
        assert.equal(socket.alpnProtocol, 'http/1.1');
        assert.equal(socket.getPeerCertificate().fingerprint256, fingerprint(own.cert));
        assert.match(JSON.stringify(socket.getEphemeralKeyInfo()), /X25519|ECDH/);
    }
    const old = await greet({minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0'});
    assert.match(String(old.error), /protocol version/i);
});

test('a client that speaks another protocol than HTTP/1.1 is told so in the handshake', async () => {
    const socket = await greet({ALPNProtocols: ['smtp']});
    assert.match(String(socket.error), /no application protocol/i);
});

test('limits count the address of the client, not of anything between', async () => {
    const strict = await startServer({tls: own});
    after(() => strict.stop());
    await setUp(strict);
    const wrong = from => new Client(strict, {from}).post('/session', {email: 'nobody@example.org', password: 'wrong wrong wrong'});
    const statuses = [];
    while (statuses.at(-1) !== 429 && statuses.length < 40) statuses.push((await wrong('127.0.0.77')).status);
    assert.equal(statuses.at(-1), 429);
    assert.equal((await wrong('127.0.0.78')).status, 401);
});

test('HTTP without TLS is sent to the same page over https: on the port of TLS, and on one of its own', async () => {
    for (const port of [server.port, redirectPort]) {
        const heard = await say(port, `GET /j/abc?x=1 HTTP/1.1\r\nHost: ${NAME}\r\nConnection: close\r\n\r\n`);
        assert.match(heard, /^HTTP\/1\.1 308 /);
        assert.match(heard, new RegExp(`\r\nLocation: https://${NAME}:${server.port}/j/abc\\?x=1\r\n`));
    }
    const evil = await say(redirectPort, 'GET //evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
    assert.doesNotMatch(evil, /Location: (?!https:\/\/visits\.test:)/);
});

test('nothing but the redirect is served without TLS', async () => {
    for (const port of [server.port, redirectPort])
        for (const path of ['/', '/api/v1/session', '/healthz', '/ws/abc']) {
            const heard = await say(port, `GET ${path} HTTP/1.1\r\nHost: ${NAME}\r\nConnection: close\r\n\r\n`);
            assert.match(heard, /^HTTP\/1\.1 308 /, path);
        }
});

test('garbage instead of a handshake is answered with an alert and closed, and counted', async () => {
    const before = await figure('tls_failed_total');
    const heard = await say(server.port, Buffer.concat([Buffer.from([22, 3, 1, 0, 64]), Buffer.alloc(64, 7)]));
    assert.equal(heard.charCodeAt(0), 21);
    assert.equal(await figure('tls_failed_total'), before + 1);
    await say(server.port, Buffer.alloc(5000, 0x80));
    assert.equal((await new Client(server).get('/healthz')).status, 200);
});

test('a half-closed connection is answered, and a reset one is forgotten', async () => {
    const socket = await greet();
    const heard = [];
    socket.on('data', chunk => heard.push(chunk));
    socket.end(`GET /healthz HTTP/1.1\r\nHost: ${NAME}\r\nConnection: close\r\n\r\n`);
    await once(socket, 'close');
    assert.match(String(Buffer.concat(heard)), /^HTTP\/1\.1 200 /);
    const wires = Array.from({length: 20}, () => connect({host: server.host, port: server.port}));
    await Promise.all(wires.map(wire => greet({socket: wire})));
    assert.ok((await figure('tls_connections')) >= 20);
    for (const wire of wires) wire.resetAndDestroy();
    for (const deadline = Date.now() + 10_000; (await figure('tls_connections')) > 12 && Date.now() < deadline; );
    assert.ok((await figure('tls_connections')) <= 12);
});

test('a page larger than the buffers arrives whole at a client that reads slowly', async () => {
    const page = await new Client(server).get('/', {Accept: 'text/html'});
    const script = page.text.match(/src="(\/assets\/[^"]+\.js)"/)[1];
    const whole = await new Client(server).get(script);
    const socket = await greet();
    let got = Buffer.alloc(0);
    socket.write(`GET ${script} HTTP/1.1\r\nHost: ${NAME}\r\nConnection: close\r\n\r\n`);
    socket.pause();
    const ended = once(socket, 'end');
    for (let i = 0; i < 20; i++) {
        await new Promise(resolve => setTimeout(resolve, 20));
        const chunk = socket.read(Math.min(1000, socket.readableLength || 1));
        if (chunk) got = Buffer.concat([got, chunk]);
    }
    socket.on('data', chunk => (got = Buffer.concat([got, chunk])));
    socket.resume();
    await ended;
    assert.deepEqual(got.subarray(got.indexOf('\r\n\r\n') + 4), whole.bytes);
});

test('a person who stops reading is cut under TLS as well, and the others go on', async () => {
    const scene = await call(admin);
    const before = await figure('slow_closed_total');
    scene.guest.ws._socket.pause();
    for (let i = 0; (await figure('slow_closed_total')) === before; i++) {
        assert.ok(i < 1000, 'cut before seven megabytes');
        scene.host.send({type: 'signal', to: scene.guest.id, data: {i, filler: 'v'.repeat(7000)}});
    }
    await scene.host.next('participant', {event: 'away', participant: {id: scene.guest.id}});
});

test('a log warns of a certificate that is made out to another name, that ends soon, or that lacks its chain', async () => {
    const other = authority.issue({name: 'other.test', dates: ['-days', '5']});
    writeFileSync(other.cert, readFileSync(other.cert, 'utf8').replace(/(END CERTIFICATE-----\n)[\s\S]*/, '$1'));
    const warned = new Server({tls: other, port: await freePort(), publicUrl: 'https://visits.test'});
    warned.port = warned.options.port;
    warned.origin = warned.options.publicUrl;
    await warned.spawn();
    after(() => warned.stop());
    for (const line of [/tls\.name host=visits\.test .*remedy=/, /tls\.expires days_left=[45] /, /tls\.chain .*fullchain\.pem/])
        for (const deadline = Date.now() + 10_000; !line.test(warned.err); await new Promise(resolve => setTimeout(resolve, 20))) assert.ok(Date.now() < deadline, `${line}\n${warned.err}`);
});

test('IPv6 is spoken as well', async () => {
    const both = await startServer({tls: own, host: '::1'});
    after(() => both.stop());
    assert.equal((await new Client(both).get('/healthz')).status, 200);
});
