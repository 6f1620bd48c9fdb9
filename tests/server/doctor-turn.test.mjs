// `parlour doctor` against the real coturn: each fault of a relay is made for real and found, over UDP, TCP and TLS.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {createSocket} from 'node:dgram';
import {once} from 'node:events';
import {readFileSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import test, {after} from 'node:test';
import {doctor, has} from '../support/doctor.mjs';
import {setUp} from '../support/http.mjs';
import {LAB_ADDRESS} from '../support/own_network.mjs';
import {startServer} from '../support/server.mjs';
import {Coturn, LAB_ADDRESS_6, SECRET, selfSigned, TURN_URLS} from '../support/turn.mjs';

const certificate = selfSigned();
const URLS = TURN_URLS.flatMap(url => ['--turn-url', url]);
const TRUSTED = {PARLOUR_TURN_SECRET: SECRET, SSL_CERT_FILE: certificate.cert};
const MEETING_PLACE = [`allowed-peer-ip=${LAB_ADDRESS}`];

spawnSync('ip', ['-6', 'addr', 'add', `${LAB_ADDRESS_6}/64`, 'dev', 'v0', 'nodad']);
const one = await startServer();
await setUp(one);
await one.stop();
const ask = (urls = URLS, env = TRUSTED) => doctor(one.data, urls, env);
const all = (report, code) => report.checks.filter(c => c.code === code);

/** coturn for one question. */
async function withCoturn(lab, run, edit = text => text) {
    const turn = new Coturn(certificate, TURN_URLS, [LAB_ADDRESS], [LAB_ADDRESS, LAB_ADDRESS_6], lab);
    writeFileSync(turn.file, edit(readFileSync(turn.file, 'utf8')));
    await turn.start();
    try {
        return await run(turn);
    } finally {
        turn.stop();
        await once(turn.child, 'close');
    }
}

test('a relay that works is proven over UDP, TCP and TLS, and its deny list with it', () =>
    withCoturn(MEETING_PLACE, async turn => {
        const report = await ask();
        assert.equal(all(report, 'turn_ok').length, 3, `${JSON.stringify(report.checks, null, 1)}\n${turn.log}`);
        has(report, 'deny_ok', 'ok');
        assert.ok(Number(report.found.deny_ok.blanks.count) >= 20, report.found.deny_ok.text);
        assert.equal(all(report, 'deny_ok').length, 1, 'once an address, not once a URL');
        assert.ok(!JSON.stringify(report).includes(SECRET), 'no secret is shown');
    }));

test('the running server proves it as well, from inside its sandbox', () =>
    withCoturn(MEETING_PLACE, async () => {
        const server = await startServer({args: URLS, env: TRUSTED});
        after(() => server.stop());
        const report = await doctor(server.data);
        assert.equal(all(report, 'turn_ok').length, 3, JSON.stringify(report.checks, null, 1));
        assert.equal(report.code, 0);
    }));

test('a wrong secret is told apart from a relay that is down', async () => {
    await withCoturn(MEETING_PLACE, async () => {
        const report = await ask(URLS, {...TRUSTED, PARLOUR_TURN_SECRET: 'another-secret-of-32-characters-'});
        assert.equal(all(report, 'turn_wrong_secret').length, 3, JSON.stringify(report.checks, null, 1));
        assert.match(report.found.turn_wrong_secret.remedy, /parlour config coturn/);
    });
    const report = await ask();
    assert.equal(all(report, 'turn_refused').length, 3, JSON.stringify(report.checks, null, 1));
    assert.match(report.found.turn_refused.remedy, /systemctl restart coturn/);
});

test('a relay without its deny list is a failure that names what is open', () =>
    withCoturn([], async () => {
        const report = await ask();
        has(report, 'deny_open', 'fail');
        assert.match(report.found.deny_open.text, /10\.0\.0\.1.*169\.254\.169\.254.*192\.168\.0\.1/);
        assert.ok(!report.found.deny_ok);
    }, text => text.replace(/^denied-peer-ip=.*\n/gm, '')));

test('a relay at an address that it denies itself is a failure: two people who need it cannot meet', () =>
    withCoturn([], async () => {
        const report = await ask();
        assert.equal(all(report, 'turn_private').length, 3, JSON.stringify(report.checks, null, 1));
        assert.match(report.found.turn_private.remedy, /--external-ip/);
        has(report, 'deny_ok', 'ok');
    }));

test('a certificate of the relay that browsers refuse is a failure, though the relay works', () =>
    withCoturn(MEETING_PLACE, async () => {
        const report = await ask(URLS, {PARLOUR_TURN_SECRET: SECRET});
        has(report, 'turn_certificate', 'fail');
        assert.match(report.found.turn_certificate.text, /turns:.*(signed by nobody)/);
        assert.equal(all(report, 'turn_ok').length, 3);
    }));

test('an expiring certificate of the relay is a warning', () =>
    withCoturn(MEETING_PLACE, async () => {
        const report = await ask();
        has(report, 'turn_certificate_ends', 'warn');
        assert.match(report.found.turn_certificate_ends.text, /\b1 days/);
    }));

test('a port that swallows everything, a port with another program, and no port at all', async () => {
    const silent = createSocket('udp4');
    silent.bind(3490, LAB_ADDRESS);
    const other = createServer(socket => socket.end('220 mail.example.org is ready for you\r\n')).listen(3491, LAB_ADDRESS);
    await once(other, 'listening');
    const report = await ask([`turn:${LAB_ADDRESS}:3490?transport=udp`, `turn:${LAB_ADDRESS}:3491?transport=tcp`].flatMap(url => ['--turn-url', url]));
    silent.close();
    other.close();
    has(report, 'turn_silent', 'fail');
    assert.match(report.found.turn_silent.remedy, /3490 udp/);
    has(report, 'turn_not_turn', 'fail');
});

test('hostile answers end a check and harm nothing', async () => {
    const answers = [Buffer.alloc(20), Buffer.from('0113ffff2112a442', 'hex'), Buffer.from('011300042112a442000000000000000000000000000900ff', 'hex'), Buffer.alloc(1400, 0xff)];
    const hostile = createSocket('udp4');
    let n = 0;
    hostile.on('message', (message, from) => {
        const answer = Buffer.from(answers[n++ % answers.length]);
        if (answer.length >= 20) message.copy(answer, 8, 8, 20);
        hostile.send(answer, from.port, from.address);
    });
    hostile.bind(3492, LAB_ADDRESS);
    const report = await ask(['--turn-url', `turn:${LAB_ADDRESS}:3492?transport=udp`]);
    hostile.close();
    assert.ok(n > 0);
    assert.ok(report.found.turn_not_turn || report.found.turn_silent, JSON.stringify(report.checks, null, 1));
});

test('no TURN server is a warning, and a name that cannot be found a failure', async () => {
    has(await ask([], {}), 'turn_none', 'warn');
    has(await ask(['--turn-url', 'turn:turn.invalid:3478'], TRUSTED), 'turn_no_name', 'fail');
});
