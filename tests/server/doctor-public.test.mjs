// `parlour doctor` and the public URL: its certificate, and whether it leads to this server. Each fault is made for real.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {createServer as createSecure} from 'node:https';
import {createServer} from 'node:net';
import test, {after} from 'node:test';
import {doctor, has} from '../support/doctor.mjs';
import {freePort, startServer} from '../support/server.mjs';
import {Authority, openssl} from '../support/tls.mjs';

const authority = new Authority();
const trusted = {SSL_CERT_FILE: authority.ca};
const stopped = await startServer();
await stopped.stop();

/** A round at a stopped server whose public URL leads to this port. */
const ask = (port, env = trusted) => doctor(stopped.data, ['--public-url', `https://127.0.0.1:${port}`], env);

/** Something else that serves https with this certificate. */
async function elsewhere({cert, key}, run, answer = '{"keys":[]}') {
    const other = createSecure({cert: readFileSync(cert), key: readFileSync(key)}, (_, reply) => reply.end(answer));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    try {
        return await run(other.address().port);
    } finally {
        other.closeAllConnections();
        other.close();
    }
}

test('the certificate of the running server is judged from outside, its days are told, and the URL leads here', async () => {
    const port = await freePort();
    const server = await startServer({port, tls: {...authority.issue(), servername: '127.0.0.1'}, publicUrl: `https://127.0.0.1:${port}`, env: trusted});
    after(() => server.stop());
    const report = await doctor(server.data);
    for (const code of ['certificate_ok', 'address_ok', 'port_ok']) has(report, code, 'ok');
    assert.match(report.found.certificate_ok.text, /Test authority.*\b(29|30) more days/);
});

test('a public URL that leads to another machine is found by its keys', async () => {
    const other = await startServer();
    const server = await startServer({publicUrl: `http://127.0.0.1:${other.port}`});
    after(() => Promise.all([other.stop(), server.stop()]));
    const report = await doctor(server.data);
    has(report, 'address_other', 'fail');
    assert.match(report.found.address_other.remedy, /A and AAAA/);
    has(await doctor(other.data), 'port_ok', 'ok');
});

test('an expired certificate', () => elsewhere(authority.issue({dates: ['-days', '-1']}), async port => has(await ask(port), 'certificate_expired', 'fail')));

test('a certificate that ends soon is a warning', () => elsewhere(authority.issue({dates: ['-days', '5']}), async port => has(await ask(port), 'certificate_ends', 'warn')));

test('a self-signed certificate', () => {
    const [cert, key] = ['cert', 'key'].map(name => authority.path(`self.${name}`));
    openssl(['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert, '-days', '30', '-subj', '/CN=me', '-addext', 'subjectAltName=IP:127.0.0.1']);
    return elsewhere({cert, key}, async port => {
        const report = await ask(port);
        has(report, 'certificate_self_signed', 'fail');
        assert.match(report.found.certificate_self_signed.remedy, /certbot/);
        has(report, 'address_unproven', 'warn');
    });
});

test('a certificate without the ones that lead to its authority', () => {
    const other = new Authority();
    const {cert, key} = other.issue();
    const alone = other.path('alone.pem');
    openssl(['x509', '-in', cert, '-out', alone]);
    return elsewhere({cert: alone, key}, async port => has(await ask(port), 'certificate_incomplete', 'fail'));
});

test('a certificate for another name', () => {
    const [cert, key] = ['cert', 'key'].map(name => authority.path(`other.${name}`));
    openssl(['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert, '-days', '30', '-subj', '/CN=x', '-addext', 'subjectAltName=DNS:other.example.org']);
    return elsewhere({cert, key}, async port => {
        const report = await ask(port, {SSL_CERT_FILE: cert});
        has(report, 'certificate_other_name', 'fail');
        assert.match(report.found.certificate_other_name.text, /other\.example\.org/);
    });
});

test('nothing listens, something swallows everything, and something speaks no TLS', async () => {
    has(await ask(await freePort()), 'address_refused', 'fail');
    const sockets = [];
    const silent = createServer(socket => sockets.push(socket)).listen(0, '127.0.0.1');
    const plain = createServer(socket => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
    await Promise.all([once(silent, 'listening'), once(plain, 'listening')]);
    has(await ask(silent.address().port), 'address_silent', 'warn');
    has(await ask(plain.address().port), 'address_broken', 'fail');
    for (const socket of sockets) socket.destroy();
    silent.close();
    plain.close();
});

test('a name that nobody knows is a failure or, without a name service, a warning', async () => {
    const report = await doctor(stopped.data, ['--public-url', 'https://visits.invalid']);
    assert.ok(report.found.dns_unknown?.status === 'fail' || report.found.dns_silent?.status === 'warn', JSON.stringify(report.checks));
});

test('links that work on this machine alone are a warning', async () => {
    has(await doctor(stopped.data, ['--public-url', 'http://localhost:8080']), 'dns_local', 'warn');
});
