// slow-readers.mjs - a thousand people who read really slowly: a receive buffer of 4 KB, of which 2 KB a second are taken. People in other
// rooms notice nothing. When slow readers are sent more than they read, their queue grows to the cap and no further, the metrics
// show it, memory follows the cap, and their connections are cut.
//   node tests/long/slow-readers.mjs [--readers N]
// The others' p99 is compared with their p99 while the same traffic goes to the same people at the same rate and all of it is
// read: in turn, several times, because these machines are noisy.
import {benchServer, finish, Load, median, report, rssKb, seatPairs, verdict} from '../bench/lib.mjs';
import {Client} from '../support/http.mjs';
import {freePort} from '../support/server.mjs';

const READERS = process.argv.includes('--readers') ? Number(process.argv[process.argv.indexOf('--readers') + 1]) : 1000;
const OTHERS = 50;
const MB = 1024 * 1024;
const TURNS = 5;
const CAP = 256 * MB;
const SOCKET_CAP = MB / 2;
const FLOW = {bytes: 8000, rate: READERS, seconds: 8, pairs: READERS}; // four times what the slow ones read
const FILL = {...FLOW, rate: 8 * READERS, seconds: 12}; // after 25 s without an opening window TCP itself gives up
const QUICK = {bytes: 1000, rate: 40 * OTHERS, seconds: 1, pairs: OTHERS}; // enough that a single hiccup is not the p99 of a second

const metricsPort = await freePort();
const bench = await benchServer(['--max-connections', '8000', '--metrics-listen', `127.0.0.1:${metricsPort}`]);
const {server} = bench;
const metrics = new Client({...server, port: metricsPort});

async function figures() {
    const {text} = await metrics.get('/metrics');
    const of = name => Number(new RegExp(`parlour_${name} (\\d+)`).exec(text)[1]);
    return {queued: of('queued_bytes'), kept: of('kept_bytes'), closed: of('slow_closed_total')};
}

/** Measured while `flow` lasts: the others' p99 second by second, and the largest queue. */
async function beside(flow) {
    const p99 = []; // without the first second, in which the earlier queue is read
    const most = {queued: 0, kept: 0, sum: 0, kb: 0};
    let running = true;
    const ended = readers.run(flow).finally(() => (running = false));
    while (running) {
        p99.push((await others.run(QUICK)).p99_us || 1e6); // nothing came within the second
        const now = {...(await figures()), kb: rssKb(server.pid)};
        now.sum = now.queued + now.kept;
        for (const name of Object.keys(most)) most[name] = Math.max(most[name], now[name]);
    }
    await ended;
    p99.shift();
    report(`p99 of the others ${median(p99)} us; at most ${(most.queued / MB).toFixed(0)} MB waited for sockets and ${(most.kept / MB).toFixed(0)} MB for who was cut; ${(most.kb / 1024).toFixed(0)} MB resident`);
    return {p99: median(p99), most};
}

const others = new Load('ws', server.port);
await seatPairs(bench, others, OTHERS);
const readers = new Load('ws', server.port);
await readers.command('buffer 4096');
await seatPairs(bench, readers, READERS);
report(`${2 * (READERS + OTHERS)} seats`);
await readers.command('slow 600000');
const fresh = await beside(FLOW);
const idleKb = rssKb(server.pid);
const ratios = [];
const slowly = [];
for (let i = 0; i < TURNS; i++) {
    await readers.command('slow 600000');
    const allRead = await beside(FLOW);
    await readers.command('slow 2000');
    slowly.push((await beside(FLOW)).p99);
    ratios.push(slowly.at(-1) / allRead.p99);
}
report(`p99 of the others beside slow readers, to that in a fresh server: ${(median(slowly) / fresh.p99).toFixed(2)}`);
const full = await beside(FILL);
const {closed} = await figures();
report(`${closed} were cut as too slow`);
verdict('what waits reaches its bound, of the cap', full.most.sum / CAP, {atLeast: 0.9 * Math.min(1, (READERS * SOCKET_CAP) / CAP)});
verdict('what waits stays within the cap, of the cap', full.most.sum / CAP, 1.05);
verdict('growth of resident memory, of the cap', ((full.most.kb - idleKb) * 1024) / CAP, 1.05);
verdict('who reads too slowly is cut', closed, {atLeast: READERS / 4});
verdict('p99 of people in other rooms, to that while all is read, in the median of the turns', median(ratios), 1.1);
for (const load of [others, readers]) await load.stop();
await server.stop();
finish();
