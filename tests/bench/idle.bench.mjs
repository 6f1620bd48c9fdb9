// Idle seats: what 5,000 of them cost in memory, and what 10,000 of them do to one active room.
import {Load, benchServer, cpuNs, finish, joinMessage, median, report, roomOfTwo, rssKb, seatPairs, verdict} from './lib.mjs';

const ROUNDS = 5;
const ACTIVE = {seconds: 3, rate: 300, pairs: 1};

const bench = await benchServer(['--max-connections', '30000', '--signal-rate', '1000']);
const {server} = bench;
const load = new Load('ws', server.port);

/** Medians of a few rounds of the active room. */
async function active() {
    const rounds = [];
    for (let i = 0; i < ROUNDS; i++) {
        const before = cpuNs(server.pid);
        const run = await load.run(ACTIVE);
        rounds.push({...run, us: (cpuNs(server.pid) - before) / 1000 / run.messages});
    }
    const of = key => median(rounds.map(r => r[key]));
    return {p50: of('p50_us'), p99: of('p99_us'), us: of('us')};
}

const {host, guest} = await roomOfTwo(bench);
await load.open(host.ws, joinMessage(host));
await load.open(guest.ws, joinMessage(guest));
await load.pair();
const alone = await active();
const before = rssKb(server.pid);
await seatPairs(bench, load, 2500, false);
verdict('memory of a joined idle seat (5,000)', (rssKb(server.pid) - before) / 5000, 8, 'kB');
await seatPairs(bench, load, 2500, false);
const beside = await active();
for (const [what, f] of [['idle server', alone], ['beside 10,000 idle seats', beside]])
    report(`one room at ${ACTIVE.rate}/s, ${what}: p50 ${f.p50} µs, p99 ${f.p99} µs, ${f.us.toFixed(0)} µs of CPU a message`);
verdict('p99 beside 10,000 idle seats, against an idle server', beside.p99 / alone.p99, 2, '×');
await load.stop();
await server.stop();
finish();
