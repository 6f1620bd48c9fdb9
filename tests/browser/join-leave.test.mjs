// Coming and going leaves nothing behind: a guest joins and leaves fifty times on one page, and the host stays.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {chromium, inCall} from '../support/browser.mjs';
import {Client, newUser} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';
import {freePort} from '../support/server.mjs';

const ROUNDS = 50;
/** What a page may keep of forty visits in its own objects: the last 200 lines of its log, and on a seat that stays the last 256 messages. */
const KEPT_BYTES = 150_000;

const metricsPort = await freePort();
const {server, admin} = await practice({args: ['--metrics-listen', `127.0.0.1:${metricsPort}`, '--trusted-proxy', '127.0.0.1']});
const owner = await newUser(admin, {name: 'Dr Rivera'});
const browser = await chromium();

/** What the page holds: {connections, sockets, classes}. Those that tests keep a hold of for looking at are let go first. */
async function held(person) {
    const open = await person.page.evaluate(() => {
        window.testConnections = window.testConnections.filter(pc => pc.connectionState !== 'closed');
        window.testSockets = window.testSockets.filter(({socket}) => socket.readyState < 2);
        return {connections: window.testConnections.filter(pc => pc.localDescription).length, sockets: window.testSockets.length};
    });
    return {...open, classes: await snapshot(person)};
}

/** The page's objects after a collection, the browser's own beside ours: {count, bytes} by type and class. Machine code is left out: when
 *  it is compiled has nothing to do with what stays behind. */
async function snapshot({page}) {
    const cdp = await page.createCDPSession();
    const chunks = [];
    cdp.on('HeapProfiler.addHeapSnapshotChunk', ({chunk}) => chunks.push(chunk));
    await cdp.send('HeapProfiler.takeHeapSnapshot', {reportProgress: false}); // collects first
    await cdp.detach();
    const {snapshot, nodes, strings} = JSON.parse(chunks.join(''));
    const {node_fields: fields, node_types: [types]} = snapshot.meta;
    const [type, name, size] = ['type', 'name', 'self_size'].map(field => fields.indexOf(field));
    const classes = new Map();
    for (let i = 0; i < nodes.length; i += fields.length) {
        const kind = types[nodes[i + type]];
        if (kind === 'code') continue;
        const key = /string/.test(kind) ? kind : `${kind} ${strings[nodes[i + name]].slice(0, 60)}`;
        const had = classes.get(key) ?? {count: 0, bytes: 0};
        classes.set(key, {count: had.count + 1, bytes: had.bytes + nodes[i + size]});
    }
    return classes;
}

/** By how much which classes grew, the largest first: [class, objects, bytes]. */
const growth = (first, last) => [...last].map(([key, {count, bytes}]) => [key, count - (first.get(key)?.count ?? 0), bytes - (first.get(key)?.bytes ?? 0)]).sort((a, b) => b[2] - a[2]);

/** What a visit brings, and must take away: media, connections, elements, and whoever listens to them. */
const OF_A_VISIT = /^native (MediaStream|MediaStreamTrack|\w*AudioNode|MediaStreamAudio\w+|RTC\w+|WebSocket|V8EventListener|Detached .*|<.*)$/;

/** The server's gauges that count what is open now. */
async function gauges() {
    const {text} = await new Client({...server, host: '127.0.0.1', port: metricsPort}).get('/metrics');
    return Object.fromEntries([...text.matchAll(/^(parlour_(?:seats|sockets|rooms)\S*) (\d+)$/gm)].map(([, name, value]) => [name, Number(value)]));
}

/** What grew from `first` on, once the browser has let go what it will: it collects in several passes, some after a pause. */
async function grownSince(first, person) {
    for (const deadline = Date.now() + 20_000; ; ) {
        const now = await held(person);
        const grown = growth(first.classes, now.classes);
        const stays = grown.filter(([key, count]) => OF_A_VISIT.test(key) && count >= ROUNDS / 2);
        if (!stays.length || Date.now() > deadline) return {...now, stays, ours: grown.filter(([key]) => !key.startsWith('native '))};
    }
}

test(`a guest joins and leaves ${ROUNDS} times: no connection, socket, seat or memory stays behind`, async () => {
    const {host, guest} = await inCall(browser, server, owner);
    let before = null;
    const first = {};
    for (let round = 1; ; round++) {
        await guest.press('leave');
        await guest.press('confirm-leave');
        await guest.state('ended');
        await host.state('incall alone');
        before ??= await gauges();
        if (round === 10) Object.assign(first, {host: await held(host), guest: await held(guest)});
        if (round === ROUNDS) break;
        // From another address each time: so many joins from one are too many.
        await guest.page.setExtraHTTPHeaders({'X-Forwarded-For': `198.51.100.${round}`});
        await guest.press('rejoin');
        await guest.state('waiting');
        await host.press('admit-first');
        for (const person of [host, guest]) await person.state('incall live');
    }
    assert.deepEqual(await gauges(), before);
    for (const person of [host, guest]) {
        const who = person === host ? 'host' : 'guest';
        const {connections, sockets, stays, ours} = await grownSince(first[who], person);
        assert.deepEqual([connections, sockets], [0, person === host ? 1 : 0], who);
        assert.deepEqual(stays, [], `${who}: left by the visits`);
        const sum = ours.reduce((all, [, , bytes]) => all + bytes, 0);
        assert.ok(sum < KEPT_BYTES, `${who}: ${sum} bytes more\n${ours.slice(0, 20).join('\n')}`);
    }
});
