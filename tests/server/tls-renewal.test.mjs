// A certificate from an ACME server: certbot proves the name through our own port for redirects, and its deploy hook hands the files
// over to the running server. Pebble is the ACME server; nothing leaves this machine.
import {LAB_ADDRESS} from '../support/own_network.mjs';
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import {join} from 'node:path';
import test, {after} from 'node:test';
import {connect as connectSecure} from 'node:tls';
import {Client} from '../support/http.mjs';
import {freePort, ROOT, startServer, temporaryFolder} from '../support/server.mjs';
import {Authority, fingerprint, NAME, replace} from '../support/tls.mjs';

const HOOK = join(ROOT, 'deploy/renewed-certificate');
const authority = new Authority();
const redirectPort = await freePort();
const data = temporaryFolder();
const files = {...authority.issue(), cert: `${data}/tls/fullchain.pem`, key: `${data}/tls/privkey.pem`};
mkdirSync(`${data}/tls`);
mkdirSync(`${data}/acme/.well-known/acme-challenge`, {recursive: true});
replace(files, authority.issue());
const server = await startServer({data, tls: files, args: ['--redirect-listen', `127.0.0.1:${redirectPort}`]});
after(() => server.stop());

/** A systemctl for the hook: the service is active, and a reload is noted and done. */
const bin = temporaryFolder();
writeFileSync(join(bin, 'systemctl'), `#!/bin/sh\necho "$@" >>${bin}/asked\n[ "$1" = is-active ] || kill -HUP ${server.pid}\n`);
chmodSync(join(bin, 'systemctl'), 0o755);
const hookEnv = {...process.env, PATH: `${bin}:${process.env.PATH}`, PARLOUR_DATA: data};
const hook = (args, env = {}) => spawnSync(HOOK, args, {encoding: 'utf8', env: {...hookEnv, RENEWED_LINEAGE: '', ...env}});

async function shown() {
    const socket = connectSecure({host: server.host, port: server.port, servername: NAME, rejectUnauthorized: false});
    await once(socket, 'secureConnect');
    const {fingerprint256} = socket.getPeerCertificate();
    socket.destroy();
    return fingerprint256;
}

async function untilShown(cert) {
    for (const deadline = Date.now() + 15_000; (await shown()) !== fingerprint(cert); await new Promise(resolve => setTimeout(resolve, 50)))
        if (Date.now() > deadline) assert.fail(`the server does not take ${cert}\n${server.err}`);
}

test('the hook hands a certificate over, as acme.sh calls it and as certbot does: its files are the server\'s alone', async () => {
    const next = authority.issue();
    const done = hook([next.cert, next.key]);
    assert.equal(done.status, 0, done.stderr);
    await untilShown(next.cert);
    assert.match(readFileSync(`${bin}/asked`, 'utf8'), /reload parlour/);
    for (const file of [files.cert, files.key]) {
        assert.equal(statSync(file).mode & 0o777, 0o600);
        assert.equal(statSync(file).uid, statSync(data).uid);
    }
});

test('the hook refuses what does not fit, with words, and changes nothing', async () => {
    const before = readFileSync(files.key);
    const [one, other] = [authority.issue(), authority.issue()];
    for (const [args, env, words] of [
        [[one.cert, other.key], {}, /does not belong to/],
        [[one.key, one.key], {}, /is no certificate/],
        [[one.cert, one.cert], {}, /is no private key/],
        [[], {}, /name the two files/],
        [[one.cert, one.key], {PARLOUR_DATA: '/nowhere'}, /there is no data folder/],
    ]) {
        const done = hook(args, env);
        assert.equal(done.status, 1);
        assert.match(done.stderr, words);
    }
    assert.deepEqual(readFileSync(files.key), before);
});

test('only tokens are answered from the folder of challenges', async () => {
    writeFileSync(`${data}/acme/.well-known/acme-challenge/abc_DEF-123`, 'abc_DEF-123.thumb');
    writeFileSync(`${data}/acme/secret`, 'no');
    const plain = new Client({host: '127.0.0.1', port: redirectPort});
    assert.equal((await plain.get('/.well-known/acme-challenge/abc_DEF-123')).text, 'abc_DEF-123.thumb');
    for (const path of ['/.well-known/acme-challenge/', '/.well-known/acme-challenge/none', '/.well-known/acme-challenge/..%2F..%2Fsecret', '/.well-known/acme-challenge/../../secret', '/secret'])
        assert.notEqual((await plain.get(path)).status, 200, path);
});

/** Starts a program of the tests and waits until somebody listens at this port. */
async function listening(program, args, port, env = {}) {
    const child = spawn(program, args, {stdio: ['ignore', 'pipe', 'pipe'], env: {...process.env, ...env}});
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (said += chunk));
    after(() => child.kill('SIGKILL'));
    for (const deadline = Date.now() + 15_000; ; await new Promise(resolve => setTimeout(resolve, 50))) {
        const socket = connect(port, '127.0.0.1');
        if (await new Promise(resolve => socket.on('connect', () => resolve(true)).on('error', () => resolve(false)))) return socket.destroy();
        if (child.exitCode !== null || Date.now() > deadline) assert.fail(said);
    }
}

async function startPebble() {
    const [api, management, dns, control] = [await freePort(), await freePort(), await freePort(), await freePort()];
    const own = authority.issue({name: 'localhost'});
    const config = authority.path('pebble.json');
    writeFileSync(
        config,
        JSON.stringify({pebble: {listenAddress: `127.0.0.1:${api}`, managementListenAddress: `127.0.0.1:${management}`, certificate: own.cert, privateKey: own.key, httpPort: redirectPort, tlsPort: server.port, ocspResponderURL: '', externalAccountBindingRequired: false}}),
    );
    await listening('pebble-challtestsrv', ['-defaultIPv4', '127.0.0.1', '-defaultIPv6', '', '-dns01', `127.0.0.1:${dns}`, '-http01', '', '-https01', '', '-tlsalpn01', '', '-management', `127.0.0.1:${control}`], control);
    await listening('pebble', ['-config', config, '-dnsserver', `127.0.0.1:${dns}`], api, {PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0'});
    return `https://localhost:${api}/dir`;
}

test('certbot gets a certificate through the port for redirects and hands it over; a renewal does it again', async () => {
    assert.ok(LAB_ADDRESS);
    const directory = await startPebble();
    const home = temporaryFolder();
    const folders = ['config', 'work', 'logs'].flatMap(name => [`--${name}-dir`, join(home, name)]);
    const certbot = args => {
        const done = spawnSync('certbot', [...args, ...folders, '--server', directory, '--non-interactive'], {encoding: 'utf8', env: {...hookEnv, REQUESTS_CA_BUNDLE: authority.ca}});
        assert.equal(done.status, 0, done.stdout + done.stderr);
    };
    const live = join(home, 'config/live', NAME, 'fullchain.pem');
    certbot(['certonly', '--webroot', '-w', `${data}/acme`, '-d', NAME, '--agree-tos', '--register-unsafely-without-email', '--deploy-hook', HOOK]);
    await untilShown(live);
    const first = fingerprint(live);
    certbot(['renew', '--force-renewal', '--no-random-sleep-on-renew']);
    await untilShown(live);
    assert.notEqual(fingerprint(live), first);
});
