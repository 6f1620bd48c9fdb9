// Nothing jumps while the guest's page fills itself on a slow line: the sum of the browser's layout shifts, state by state, in
// every language and on screens of every width.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {LANGUAGES} from '../../web/js/core/i18n.js';
import {chromium, Person} from '../support/browser.mjs';
import {Client, expiredInvitation, good, newInvitation, newRoom, newUser} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';

const SHIFT_MAX = 0.05;
/** A bad telephone line: 400 ms away, 400 kbit/s. */
const SLOW = {offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000};
const VIEWPORTS = [{width: 320, height: 640}, {width: 390, height: 844}, {width: 1280, height: 800}];
const SETTLED = '#l-card[aria-busy="false"]';
const inMinutes = minutes => new Date(Date.now() + minutes * 60_000).toISOString();

const {server, admin} = await practice();
const owner = await newUser(admin, {name: 'Dr Sofia Rivera'});
good(await admin.patch('/settings', {practice: 'Hill Clinic for Family Medicine', phone: '+1 555 0100'}));
const room = await newRoom(owner);
const browser = await chromium();

/** Adds up all the shifts that the browser reports: nobody presses anything here. */
function watchShifts() {
    const seen = [];
    const take = entries => {
        for (const entry of entries) seen.push({value: entry.value, what: entry.sources.map(({node, previousRect: a, currentRect: b}) => `${node?.id || node?.className || node?.nodeName} ${a.y}>${b.y}`)});
    };
    const observer = new PerformanceObserver(list => take(list.getEntries()));
    observer.observe({type: 'layout-shift', buffered: true});
    window.testShifts = () => {
        take(observer.takeRecords());
        return seen;
    };
}

/** @param {{accepted?: string, language?: string}} reader the language their browser asks for, and the one they chose here before */
async function shifts(code, viewport, {accepted, language}) {
    const guest = await Person.arrive(browser, {server, name: 'slow', viewport, before: watchShifts, language});
    if (accepted) await guest.page.setExtraHTTPHeaders({'Accept-Language': accepted});
    const line = await guest.page.createCDPSession();
    await line.send('Network.enable');
    await line.send('Network.emulateNetworkConditions', SLOW);
    await guest.open(`/j/#${code}`);
    await guest.sees(SETTLED);
    await guest.page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    const seen = await guest.page.evaluate(() => window.testShifts());
    const shown = await guest.page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);
    await guest.shot(`${code.slice(0, 5)}-${shown[0]}-${viewport.width}`);
    await guest.leave();
    return {sum: seen.reduce((sum, {value}) => sum + value, 0), seen, shown};
}

async function revoked() {
    const {id, code} = await newInvitation(owner, room);
    await owner.delete(`/invitations/${id}`);
    return code;
}

async function used() {
    const {code} = await newInvitation(owner, room);
    good(await new Client(server).post(`/rooms/${room.id}/join`, {invitation: code, name: 'First'}));
    return code;
}

/** @type {Record<string, string>} the code of an invitation in that state */
const STATES = {
    valid: (await newInvitation(owner, room, {guest_name: 'Ana Novak'})).code,
    early: (await newInvitation(owner, room, {not_before: inMinutes(90)})).code,
    expired: (await expiredInvitation(owner, room)).code,
    revoked: await revoked(),
    used: await used(),
    unknown: 'b'.repeat(26),
    missing: '',
};

async function steady(t, code, reader, language) {
    for (const [i, {sum, seen, shown}] of (await Promise.all(VIEWPORTS.map(viewport => shifts(code, viewport, reader)))).entries()) {
        const {width} = VIEWPORTS[i];
        t.diagnostic(`${width} px: ${sum.toFixed(4)}`);
        assert.deepEqual(shown, [language, LANGUAGES[language].dir]);
        assert.ok(sum <= SHIFT_MAX, `${width} px: ${sum}: ${JSON.stringify(seen)}`);
    }
}

for (const language of Object.keys(LANGUAGES)) {
    for (const [state, code] of Object.entries(STATES))
        test(`${state}: the guest's page shifts by at most ${SHIFT_MAX} on a slow line, ${language}`, t => steady(t, code, {accepted: `${language};q=0.9`}, language));

    test(`nothing jumps for a person who chose ${language} here before, whatever their browser asks for`, t =>
        steady(t, STATES.valid, {accepted: language === 'en' ? 'ar' : 'en', language}, language));
}
