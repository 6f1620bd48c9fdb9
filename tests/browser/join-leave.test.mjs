// Coming and going leaves nothing behind: a guest joins and leaves fifty times on one page, and the host stays.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {chromium, inCall} from '../support/browser.mjs';
import {Client, newUser} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';
import {freePort} from '../support/server.mjs';

const ROUNDS = 50;
/** What a page may keep of forty visits: the last 200 lines of its log; on a seat that stays, the last 256 messages as well, offers among
 *  them, until the server has said that it has them. All of it has an end; a leak of one screen is 1,500,000. */
const KEPT_BYTES = {host: 400_000, guest: 200_000};

const metricsPort = await freePort();
const {server, admin} = await practice({args: ['--metrics-listen', `127.0.0.1:${metricsPort}`, '--trusted-proxy', '127.0.0.1']});
const owner = await newUser(admin, {name: 'Dr Rivera'});
const browser = await chromium();

/** What the page holds: {connections, sockets, heap}. Those that tests keep a hold of for looking at are let go first. */
async function held(person) {
    const open = await person.page.evaluate(() => {
        window.testConnections = window.testConnections.filter(pc => pc.connectionState !== 'closed');
        window.testSockets = window.testSockets.filter(({socket}) => socket.readyState < 2);
        return {connections: window.testConnections.filter(pc => pc.localDescription).length, sockets: window.testSockets.length};
    });
    const cdp = await person.page.createCDPSession();
    await cdp.send('HeapProfiler.collectGarbage');
    const {usedSize} = await cdp.send('Runtime.getHeapUsage');
    await cdp.detach();
    return {...open, heap: usedSize};
}

/** The server's gauges that count what is open now. */
async function gauges() {
    const {text} = await new Client({...server, host: '127.0.0.1', port: metricsPort}).get('/metrics');
    return Object.fromEntries([...text.matchAll(/^(parlour_(?:seats|sockets|rooms)\S*) (\d+)$/gm)].map(([, name, value]) => [name, Number(value)]));
}

test(`a guest joins and leaves ${ROUNDS} times: no connection, socket, seat or memory stays behind`, async () => {
    const {host, guest} = await inCall(browser, server, owner);
    const measured = [];
    let before = null;
    for (let round = 1; round <= ROUNDS; round++) {
        await guest.press('leave');
        await guest.press('confirm-leave');
        await guest.state('ended');
        await host.state('incall alone');
        if (round % 10 === 0) measured.push({host: await held(host), guest: await held(guest), server: await gauges()});
        before ??= await gauges();
        // From another address each time: so many joins from one are too many.
        await guest.page.setExtraHTTPHeaders({'X-Forwarded-For': `198.51.100.${round}`});
        await guest.press('rejoin');
        await guest.state('waiting');
        await host.press('admit-first');
        for (const person of [host, guest]) await person.state('incall live');
    }
    for (const now of measured) {
        assert.deepEqual(now.server, before);
        assert.deepEqual([now.host.connections, now.host.sockets, now.guest.connections, now.guest.sockets], [0, 1, 0, 0]);
    }
    const [first, last] = [measured[0], measured.at(-1)];
    for (const who of ['host', 'guest']) assert.ok(last[who].heap - first[who].heap < KEPT_BYTES[who], `${who}: ${first[who].heap} to ${last[who].heap} bytes`);
});
