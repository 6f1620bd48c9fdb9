// big-load.mjs - 10,000 people on their seats, in rooms of two. The connections of 5,000 break at once, and all of them come
// back at the same moment, while the other 5,000 stay and go on talking to them. Then the server restarts under everybody.
// All have to be seated again within a stated time, and nobody may lose a word or hear one twice.
// Each comes from an address of their own, as people do: limits per address are not tested here.
import {cpuNs, finish, report, rssKb, verdict} from '../bench/lib.mjs';
import {Client, good, newRoom, setUp} from '../support/http.mjs';
import {random, SEED} from '../support/random.mjs';
import {startServer} from '../support/server.mjs';
import {Seat} from '../support/ws.mjs';

const PAIRS = 5000;
const AT_ONCE = 32; // people arriving; all who come back do it at once
const BATCH = 50; // connections begun before the incoming messages are read: pings have to be answered meanwhile
const SEAT_S = 120; // how long a seat is kept after a lost connection: this late is too late
const RETRY_MS = 500; // doubled each time, as the pages do: the server accepts 512 connections that have not joined yet, and asks others to come later
const RETRY_MAX_MS = 16_000;

const dice = random();
const server = await startServer({args: ['--rate-scale', '100000', '--log-level', 'error', '--max-connections', '30000', '--drain-s', '30']});
const admin = await setUp(server);
let addresses = 0;
let refused = 0;

function address() {
    const n = ++addresses;
    return `127.${1 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;
}

const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

/** Does `work` for each of the list, `atOnce` of them at a time. */
async function forEach(list, atOnce, work) {
    const queue = list.entries();
    await Promise.all(
        Array.from({length: atOnce}, async () => {
            for (const [i, item] of queue) await work(item, i);
        }),
    );
}

async function sit(client, room, body) {
    const from = address();
    const seat = await Seat.take(server, good(await client.post(`/rooms/${room.id}/join`, body)), {numbered: true, from});
    seat.from = from;
    return seat;
}

const stranger = new Client(server);

async function pair() {
    const room = await newRoom(admin, {access: 'link', waiting_room: false});
    const host = await sit(admin, room, {});
    const guest = await sit(stranger, room, {name: 'Gina Guest'});
    stranger.cookies.clear(); // the next guest is another person
    return {host, guest};
}

/** How a connection ends when the server was full: refused, cut, or too late with its `join`. Any other end is a fault. */
const COME_LATER = /503|ECONN|hang up|closed (1006|1013|4408)|"code":(1006|1013|4408)/;

/** Comes back with the ticket, again and again until there is room; earlier messages stay in the inbox to be checked. */
async function comeBack(seat, i) {
    await pause(Math.floor(i / BATCH)); // spread over one moment: as soon as the batches before are on their way
    for (let retryMs = RETRY_MS; ; retryMs = Math.min(2 * retryMs, RETRY_MAX_MS)) {
        try {
            const again = await seat.resume({from: seat.from});
            again.from = seat.from;
            again.inbox.unshift(...seat.inbox);
            return again;
        } catch (error) {
            if (!COME_LATER.test(error.message)) throw error;
            refused++;
            await pause(retryMs * (0.5 + dice.next() / 2));
        }
    }
}

const signal = (from, to, i) => from.send({type: 'signal', to: to.id, data: {i}});

/** The messages of this type in the inbox, in order, once `count` have come and the server has sent everything. */
async function heard(seat, type, count) {
    const list = [];
    while (list.length < count) list.push(await seat.next(type));
    await seat.settled();
    return [...list, ...seat.inbox.filter(message => message.type === type)];
}

const wrong = [];
function same(actual, expected, what) {
    if (JSON.stringify(actual) !== JSON.stringify(expected)) wrong.push(`${what}: ${JSON.stringify(actual).slice(0, 300)} for ${JSON.stringify(expected)}`);
}

console.log(`seed ${SEED}`);
const pairs = [];
let started = performance.now();
const seconds = () => (performance.now() - started) / 1000;
await forEach(Array.from({length: PAIRS}), AT_ONCE, async () => pairs.push(await pair()));
report(`${2 * PAIRS} seats after ${seconds().toFixed(0)} s, ${(rssKb(server.pid) / 1024).toFixed(0)} MB`);

// The guests send a last message, whose fate they do not know, and are gone.
for (const {guest} of pairs) guest.send({type: 'chat', text: 'before'}).cut();
await forEach(pairs, PAIRS, ({host, guest}) => host.next('participant', {event: 'away', participant: {id: guest.id}}, 60_000));
for (const {host, guest} of pairs) for (let i = 0; i < 3; i++) signal(host, guest, i);
await forEach(pairs, PAIRS, ({host}) => host.settled());

const cpu = cpuNs(server.pid);
started = performance.now();
for (const {host, guest} of pairs) signal(host, guest, 3);
await forEach(pairs, PAIRS, async (pair, i) => {
    pair.guest = await comeBack(pair.guest, i);
    signal(pair.host, pair.guest, 4);
});
const storm = seconds();
report(`${((cpuNs(server.pid) - cpu) / 1e9).toFixed(1)} s of the server's CPU, ${refused} were asked to come a little later`);
verdict(`${PAIRS} reconnect at once beside ${PAIRS} others, all seated again`, storm, SEAT_S / 2, 's');
for (const {guest} of pairs) guest.send({type: 'chat', text: 'after'});
await forEach(pairs, 500, async ({host, guest}) => {
    same(guest.welcome.resumed, true, 'resumed');
    same((await heard(guest, 'signal', 5)).map(({data}) => data.i), [0, 1, 2, 3, 4], 'signals to a guest');
    same((await heard(host, 'chat', 2)).map(({text}) => text), ['before', 'after'], 'chat to a host');
    same(host.end ?? null, null, 'the end of a host who stayed');
});
verdict('of them heard too little, too much or in another order', wrong.length, 0);

// A restart: everybody is told, closed and comes back. The process forgets the numbered messages, but not the seats.
refused = 0;
const everybody = pairs.flatMap(({host, guest}) => [host, guest]);
await server.stop();
const codes = new Map();
for (const {code} of await Promise.all(everybody.map(seat => seat.closed))) codes.set(code, (codes.get(code) ?? 0) + 1);
report(`a restart closes ${[...codes].map(([code, n]) => `${n} with ${code}`).join(', ')}`);
verdict('of them closed with another code than 1012', 2 * PAIRS - (codes.get(1012) ?? 0), 0);
started = performance.now();
await server.restart();
const back = new Array(everybody.length);
await forEach(everybody, everybody.length, async (seat, i) => (back[i] = await comeBack(seat, i)));
const restart = seconds();
report(`${(cpuNs(server.pid) / 1e9).toFixed(1)} s of the server's CPU, ${refused} were asked to come a little later`);
verdict(`${2 * PAIRS} come back after a restart, all seated again`, restart, SEAT_S, 's');
verdict('of them are not who they were', back.filter((seat, i) => seat.welcome.self !== everybody[i].id || seat.welcome.state !== 'inside').length, 0);
for (const text of wrong.slice(0, 10)) console.log(`       ${text}`);
for (const seat of back) seat.ws.terminate();
await server.stop();
finish();
