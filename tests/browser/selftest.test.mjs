// The page /check in both browsers, with the real coturn and its printed configuration: every row is filled in by a real attempt.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import test, {after} from 'node:test';
import {chromium, DEVICES, firefox, guestArrives, hostArrives, Person} from '../support/browser.mjs';
import {newInvitation, newRoom, newUser, setUp} from '../support/http.mjs';
import {LAB_ADDRESS} from '../support/own_network.mjs';
import {DEVICES_FINE, selfTest} from '../support/selftest.mjs';
import {startServer} from '../support/server.mjs';
import {SECRET, selfSigned, startCoturn, TURN_URLS} from '../support/turn.mjs';

const certificate = selfSigned();
const turn = await startCoturn(certificate, [`allowed-peer-ip=${LAB_ADDRESS}`]); // the lab's one private address
after(() => turn.stop());
const trusting = ['--ignore-certificate-errors', `--ignore-certificate-errors-spki-list=${certificate.pin}`];
const chrome = await chromium({flags: trusting});
const fox = await firefox();

/** A practice with this secret of the relay, and a link into a room of it. */
async function practice({secret = SECRET, urls = TURN_URLS} = {}) {
    const server = await startServer({args: urls.flatMap(url => ['--turn-url', url]), env: urls.length ? {PARLOUR_TURN_SECRET: secret} : {}});
    after(() => server.stop());
    const admin = await setUp(server);
    const owner = await newUser(admin);
    const room = await newRoom(owner);
    return {server, admin, owner, room, invitation: await newInvitation(owner, room)};
}

function nft(rules) {
    const done = spawnSync('nft', [rules], {encoding: 'utf8'});
    assert.equal(done.status, 0, done.stderr);
}

test('Chromium: a stranger sees devices, socket, each address of the relay, UDP and speed, all good', async () => {
    const {server, admin} = await practice();
    const {person, rows, verdict} = await selfTest(chrome, server);
    await person.shot('good', {full: true});
    assert.deepEqual(rows, {...DEVICES_FINE, 'relay-0': 'ok ok', 'relay-1': 'ok ok', 'relay-2': 'ok ok', udp: 'ok ok', speed: 'ok ok'});
    assert.equal(verdict, 'good');
    const number = await person.page.$eval('[data-support]', n => n.dataset.support);
    const reader = await Person.arrive(chrome, {server, client: admin, name: 'admin'});
    await reader.open('/app/account');
    await reader.type('#report-number', number.replace(/(..)/g, '$1 '));
    await reader.press('#report-number ~ * button, form:has(#report-number) button[type=submit]');
    await reader.hasText('The camera works.');
    await reader.shot('report', {full: true});
    reader.quiet();
    await reader.leave();
    await person.press('heard');
    assert.match(await person.text('[data-row=speaker]'), /You heard the sound/);
    await person.stayedHome();
    person.quiet();
    await person.leave();
});

test('Firefox: the same; it does not trust the relay\'s certificate here, and says that this way is closed', async () => {
    const {server, invitation} = await practice();
    const {person, rows, verdict} = await selfTest(fox, server, {path: `/check#${invitation.code}`});
    await person.shot('firefox', {full: true});
    assert.deepEqual(rows, {...DEVICES_FINE, mic: rows.mic, 'relay-0': 'ok ok', 'relay-1': 'ok ok', 'relay-2': 'warn unreachable', udp: 'ok ok', speed: 'ok ok'});
    assert.match(rows.mic, /^(ok ok|skip deaf)$/, 'a machine without a sound card hears nothing in Firefox');
    assert.equal(verdict, 'limited');
    person.errors = person.errors.filter(text => !/WebRTC: ICE failed/.test(text)); // Firefox's own words for the way that is closed
    person.quiet();
    await person.leave();
});

test('a wrong secret of the relay is told apart from a relay that cannot be reached', async () => {
    const {server} = await practice({secret: 'another-secret-than-that-of-coturn', urls: [TURN_URLS[0], `turn:${LAB_ADDRESS}:3999?transport=tcp`]});
    const {person, rows} = await selfTest(chrome, server, {language: 'ar'});
    await person.shot('wrong-secret-ar', {full: true});
    assert.deepEqual([rows['relay-0'], rows['relay-1'], rows.udp], ['warn refused', 'warn unreachable', 'ok ok'], 'a refusal came over UDP');
    await person.leave();
});

test('a device without a network is told that, not that sockets are blocked; where only sockets are, it says so', async () => {
    const {server} = await practice();
    for (const [offline, found, words] of [[true, 'bad away', 'Check Wi-Fi or mobile data'], [false, 'bad blocked', 'blocks WebSockets']]) {
        const person = await Person.arrive(chrome, {server, name: 'checker'});
        await person.open('/check');
        await person.sees('[data-do=start]');
        await person.page.setOfflineMode(offline);
        if (!offline) await person.page.evaluate(() => (window.WebSocket = class extends WebSocket { constructor() { super('ws://127.0.0.1:1/'); } }));
        await person.press('start');
        await person.state('done');
        await person.hasText(words);
        await person.shot(found.replace(' ', '-'), {full: true});
        assert.equal(await person.page.$eval('[data-row=server]', x => `${x.dataset.found} ${x.dataset.why}`), found);
        await person.leave();
    }
});

test('where UDP is blocked the rows say so, and that the relay goes around', async () => {
    const {server} = await practice({urls: TURN_URLS.slice(0, 2)});
    nft('add table inet blocked; add chain inet blocked out { type filter hook output priority 0 ; }; add rule inet blocked out udp dport 3478 drop');
    const {person, rows, verdict} = await selfTest(chrome, server).finally(() => nft('delete table inet blocked'));
    await person.shot('no-udp', {full: true});
    assert.deepEqual([rows['relay-0'], rows['relay-1'], rows.udp, verdict], ['warn unreachable', 'ok ok', 'warn around', 'limited']);
    await person.leave();
});

test('without a relay, and with a camera that is refused, each row names the remedy', async () => {
    const {server} = await practice({urls: []});
    const refusing = await chromium({devices: DEVICES.denied});
    const {person, rows, verdict} = await selfTest(refusing, server);
    await person.shot('refused', {full: true});
    assert.deepEqual([rows.camera, rows.mic, rows.relay, verdict], ['bad denied', 'bad denied', 'warn no_relay', 'bad']);
    assert.match(await person.text('[data-row=camera]'), /allow the camera for this page/);
    await person.leave();
});

test('the line of a waiting guest is checked by itself, and the host reads the result before admitting, in the call and on Today', async () => {
    const {server, owner, room, invitation} = await practice({urls: TURN_URLS.slice(0, 2)});
    const host = await hostArrives(chrome, {server, client: owner, room});
    const today = await Person.arrive(chrome, {server, client: owner, name: 'today'});
    await today.open('/app');
    const guest = await guestArrives(chrome, {server, invitation});
    await guest.state('waiting');
    await today.sees('[data-line=good]');
    assert.match(await today.text('[data-line=good]'), /Connection checked: good/);
    await today.shot('today');
    await host.press('show-waiting');
    await host.sees('[data-line=good]');
    await host.shot('in-the-call');
    await host.press('admit');
    await guest.state('incall live');
    for (const person of [guest, host, today]) {
        person.quiet();
        await person.leave();
    }
});

test('a guest who is let in while the check runs has the line alone: the check is broken off', async () => {
    const {server, owner, room, invitation} = await practice({urls: TURN_URLS.slice(0, 1)});
    const host = await hostArrives(chrome, {server, client: owner, room});
    const guest = await guestArrives(chrome, {server, invitation});
    await guest.state('waiting');
    const probing = () => window.testConnections.filter(pc => pc.connectionState !== 'closed' && pc.getConfiguration().iceTransportPolicy === 'relay').length;
    await guest.until(() => window.testConnections.some(pc => pc.getConfiguration().iceTransportPolicy === 'relay'), null, 'waiting for the check');
    await host.press('admit-first');
    await guest.state('incall live');
    assert.equal(await guest.page.evaluate(probing), 0);
    guest.quiet();
    await Promise.all([guest.leave(), host.leave()]);
});
