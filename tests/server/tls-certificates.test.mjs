// Certificates that do not fit: refused at the start with the remedy, and while serving the one before stays.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import test, {after} from 'node:test';
import {connect as connectSecure} from 'node:tls';
import {wrongBy} from '../support/clock.mjs';
import {Client, setUp} from '../support/http.mjs';
import {call} from '../support/scene.mjs';
import {freePort, parlour, startServer, temporaryFolder} from '../support/server.mjs';
import {Authority, fingerprint, NAME, openssl, replace} from '../support/tls.mjs';

const authority = new Authority();
const good = authority.issue();

const refusal = (cert, key, env) =>
    parlour(['serve', '--listen', '127.0.0.1:0', '--data', temporaryFolder(), '--public-url', `https://${NAME}`, ...(cert ? ['--tls-cert', cert] : []), ...(key ? ['--tls-key', key] : [])], {env});

test('a certificate that cannot serve is refused at the start, with the remedy', () => {
    const locked = authority.path('locked.key');
    openssl(['pkey', '-in', good.key, '-aes256', '-passout', 'pass:abcdef', '-out', locked]);
    const empty = authority.path('empty.pem');
    writeFileSync(empty, 'nothing\n');
    const weak = authority.issue({kind: ['-newkey', 'rsa:1024', '-nodes']});
    const cases = [
        [good.cert, authority.issue().key, 1, /does not belong to the first certificate.*issued together/],
        [authority.issue({dates: ['-days', '-1']}).cert, null, 1, /expired on \d{4}-\d\d-\d\d.*certbot renew/],
        [authority.path('gone.pem'), good.key, 1, /gone\.pem/],
        [good.cert, authority.path('gone.key'), 1, /gone\.key/],
        [empty, good.key, 1, /no certificate in PEM form.*fullchain\.pem/],
        [good.cert, empty, 1, /no private key in PEM form.*privkey\.pem/],
        [good.cert, locked, 1, /locked with a passphrase.*openssl pkey/],
        [weak.cert, weak.key, 1, /2048 bits/],
        [good.cert, undefined, 2, /tls-key/],
        [undefined, good.key, 2, /tls-cert/],
    ];
    for (const [cert, key, code, words] of cases) {
        const done = refusal(cert, key === null ? cert.replace(/pem$/, 'key') : key);
        assert.equal(done.code, code, done.err);
        assert.match(done.err, words);
    }
});

test('a certificate is not valid yet, or no longer, by a clock that is wrong: the words name the day and the clock', () => {
    const early = refusal(good.cert, good.key, wrongBy('-2d'));
    assert.equal(early.code, 1);
    assert.match(early.err, /valid from \d{4}-\d\d-\d\d on, and this machine's clock says \d{4}-\d\d-\d\d\. Set the clock/);
    const late = refusal(good.cert, good.key, wrongBy('+31d'));
    assert.equal(late.code, 1);
    assert.match(late.err, /expired on \d{4}-\d\d-\d\d/);
});

test('TLS without an https address for people is refused with the remedy', () => {
    const done = parlour(['serve', '--listen', '127.0.0.1:0', '--data', temporaryFolder(), '--public-url', 'http://localhost', '--tls-cert', good.cert, '--tls-key', good.key]);
    assert.equal(done.code, 2);
    assert.match(done.err, /Set public-url to https/);
});

test('the check of the configuration finds what the server would refuse, and a name that browsers would not accept', () => {
    const check = (cert, key, url) => parlour(['config', 'check', '--data', temporaryFolder(), '--public-url', url, '--tls-cert', cert, '--tls-key', key]);
    assert.equal(check(good.cert, good.key, `https://${NAME}`).code, 0);
    for (const [done, words] of [
        [check(good.cert, authority.issue().key, `https://${NAME}`), /does not belong to/],
        [check(good.cert, good.key, 'https://other.test'), /not made out to other\.test/],
    ]) {
        assert.equal(done.code, 1);
        assert.match(done.err, words);
    }
});

/** The fingerprint that a new connection is shown. */
async function shown(server) {
    const socket = connectSecure({host: server.host, port: server.port, ...server.tls, session: undefined});
    await once(socket, 'secureConnect');
    const {fingerprint256} = socket.getPeerCertificate();
    socket.destroy();
    return fingerprint256;
}

/** The server has taken this certificate, and shows it. */
async function takes(server, {cert}) {
    await server.logs(new RegExp(`tls\\.certificate .*sha256=${fingerprint(cert)}`));
    assert.equal(await shown(server), fingerprint(cert));
}

const metricsPort = await freePort();
const kept = temporaryFolder();
const files = {...good, cert: `${kept}/fullchain.pem`, key: `${kept}/privkey.pem`};
replace(files, good);
const server = await startServer({tls: files, args: ['--metrics-listen', `127.0.0.1:${metricsPort}`]});
after(() => server.stop());
const admin = await setUp(server);
const figure = async name => Number((await new Client({host: '127.0.0.1', port: metricsPort}).get('/metrics')).text.match(new RegExp(`^parlour_${name} (\\S+)`, 'm'))[1]);

test('a renewed certificate is taken without a signal, and an open call goes on', async () => {
    const scene = await call(admin);
    const next = authority.issue();
    replace(files, next);
    await takes(server, next);
    scene.host.send({type: 'signal', to: scene.guest.id, data: {candidate: 'still here'}});
    assert.equal((await scene.guest.next('signal')).data.candidate, 'still here');
    assert.equal(await figure('tls_renewals_failed_total'), 0);
});

test('a hangup takes it at once', async () => {
    const next = authority.issue();
    replace(files, next);
    process.kill(server.pid, 'SIGHUP');
    await takes(server, next);
});

test('one that does not fit, or vanishes, leaves the one before in force; the log and a metric say so', async () => {
    const before = await shown(server);
    writeFileSync(authority.path('half.pem'), 'half');
    const faults = [
        [() => copyFileSync(authority.issue().key, files.key), /tls\.kept .*does not belong/],
        [() => replace(files, authority.issue({dates: ['-days', '-1']})), /tls\.kept .*expired on/],
        [() => rmSync(files.key), /tls\.kept .*privkey\.pem/],
        [() => replace(files, {...good, cert: authority.path('half.pem')}), /tls\.kept .*no certificate/],
        [() => rmSync(files.cert), /tls\.kept .*fullchain\.pem/],
        [() => replace(files, {...good, key: authority.issue().key}), /tls\.kept .*does not belong/],
    ];
    for (const [damage, words] of faults) {
        const failed = await figure('tls_renewals_failed_total');
        const from = server.err.length;
        damage();
        await server.logs(words, from);
        assert.ok((await figure('tls_renewals_failed_total')) > failed);
        assert.equal(await shown(server), before);
    }
    const next = authority.issue();
    replace(files, next);
    await takes(server, next);
});

test('the whole folder vanishes: the certificate stays in force, and one that comes back in a new folder asks for a restart', async () => {
    const before = await shown(server);
    let from = server.err.length;
    rmSync(kept, {recursive: true});
    await server.logs(/tls\.kept .*fullchain\.pem: No such file/, from);
    from = server.err.length;
    mkdirSync(kept);
    const next = authority.issue();
    replace(files, next);
    await server.logs(/(tls\.kept .*made anew, restart the server|tls\.certificate )/, from); // without a sandbox it is taken
    assert.equal(await shown(server), /restart the server/.test(server.err.slice(from)) ? before : fingerprint(next.cert));
    await server.stop();
    await server.restart();
    assert.equal(await shown(server), fingerprint(next.cert));
});

test('links to files are followed as certbot leaves them, although the sandbox lets nothing else be read', async () => {
    const etc = temporaryFolder();
    const [live, archive] = [`${etc}/live/${NAME}`, `${etc}/archive/${NAME}`];
    for (const folder of [live, archive]) mkdirSync(folder, {recursive: true});
    const put = (issued, number) => {
        for (const [kind, name] of [['cert', 'fullchain'], ['key', 'privkey']]) {
            copyFileSync(issued[kind], `${archive}/${name}${number}.pem`);
            symlinkSync(`../../archive/${NAME}/${name}${number}.pem`, `${live}/${name}.new`);
            renameSync(`${live}/${name}.new`, `${live}/${name}.pem`);
        }
    };
    put(good, 1);
    const linked = await startServer({tls: {...good, cert: `${live}/fullchain.pem`, key: `${live}/privkey.pem`}});
    after(() => linked.stop());
    assert.equal(await shown(linked), fingerprint(good.cert));
    const next = authority.issue();
    put(next, 2);
    await takes(linked, next);
});
