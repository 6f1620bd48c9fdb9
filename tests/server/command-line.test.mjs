// The binary as an administrator uses it: beside a running server and without one.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {after} from 'node:test';
import {Client, codeOf, good, newInvitation, newRoom, newUser, PASSWORD, setUp, signIn} from '../support/http.mjs';
import {call, guestAt} from '../support/scene.mjs';
import {parlour, startServer, temporaryFolder} from '../support/server.mjs';

const sql = (file, statement) => {
    const done = spawnSync('sqlite3', [file, statement], {encoding: 'utf8'});
    assert.equal(done.status, 0, done.stderr);
    return done.stdout.trim();
};
const run = (...args) => {
    const done = parlour(args);
    assert.equal(done.code, 0, `${args.join(' ')}: ${done.signal} ${done.out}${done.err}`);
    return done;
};

const server = await startServer();
after(() => server.stop());
const admin = await setUp(server, {email: 'owner@example.org'});

test('a password link from the command line holds as long as one from the dashboard: three days', async () => {
    const made = JSON.parse(run('user', 'add', 'dora@example.org', '--name', 'Dora', '--role', 'host', '--json', '--data', server.data).out);
    const again = run('user', 'password', 'dora@example.org', '--data', server.data);
    const {link_expires_at: until} = good(await admin.post('/users', {email: 'doris@example.org', name: 'Doris', role: 'host'}));
    for (const time of [made.link_expires_at, until]) assert.ok(Math.abs(Date.parse(time) - Date.now() - 3 * 86_400_000) < 60_000, time);
    assert.match(again.err, /within 3 days/);
    const [ends] = sql(join(server.data, 'parlour.db'), "SELECT max(expires_ms) - min(expires_ms) FROM user_links").split('\n');
    assert.ok(Number(ends) < 60_000, ends);
});

test('a password link is printed with an explanation: for whom, what happens next, and what keeps it from working', () => {
    const add = (url, email) => parlour(['user', 'add', email, '--name', 'Carla', '--role', 'host', '--public-url', url, '--data', join(temporaryFolder(), 'data')]);
    const local = add('http://localhost:8080', 'carla@example.org');
    assert.match(local.out, /^http:\/\/localhost:8080\/password#\S+\n$/, 'the result alone on standard output');
    assert.match(local.err, /Give this link to Carla yourself[\s\S]*sign in at http:\/\/localhost:8080\/signin[\s\S]*work on no other[\s\S]*--public-url/);
    assert.match(add('https://192.168.1.5:8443', 'carla@example.org').err, /own network/);
    assert.doesNotMatch(add('https://visits.example.org', 'carla@example.org').err, /--public-url/);
});

test('version, help and an unknown command', () => {
    assert.match(run('version').out, /^parlour \d+\.\d+\.\d+/);
    const help = parlour(['--help']);
    assert.equal(help.code, 0);
    for (const command of ['serve', 'migrate', 'user', 'room', 'backup', 'restore', 'audit', 'config', 'doctor', 'version']) assert.match(help.out, new RegExp(`\\b${command}\\b`));
    const wrong = parlour(['srve']);
    assert.deepEqual([wrong.code, wrong.out], [2, '']);
    assert.match(wrong.err, /serve/);
    assert.equal(parlour(['serve', '--no-such-option']).code, 2);
    assert.equal(parlour([]).code, 2);
    assert.equal(run('--version').out, run('version').out);
    for (const group of [['help', 'user'], ['user', '--help']]) {
        const {out} = run(...group);
        assert.match(out, /user password EMAIL/);
        assert.doesNotMatch(out, /room/);
    }
    for (const unknown of [['help', 'nonsense'], ['nonsense', '--help']]) {
        const answer = parlour(unknown);
        assert.deepEqual([answer.code, answer.out], [2, '']);
        assert.match(answer.err, /"nonsense"/);
    }
});

test('a command with a mistake in it is answered with its usage', () => {
    const blank = parlour(['room', 'add', 'Second', 'room', '--owner', 'owner@example.org', '--data', server.data]);
    assert.equal(blank.code, 2);
    assert.match(blank.err, /room add NAME --owner EMAIL. Put quotes/);
    assert.match(parlour(['serve', '--turn-secret', 'x']).err, /PARLOUR_TURN_SECRET/);
});

test('a missing argument is wrong usage, beside a server and without one', () => {
    const nowhere = join(temporaryFolder(), 'new');
    for (const data of [server.data, nowhere])
        for (const [words, missing] of [
            [['user', 'add', 'x@example.org', '--role', 'host'], /--name is needed/],
            [['user', 'add', 'x@example.org', '--name', 'X'], /--role is needed/],
            [['user', 'add', 'x@example.org', '--name', 'X', '--role', 'king'], /--role takes admin\|host\|desk/],
            [['room', 'add', 'X'], /--owner is needed/],
        ]) {
            const answer = parlour([...words, '--data', data]);
            assert.deepEqual([answer.code, answer.out], [2, ''], words.join(' '));
            assert.match(answer.err, missing);
        }
    assert.equal(existsSync(nowhere), false);
});

test('a folder without a database is named, and stays as it is', () => {
    const nowhere = join(temporaryFolder(), 'mistyped');
    for (const words of [['backup', join(temporaryFolder(), 'empty.db')], ['user', 'list'], ['room', 'list'], ['audit', 'verify'], ['user', 'password', 'a@example.org']]) {
        const answer = parlour([...words, '--data', nowhere]);
        assert.deepEqual([answer.code, answer.out], [1, ''], words.join(' '));
        assert.match(answer.err, /no database in .*mistyped.*--data/);
    }
    assert.equal(existsSync(nowhere), false);
});

test('root works beside and without a server on data in a folder that only root may enter', {skip: process.getuid() !== 0 && 'needs root'}, async () => {
    // As systemd lays it out for a DynamicUser: /var/lib/parlour -> private/parlour.
    const shut = join(temporaryFolder(), 'private');
    const data = join(shut, 'parlour');
    const link = join(temporaryFolder(), 'parlour');
    const secret = join(temporaryFolder(), 'of-root.db');
    mkdirSync(data, {recursive: true, mode: 0o700});
    symlinkSync(data, link);
    run('user', 'add', 'ana@example.org', '--name', 'Ana', '--role', 'admin', '--data', link);
    const owned = () => spawnSync('chown', ['-R', '61234:61234', data]);
    owned();
    assert.match(run('user', 'list', '--data', link).out, /ana@example\.org/);
    run('backup', join(link, 'one.db'), '--data', link);
    assert.equal(statSync(join(data, 'one.db')).uid, 61234, 'written files belong to the service');
    copyFileSync(join(data, 'one.db'), secret);
    chmodSync(secret, 0o600);
    run('restore', secret, '--data', link);
    assert.equal(statSync(join(data, 'parlour.db')).uid, 61234);
    assert.ok(existsSync(join(data, 'parlour.db.before-1')), 'the old database is seen, and kept');
    const beside = await startServer({data: link}).catch(error => error);
    assert.ok(beside instanceof Error, 'a server keeps no power of root, so it cannot enter');
});

test('each option stands in the help, in the sample file and in the manual page', t => {
    const help = run('serve', '--help').out;
    const options = [...help.matchAll(/--([a-z][a-z-]+)/g)].map(match => match[1]).filter(name => name !== 'help' && name !== 'json');
    assert.ok(new Set(options).size >= 10, help);
    for (const form of ['--sample', '--man']) {
        const shown = parlour(['config', 'show', form]);
        if (shown.code === 2) {
            t.diagnostic(`config show has no ${form}`);
            continue;
        }
        const text = shown.out.replaceAll('\\-', '-');
        for (const option of new Set(options)) if (option !== 'config') assert.ok(text.includes(option), `${option} is missing in ${form}`);
    }
});

test('later sources win: file, then environment, then command line, and config show names the source of a value', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'parlour.conf');
    writeFileSync(file, '# a comment\nlog-level = debug\nsignal-threads = 2\nlisten = 127.0.0.1:8081\n');
    const {out} = parlour(['config', 'show', '--config', file, '--signal-threads', '4'], {env: {PARLOUR_SIGNAL_THREADS: '3', PARLOUR_LISTEN: '127.0.0.1:8082,[::1]:8082'}});
    assert.match(out, /log-level\s*=\s*debug/);
    assert.match(out, /signal-threads\s*=\s*4/);
    assert.match(out, /127\.0\.0\.1:8082/);
    assert.match(out, /\[::1\]:8082/);
    assert.doesNotMatch(out, /8081/);
});

test('the message about a wrong value names the option, the place and the remedy', () => {
    const file = join(temporaryFolder(), 'parlour.conf');
    writeFileSync(file, 'log-level = info\n\nsignal-threads = many\n');
    const wrong = parlour(['config', 'check', '--config', file]);
    assert.notEqual(wrong.code, 0);
    assert.match(wrong.out + wrong.err, /signal-threads/);
    assert.match(wrong.out + wrong.err, /3/);
    const typo = parlour(['config', 'check'], {env: {PARLOUR_SIGNAL_THREDS: '2'}});
    assert.match(typo.out + typo.err, /signal-threads|SIGNAL_THREDS/);
});

test('listening beyond loopback without https is refused with the remedy', () => {
    const refused = parlour(['serve', '--listen', '0.0.0.0:0', '--data', temporaryFolder()]);
    assert.notEqual(refused.code, 0);
    assert.match(refused.err, /https/);
});

test('config show prints no secrets', () => {
    const {out} = parlour(['config', 'show'], {env: {PARLOUR_TURN_SECRET: 'a-secret-that-nobody-should-see-1'}});
    assert.doesNotMatch(out, /nobody-should-see/);
});

test('without a server: migrate, user and room work on the folder', async () => {
    const data = temporaryFolder();
    run('migrate', '--data', data);
    parlour(['user', 'add', 'cli@example.org', '--name', 'Cli Admin', '--role', 'admin', '--password-stdin', '--data', data], {input: `${PASSWORD}\n`});
    run('room', 'add', 'By hand', '--owner', 'cli@example.org', '--data', data);
    const users = JSON.parse(run('user', 'list', '--json', '--data', data).out);
    assert.deepEqual((users.items ?? users).map(user => [user.email, user.role]), [['cli@example.org', 'admin']]);
    const server = await startServer({data});
    try {
        assert.doesNotMatch(server.out, /^setup:/m, 'there is a user already');
        const admin = await signIn(server, 'cli@example.org');
        assert.equal((await admin.read('/rooms')).items[0].name, 'By hand');
    } finally {
        await server.stop();
    }
});

test('a weak password or a wrong role on the command line creates no account', () => {
    const data = temporaryFolder();
    const add = (input, role) => parlour(['user', 'add', 'x@example.org', '--name', 'X', '--role', role, '--password-stdin', '--data', data], {input});
    assert.equal(add('short\n', 'admin').code, 1);
    assert.equal(add(`${PASSWORD}\n`, 'king').code, 2);
    const listed = run('user', 'list', '--json', '--data', data).out;
    assert.deepEqual(JSON.parse(listed).items ?? JSON.parse(listed), []);
});

test('beside a running server commands go through its control socket, and the server knows at once', async () => {
    assert.equal(statSync(join(server.data, 'control.sock')).mode & 0o777, 0o600);
    parlour(['user', 'add', 'beside@example.org', '--name', 'Beside', '--role', 'host', '--password-stdin', '--data', server.data], {input: `${PASSWORD}\n`});
    const host = await signIn(server, 'beside@example.org');
    run('room', 'add', 'Beside room', '--owner', 'beside@example.org', '--data', server.data);
    const [room] = (await host.read('/rooms')).items;
    assert.equal(room.name, 'Beside room');
    const {guest} = await call(host);
    run('user', 'disable', 'beside@example.org', '--data', server.data);
    assert.equal((await host.get('/api/v1/session')).status, 401);
    await guest.settled();
    run('room', 'delete', room.slug, '--data', server.data);
    assert.equal((await admin.get(`/api/v1/rooms/${room.id}`)).status, 404);
});

test('a password link made on the command line works in the browser', async () => {
    await newUser(admin, {email: 'forgot@example.org'});
    const {out} = run('user', 'password', 'forgot@example.org', '--data', server.data);
    const url = out.match(/https?:\S+#\S+/)[0];
    good({...(await new Client(server).post('/password', {code: codeOf(url), password: 'a freshly chosen passphrase'})), json: {}});
    await signIn(server, 'forgot@example.org', 'a freshly chosen passphrase');
});

test('a second server on the same folder is refused', () => {
    const second = parlour(['serve', '--listen', '127.0.0.1:0', '--data', server.data]);
    assert.equal(second.code, 1);
    assert.match(second.err, /another|running|use|lock/i);
});

test('migrate and restore refuse while the server runs, and it goes on with its data', async () => {
    const backup = join(temporaryFolder(), 'b.db');
    run('backup', backup, '--data', server.data);
    const room = await newRoom(admin, {name: 'After the backup'});
    for (const command of [['migrate'], ['restore', backup]]) {
        const answer = parlour([...command, '--data', server.data]);
        assert.equal(answer.code, 1, `${command}: ${answer.out}${answer.err}`);
        assert.match(answer.err, /another parlour process is using .*: stop it first/);
        assert.equal(answer.out, '');
    }
    assert.equal((await admin.read(`/rooms/${room.id}`)).name, 'After the backup');
});

test('an online backup is complete, checked, private and without the master key, and the command says that', async () => {
    const file = join(temporaryFolder(), 'online.db');
    await newRoom(admin, {name: 'Before the backup'});
    const {err, out} = run('backup', file, '--data', server.data);
    assert.match(out + err, /master.key/);
    assert.equal(statSync(file).mode & 0o077, 0);
    assert.equal(sql(file, 'PRAGMA integrity_check'), 'ok');
    const again = parlour(['backup', file, '--data', server.data]);
    assert.deepEqual([again.code, again.out], [1, '']);
    assert.match(again.err, /is there already: choose another name/);
});

test('a backup is written to the working directory, and one that cannot be written there leaves no file anywhere', () => {
    const cwd = temporaryFolder();
    assert.equal(parlour(['backup', 'here.db', '--data', server.data], {cwd}).code, 0);
    assert.equal(sql(join(cwd, 'here.db'), 'PRAGMA integrity_check'), 'ok');
    const refused = parlour(['backup', join(cwd, 'nowhere', 'b.db'), '--data', server.data]);
    assert.deepEqual([refused.code, refused.out], [1, '']);
    assert.match(refused.err, /cannot write .*nowhere.b\.db/);
    for (const folder of [cwd, server.data]) assert.deepEqual(readdirSync(folder).filter(name => name.includes('.new-')), []);
});

test('a restored backup serves the earlier data, with and without the old master key', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'saved.db');
    const room = await newRoom(admin, {name: 'Kept'});
    const invitation = await newInvitation(admin, room);
    run('backup', file, '--data', server.data);
    for (const withKey of [true, false]) {
        const data = join(folder, withKey ? 'with' : 'without');
        mkdirSync(data, {mode: 0o700});
        if (withKey) copyFileSync(join(server.data, 'master.key'), join(data, 'master.key'));
        const restored = run('restore', file, '--data', data);
        const second = await startServer({data});
        try {
            const again = await signIn(second, 'owner@example.org');
            assert.equal((await again.read(`/rooms/${room.id}`)).name, 'Kept');
            if (withKey) await guestAt(room, invitation, {server: second});
            else assert.match(restored.out + restored.err, /key/i, 'says what was lost');
        } finally {
            await second.stop();
        }
        assert.equal(parlour(['audit', 'verify', '--data', data]).code, 0);
    }
});

test('a file that is not a backup is refused and changes nothing', () => {
    const data = temporaryFolder();
    const file = join(temporaryFolder(), 'not.db');
    for (const content of ['', 'no database', readFileSync('/proc/self/exe').subarray(0, 100_000)]) {
        writeFileSync(file, content);
        const answer = parlour(['restore', file, '--data', data]);
        assert.equal(answer.code, 1);
        assert.match(answer.err, /not\.db is no whole backup|not a database of parlour/);
    }
    assert.equal(existsSync(join(data, 'parlour.db')), false);
});

test('the audit chain verifies, and one changed byte anywhere in it is found', async () => {
    const data = temporaryFolder();
    const own = await startServer({data});
    const owner = await setUp(own);
    await newUser(owner);
    const {host, guest} = await call(owner);
    host.send({type: 'remove', participant: guest.id});
    await guest.over(4403);
    assert.match(run('audit', 'verify', '--data', data).out, /ok|\d+ rows|[0-9a-f]{64}/i);
    await own.stop();
    run('audit', 'verify', '--data', data);
    const file = join(data, 'parlour.db');
    const columns = sql(file, "SELECT group_concat(name) FROM pragma_table_info('audit')").split(',').filter(name => name !== 'seq');
    const rows = Number(sql(file, 'SELECT count(*) FROM audit'));
    assert.ok(rows >= 6, `${rows} rows`);
    for (const column of columns) {
        const copy = temporaryFolder();
        copyFileSync(file, join(copy, 'parlour.db'));
        copyFileSync(join(data, 'master.key'), join(copy, 'master.key'));
        const type = sql(file, `SELECT typeof("${column}") FROM audit LIMIT 1 OFFSET 2`);
        const changed = type === 'blob' ? `CAST(x'00' || substr("${column}", 2) AS BLOB)` : type === 'integer' ? `"${column}" + 1` : `"${column}" || 'x'`;
        sql(join(copy, 'parlour.db'), `UPDATE audit SET "${column}" = ${changed} WHERE rowid = (SELECT rowid FROM audit LIMIT 1 OFFSET 2)`);
        const verdict = parlour(['audit', 'verify', '--data', copy]);
        assert.equal(verdict.code, 1, `${column} was changed unnoticed: ${verdict.out}`);
    }
    const cut = temporaryFolder();
    copyFileSync(file, join(cut, 'parlour.db'));
    copyFileSync(join(data, 'master.key'), join(cut, 'master.key'));
    sql(join(cut, 'parlour.db'), 'DELETE FROM audit WHERE rowid = (SELECT rowid FROM audit LIMIT 1 OFFSET 2)');
    assert.equal(parlour(['audit', 'verify', '--data', cut]).code, 1, 'a removed row goes unnoticed');
});

test('a database of a newer version is refused with a clear word, and left as it is', async () => {
    const data = temporaryFolder();
    run('migrate', '--data', data);
    const file = join(data, 'parlour.db');
    const columns = sql(file, "SELECT group_concat(name) FROM pragma_table_info('schema_history')").split(',');
    const values = columns.map(name => (name === 'number' ? '9999' : `"${name}"`));
    sql(file, `INSERT INTO schema_history (${columns.map(name => `"${name}"`)}) SELECT ${values} FROM schema_history LIMIT 1`);
    for (const command of [['serve', '--listen', '127.0.0.1:0'], ['migrate']]) {
        const refused = parlour([...command, '--data', data]);
        assert.equal(refused.code, 1);
        assert.match(refused.err, /newer/i);
    }
});

test('a damaged database is not served', async () => {
    const data = temporaryFolder();
    run('migrate', '--data', data);
    const file = join(data, 'parlour.db');
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4096, Math.min(bytes.length, 4096 * 6));
    writeFileSync(file, bytes);
    const refused = parlour(['serve', '--listen', '127.0.0.1:0', '--data', data]);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /damaged|corrupt|malformed|restore/i);
});
