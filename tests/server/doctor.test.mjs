// `parlour doctor`: each fault is made for real, found, and told with its remedy; the exit status is for scripts.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {chmodSync, cpSync, openSync, rmSync, statSync, utimesSync, writeFileSync, writeSync} from 'node:fs';
import {once} from 'node:events';
import {createServer} from 'node:net';
import {join} from 'node:path';
import test, {after} from 'node:test';
import {saysTheSame} from '../support/doctor.mjs';
import {newUser, setUp} from '../support/http.mjs';
import {BIN, parlour, startServer, temporaryFolder} from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const admin = await setUp(server);

/** A round of checks: the findings by code, and the exit status. */
function doctor(data, args = [], env = {}) {
    const done = parlour(['doctor', '--json', '--data', data, ...args], {env});
    assert.equal(done.signal, null, done.err);
    assert.doesNotMatch(done.err, /Sanitizer|runtime error/);
    const report = JSON.parse(done.out);
    const found = Object.fromEntries(report.checks.map(c => [c.code, c]));
    report.checks.forEach(saysTheSame);
    for (const {status, text, remedy} of report.checks) {
        assert.doesNotMatch(text + remedy, /[{}]|\?\?/, 'every blank is filled in');
        assert.equal(status === 'ok', remedy === '', 'what does not work comes with a remedy, and nothing else does');
    }
    assert.equal(done.code, report.status === 'fail' ? 1 : 0);
    return {...report, code: done.code, found, codes: Object.keys(found)};
}

const has = (report, code, status) => assert.equal(report.found[code]?.status, status, JSON.stringify(report.checks, null, 1));

/** The folder of a practice whose server has stopped. */
async function stopped() {
    const one = await startServer();
    await setUp(one);
    await one.stop();
    return one.data;
}
const still = await stopped();
const copyOf = data => {
    const copy = temporaryFolder();
    cpSync(data, copy, {recursive: true});
    return copy;
};

test('beside a running server everything local is fine, and nothing fails', () => {
    const report = doctor(server.data);
    for (const code of ['disk_ok', 'database_ok', 'secrets_ok', 'port_ok']) has(report, code, 'ok');
    assert.notEqual(report.status, 'fail', JSON.stringify(report.checks, null, 1));
    assert.ok(Date.parse(report.ended_at) >= Date.parse(report.began_at));
});

test('for people there is a line each, an arrow before each remedy, and a last word', () => {
    const {out, err, code} = parlour(['doctor', '--data', server.data]);
    assert.equal(code, 0);
    assert.match(out, /^ok {4}disk +There is enough room/m);
    assert.match(out, /^WARN {2}backup +There was never a backup[^\n]*\n +-> Type: parlour backup /m);
    assert.match(err, /Everything works/);
});

test('a backup is known, and an old one is a warning', async () => {
    const data = await stopped();
    has(doctor(data), 'backup_never', 'warn');
    assert.equal(parlour(['backup', join(data, 'copy.db'), '--data', data]).code, 0);
    has(doctor(data), 'backup_ok', 'ok');
    const sql = spawnSync('sqlite3', [join(data, 'parlour.db'), "UPDATE audit SET at_ms = at_ms - 20 * 86400000 WHERE action = 'backup'"]);
    assert.equal(sql.status, 0);
    const report = doctor(data);
    has(report, 'backup_old', 'warn');
    assert.match(report.found.backup_old.text, /\b20 days/);
});

test('a server that does not run is a failure', () => {
    const report = doctor(still);
    has(report, 'port_stopped', 'fail');
    has(report, 'database_ok', 'ok');
    assert.equal(report.code, 1);
});

test('another program on the port is named as such', async () => {
    // The command must not run inside this process's event loop, or the other program could not answer.
    const child = spawnSync('node', ['-e', `
        const s = require('node:net').createServer(c => c.end('220 mail ready\\r\\n')).listen(0, '127.0.0.1', () => {
            const run = require('node:child_process').spawn(process.argv[1], ['doctor', '--json', '--data', process.argv[2], '--listen', '127.0.0.1:' + s.address().port], {stdio: ['ignore', 'inherit', 'inherit']});
            run.on('close', code => { s.close(); process.exitCode = code; });
        });`, BIN, still], {encoding: 'utf8'});
    assert.equal(child.status, 1, child.stderr);
    assert.ok(JSON.parse(child.stdout).checks.some(c => c.code === 'port_taken' && c.status === 'fail'), child.stdout);
});

test('a folder that is not there has its words', () => {
    const report = doctor(join(still, 'nothing'));
    has(report, 'disk_unknown', 'fail');
    has(report, 'database_missing', 'fail');
    assert.ok(!report.codes.includes('secrets_ok'), 'nothing was looked at');
});

test('secrets that others can read are failures, with the command that mends them', () => {
    const data = copyOf(still);
    chmodSync(join(data, 'master.key'), 0o644);
    let report = doctor(data);
    has(report, 'secret_open', 'fail');
    assert.equal(report.found.secret_open.remedy.includes(`chmod 600 ${join(data, 'master.key')}`), true, report.found.secret_open.remedy);
    assert.equal(spawnSync('sh', ['-c', `chmod 600 ${join(data, 'master.key')}`]).status, 0);
    has(doctor(data), 'secrets_ok', 'ok');
    chmodSync(data, 0o755);
    report = doctor(data);
    has(report, 'secret_folder_open', 'fail');
});

test('a master key that is gone is a failure', () => {
    const data = copyOf(still);
    rmSync(join(data, 'master.key'));
    has(doctor(data), 'secret_missing', 'fail');
});

test('the secret shared with coturn: readable by everybody, too old, or gone', () => {
    const file = join(temporaryFolder(), 'turn-secret');
    const args = ['--turn-secret-file', file];
    writeFileSync(file, 'a-turn-secret-of-the-laboratory-1\n', {mode: 0o644});
    const open = doctor(still, args);
    has(open, 'option_wrong', 'fail');
    assert.match(open.found.option_wrong.text, /read or changed by others.*chmod 600/);
    chmodSync(file, 0o600);
    has(doctor(still, args), 'secrets_ok', 'ok');
    const then = Date.now() / 1000 - 400 * 86_400;
    utimesSync(file, then, then);
    has(doctor(still, args), 'secret_turn_old', 'warn');
});

const damage = file => {
    const fd = openSync(file, 'r+');
    for (let page = 1; page < statSync(file).size / 4096; page += 2) writeSync(fd, Buffer.alloc(2048, 0xa5), 0, 2048, page * 4096);
};

test('a damaged database is found without a server, with the way back', () => {
    const data = copyOf(still);
    damage(join(data, 'parlour.db'));
    const report = doctor(data);
    has(report, 'database_damaged', 'fail');
    assert.match(report.found.database_damaged.remedy, /parlour restore/);
    has(report, 'disk_ok', 'ok');
});

test('a database that is damaged under a running server is found as well', async () => {
    const one = await startServer({data: copyOf(still)});
    after(() => one.child && one.kill9());
    has(doctor(one.data), 'database_ok', 'ok');
    damage(join(one.data, 'parlour.db'));
    has(doctor(one.data), 'database_damaged', 'fail');
});

/** The command on a small disk of its own, filled to the last byte. */
function onFullDisk(data) {
    const disk = temporaryFolder();
    const steps = `set -e; mount -t tmpfs -o size=4m,mode=700 none ${disk}; cp -a ${data}/. ${disk}/; chmod 700 ${disk}
        cat /dev/zero >${disk}/rest 2>/dev/null || true; exec ${BIN} doctor --json --data ${disk}`;
    return spawnSync('unshare', [...(process.getuid() === 0 ? [] : ['--map-root-user']), '--mount', 'sh', '-c', steps], {encoding: 'utf8'});
}

test('a full disk is found, and the checks still end', () => {
    const done = onFullDisk(still);
    assert.equal(done.status, 1, done.stderr);
    const codes = JSON.parse(done.stdout).checks.filter(c => c.status === 'fail').map(c => c.code);
    for (const code of ['disk_full', 'write_failed']) assert.ok(codes.includes(code), done.stdout);
});

test('options that do not fit together are a failure, each with its sentence', () => {
    const report = doctor(still, ['--public-url', 'http://visits.example.org', '--turn-url', 'turn:192.0.2.1:3478']);
    assert.equal(report.checks.filter(c => c.code === 'option_wrong').length, 2, JSON.stringify(report.checks));
    assert.equal(report.code, 1);
});

test('wrong use is another status than a failure', () => {
    assert.equal(parlour(['doctor', '--no-such']).code, 2);
});

/** Asks until the round is over, as the page does: the answer is the only place where its end shows. */
async function over(client) {
    for (;;) {
        const report = (await client.read('/doctor'));
        if (report.state !== 'running') return report;
        await new Promise(resolve => setTimeout(resolve, 20));
    }
}

test('an administrator starts a round over HTTP, sees it while it runs, and nobody else may', async () => {
    assert.equal((await admin.read('/doctor')).state, 'never');
    const started = await admin.post('/doctor', {});
    assert.equal(started.status, 202);
    assert.ok(['running', 'done'].includes(started.json.state));
    const report = await over(admin);
    assert.equal(report.state, 'done');
    report.checks.forEach(saysTheSame);
    for (const code of ['disk_ok', 'database_ok', 'port_ok']) assert.ok(report.checks.some(c => c.code === code && c.status === 'ok'), JSON.stringify(report.checks));
    const host = await newUser(admin, {role: 'host'});
    assert.equal((await host.get('/api/v1/doctor')).status, 403);
    assert.equal((await host.post('/doctor', {})).status, 403);
});

test('a round that waits for an answer that never comes holds up nobody: not the API, not a second press, not the stop', async () => {
    const sockets = [];
    const silent = createServer(socket => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const one = await startServer({publicUrl: `http://127.0.0.1:${silent.address().port}`});
    const owner = await setUp(one);
    assert.equal((await owner.post('/doctor', {})).status, 202);
    assert.equal((await owner.post('/doctor', {})).json.state, 'running');
    const from = Date.now();
    for (let i = 0; i < 50; i++) assert.equal((await owner.get('/api/v1/session')).status, 200);
    assert.ok(Date.now() - from < 3000, 'fifty answers meanwhile');
    assert.equal((await owner.read('/doctor')).state, 'running');
    const stopping = Date.now();
    await one.stop();
    assert.ok(Date.now() - stopping < 4000, `it stopped after ${Date.now() - stopping} ms`);
    for (const socket of sockets) socket.destroy();
    silent.close();
});
