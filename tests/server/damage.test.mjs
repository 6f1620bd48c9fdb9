// A database that is damaged, lost or not ours is refused with the remedy; only a sound one is served.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {Client, good, newInvitation, newRoom, setUp} from '../support/http.mjs';
import {call} from '../support/scene.mjs';
import {freePort, parlour, startServer, temporaryFolder} from '../support/server.mjs';

const PAGE = 4096;
const OVERWRITES = 59;

const sql = (file, statement) => {
    const done = spawnSync('sqlite3', [file, statement], {encoding: 'utf8'});
    return done.status === 0 ? done.stdout.trim() : done.stderr.trim();
};
const serve = data => parlour(['serve', '--listen', '127.0.0.1:0', '--data', data], {timeout: 20_000});

/** The folder of a practice that was in use: rows in each table, and pages that are free again. */
async function usedFolder() {
    const server = await startServer();
    const owner = await setUp(server);
    await call(owner);
    const room = await newRoom(owner);
    const invitation = await newInvitation(owner, room);
    good(await owner.post(`/invitations/${invitation.id}/renew`, {}));
    await server.stop();
    const file = join(server.data, 'parlour.db');
    const columns = sql(file, "SELECT group_concat(name) FROM pragma_table_info('invites')");
    const values = columns.replace(/\bid\b/, "'i' || n.value").replace('code_hash', 'randomblob(32)');
    assert.equal(sql(file, `INSERT INTO invites (${columns}) SELECT ${values} FROM invites, generate_series(1, 300) n LIMIT 300`), '');
    assert.equal(sql(file, "DELETE FROM invites WHERE id LIKE 'i1%'"), '');
    return server.data;
}

function copyOf(data, bytes) {
    const copy = temporaryFolder();
    for (const name of ['master.key', 'parlour.db']) copyFileSync(join(data, name), join(copy, name));
    if (bytes) writeFileSync(join(copy, 'parlour.db'), bytes);
    return copy;
}

const used = await usedFolder();

test('each of 59 single overwrites is refused with the remedy, or has harmed nothing', t => {
    const whole = readFileSync(join(used, 'parlour.db'));
    const pages = whole.length / PAGE;
    assert.ok(pages >= 60, `${pages} pages`);
    let served = 0;
    for (let i = 0; i < OVERWRITES; i++) {
        const page = 1 + Math.floor((i * (pages - 1)) / OVERWRITES);
        const bytes = Buffer.from(whole);
        const at = page * PAGE + (i % 4) * 1024;
        if (i % 3 === 0) bytes.fill(0xa5, at, at + 512);
        else if (i % 3 === 1) bytes.fill(0, at, at + 1024);
        else whole.copy(bytes, page * PAGE, ((page + 7) % pages) * PAGE, ((page + 7) % pages) * PAGE + PAGE); // written to the wrong place
        const copy = copyOf(used, bytes);
        const answer = parlour(['migrate', '--data', copy]);
        if (answer.code === 0) {
            served++;
            assert.equal(sql(join(copy, 'parlour.db'), 'PRAGMA integrity_check'), 'ok', `page ${page} of ${pages}, way ${i % 3}`);
            assert.equal(sql(join(copy, 'parlour.db'), 'PRAGMA foreign_key_check'), '');
        } else {
            assert.equal(answer.code, 1);
            assert.match(answer.err, /damaged.*restore FILE/);
        }
        rmSync(copy, {recursive: true});
    }
    t.diagnostic(`${OVERWRITES - served} refused, ${served} harmless`);
    assert.ok(served < OVERWRITES / 2);
});

test('an empty, a missing and a truncated database beside a master key are refused and left as they are', () => {
    const whole = readFileSync(join(used, 'parlour.db'));
    for (const [bytes, words] of [
        [Buffer.alloc(0), /missing or empty.*restore FILE.*begin anew/],
        [null, /missing or empty.*restore FILE.*begin anew/],
        [whole.subarray(0, PAGE * 3), /damaged.*restore FILE/],
        [whole.subarray(0, 100), /damaged.*restore FILE/],
        [Buffer.alloc(PAGE), /damaged.*restore FILE/],
    ]) {
        const copy = copyOf(used);
        const file = join(copy, 'parlour.db');
        if (bytes) writeFileSync(file, bytes);
        else rmSync(file);
        for (const answer of [serve(copy), parlour(['user', 'add', 'mallory@example.org', '--name', 'M', '--role', 'admin', '--data', copy])]) {
            assert.equal(answer.code, 1);
            assert.match(answer.err, words);
            assert.doesNotMatch(answer.out, /setup:/);
        }
        if (bytes) assert.equal(statSync(file).size, bytes.length);
        else assert.equal(existsSync(file), false);
    }
});

test('a backup takes the place of a lost database', async () => {
    const backup = join(temporaryFolder(), 'backup.db');
    const whole = copyOf(used);
    assert.equal(parlour(['backup', backup, '--data', whole]).code, 0);
    for (const lose of [file => writeFileSync(file, ''), file => rmSync(file)]) {
        const copy = copyOf(used);
        lose(join(copy, 'parlour.db'));
        const restored = parlour(['restore', backup, '--data', copy]);
        assert.equal(restored.code, 0, restored.err);
        await (await startServer({data: copy})).stop();
    }
});

test('a backup with a trigger, a view or a table whose name is SQL is not restored', () => {
    for (const harm of [
        'CREATE TRIGGER spy AFTER INSERT ON sessions BEGIN DELETE FROM audit; END',
        'CREATE VIEW v AS SELECT * FROM users',
        `CREATE TABLE "x"" ; DROP TABLE audit; --" (y TEXT)`,
        `CREATE TABLE "x'); DELETE FROM audit; --" (y TEXT)`,
    ]) {
        const data = join(temporaryFolder(), 'fresh');
        const backup = join(temporaryFolder(), 'backup.db');
        copyFileSync(join(used, 'parlour.db'), backup);
        assert.equal(sql(backup, harm), '');
        mkdirSync(data);
        const answer = parlour(['restore', backup, '--data', data]);
        assert.equal(answer.code, 1, harm);
        assert.match(answer.err, /no whole backup of Parlour/);
        assert.equal(existsSync(join(data, 'parlour.db')), false);
    }
});

test('the metrics say when the file was last found sound', async () => {
    const metricsPort = await freePort();
    const from = Date.now() / 1000;
    const server = await startServer({args: ['--metrics-listen', `127.0.0.1:${metricsPort}`], data: copyOf(used)});
    const {text} = await new Client({...server, host: '127.0.0.1', port: metricsPort}).get('/metrics');
    const figure = name => Number(text.match(new RegExp(`^parlour_${name} (\\S+)$`, 'm'))[1]);
    assert.equal(figure('store_damaged'), 0);
    assert.equal(figure('store_checks_total'), 1);
    assert.equal(figure('store_checks_failed_total'), 0);
    assert.ok(figure('store_whole_timestamp_seconds') >= from - 1);
    await server.stop();
});
