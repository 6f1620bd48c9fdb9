// long-call.mjs - a host and a guest in a call by relay for an hour (PARLOUR_CALL_MINUTES). Picture and sound go on all the time, the credentials of
// the relay are renewed under them, and at the end neither page nor the server holds more than after the first two minutes.
// The life of the credentials is ten minutes; PARLOUR_CALL_TTL_S has the pages believe in a shorter one, for a short run.
import '../support/own_network.mjs';
import {readdirSync} from 'node:fs';
import {rssKb} from '../bench/lib.mjs';
import {admitFirst, chromium, guestArrives, hostArrives} from '../support/browser.mjs';
import {Client, newInvitation, newRoom, newUser, setUp} from '../support/http.mjs';
import {LAB_ADDRESS} from '../support/own_network.mjs';
import {freePort, startServer} from '../support/server.mjs';
import {SECRET, selfSigned, startCoturn, TURN_URLS} from '../support/turn.mjs';

const MINUTES = Number(process.env.PARLOUR_CALL_MINUTES ?? 60);
const TTL_S = Number(process.env.PARLOUR_CALL_TTL_S ?? 600);
/** Pages renew after four fifths of the life (core/relay.js). */
const RENEW_S = Math.max(30, TTL_S * 0.8);
const SAMPLE_MS = 30_000;
/** By then all parts of the page are fetched and run, and pools have their size. */
const WARM_SAMPLES = 4;
/** Nothing that moves may stand for longer. */
const GAP_MS = 2_000;
/** What a page may keep of a long call: the last 200 lines of its log, the last 256 messages that the server has not confirmed, compiled code. All of
 *  it has an end, so the bound is the same for any length. A leak of one report of the browser's figures twice a second is 40,000,000 in an hour. */
const KEPT_BYTES = 1_000_000;
/** The server keeps no more for a call that lasts: what grows is the allocator's rest. */
const MEMORY_MORE = {share: 0.1, kb: 2_048};

/** Runs in the page before any script of it: the longest time without a new frame and without a new packet of sound. */
function watch(ttlS) {
    const seen = {video: {at: 0, gap: 0}, audio: {at: 0, gap: 0}};
    window.testWatch = seen;
    const counts = {video: new WeakMap(), audio: new WeakMap()};
    const count = (kind, pc, n) => {
        if (n <= (counts[kind].get(pc) ?? 0)) return;
        counts[kind].set(pc, n);
        const now = performance.now();
        if (seen[kind].at) seen[kind].gap = Math.max(seen[kind].gap, now - seen[kind].at);
        seen[kind].at = now;
    };
    const look = async () => {
        for (const pc of window.testConnections) {
            if (pc.connectionState === 'closed') continue;
            for (const s of (await pc.getStats()).values())
                if (s.type === 'inbound-rtp') count(s.kind, pc, s.kind === 'video' ? s.framesDecoded : s.packetsReceived);
        }
    };
    const again = () => look().catch(() => undefined).finally(() => setTimeout(again, 100)); // browsers tell of no packet by an event
    again();
    const native = JSON.parse;
    JSON.parse = (...all) => {
        const read = native(...all);
        if (read?.ice_ttl_s > ttlS) read.ice_ttl_s = ttlS;
        return read;
    };
}

/** Now, of one page. The gaps count from its first picture. */
async function lookAt({page}) {
    const now = await page.evaluate(() => {
        const at = performance.now();
        const open = window.testConnections.filter(pc => pc.connectionState !== 'closed');
        const gap = ({at: last, gap}) => Math.round(Math.max(gap, at - last));
        return {
            connections: open.length,
            sockets: window.testSockets.filter(({socket}) => socket.readyState < 2).length,
            until: Number(open.at(-1)?.getConfiguration().iceServers[0]?.username.split(':')[0]),
            gaps: {video: gap(window.testWatch.video), audio: gap(window.testWatch.audio)},
            state: document.body.dataset.state,
        };
    });
    const cdp = await page.createCDPSession();
    await cdp.send('HeapProfiler.collectGarbage');
    const {usedSize} = await cdp.send('Runtime.getHeapUsage');
    await cdp.detach();
    return {...now, heap: usedSize};
}

const certificate = selfSigned();
const turn = await startCoturn(certificate, [`allowed-peer-ip=${LAB_ADDRESS}`]);
const metricsPort = await freePort();
const server = await startServer({args: ['--turn-url', TURN_URLS[0], '--metrics-listen', `127.0.0.1:${metricsPort}`], env: {PARLOUR_TURN_SECRET: SECRET}});
const owner = await newUser(await setUp(server), {name: 'Dr Rivera'});
const browser = await chromium();
const room = await newRoom(owner, {relay_only: true});
const before = `(${watch})(${TTL_S})`;
const host = await hostArrives(browser, {server, client: owner, room, before});
const guest = await guestArrives(browser, {server, invitation: await newInvitation(owner, room), before});
await guest.state('waiting');
await admitFirst(host);
const people = {host, guest};
for (const person of Object.values(people)) {
    await person.state('incall live');
    await person.receives();
}

/** Open files of the server in each sample. Idle connections for pages come and go among them, so the fewest of the last samples are compared
 *  with the most of the first. */
const files = [];

async function lookAtServer() {
    const {text} = await new Client({...server, host: '127.0.0.1', port: metricsPort}).get('/metrics');
    const open = Object.fromEntries([...text.matchAll(/^(parlour_(?:seats|sockets|rooms)\S*) (\d+)$/gm)].map(([, name, value]) => [name, Number(value)]));
    files.push(readdirSync(`/proc/${server.pid}/fd`).length);
    return {open, rssKb: rssKb(server.pid)};
}

const failures = [];
const must = (holds, words) => holds || failures.push(words);
const renewed = {host: new Set(), guest: new Set()};
let warm = null;
let last = null;
let mostKb = 0;
let looked = 0;
const begun = Date.now();
for (let i = 1; i * SAMPLE_MS <= MINUTES * 60_000; i++) {
    await new Promise(resolve => setTimeout(resolve, begun + i * SAMPLE_MS - Date.now())); // how long the call lasts is what is tested
    last = {host: await lookAt(host), guest: await lookAt(guest), server: await lookAtServer()};
    looked = i;
    for (const who of Object.keys(people)) {
        renewed[who].add(last[who].until);
        must(last[who].until > Date.now() / 1000, `${who}: the credentials ended at ${last[who].until}`);
        must(last[who].state === 'incall live', `${who}: ${last[who].state}`);
    }
    if (i === WARM_SAMPLES) warm = last;
    if (i <= WARM_SAMPLES) continue;
    mostKb = Math.max(mostKb, last.server.rssKb);
    for (const who of Object.keys(people))
        for (const what of ['connections', 'sockets']) must(last[who][what] === 1, `${who}: ${last[who][what]} ${what} after ${i / 2} minutes`);
    must(JSON.stringify(last.server.open) === JSON.stringify(warm.server.open), `the server: ${JSON.stringify(last.server.open)} after ${JSON.stringify(warm.server.open)}`);
    if (i % 10 === 0) console.log(`${i / 2} minutes: ${JSON.stringify(last)}`);
    if (failures.length) break;
}

/** The offerer looks for a new path, which takes a new allocation by the credentials of now. */
async function freshPath() {
    const found = await guest.page.evaluate(limitMs => {
        const pc = window.testConnections.at(-1);
        const path = pc.sctp.transport.iceTransport;
        return new Promise(resolve => {
            path.addEventListener('selectedcandidatepairchange', () => resolve(true), {once: true});
            setTimeout(() => resolve(false), limitMs);
            pc.restartIce();
        });
    }, 20_000);
    must(found, 'no new path was found by the renewed credentials');
    if (found) for (const person of Object.values(people)) await person.receives();
}
if (!failures.length) await freshPath();

if (!warm || last === warm) failures.push(`${MINUTES} minutes are too short to compare`);
else
    for (const who of Object.keys(people)) {
        const {gaps, heap} = last[who];
        const wanted = Math.max(1, Math.floor((looked * SAMPLE_MS) / 1000 / RENEW_S) - 1); // the last one may be on its way
        console.log(`${who}: longest pause of the picture ${gaps.video} ms, of sound ${gaps.audio} ms; ${warm[who].heap} to ${heap} bytes; credentials renewed ${renewed[who].size - 1} times, at least ${wanted} wanted`);
        for (const kind of ['video', 'audio']) must(gaps[kind] <= GAP_MS, `${who}: ${kind} stood still for ${gaps[kind]} ms`);
        must(heap - warm[who].heap < KEPT_BYTES, `${who}: ${warm[who].heap} to ${heap} bytes`);
        must(renewed[who].size - 1 >= wanted, `${who}: the credentials were renewed ${renewed[who].size - 1} times, at least ${wanted} wanted`);
        people[who].quiet();
    }
if (warm && mostKb) {
    const bound = Math.round(warm.server.rssKb * (1 + MEMORY_MORE.share) + MEMORY_MORE.kb);
    const [atFirst, atLast] = [Math.max(...files.slice(0, WARM_SAMPLES)), Math.min(...files.slice(-WARM_SAMPLES))];
    console.log(`server: ${warm.server.rssKb} kB to at most ${mostKb} (bound ${bound}), ${atFirst} open files at first, ${atLast} at last`);
    must(mostKb <= bound, `the server: ${mostKb} kB, at most ${bound}`);
    must(atLast <= atFirst, `the server: ${atLast} open files, ${atFirst} at first`);
}
for (const person of Object.values(people)) await person.leave();
await server.stop().catch(error => failures.push(error.message));
turn.stop();
for (const failure of failures.slice(0, 20)) console.log(`FAILED ${failure}`);
console.log(failures.length === 0 ? '1 passed, 0 failed' : '0 passed, 1 failed');
process.exit(failures.length ? 1 : 0);
