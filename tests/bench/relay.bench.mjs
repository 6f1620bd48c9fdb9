// Relay of 1 kB `signal`: server CPU per message against Express + socket.io and against a raw epoll relay, in turn in one run.
import {freePort} from '../support/server.mjs';
import {Load, benchServer, cpuNs, finish, median, program, report, seatPairs, start, verdict} from './lib.mjs';

const PAIRS = 50;
const ROUNDS = 5;
const SECONDS = 2;

async function parlour() {
    const bench = await benchServer(['--signal-rate', '1000000']);
    const load = new Load('ws', bench.server.port);
    await seatPairs(bench, load, PAIRS);
    return {name: 'parlour', pid: bench.server.pid, load, stop: () => bench.server.stop()};
}

async function socketIo() {
    const server = start(process.execPath, [new URL('socketio_server.mjs', import.meta.url).pathname]);
    const load = new Load('socketio', Number(await server.line()));
    for (let i = 0; i < PAIRS; i++) {
        await load.open('/socket.io/?EIO=4&transport=websocket');
        await load.open('/socket.io/?EIO=4&transport=websocket');
        await load.pair();
    }
    return {name: 'socket.io', pid: server.child.pid, load, stop: () => server.stop()};
}

async function raw() {
    const port = await freePort();
    const server = start(program('raw_relay'), [String(port)]);
    await server.line(); // "listening"
    const load = new Load('raw', port);
    for (let i = 0; i < PAIRS; i++) {
        await load.open();
        await load.open();
        await load.pair();
    }
    return {name: 'raw', pid: server.child.pid, load, stop: () => server.stop()};
}

async function measure(contender, inflight) {
    const before = cpuNs(contender.pid);
    const {messages, seconds, p50_us} = await contender.load.run({inflight, seconds: SECONDS, pairs: PAIRS});
    return {us: (cpuNs(contender.pid) - before) / 1000 / messages, rate: messages / seconds, p50_us};
}

const contenders = [await parlour(), await socketIo(), await raw()];
for (const inflight of [1, 8, 32]) {
    const figures = Object.fromEntries(contenders.map(c => [c.name, []]));
    for (let round = 0; round < ROUNDS; round++) for (const c of contenders) figures[c.name].push(await measure(c, inflight));
    const us = name => median(figures[name].map(f => f.us));
    for (const c of contenders)
        report(`${inflight} in flight, ${c.name}: ${us(c.name).toFixed(1)} µs of CPU a message, ${Math.round(median(figures[c.name].map(f => f.rate)))} messages/s`);
    const against = name => median(figures.parlour.map((f, i) => f.us / figures[name][i].us));
    if (inflight === 1) {
        verdict('relay CPU, against socket.io', against('socket.io'), 1 / 3, '×');
        verdict('relay CPU, against a raw relay', against('raw'), 3, '×');
    } else {
        report(`${inflight} in flight: ${against('socket.io').toFixed(2)} × socket.io, ${against('raw').toFixed(2)} × raw`);
    }
}
for (const c of contenders) {
    await c.load.stop();
    await c.stop();
}
finish();
