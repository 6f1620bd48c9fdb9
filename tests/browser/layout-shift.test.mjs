// Nothing jumps while the guest's page fills itself on a slow line: the sum of the browser's layout shifts, state by state.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {chromium, Person} from '../support/browser.mjs';
import {Client, good, newInvitation, newRoom, newUser} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';

const SHIFT_MAX = 0.05;
/** A bad telephone line: 400 ms away, 400 kbit/s. */
const SLOW = {offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000};
const inMinutes = minutes => new Date(Date.now() + minutes * 60_000).toISOString();

const {server, admin} = await practice();
const owner = await newUser(admin, {name: 'Dr Sofia Rivera'});
good(await admin.patch('/settings', {practice: 'Hill Clinic for Family Medicine', phone: '+1 555 0100'}));
const room = await newRoom(owner);
const browser = await chromium();

/** Adds up what the browser says about shifts, all of them: nobody presses anything here. */
function watchShifts() {
    window.testShifts = [];
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) window.testShifts.push({value: entry.value, what: entry.sources.map(({node, previousRect: a, currentRect: b}) => `${node?.id || node?.className || node?.nodeName} ${a.y}>${b.y}`)});
    }).observe({type: 'layout-shift', buffered: true});
}

async function shifts(code, {viewport, language, path = `/j/#${code}`, settled}) {
    const guest = await Person.arrive(browser, {server, name: 'slow', viewport, before: watchShifts, language});
    const line = await guest.page.createCDPSession();
    await line.send('Network.enable');
    await line.send('Network.emulateNetworkConditions', SLOW);
    await guest.open(path);
    await guest.sees(settled);
    await guest.page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    const seen = await guest.page.evaluate(() => window.testShifts);
    await guest.shot(`${code ? '' : 'no-code-'}${viewport.width}-${settled.replace(/\W+/g, '')}`);
    await guest.leave();
    return {sum: seen.reduce((sum, {value}) => sum + value, 0), seen};
}

const SETTLED = '#l-card[aria-busy="false"]';
/** @type {Record<string, () => Promise<string>>} the code of an invitation in that state */
const STATES = {
    valid: async () => (await newInvitation(owner, room, {guest_name: 'Ana Novak'})).code,
    early: async () => (await newInvitation(owner, room, {not_before: inMinutes(90)})).code,
    revoked: async () => {
        const {id, code} = await newInvitation(owner, room);
        await owner.delete(`/invitations/${id}`);
        return code;
    },
    used: async () => {
        const {code} = await newInvitation(owner, room);
        good(await new Client(server).post(`/rooms/${room.id}/join`, {invitation: code, name: 'First'}));
        return code;
    },
    unknown: async () => 'b'.repeat(26),
    missing: async () => '',
};

for (const [state, make] of Object.entries(STATES))
    test(`${state}: the guest's page shifts by at most ${SHIFT_MAX} on a slow line`, async t => {
        for (const viewport of [{width: 390, height: 844}, {width: 320, height: 640}, ...(state === 'valid' ? [{width: 1280, height: 800}] : [])]) {
            const {sum, seen} = await shifts(await make(), {viewport, settled: SETTLED});
            t.diagnostic(`${state} ${viewport.width} px: ${sum.toFixed(4)}`);
            assert.ok(sum <= SHIFT_MAX, `${viewport.width} px: ${sum}: ${JSON.stringify(seen)}`);
        }
    });
