// TLS without a proxy against nginx, on the same core and in turn: static files, handshakes, the relay of 1 kB messages (with nginx as
// the proxy in front of a Parlour without TLS), and the memory of a joined seat.
import {spawnSync} from 'node:child_process';
import {Authority} from '../support/tls.mjs';
import {benchServer, cpuNs, finish, LOAD_CORE, Load, median, pinServer, program, report, rssKb, seatPairs, verdict} from './lib.mjs';
import {compareFiles, startNginx, webFolder} from './nginx.mjs';

const SEATS = 2000;
const PAIRS = 20;
const GREET_S = 1;
const RELAY = {inflight: 8, seconds: 2, pairs: PAIRS};
const ROUNDS = 7;

const tls = new Authority().issue({name: 'localhost'});
const folder = webFolder();
const ARGS = ['--web-dir', folder, '--http-threads', '1', '--signal-rate', '1000000'];
const own = await benchServer(ARGS, {tls});
const plain = await benchServer(ARGS);
const nginx = await startNginx(`root ${folder};`, tls);
const proxy = await startNginx(
    `location / { proxy_pass http://127.0.0.1:${plain.server.port}; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade"; proxy_set_header Host localhost; }`,
    tls,
);
report('nothing compressed; P-256 certificate; one HTTP worker, and as many of TLS as there are cores, all on one core');
await compareFiles({pid: own.server.pid, port: own.server.port, tls}, nginx, folder, {10000: {rate: 0.6, cpu: 1.7}, 100000: {rate: 0.9, cpu: 1.2}});

/** CPU of one full handshake, in microseconds. */
function greet({pid, port}) {
    const before = cpuNs(pid);
    const done = spawnSync('taskset', ['-c', LOAD_CORE, program('greet'), '127.0.0.1', String(port), String(GREET_S)], {encoding: 'utf8'});
    if (done.status !== 0) throw new Error(done.stderr);
    return (cpuNs(pid) - before) / 1000 / JSON.parse(done.stdout).greeted;
}

const greetings = Array.from({length: ROUNDS}, () => ({ours: greet({pid: own.server.pid, port: own.server.port}), theirs: greet(nginx)}));
report(`CPU of a handshake: parlour ${median(greetings.map(r => r.ours)).toFixed(0)} µs, nginx ${median(greetings.map(r => r.theirs)).toFixed(0)} µs`);
verdict('handshakes, CPU against nginx', median(greetings.map(r => r.ours / r.theirs)), 1.5, '×');

/** CPU of a relayed message, in microseconds, of all processes on the way. */
async function relay({load, pids}) {
    const before = pids.reduce((sum, pid) => sum + cpuNs(pid), 0);
    const {messages, p50_us} = await load.run(RELAY);
    return {us: (pids.reduce((sum, pid) => sum + cpuNs(pid), 0) - before) / 1000 / messages, p50_us};
}

const ours = {load: new Load('wss', own.server.port), pids: [own.server.pid]};
const theirs = {load: new Load('wss', proxy.port), pids: [plain.server.pid, proxy.pid]};
const bare = {load: new Load('ws', plain.server.port), pids: [plain.server.pid]};
await seatPairs(own, ours.load, PAIRS);
await seatPairs(plain, theirs.load, PAIRS);
await seatPairs(plain, bare.load, PAIRS);
for (const {server} of [own, plain]) pinServer(server.pid);
const relays = [];
for (let i = 0; i < ROUNDS; i++) relays.push({ours: await relay(ours), theirs: await relay(theirs), bare: await relay(bare)});
const of = (who, what) => median(relays.map(r => r[who][what])).toFixed(1);
report(`relay, CPU a message: parlour ${of('ours', 'us')} µs, nginx in front ${of('theirs', 'us')} µs, without TLS ${of('bare', 'us')} µs; p50 ${of('ours', 'p50_us')}, ${of('theirs', 'p50_us')}, ${of('bare', 'p50_us')} µs`);
verdict('relay under TLS, CPU against nginx in front', median(relays.map(r => r.ours.us / r.theirs.us)), 1, '×');

const before = rssKb(own.server.pid);
await seatPairs(own, ours.load, SEATS / 2, false);
verdict(`memory of a joined idle seat under TLS (${SEATS})`, (rssKb(own.server.pid) - before) / SEATS, 25, 'kB');

for (const {load} of [ours, theirs, bare]) await load.stop();
for (const each of [nginx, proxy]) await each.stop();
for (const {server} of [own, plain]) await server.stop();
finish();
