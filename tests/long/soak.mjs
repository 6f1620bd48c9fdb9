// soak.mjs [--minutes N] - a steady coming and going for a long time: links made and used, guests who wait, are let in, talk,
// lose their connection, reload, are sent back, leave or are removed. Every acknowledged message has to arrive, every acknowledged
// action has to be in the record. When all have gone, the server has no more sockets, seats, open files or memory than after the first minute.
// The seed is printed; PARLOUR_SEED=… repeats the choices.
import {spawnSync} from 'node:child_process';
import {readdirSync, readlinkSync} from 'node:fs';
import {get} from 'node:http';
import {join} from 'node:path';
import {rssKb} from '../bench/lib.mjs';
import {Client, good, newInvitation, newRoom, setUp} from '../support/http.mjs';
import {random, SEED} from '../support/random.mjs';
import {freePort, parlour, startServer} from '../support/server.mjs';
import {Seat} from '../support/ws.mjs';

const argument = process.argv.indexOf('--minutes');
const MINUTES = argument < 0 ? 10 : Math.max(2, Number(process.argv[argument + 1]));
// By then caches and pools have their size, and the database was checked for the first time: SQLite keeps the file opened for
// that, to use it again.
const WARM_MS = 75_000;
const ROOMS = 12; // also the number of visits at once
const VISIT_EVERY_MS = 600; // in a room, at most: a steady load, not a test of speed
const MEMORY_MORE = {share: 0.1, kb: 2048};
const QUIET_LIMIT_MS = 30_000;

const dice = random();
const metricsPort = await freePort();
const server = await startServer({args: ['--rate-scale', '1000', '--log-level', 'warn', '--metrics-listen', `127.0.0.1:${metricsPort}`]});
const admin = await setUp(server);
const rooms = [];
for (let i = 0; i < ROOMS; i++) rooms.push(await newRoom(admin));

const failures = [];
const counts = {};
const acknowledged = []; // "action object": rows that the record must have
const closes = {};
const count = what => (counts[what] = (counts[what] ?? 0) + 1);
const recorded = (action, seat) => acknowledged.push(`${action} ${seat.id}`);

// ---- people ----

/** A seat whose socket may close with these codes only; 1006 is a connection that this test cuts itself. */
function watch(seat, ...codes) {
    seat.may = codes;
    seat.ws.on('message', data => {
        const message = JSON.parse(data);
        if (message.type === 'error') failures.push(`refused: ${JSON.stringify(message)}`);
    });
    seat.closed.then(({code, reason}) => {
        closes[code] = (closes[code] ?? 0) + 1;
        if (!seat.may.includes(code)) failures.push(`a socket was closed with ${code} ${reason}, expected ${seat.may}`);
    });
    return seat;
}

async function enter(client, room, body) {
    const joined = good(await client.post(`/rooms/${room.id}/join`, body));
    const seat = watch(await Seat.take(server, joined, {numbered: true}));
    seat.client = client;
    count('joins');
    return seat;
}

/** The network is lost; `meanwhile` the others go on. Then the same page comes back, and no message may be missing. */
async function loseConnection(seat, meanwhile = async () => {}) {
    seat.may = [1006];
    const {seq, inbox} = seat;
    seat.cut();
    await seat.closed;
    await meanwhile();
    const again = watch(await seat.resume({seq}));
    if (!again.welcome.resumed) failures.push('a lost connection was not continued');
    again.client = seat.client;
    again.inbox.unshift(...inbox); // messages that had come and were not read yet
    count('resumes');
    return again;
}

/** A reload: the page joins afresh, and the old socket ends. */
async function reload(seat, room, body) {
    seat.may = [4409, 1006];
    const again = await enter(seat.client, room, body);
    await seat.over();
    count('reloads');
    return again;
}

let talks = 0;

/** Messages from one to the other. The function returned waits for them: each has to arrive, once, in order. */
function talk(from, to, times) {
    const text = `${'word '.repeat(dice.below(300))}${++talks}`;
    for (let i = 0; i < times; i++) from.send({type: 'signal', to: to.id, data: {i, text}});
    return async reader => {
        for (let i = 0; i < times; i++) {
            const {data} = await reader.next('signal');
            if (data.i !== i || data.text !== text) throw new Error(`signal ${data.i} came for ${i} of ${text.slice(-10)}`);
            count('signals');
        }
    };
}

async function talkBothWays(host, guest) {
    const times = 1 + dice.below(4);
    const there = talk(host, guest, times);
    const back = talk(guest, host, times);
    await there(guest);
    await back(host);
}

/** Twice in a visit at most: the server takes five a second from one seat. */
async function chatBothWays(host, guest) {
    const text = `What I say is ${++talks}`;
    for (const [from, to] of [[host, guest], [guest, host]]) from.send({type: 'chat', to: to.id, text});
    for (const reader of [host, guest]) {
        const chat = await reader.next('chat');
        if (chat.text !== text) throw new Error(`the chat ${chat.text} came for ${text}`);
        count('chats');
    }
}

// ---- a visit ----

async function letIn(host, guest) {
    host.send({type: 'admit', participant: guest.id});
    await guest.next('state', {state: 'inside'});
    await host.next('participant', {event: 'admitted', participant: {id: guest.id}});
    recorded('seat.admit', guest);
    count('admits');
}

/** The possible events between the greeting and the goodbye. Each returns {host, guest} as they are afterwards. */
const INCIDENTS = [
    async (_room, host, guest) => {
        let arrives;
        guest = await loseConnection(guest, async () => {
            await host.next('participant', {event: 'away', participant: {id: guest.id}});
            arrives = talk(host, guest, 5);
        });
        await arrives(guest);
        return {host, guest};
    },
    async (_room, host, guest) => {
        let arrives;
        host = await loseConnection(host, async () => {
            await guest.next('participant', {event: 'away', participant: {id: host.id}});
            arrives = talk(guest, host, 5);
        });
        await arrives(host);
        return {host, guest};
    },
    async (room, host, guest, asGuest) => ({host, guest: await reload(guest, room, asGuest)}),
    async (room, host, guest) => ({host: await reload(host, room, {}), guest}),
    async (_room, host, guest) => {
        host.send({type: 'return', participant: guest.id});
        await guest.next('state', {state: 'waiting', reason: 'returned'});
        recorded('seat.return', guest);
        await letIn(host, guest);
        return {host, guest};
    },
    async (_room, host, guest) => {
        guest.send({type: 'status', mic: dice.chance(0.5), cam: true, path: 'host'});
        await host.next('participant', {event: 'changed', participant: {id: guest.id, status: {cam: true}}});
        return {host, guest};
    },
];

/** The ways a guest goes. The host stays in the room. */
const GOODBYES = [
    async (_room, _host, guest) => {
        guest.send({type: 'leave'});
        await guest.over(1000);
        recorded('seat.leave', guest);
    },
    async (_room, host, guest) => {
        host.send({type: 'remove', participant: guest.id, text: 'Goodbye.'});
        await guest.over(4403);
        recorded('seat.remove', guest);
    },
];

async function visit(room, host) {
    const client = new Client(server);
    const invitation = await newInvitation(admin, room);
    const asGuest = {invitation: invitation.code, name: 'Gina Guest'};
    let guest = await enter(client, room, asGuest);
    recorded('seat.join', guest);
    await host.next('participant', {event: 'waiting', participant: {id: guest.id}});
    if (dice.chance(0.2)) guest = await loseConnection(guest);
    if (dice.chance(0.1)) {
        guest.may = [4403];
        host.send({type: 'deny', participant: guest.id, text: 'Not today.'});
        await guest.over(4403);
        recorded('seat.deny', guest);
    } else {
        await letIn(host, guest);
        await chatBothWays(host, guest);
        await talkBothWays(host, guest);
        for (let i = dice.below(3); i > 0; i--) ({host, guest} = await INCIDENTS[dice.below(INCIDENTS.length)](room, host, guest, asGuest));
        await talkBothWays(host, guest);
        await chatBothWays(host, guest);
        guest.may = [1000, 4403];
        await GOODBYES[dice.below(GOODBYES.length)](room, host, guest);
    }
    await host.next('participant', {event: 'left', participant: {id: guest.id}});
    client.agent.destroy();
    count('visits');
    return host;
}

/** A room's day: the host comes, sees one guest after the other, and goes. */
async function day(room, until) {
    let host = await enter(admin, room, {});
    recorded('seat.join', host);
    while (Date.now() < until && failures.length < 5) {
        const begun = Date.now();
        host = await visit(room, host);
        host.inbox.length = host.all.length = 0; // the test may forget them: minutes of messages would be much
        await new Promise(resolve => setTimeout(resolve, begun + VISIT_EVERY_MS - Date.now()));
    }
    host.may = [1000];
    host.send({type: 'leave'});
    await host.over(1000);
    recorded('seat.leave', host);
}

const everyRoom = ms =>
    Promise.all(rooms.map(room => day(room, Date.now() + ms).catch(error => failures.push(`${room.name}: ${error.stack?.slice(0, 2000)}`))));

// ---- the server ----

/** The values of /metrics, by name, and the kernel's figures. */
async function look() {
    const text = await new Promise((resolve, reject) => {
        get({host: '127.0.0.1', port: metricsPort, path: '/metrics', agent: false}, async response =>
            resolve(Buffer.concat(await response.toArray()).toString()),
        ).on('error', reject);
    });
    const figures = Object.fromEntries([...text.matchAll(/^parlour_(\w+) ([\d.]+)$/gm)].map(([, name, value]) => [name, Number(value)]));
    return {...figures, files: openFiles(), rssKb: rssKb(server.pid)};
}

/** The server's open descriptors, by kind: each socket and pipe has a number of its own. */
function openFiles() {
    const folder = `/proc/${server.pid}/fd`;
    return readdirSync(folder).flatMap(fd => {
        try {
            return [readlinkSync(`${folder}/${fd}`).replace(/:\[\d+\]$/, '')];
        } catch {
            return []; // closed between the list and the look
        }
    });
}

/** "socket, socket": the entries that only the longer list has. */
function more(longer, than) {
    const rest = [...than];
    return longer.filter(name => !rest.includes(name) || !rest.splice(rest.indexOf(name), 1)).join(', ');
}

const NEVER = ['http_status_5xx_total', 'http_refused_crowd_total', 'store_failed_total', 'slow_closed_total', 'refused_total']; // /readyz said 503 before the start was over
const NOTHING_LEFT = ['sockets', 'sockets_unjoined', 'rooms', 'seats_inside', 'seats_waiting', 'desks', 'queued_bytes', 'store_queue'];

/** Everybody has gone; a moment later the server has noticed it too. Returns its state then, which may not exceed `before`. */
async function quiet(before) {
    admin.agent.destroy();
    const deadline = Date.now() + QUIET_LIMIT_MS;
    for (;;) {
        const now = await look();
        const left = NOTHING_LEFT.filter(name => now[name] !== 0);
        const open = before ? more(now.files, before.files) : '';
        if (left.length === 0 && now.http_connections <= 1 && !open) return now; // the one left is our own request
        if (Date.now() > deadline) {
            failures.push(`left when all had gone: ${left.map(name => `${name} ${now[name]}`)}, ${now.http_connections} connections, open ${open || 'nothing'}`);
            return now;
        }
        await new Promise(resolve => setTimeout(resolve, 100));
    }
}

function verifyRecord() {
    const verdict = parlour(['audit', 'verify', '--data', server.data]);
    if (verdict.code !== 0) failures.push(`audit verify: ${verdict.out}${verdict.err}`);
    const integrity = spawnSync('sqlite3', [join(server.data, 'parlour.db'), 'PRAGMA integrity_check'], {encoding: 'utf8'}).stdout.trim();
    if (integrity !== 'ok') failures.push(`integrity_check: ${integrity}`);
    // Straight from the table: the export of a long soak is more than a pipe should carry at once.
    const rows = spawnSync('sqlite3', ['-separator', ' ', join(server.data, 'parlour.db'), 'SELECT action, object FROM audit'], {encoding: 'utf8', maxBuffer: 1 << 30});
    const there = new Set(rows.stdout.split('\n'));
    const missing = acknowledged.filter(row => !there.has(row));
    if (missing.length) failures.push(`${missing.length} acknowledged changes are not in the record, first ${missing[0]}`);
}

console.log(`${MINUTES} minutes, seed ${SEED}`);
await everyRoom(WARM_MS);
const warm = await quiet();
console.log(`after the warm-up: ${warm.rssKb} kB, ${warm.files.length} open files, ${JSON.stringify(counts)}`);
await everyRoom(MINUTES * 60_000 - WARM_MS);
const end = await quiet(warm);
const most = Math.round(warm.rssKb * (1 + MEMORY_MORE.share) + MEMORY_MORE.kb);
console.log(`at the end: ${end.rssKb} kB (at most ${most}), ${end.files.length} open files, closed ${JSON.stringify(closes)}, ${JSON.stringify(counts)}`);
if (end.rssKb > most) failures.push(`${end.rssKb} kB resident, at most ${most}`);
if (end.admits_total !== counts.admits) failures.push(`${end.admits_total} admits counted, ${counts.admits} seen`);
for (const name of NEVER) if (end[name] !== warm[name]) failures.push(`${name} rose from ${warm[name]} to ${end[name]}`);
await server.stop().catch(error => failures.push(error.message));
verifyRecord();
for (const failure of failures.slice(0, 20)) console.log(`FAILED ${failure}`);
const kinds = Object.keys(counts).length;
console.log(failures.length === 0 ? `${kinds + NOTHING_LEFT.length + NEVER.length} passed, 0 failed` : `0 passed, ${failures.length} failed`);
process.exit(failures.length > 0 || kinds < 7 ? 1 : 0);
