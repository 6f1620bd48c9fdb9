// Idle seats: what 5,000 of them cost in memory, and what 10,000 of them do to one active room, against the same room of an
// empty server, in turn.
import {LOAD_CORE, Load, benchServer, cpuNs, finish, median, pinServer, report, rssKb, seatPairs, verdict} from './lib.mjs';

const ROUNDS = 7;
const ACTIVE = {seconds: 3, rate: 300, pairs: 1};
const WARM_UP = {...ACTIVE, seconds: 1}; // the other server's turn has left the caches cold

/** A server with one active room, and its generator. */
async function contender() {
    const bench = await benchServer(['--max-connections', '30000', '--signal-rate', '1000']);
    const load = new Load('ws', bench.server.port);
    await seatPairs(bench, load, 1);
    return {bench, load, server: bench.server, rounds: []};
}

/** One round of the active room. */
async function measure({server, load, rounds}) {
    await load.run(WARM_UP);
    const before = cpuNs(server.pid);
    const run = await load.run(ACTIVE);
    rounds.push({...run, us: (cpuNs(server.pid) - before) / 1000 / run.messages});
}

const busy = await contender();
const empty = await contender();
await busy.load.run(ACTIVE); // the first message's one-time memory must not count as a seat's
const before = rssKb(busy.server.pid);
await seatPairs(busy.bench, busy.load, 2500, false);
verdict('memory of a joined idle seat (5,000)', (rssKb(busy.server.pid) - before) / 5000, 8, 'kB');
await seatPairs(busy.bench, busy.load, 2500, false);
for (let i = 0; i < ROUNDS; i++) {
    // Its seats are pinged on, off the core of the other one. If it were halted meanwhile, it would ping them all at once afterwards, every time.
    pinServer(busy.server.pid, LOAD_CORE);
    await measure(empty);
    pinServer(busy.server.pid);
    await measure(busy);
}
const of = ({rounds}, key) => median(rounds.map(round => round[key]));
for (const [what, c] of [['an empty server', empty], ['beside 10,000 idle seats', busy]])
    report(`one room at ${ACTIVE.rate}/s, ${what}: p50 ${of(c, 'p50_us')} µs, p99 ${of(c, 'p99_us')} µs, ${of(c, 'us').toFixed(0)} µs of CPU a message`);
const ratios = busy.rounds.map(({p99_us}, i) => p99_us / empty.rounds[i].p99_us);
report(`p99 beside 10,000 idle seats against an empty server, in turn: ${ratios.map(ratio => ratio.toFixed(2)).join(', ')}`);
verdict('p99 beside 10,000 idle seats, against an empty server', median(ratios), 2, '×');
for (const c of [busy, empty]) {
    await c.load.stop();
    await c.server.stop();
}
finish();
