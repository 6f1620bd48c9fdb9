// Static files of 10 kB and 100 kB, 64 connections: requests a second against nginx, in turn in one run, one core each.
import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {mkdirSync, readdirSync, statSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import {join} from 'node:path';
import {freePort, ROOT, temporaryFolder} from '../support/server.mjs';
import {benchServer, finish, median, pinServer, report, start, verdict} from './lib.mjs';

const SIZES = [10_000, 100_000];
const ROUNDS = 7;

/** A copy of the built client with two more files of exact size, for --web-dir. */
function webFolder() {
    const folder = temporaryFolder('parlour-static');
    spawnSync('cp', ['-r', `${join(ROOT, 'build/release/web')}/.`, folder]);
    mkdirSync(join(folder, 'assets'), {recursive: true});
    for (const size of SIZES) {
        let text = '';
        for (let i = 0; text.length < size; i++) text += createHash('sha256').update(String(i)).digest('hex');
        writeFileSync(join(folder, `assets/bench-${size}.js`), text.slice(0, size));
    }
    return folder;
}

/** Until somebody takes connections at this port. */
async function answers(port) {
    for (;;) {
        const socket = connect(port, '127.0.0.1');
        const taken = await new Promise(resolve => socket.on('connect', () => resolve(true)).on('error', () => resolve(false)));
        socket.destroy();
        if (taken) return;
    }
}

async function startNginx(folder) {
    const port = await freePort();
    const conf = join(temporaryFolder('parlour-nginx'), 'nginx.conf');
    writeFileSync(
        conf,
        `daemon off; master_process off; pid ${conf}.pid; error_log stderr crit;
events { worker_connections 1024; }
http { access_log off; sendfile on; tcp_nopush on; open_file_cache max=100; keepalive_requests 1000000;
types { text/javascript js; } client_body_temp_path ${conf}.b; proxy_temp_path ${conf}.p; fastcgi_temp_path ${conf}.f; uwsgi_temp_path ${conf}.u; scgi_temp_path ${conf}.s;
server { listen 127.0.0.1:${port}; root ${folder}; } }`,
    );
    const nginx = start('nginx', ['-c', conf]);
    await answers(port);
    return {port, nginx};
}

function wrk(port, size) {
    const url = `http://127.0.0.1:${port}/assets/bench-${size}.js`;
    const done = spawnSync('taskset', ['-c', '1', 'wrk', '-t1', '-c64', '-d2s', url], {encoding: 'utf8'});
    if (/Non-2xx/.test(done.stdout) || done.status !== 0) throw new Error(`wrk ${url}: ${done.stdout}${done.stderr}`);
    return Number(/Requests\/sec:\s+([\d.]+)/.exec(done.stdout)[1]);
}

const folder = webFolder();
const {server} = await benchServer(['--web-dir', folder]);
const {port, nginx} = await startNginx(folder);
pinServer(server.pid);
report(`serving ${readdirSync(join(folder, 'assets')).length} files, ${statSync(join(folder, `assets/bench-${SIZES[0]}.js`)).size} and ${SIZES[1]} bytes, nothing compressed`);
for (const size of SIZES) {
    const ours = [], theirs = [];
    for (let i = 0; i < ROUNDS; i++) {
        ours.push(wrk(server.port, size));
        theirs.push(wrk(port, size));
    }
    report(`${size} bytes: ${Math.round(median(ours))} requests/s, nginx ${Math.round(median(theirs))}`);
    verdict(`static ${size} bytes, against nginx`, median(ours.map((n, i) => n / theirs[i])), {atLeast: 1}, '×');
}
await server.stop();
await nginx.stop();
finish();
