// pair.mjs OLD [NEW [FIGURE...]] - two builds of Parlour against each other, in turn: did a change make anything slower or larger?
//   node tests/bench/pair.mjs /path/of/the/old/parlour [build/release/parlour]
// Each figure is taken by a process of its own with PARLOUR_BIN set; the verdict is the median of the pairs' ratios.
import {spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {get} from 'node:http';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {WebSocket} from 'ws';
import {Client, good, newRoom} from '../support/http.mjs';
import {ROOT} from '../support/server.mjs';
import {Load, benchServer, cpuNs, finish, median, report, rssKb, seatPairs, verdict} from './lib.mjs';

const ROUNDS = 9;
const WORST = 1.05;

/** Figures, each better when smaller: one run of one binary. */
const FIGURES = {
    async relay() {
        const bench = await benchServer(['--signal-rate', '1000000']);
        const load = new Load('ws', bench.server.port);
        await seatPairs(bench, load, 50);
        await load.run({inflight: 1, seconds: 1, pairs: 50});
        const before = cpuNs(bench.server.pid);
        const {messages} = await load.run({inflight: 1, seconds: 3, pairs: 50});
        return done(bench, (cpuNs(bench.server.pid) - before) / 1000 / messages, load);
    },
    async seat() {
        const bench = await benchServer(['--max-connections', '8000']);
        const load = new Load('ws', bench.server.port);
        await seatPairs(bench, load, 50);
        const before = rssKb(bench.server.pid);
        await seatPairs(bench, load, 1000, false);
        return done(bench, (rssKb(bench.server.pid) - before) / 2000, load);
    },
    async join() {
        const bench = await benchServer(['--max-connections', '8000']);
        const rooms = [];
        for (let i = 0; i < 10; i++) rooms.push(await newRoom(bench.admin, {access: 'link'}));
        const {agent} = new Client(bench.server);
        const before = cpuNs(bench.server.pid);
        for (let i = 0; i < 400; i++) await joined(bench.server, agent, rooms[i % rooms.length], i);
        return done(bench, (cpuNs(bench.server.pid) - before) / 1e6 / 400);
    },
    async static() {
        const bench = await benchServer();
        const page = () => new Promise((resolve, reject) => get(`${bench.server.url}/`, {agent}, answer => answer.resume().on('end', resolve)).on('error', reject));
        const {agent} = new Client(bench.server);
        await page();
        const before = cpuNs(bench.server.pid);
        for (let i = 0; i < 3000; i++) await page();
        return done(bench, (cpuNs(bench.server.pid) - before) / 1000 / 3000);
    },
    async start() {
        const bench = await benchServer(['--log-level', 'info']);
        const times = [];
        for (let i = 0; i < 5; i++) {
            await bench.server.stop();
            bench.server.err = '';
            const started = performance.now();
            await bench.server.spawn();
            while (!/app\.ready/.test(bench.server.err)) await once(bench.server.child.stderr, 'data');
            times.push(performance.now() - started);
        }
        return done(bench, median(times));
    },
    async idle() {
        const bench = await benchServer();
        return done(bench, rssKb(bench.server.pid) / 1024);
    },
};
const UNITS = {relay: 'µs of CPU a message', seat: 'kB a seat', join: 'ms of CPU a join', static: 'µs of CPU a page', start: 'ms to start', idle: 'MB idle'};

async function done(bench, figure, load) {
    await load?.stop();
    await bench.server.stop();
    return figure;
}

async function joined(server, agent, room, i) {
    const client = new Client(server);
    client.agent = agent;
    const seat = good(await client.post(`/rooms/${room.id}/join`, {name: `Guest ${i}`}));
    const socket = new WebSocket(`ws://${server.host}:${server.port}${seat.ws}`, 'parlour.v1', {origin: server.origin, perMessageDeflate: false});
    await new Promise((resolve, reject) => {
        socket.on('open', () => socket.send(JSON.stringify({type: 'join', token: seat.token})));
        socket.on('message', data => (JSON.parse(data).type === 'welcome' ? resolve() : reject(new Error(String(data)))));
        socket.on('error', reject);
    });
    socket.terminate();
}

function take(name, binary) {
    const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--one', name], {encoding: 'utf8', env: {...process.env, PARLOUR_BIN: binary}});
    if (child.status !== 0) throw new Error(child.stdout + child.stderr);
    return Number(child.stdout.trim().split('\n').at(-1));
}

function compare(name, older, newer) {
    const figures = {[older]: [], [newer]: []};
    for (let round = 0; round < ROUNDS; round++)
        for (const binary of round % 2 ? [newer, older] : [older, newer]) figures[binary].push(take(name, binary));
    const ratios = figures[newer].map((figure, i) => figure / figures[older][i]);
    report(`${UNITS[name]}: ${median(figures[older]).toFixed(2)} before, ${median(figures[newer]).toFixed(2)} now; pairs ${ratios.map(r => r.toFixed(2)).join(', ')}`);
    verdict(`${name}, of before`, median(ratios), WORST, '×');
}

if (process.argv[2] === '--one') {
    console.log(await FIGURES[process.argv[3]]());
} else {
    const [older, newer = join(ROOT, 'build/release/parlour'), ...names] = process.argv.slice(2);
    for (const name of names.length ? names : Object.keys(FIGURES)) compare(name, older, newer);
    finish();
}
