// The running server is shut into its data folder by the kernel (Landlock). The test checks what it does, not what it
// says: links placed in the folder lead out of it, and it follows none.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {Client} from '../support/http.mjs';
import {freePort, ROOT, startServer, temporaryFolder} from '../support/server.mjs';

// landlock_create_ruleset(NULL, 0, LANDLOCK_CREATE_RULESET_VERSION), asked without the server
const version = Number(spawnSync('perl', ['-e', 'print syscall(444, 0, 0, 1)'], {encoding: 'utf8'}).stdout);
const ONLY_FALLBACK = 'this kernel has no Landlock: only the fallback was seen';
const sanitized = /\/(asan|tsan)\//.test(process.env.PARLOUR_BIN ?? ''); // they read the source for their reports

async function figure(port, name) {
    const {text} = await new Client({host: '127.0.0.1', port}).get('/metrics');
    return Number(text.match(new RegExp(`^parlour_${name} (\\S+)$`, 'm'))[1]);
}

test('the log and the metrics say correctly whether the kernel shuts the server in', async t => {
    const port = await freePort();
    const server = await startServer({args: ['--metrics-listen', `127.0.0.1:${port}`]});
    t.after(() => server.stop());
    if (version <= 0) t.diagnostic(ONLY_FALLBACK);
    assert.equal(await figure(port, 'sandboxed'), version > 0 ? 1 : 0);
    assert.match(readFileSync(`/proc/${server.pid}/status`, 'utf8'), /^NoNewPrivs:\s*1$/m);
    await server.stop();
    assert.match(server.err, version > 0 ? new RegExp(`sandbox\\.on landlock=${version}`) : /sandbox\.off why=.* remedy=/);
});

test('a running server writes nothing outside its data folder', {skip: version <= 0 && ONLY_FALLBACK}, async t => {
    const [data, outside] = [temporaryFolder(), temporaryFolder()];
    symlinkSync(outside, join(data, 'assets')); // where each build leaves its files for the next
    const server = await startServer({data});
    t.after(() => server.stop());
    assert.equal((await new Client(server).get('/')).status, 200);
    assert.deepEqual(readdirSync(outside), []);
});

test('a running server reads nothing outside its data folder', {skip: (version <= 0 && ONLY_FALLBACK) || (sanitized && 'sanitizers read more')}, async t => {
    const [data, outside] = [temporaryFolder(), temporaryFolder()];
    const code = 'a'.repeat(26);
    writeFileSync(join(outside, 'code'), `${code}\n`, {mode: 0o600});
    symlinkSync(join(outside, 'code'), join(data, 'setup-code'));
    const server = await startServer({data});
    t.after(() => server.stop());
    await server.says(/setup: \S+/);
    assert.doesNotMatch(server.out, new RegExp(`#${code}`));
});

test('a client in a folder of its own is served, also when a build has removed the folder and made it anew', async t => {
    const web = join(temporaryFolder(), 'web');
    mkdirSync(web);
    cpSync(join(ROOT, 'build/release/web/dist'), web, {recursive: true});
    const server = await startServer({args: ['--web-dir', web]});
    t.after(() => server.stop());
    assert.equal((await new Client(server).get('/')).status, 200);
    rmSync(web, {recursive: true});
    cpSync(join(ROOT, 'build/release/web/dist'), web, {recursive: true});
    for (const page of readdirSync(web).filter(name => name.endsWith('.html'))) appendFileSync(join(web, page), '<!-- anew -->');
    assert.match((await new Client(server).get('/')).text, /<!-- anew -->/);
});
