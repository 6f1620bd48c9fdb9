// nginx.mjs - nginx beside Parlour, one worker each on the same core: static files in turn, and nginx as the one who speaks TLS.
// Short rounds in turn, and the median of their ratios. The generator (fetch.c) is cheaper than either server, so that a server is the
// limit; a round counts when both servers had their core to themselves.
import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {once} from 'node:events';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {get} from 'node:http';
import {get as getSecure} from 'node:https';
import {connect} from 'node:net';
import {join} from 'node:path';
import {freePort, temporaryFolder} from '../support/server.mjs';
import {cpuNs, median, program, report, start, verdict} from './lib.mjs';

export const SIZES = [10_000, 100_000];
const CONNECTIONS = 64;
const ROUND_S = 0.4;
const ROUNDS = 15; // that count
const TRIES = 40;
const FULL = 0.9; // of the core; below that, something other than the server was the limit

/** A folder for --web-dir with one file of each size, exactly. */
export function webFolder() {
    const folder = temporaryFolder('parlour-static');
    mkdirSync(join(folder, 'assets'));
    for (const size of SIZES) {
        let text = '';
        for (let i = 0; text.length < size; i++) text += createHash('sha256').update(String(i)).digest('hex');
        writeFileSync(join(folder, `assets/bench-${size}.js`), text.slice(0, size));
    }
    return folder;
}

/** Waits until a server accepts connections at this port. */
async function answers(port) {
    for (;;) {
        const socket = connect(port, '127.0.0.1');
        const taken = await new Promise(resolve => socket.on('connect', () => resolve(true)).on('error', () => resolve(false)));
        socket.destroy();
        if (taken) return;
    }
}

const TLS = ({cert, key}) => `ssl_certificate ${cert}; ssl_certificate_key ${key}; ssl_protocols TLSv1.2 TLSv1.3; ssl_session_tickets on;`;

/** nginx with this content of its `server` block; under `tls` ({cert, key}) when given. {port, pid, stop()} */
export async function startNginx(content, tls) {
    const port = await freePort();
    const conf = join(temporaryFolder('parlour-nginx'), 'nginx.conf');
    writeFileSync(
        conf,
        `daemon off; master_process off; pid ${conf}.pid; error_log stderr crit;
events { worker_connections 1024; }
http { access_log off; sendfile on; tcp_nopush on; open_file_cache max=100; keepalive_requests 1000000;
types { text/javascript js; } client_body_temp_path ${conf}.b; proxy_temp_path ${conf}.p; fastcgi_temp_path ${conf}.f; uwsgi_temp_path ${conf}.u; scgi_temp_path ${conf}.s;
server { listen 127.0.0.1:${port}${tls ? ' ssl' : ''}; ${tls ? TLS(tls) : ''} ${content} } }`,
    );
    const nginx = start('nginx', ['-c', conf]);
    await answers(port);
    return {port, pid: nginx.child.pid, tls, stop: nginx.stop};
}

const path = size => `/assets/bench-${size}.js`;
const url = ({port, tls}, size) => `http${tls ? 's' : ''}://127.0.0.1:${port}${path(size)}`;

/** Do they send the whole file? */
async function sends(contender, folder, size) {
    const [response] = await once((contender.tls ? getSecure : get)(url(contender, size), {agent: false, rejectUnauthorized: false}), 'response');
    const chunks = await response.toArray();
    return Buffer.concat(chunks).equals(readFileSync(join(folder, path(size))));
}

/** One round against one server: {rate, us, busy, generator}. */
function measure(contender, size) {
    const before = cpuNs(contender.pid);
    const args = ['-c', '1', program('fetch'), '127.0.0.1', contender.port, path(size), CONNECTIONS, ROUND_S, ...(contender.tls ? ['tls'] : [])].map(String);
    const done = spawnSync('taskset', args, {encoding: 'utf8'});
    if (done.status !== 0) throw new Error(`fetch ${url(contender, size)}: ${done.stderr}`);
    const {requests, seconds, busy} = JSON.parse(done.stdout);
    const cpu = (cpuNs(contender.pid) - before) / 1000;
    return {rate: requests / seconds, us: cpu / requests, busy: cpu / 1e6 / seconds, generator: busy};
}

/** Rounds in which each went first as often as the other; those that count, or all when the machine was never quiet. */
function rounds(ours, theirs, size) {
    const all = [];
    const counts = () => all.filter(r => r.ours.busy >= FULL && r.theirs.busy >= FULL);
    while (counts().length < ROUNDS && all.length < TRIES) {
        const first = all.length % 2 ? theirs : ours;
        const one = measure(first, size);
        const other = measure(first === ours ? theirs : ours, size);
        all.push(first === ours ? {ours: one, theirs: other} : {ours: other, theirs: one});
    }
    const good = counts();
    report(`${size} bytes: ${good.length} of ${all.length} rounds count${good.length < ROUNDS ? '; the machine is too busy, so all do' : ''}`);
    return good.length < ROUNDS ? all : good;
}

const words = (list, who) => {
    const of = (what, digits) => median(list.map(r => r[who][what])).toFixed(digits);
    return `${of('rate', 0)} requests/s, ${of('us', 1)} µs each, core ${of('busy', 2)} full (generator ${of('generator', 2)})`;
};

/** Both serve each file in turn. `bounds`: by size, the least share of nginx's requests a second, and the most CPU a request. */
export async function compareFiles(ours, theirs, folder, bounds) {
    for (const size of SIZES) {
        for (const each of [ours, theirs]) if (!(await sends(each, folder, size))) throw new Error(`${url(each, size)} is not the file`);
        const list = rounds(ours, theirs, size);
        report(`parlour ${words(list, 'ours')}`);
        report(`nginx   ${words(list, 'theirs')}`);
        const what = `static ${size} bytes${ours.tls ? ' under TLS' : ''}`;
        verdict(`${what}, requests/s against nginx`, median(list.map(r => r.ours.rate / r.theirs.rate)), {atLeast: bounds[size].rate}, '×');
        verdict(`${what}, CPU a request against nginx`, median(list.map(r => r.ours.us / r.theirs.us)), bounds[size].cpu, '×');
    }
}
