// lib.mjs - what the benchmarks share: processes pinned to cores, their CPU and memory, the load generator, seats, a verdict.
// These machines are shared and noisy: each figure is a ratio of things measured in turn in one run; CPU is the scheduler's
// own account of the process, and medians are quoted.
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {Client, good, newRoom, setUp} from '../support/http.mjs';
import {startServer, temporaryFolder} from '../support/server.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const SERVER_CORE = '0';
export const LOAD_CORE = '1';

const children = new Set();
process.on('exit', () => {
    for (const child of children) child.kill('SIGKILL');
});

/** Compiles a C program of this folder once and returns its path. */
export function program(name) {
    const out = join((program.folder ??= temporaryFolder('parlour-bench')), name);
    const done = spawnSync('gcc', ['-O2', '-Wall', '-Wextra', '-D_GNU_SOURCE', '-o', out, join(HERE, `${name}.c`), '-lssl', '-lcrypto'], {encoding: 'utf8'});
    if (done.status !== 0) throw new Error(done.stderr);
    return out;
}

/** Puts a running process and its threads on the server's core, or out of its way. */
export function pinServer(pid, core = SERVER_CORE) {
    spawnSync('taskset', ['-acp', core, String(pid)]);
}

/** Starts a program on a core; {child, line()} reads what it prints line by line. */
export function start(command, args, core = SERVER_CORE, options = {}) {
    const child = spawn('taskset', ['-c', core, command, ...args], {stdio: ['pipe', 'pipe', 'inherit'], ...options});
    children.add(child);
    child.on('close', () => children.delete(child));
    const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
    const stop = () => {
        child.kill();
        return once(child, 'close');
    };
    return {child, line: async () => (await lines.next()).value, stop};
}

/** Nanoseconds of CPU that all threads of a process have used. */
export function cpuNs(pid) {
    let sum = 0;
    for (const task of readdirSync(`/proc/${pid}/task`)) {
        try {
            sum += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
        } catch {} // the thread has just ended
    }
    return sum;
}

/** Resident kilobytes. */
export function rssKb(pid) {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
}

export const median = list => [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) / 2)];

/** The load generator (load.c), driven by commands. */
export class Load {
    constructor(wire, port) {
        this.process = start(program('load'), [wire, '127.0.0.1', String(port)], LOAD_CORE);
    }

    async command(text) {
        this.process.child.stdin.write(`${text}\n`);
        const answer = JSON.parse(await this.process.line());
        if (answer.ok === false) throw new Error(`load: ${text.slice(0, 80)} failed`);
        return answer;
    }

    open(path = '/', message = '') {
        return this.command(`open ${path} ${message}`);
    }

    pair() {
        return this.command('pair');
    }

    run({inflight = 1, seconds = 3, bytes = 1000, rate = 0, pairs = 1000}) {
        return this.command(`run ${inflight} ${seconds} ${bytes} ${rate} ${pairs}`);
    }

    stop() {
        return this.process.stop();
    }
}

/** A set-up server on one core, with throttles out of the way of a generator that comes from one address. */
export async function benchServer(args = [], options = {}) {
    const server = await startServer({...options, args: ['--rate-scale', '1000', '--log-level', 'error', ...args]});
    const admin = await setUp(server);
    pinServer(server.pid);
    return {server, admin};
}

/** The answers to the join requests of a host and of a guest who need not wait, in a room of their own. */
async function roomOfTwo({server, admin}) {
    const room = await newRoom(admin, {access: 'link', waiting_room: false});
    const host = good(await admin.post(`/rooms/${room.id}/join`, {}));
    const stranger = new Client(server);
    stranger.agent = admin.agent; // a connection of its own would be memory of HTTP, not of the seat
    const guest = good(await stranger.post(`/rooms/${room.id}/join`, {name: 'Ana Novak'}));
    return {host, guest};
}

const joinMessage = seat => JSON.stringify({type: 'join', token: seat.token});

/** Opens both seats of `count` rooms; with `paired` the guests send to the hosts. */
export async function seatPairs(bench, load, count, paired = true) {
    for (let i = 0; i < count; i++) {
        const {host, guest} = await roomOfTwo(bench);
        await load.open(host.ws, joinMessage(host));
        await load.open(guest.ws, joinMessage(guest));
        if (paired) await load.pair();
    }
}

const verdicts = [];

/** Notes a figure against its bound and prints it. */
export function verdict(what, figure, bound, unit = '') {
    const fine = typeof bound === 'number' ? figure <= bound : figure >= bound.atLeast;
    const limit = typeof bound === 'number' ? `≤ ${bound}` : `≥ ${bound.atLeast}`;
    verdicts.push(fine);
    console.log(`${fine ? 'ok    ' : 'FAILED'} ${what}: ${figure.toFixed(2)} ${unit} (${limit})`);
}

export function report(text) {
    console.log(`       ${text}`);
}

export function finish() {
    const failed = verdicts.filter(fine => !fine).length;
    console.log(`${verdicts.length - failed} passed, ${failed} failed`);
    process.exit(failed ? 1 : 0);
}
