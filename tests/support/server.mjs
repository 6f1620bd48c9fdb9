// server.mjs - the real binary on a free port with a data folder of its own.
//   const server = await startServer({args: ['--turn-url', 'turn:…']});
//   …
//   await server.stop();      asks with SIGTERM, expects exit 0 and a clean log of the sanitizers
// PARLOUR_BIN names the binary (default: the release build).
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {get} from 'node:http';
import {get as getSecure} from 'node:https';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

export const ROOT = process.env.PARLOUR_ROOT ?? join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const BIN = process.env.PARLOUR_BIN ?? join(ROOT, 'build/release/parlour');
const READY_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 20_000;

process.setMaxListeners(0); // each temporary folder and each program started by a test cleans up at exit
const started = new Set();
process.on('exit', () => {
    for (const server of started) server.child?.kill('SIGKILL');
});

/* Below those that the kernel gives to outgoing connections: one of these could have taken the port before the server does. */
const PORTS = {from: 20_000, count: 12_000};
const PORT_LOCKS = join(tmpdir(), `parlour-test-ports-${process.getuid()}`);

/** Whether this port is ours until this process ends. Test files run side by side, each in a process of its own. */
function reserve(port) {
    const lock = join(PORT_LOCKS, String(port));
    mkdirSync(PORT_LOCKS, {recursive: true});
    try {
        writeFileSync(lock, String(process.pid), {flag: 'wx'});
    } catch {
        if (existsSync(`/proc/${tryRead(lock)}`)) return false;
        rmSync(lock, {force: true}); // of a process that was killed; the next one may have it
        return false;
    }
    process.on('exit', () => rmSync(lock, {force: true}));
    return true;
}

function tryRead(file) {
    try {
        return readFileSync(file, 'utf8');
    } catch {
        return 'self'; // it is being written, or has just gone
    }
}

const canListen = (port, host) =>
    new Promise(resolve => {
        const probe = createServer();
        probe.on('error', () => resolve(false));
        probe.listen(port, host, () => probe.close(() => resolve(true)));
    });

/** A TCP port nobody listens on now, and never the same one twice, in this process or another. */
export async function freePort(host = '127.0.0.1') {
    for (;;) {
        const port = PORTS.from + Math.floor(Math.random() * PORTS.count);
        if (reserve(port) && (await canListen(port, host))) return port;
    }
}

export function temporaryFolder(name = 'parlour-test') {
    const folder = mkdtempSync(join(tmpdir(), `${name}-`));
    process.on('exit', () => rmSync(folder, {recursive: true, force: true}));
    return folder;
}

/** Runs a command of the binary to its end: {code, out, err}. */
export function parlour(args, {input, env = {}, cwd} = {}) {
    const done = spawnSync(BIN, args, {input, cwd, encoding: 'utf8', timeout: 60_000, env: {...process.env, ...env}});
    return {code: done.status, signal: done.signal, out: done.stdout, err: done.stderr};
}

/** The answer to GET `url`, or null when there is none. `tls`: {ca, servername} for https. */
function probe(url, tls) {
    return new Promise(resolve => {
        const request = (tls ? getSecure : get)(url, {timeout: 2000, ...tls}, response => {
            response.resume();
            response.on('end', () => resolve(response.statusCode));
        });
        request.on('timeout', () => request.destroy());
        request.on('error', () => resolve(null));
    });
}

export class Server {
    /** @param {{args?: string[], env?: object, data?: string, port?: number, host?: string, publicUrl?: string,
     *   tls?: {cert: string, key: string, ca: string, servername: string}}} options  `tls`: as tests/support/tls.mjs makes it */
    constructor(options = {}) {
        this.options = options;
        this.host = options.host ?? '127.0.0.1';
        this.data = options.data ?? temporaryFolder();
        this.tls = options.tls && {ca: options.tls.ca, servername: options.tls.servername};
        this.out = '';
        this.err = '';
    }

    async start() {
        this.port ??= this.options.port ?? (await freePort(this.host));
        const name = this.host.includes(':') ? `[${this.host}]` : this.host;
        this.url = `${this.tls ? 'https' : 'http'}://${name}:${this.port}`;
        this.origin = this.options.publicUrl ?? (this.tls ? `https://${this.tls.servername}:${this.port}` : `http://localhost:${this.port}`);
        await this.spawn();
        await this.ready();
        return this;
    }

    /** Starts the process and does not wait for anything. */
    async spawn() {
        const name = this.host.includes(':') ? `[${this.host}]` : this.host;
        const args = ['serve', '--listen', `${name}:${this.port}`, '--data', this.data, '--public-url', this.origin];
        if (this.tls) args.push('--tls-cert', this.options.tls.cert, '--tls-key', this.options.tls.key);
        this.child = spawn(BIN, [...args, ...(this.options.args ?? [])], {
            stdio: ['ignore', 'pipe', 'pipe'],
            env: {...process.env, ...this.options.env},
        });
        started.add(this);
        this.told = false;
        this.child.stdout.on('data', chunk => (this.out += chunk));
        this.child.stderr.on('data', chunk => (this.err += chunk));
        this.exit = once(this.child, 'close').then(([code, signal]) => {
            started.delete(this);
            this.child = null;
            if (!this.told) this.fell = `parlour ended by itself with ${signal ?? code}`;
            return {code, signal};
        });
    }

    /** Waits until /readyz answers 200. */
    async ready() {
        const deadline = Date.now() + READY_LIMIT_MS;
        while ((await probe(`${this.url}/readyz`, this.tls)) !== 200) {
            if (!this.child) throw new Error(`parlour ended before it was ready\n${this.out}${this.err}`);
            if (Date.now() > deadline) throw new Error(`parlour was not ready in time\n${this.out}${this.err}`);
            await new Promise(resolve => setTimeout(resolve, 10));
        }
    }

    /** Waits for text on standard output; the server may print it a moment after it is ready. */
    async says(words) {
        const deadline = Date.now() + READY_LIMIT_MS;
        while (!words.test(this.out)) {
            if (!this.child || Date.now() > deadline) throw new Error(`parlour never said ${words}: ${this.out}`);
            await once(this.child.stdout, 'data');
        }
    }

    /** Waits for words in the log from its position `from` on. */
    async logs(words, from = 0) {
        for (const deadline = AbortSignal.timeout(READY_LIMIT_MS); !words.test(this.err.slice(from)); ) {
            const heard = this.child && once(this.child.stderr, 'data', {signal: deadline}).catch(() => null);
            if (!(await heard)) throw new Error(`parlour never logged ${words}: ${this.err.slice(from)}`);
        }
    }

    get pid() {
        return this.child.pid;
    }

    get log() {
        return this.out + this.err;
    }

    get setupCode() {
        return readFileSync(join(this.data, 'setup-code'), 'utf8').trim();
    }

    /** Sends SIGTERM; throws unless it ends in time with status 0 and without a sanitizer report. */
    async stop() {
        if (this.fell) throw new Error(`${this.fell}\n${this.log.slice(-6000)}`);
        if (!this.child) return;
        this.told = true;
        this.child.kill('SIGTERM');
        const late = setTimeout(() => this.child?.kill('SIGKILL'), STOP_LIMIT_MS);
        const {code, signal} = await this.exit;
        clearTimeout(late);
        if (code !== 0) throw new Error(`parlour ended with ${signal ?? code}\n${this.log.slice(-6000)}`);
        this.checkLog();
    }

    async kill9() {
        this.told = true;
        this.child.kill('SIGKILL');
        await this.exit;
        this.checkLog();
    }

    /** The same data and port again. */
    async restart() {
        await this.spawn();
        await this.ready();
    }

    checkLog() {
        const found = this.log.match(/(ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|runtime error:)[\s\S]{0,5000}/);
        if (found) throw new Error(found[0]);
    }
}

export async function startServer(options) {
    return new Server(options).start();
}

if (!existsSync(BIN)) throw new Error(`${BIN} is missing: build it, or set PARLOUR_BIN`);
