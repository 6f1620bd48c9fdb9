// The first minute: the output of deploy/run, and its messages when a step fails. The programs it calls are stand-ins that
// print what the real ones print; the scripts are the real ones.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import test, {after} from 'node:test';
import {fileURLToPath} from 'node:url';

const ROOT = process.env.PARLOUR_ROOT ?? join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'parlour-deploy-'));
after(() => rmSync(folder, {recursive: true, force: true}));
let trials = 0;

const SERVER = `printf 'setup: http://localhost:8080/setup#abcdefghijklmnopqrstuvwxyz\\nOn another machine, first: ssh -L 8080:127.0.0.1:8080 <this machine>\\n'
echo '2026-01-01T00:00:00Z info keys.master_made bytes=32' >&2
echo '2026-01-01T00:00:00Z warn limit.files max_connections=100' >&2
echo '2026-01-01T00:00:00Z info app.ready version=0.1.0 port=8080 url=http://localhost:8080' >&2`;
/** The server's last line under `--log-format json`, and its lines under `--log-level warn`. */
const LOG_FORMS = {
    '--log-format json': SERVER.split('\n')[0] + String.raw`
echo '{"time":"2026-01-01T00:00:00Z","level":"info","event":"keys.master_made","bytes":"32"}' >&2
echo '{"time":"2026-01-01T00:00:00Z","level":"warn","event":"limit.files","max_connections":"100"}' >&2
echo '{"time":"2026-01-01T00:00:00Z","level":"info","event":"app.ready","version":"0.1.0","port":"8080","url":"http://localhost:8080"}' >&2`,
    '--log-level warn': `${SERVER.split('\n')[0]}\necho '2026-01-01T00:00:00Z warn limit.files max_connections=100' >&2\nread -rt 3 <> <(:) || :`,
    '--log-level error, and it ends at once': SERVER.split('\n')[0],
};
const FINE = {
    'dpkg-query': 'exit 1',
    sudo: 'while [[ $1 == --* ]]; do shift; done; exec "$@"',
    'apt-get': `case "$*" in
        *--assume-no*) echo 'Need to get 61.3 MB of archives.'; echo 'After this operation, 271 MB of additional disk space will be used.'; exit 1 ;;
        *install*) for i in {1..900}; do echo "Selecting previously unselected package p$i."; echo "Unpacking p$i"; done ;;
    esac`,
    npm: 'mkdir -p node_modules && head -c 3000000 /dev/zero >node_modules/x',
    cmake: 'mkdir -p build/release && touch build/release/build.ninja',
    ninja: `for i in {1..300}; do echo "[$i/300] Building"; done; printf '#!/bin/bash\\n%s\\n' "$SERVER" >build/release/parlour; chmod +x build/release/parlour`,
};

/** Runs deploy/run in a tree of its own; `programs` stand before the real ones in PATH. */
function run(programs = {}, {uid = 'root', server = SERVER} = {}) {
    const tree = join(folder, `tree-${trials++}`);
    const bin = join(tree, 'bin');
    mkdirSync(bin, {recursive: true});
    cpSync(join(ROOT, 'deploy'), join(tree, 'deploy'), {recursive: true});
    mkdirSync(join(tree, 'web'));
    writeFileSync(join(tree, 'web/package-lock.json'), '{}');
    for (const [name, body] of Object.entries({...FINE, ...programs})) {
        if (body === null) continue;
        writeFileSync(join(bin, name), `#!/bin/bash\n${body.replaceAll('ninja_root', tree)}\n`);
        chmodSync(join(bin, name), 0o755);
    }
    // Of the real programs only those that every system has.
    const real = ['bash', 'env', 'cat', 'cmp', 'cp', 'df', 'dirname', 'basename', 'du', 'grep', 'head', 'mkdir', 'paste', 'printf', 'sed', 'tail', 'touch', 'wc', 'chmod', 'rm'];
    for (const name of real) {
        const path = ['/usr/bin', '/bin'].map(place => join(place, name)).find(existsSync);
        if (path && !existsSync(join(bin, name))) writeFileSync(join(bin, name), `#!/bin/bash\nexec ${path} "$@"\n`, {mode: 0o755});
    }
    const command = uid === 'root' ? ['bash', ['deploy/run']] : ['bash', ['-c', 'exec 3>&1; sed -i "s/((EUID == 0))/((0))/" deploy/install-packages; exec bash deploy/run']];
    const done = spawnSync(...command, {cwd: tree, encoding: 'utf8', env: {PATH: bin, HOME: tree, SERVER: server, USER: 'ana'}, timeout: 60_000});
    const log = join(tree, 'build/deploy.log');
    return {status: done.status, out: done.stdout, err: done.stderr, all: done.stdout + done.stderr, log: existsSync(log) ? readFileSync(log, 'utf8') : ''};
}

test('deploy/run prints its steps with size and time, keeps the rest in a file, and ends with one block', () => {
    const {status, out, all, log} = run();
    assert.equal(status, 0, all);
    assert.ok(all.split('\n').length < 30, all);
    assert.match(out, /Installing Debian packages: .*libmicrohttpd-dev.*\n {2}61\.3 MB to fetch, 271 MB on the disk\n {2}\d+ packages and what they need, \d+ s\n/);
    assert.match(out, /Installing npm packages of web\/package-lock\.json\n {2}\d+ MB, \d+ s\n/);
    assert.match(out, /Building Parlour, once.*\n {2}the program has \d+ MB, \d+ s\n/);
    assert.match(out, /warn limit\.files/, 'a warning is shown');
    assert.doesNotMatch(out, /keys\.master_made|Unpacking|Building\n/);
    const block = out.slice(out.indexOf('------'));
    assert.match(block, /Parlour runs at +http:\/\/localhost:8080\n/);
    assert.match(block, /Begin here +http:\/\/localhost:8080\/setup#[a-z0-9]{26}\n/);
    assert.match(block, /ssh -L 8080:127\.0\.0\.1:8080/);
    assert.match(block, /Next +name your practice/);
    assert.match(block, /-----\n$/, 'nothing comes after the block');
    for (const words of ['Unpacking p900', '[300/300] Building', 'info app.ready']) assert.ok(log.includes(words), words);
});

for (const [options, server] of Object.entries(LOG_FORMS))
    test(`the setup link is shown whatever the server was started with: ${options}`, () => {
        const {status, all, out, log} = run({}, {server});
        assert.equal(status, 0, all);
        const block = out.slice(out.indexOf('------'));
        assert.match(block, /Parlour runs at +http:\/\/localhost:8080\n/, all);
        assert.match(block, /Begin here +http:\/\/localhost:8080\/setup#[a-z0-9]{26}\n/);
        assert.equal(out.match(/Parlour runs at/g).length, 1);
        assert.doesNotMatch(out, /keys\.master_made/, 'routine');
        if (/limit/.test(server)) assert.match(out, /limit\.files/, 'a warning is shown');
        assert.doesNotMatch(log, /setup#[a-z0-9]/, 'the code stands in no file');
    });

test('only the user who started the server can read the log, also where an older one was readable by all', () => {
    const tree = join(folder, `tree-${trials}`);
    mkdirSync(join(tree, 'build'), {recursive: true});
    writeFileSync(join(tree, 'build/deploy.log'), 'from before', {mode: 0o644});
    const {log} = run();
    assert.equal(statSync(join(tree, 'build/deploy.log')).mode & 0o777, 0o600);
    assert.doesNotMatch(log, /from before/);
    assert.match(log, /setup: http:\/\/localhost:8080\/setup#…/);
});

const FAILURES = [
    ['no network', {'apt-get': `[[ $* == *install* ]] && { echo "E: Failed to fetch http://deb.debian.org/x.deb  Temporary failure resolving 'deb.debian.org'"; exit 100; }; exit 0`}, /Likely remedy: The network is not reached.*http_proxy/],
    ['no network for npm', {npm: 'echo "npm ERR! code EAI_AGAIN"; exit 1'}, /Likely remedy: The network is not reached/],
    ['a proxy that signs TLS anew', {npm: 'echo "npm ERR! code SELF_SIGNED_CERT_IN_CHAIN"; exit 1'}, /Likely remedy: A proxy on the way signs TLS anew.*update-ca-certificates.*NODE_EXTRA_CA_CERTS/],
    ['the same with apt', {'apt-get': '[[ $* == *install* ]] && { echo "E: Failed to fetch https://x  Certificate verification failed: The certificate is NOT trusted."; exit 100; }; exit 0'}, /Likely remedy: A proxy on the way signs TLS anew/],
    ['a full disk', {'apt-get': '[[ $* == *install* ]] && { echo "E: You don\'t have enough free space in /var/cache/apt/archives/."; exit 100; }; exit 0'}, /Likely remedy: The disk is full.*df -h/],
    ['a full disk while building', {ninja: 'echo "fatal error: error writing to x.o: No space left on device"; exit 1'}, /Likely remedy: The disk is full/],
    ['an old release', {'apt-get': '[[ $* == *install* ]] && { echo "E: Unable to locate package libmicrohttpd-dev"; exit 100; }; exit 0'}, /Likely remedy: .*Debian 12 or newer/],
    ['another installation', {'apt-get': '[[ $* == *install* ]] && { echo "E: Could not get lock /var/lib/dpkg/lock-frontend."; exit 100; }; exit 0'}, /Likely remedy: Another program is installing/],
    ['too little memory', {ninja: 'echo "cc: fatal error: Killed signal terminated program cc1"; exit 1'}, /Likely remedy: The memory did not last/],
];
for (const [what, programs, remedy] of FAILURES)
    test(`a failed install names the likely remedy: ${what}`, () => {
        const {status, out, err, all} = run(programs);
        assert.notEqual(status, 0);
        assert.match(err, remedy, all);
        assert.match(err, /All of it: .*build\/deploy\.log/);
        assert.ok(err.split('\n').length < 16, err);
        assert.doesNotMatch(out, /Parlour runs/);
    });

test('without root: when sudo is missing the command to type is named, and when it refuses the remedy', () => {
    const none = run({sudo: null}, {uid: 'ana'});
    assert.notEqual(none.status, 0);
    assert.match(none.all, /run this as root, or install sudo, or type:\s+apt-get install .*libmicrohttpd-dev/);
    const refused = run({sudo: 'echo "ana is not in the sudoers file."; exit 1'}, {uid: 'ana'});
    assert.notEqual(refused.status, 0);
    assert.match(refused.err, /Likely remedy: This account may not become root/);
});

test('a server that cannot start prints the reason on the terminal', () => {
    const {status, all} = run({ninja: `printf '#!/bin/bash\\necho "parlour: port 8080 is taken" >&2; exit 1\\n' >build/release/parlour; chmod +x build/release/parlour`});
    assert.equal(status, 1);
    assert.match(all, /parlour: port 8080 is taken/);
});
