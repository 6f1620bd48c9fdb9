// A first try with phones in the same network: one option, and the terminal shows where, by a QR code, and whom to trust.
import {LAB_ADDRESS as ADDRESS} from '../support/own_network.mjs';
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import test, {after} from 'node:test';
import jsQR from 'jsqr';
import {Client} from '../support/http.mjs';
import {parlour, ROOT, temporaryFolder} from '../support/server.mjs';
import {fingerprint} from '../support/tls.mjs';

const BIN = process.env.PARLOUR_BIN ?? join(ROOT, 'build/release/parlour');

/** Starts `serve --tls self-signed` and waits until it has said everything. */
async function serve(data, args = []) {
    const child = spawn(BIN, ['serve', '--tls', 'self-signed', '--data', data, ...args], {stdio: ['ignore', 'pipe', 'pipe']});
    const server = {child, out: '', err: ''};
    child.stdout.on('data', chunk => (server.out += chunk));
    child.stderr.on('data', chunk => (server.err += chunk));
    after(() => child.kill('SIGKILL'));
    while (!/app\.ready/.test(server.err) || !/tls-cert/.test(server.out)) {
        if (child.exitCode !== null) assert.fail(server.err);
        await new Promise(resolve => setTimeout(resolve, 20));
    }
    server.stop = async () => {
        child.kill('SIGTERM');
        assert.deepEqual(await once(child, 'exit'), [0, null], server.err);
    };
    return server;
}

/** What a camera reads in the code drawn with half blocks, light letters on dark. */
function scanned(text) {
    const rows = text.split('\n').filter(line => /^[█▀▄ ]{20,}$/.test(line));
    const width = rows[0].length;
    const light = rows.flatMap(row => [[...row].map(c => '█▀'.includes(c)), [...row].map(c => '█▄'.includes(c))]);
    const scale = 4;
    const points = new Uint8ClampedArray(width * scale * light.length * scale * 4).fill(255);
    for (let y = 0; y < light.length * scale; y++)
        for (let x = 0; x < width * scale; x++) if (!light[Math.floor(y / scale)][Math.floor(x / scale)]) points.fill(0, 4 * (y * width * scale + x), 4 * (y * width * scale + x) + 3);
    return jsQR(points, width * scale, light.length * scale)?.data;
}

const data = temporaryFolder();

test('one option serves the local network: the address, a QR code of it, and the fingerprint of the certificate are printed', async () => {
    const server = await serve(data);
    const url = `https://${ADDRESS}:8443`;
    assert.match(server.out, new RegExp(`open ${url}\n`));
    assert.equal(scanned(server.out), url);
    assert.match(server.out, new RegExp(fingerprint(`${data}/tls/self-signed.pem`)));
    assert.match(server.out, new RegExp(`setup: ${url}/setup#`));
    assert.equal(statSync(`${data}/tls/self-signed.pem`).mode & 0o777, 0o600);
    const tls = {ca: readFileSync(`${data}/tls/self-signed.pem`, 'utf8'), servername: ''};
    const page = await new Client({host: ADDRESS, port: 8443, origin: url, tls}).get('/', {Host: ADDRESS});
    assert.equal(page.status, 200);
    assert.equal(page.headers['strict-transport-security'], undefined, 'it would close the way past the warning');
    await server.stop();
});

test('the certificate stays the same over a restart, so that nobody has to trust it twice', async () => {
    const before = fingerprint(`${data}/tls/self-signed.pem`);
    const server = await serve(data);
    assert.match(server.out, new RegExp(before));
    await server.stop();
});

test('an address of one\'s own is kept, and the certificate is made out to it', async () => {
    const server = await serve(data, ['--listen', '127.0.0.1:8444', '--public-url', 'https://desk.lan:8444']);
    assert.match(server.out, /open https:\/\/desk\.lan:8444\n/);
    const tls = {ca: readFileSync(`${data}/tls/self-signed.pem`, 'utf8'), servername: 'desk.lan'};
    assert.equal((await new Client({host: '127.0.0.1', port: 8444, tls}).get('/healthz')).status, 200);
    await server.stop();
});

test('settings that do not fit together are refused with the remedy', () => {
    const both = parlour(['serve', '--tls', 'self-signed', '--tls-cert', 'a', '--tls-key', 'b', '--data', temporaryFolder()]);
    assert.equal(both.code, 2);
    assert.match(both.err, /Leave tls = self-signed out/);
    const plain = parlour(['serve', '--tls', 'self-signed', '--public-url', 'http://localhost:8443', '--data', temporaryFolder()]);
    assert.equal(plain.code, 2);
    assert.match(plain.err, /begins with https/);
});
