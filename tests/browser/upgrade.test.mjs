// A page that was open while the server was upgraded: it goes on with the files of its own build while they are kept,
// and is loaded anew, once, when they are not. The client is built twice, with a difference in every part of it.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {cpSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {admitFirst, chromium, firefox, guestArrives, hostArrives, Person} from '../support/browser.mjs';
import {newInvitation, newRoom, newUser} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';
import {ROOT, temporaryFolder} from '../support/server.mjs';

/** A build of the client whose scripts, catalogues and pictures all have other names than those of another version. */
function build(version) {
    const folder = temporaryFolder('parlour-build');
    const web = join(folder, 'web');
    cpSync(join(ROOT, 'web'), web, {recursive: true, filter: path => !/node_modules|\/dist$/.test(path)});
    symlinkSync(join(ROOT, 'web/node_modules'), join(web, 'node_modules'));
    for (const name of readdirSync(join(web, 'lang'), {recursive: true}).filter(n => n.endsWith('.json'))) {
        const file = join(web, 'lang', name);
        writeFileSync(file, JSON.stringify({...JSON.parse(readFileSync(file, 'utf8')), version}));
    }
    for (const name of ['room/main.js', 'room/start.js', 'admin/main.js', 'admin/home.js'])
        writeFileSync(join(web, 'js', name), `${readFileSync(join(web, 'js', name), 'utf8')}\nglobalThis.testVersion = '${version}';\n`);
    writeFileSync(join(web, 'icons', 'check.svg'), readFileSync(join(web, 'icons', 'check.svg'), 'utf8').replace('</svg>', `<path d="M0 0h${version.length}" /></svg>`));
    execFileSync(process.execPath, [join(web, 'build.mjs'), '--out', folder], {stdio: 'inherit'});
    return join(folder, 'dist');
}

const builds = {old: build('old'), new: build('newer')};
const {server, admin} = await practice({args: ['--web-dir', builds.old]});
const owner = await newUser(admin, {name: 'Dr Rivera'});
const browsers = {Chromium: await chromium(), Firefox: await firefox()};

/** The server ends and another version starts on the same data. `kept`: it finds the client files that the earlier one left. */
async function upgrade(to, {kept}) {
    await server.stop();
    if (!kept) rmSync(join(server.data, 'assets'), {recursive: true, force: true});
    server.options.args = ['--web-dir', builds[to]];
    await server.restart();
}

const version = person => person.page.evaluate(() => globalThis.testVersion);
const countLoads = person => {
    const loads = {count: 0};
    person.page.on('load', () => loads.count++);
    return loads;
};
const fresh = async () => newInvitation(owner, await newRoom(owner));

test('a link page that was open during an upgrade enters with the files of its own version, without a reload', async () => {
    const invitation = await fresh();
    const guest = await Person.arrive(browsers.Chromium, {server, name: 'Gina Guest'});
    await guest.open(`/j/#${invitation.code}`);
    await guest.sees('#l-go:not([disabled])');
    const loads = countLoads(guest);
    await upgrade('new', {kept: true});
    await guest.press('#l-go');
    await guest.state('primer');
    assert.equal(await version(guest), 'old');
    assert.equal(loads.count, 0);
    await guest.page.select('#app .language select', 'ar');
    await guest.until(() => document.documentElement.lang === 'ar', null, 'waiting for the other language');
    guest.quiet();
    await guest.leave();
    await upgrade('old', {kept: true});
});

for (const [name, browser] of Object.entries(browsers))
    test(`a link page whose files are gone is loaded anew, once, with its code, and enters (${name})`, async () => {
        const invitation = await fresh();
        const guest = await Person.arrive(browser, {server, name: `Gina Guest in ${name}`});
        await guest.open(`/j/#${invitation.code}`);
        await guest.sees('#l-go:not([disabled])');
        const loads = countLoads(guest);
        await upgrade('new', {kept: false});
        await guest.press('#l-go');
        await guest.until(() => globalThis.testVersion === 'newer', null, 'waiting for the page of the new version');
        await guest.press('#l-go');
        await guest.state('primer');
        assert.equal(loads.count, 1);
        assert.equal(new URL(guest.page.url()).hash, `#${invitation.code}`);
        await guest.leave();
        await upgrade('old', {kept: false});
    });

test('a part that is missing for good ends in a message and a button, never in a loop', async () => {
    const invitation = await fresh();
    const guest = await Person.arrive(browsers.Chromium, {server, name: 'Gina Guest'});
    await guest.page.setRequestInterception(true);
    guest.page.on('request', r => (/\/assets\/start-/.test(r.url()) ? r.respond({status: 404, body: ''}) : r.continue()));
    await guest.open(`/j/#${invitation.code}`);
    await guest.sees('#l-go:not([disabled])');
    const loads = countLoads(guest);
    await guest.press('#l-go');
    await guest.until(() => Boolean(history.state?.reloadedFrom), null, 'waiting for the page to be loaded anew');
    await guest.press('#l-go');
    await guest.hasText('This page is older than the server.');
    await guest.sees('#l-retry');
    await guest.shot('missing-for-good');
    assert.equal(loads.count, 1);
    await guest.leave();
});

test('a page without its texts says that and can be loaded again', async () => {
    for (const path of ['/j/', '/signin', '/']) {
        const guest = await Person.arrive(browsers.Chromium, {server, name: 'Gina Guest'});
        let missing = true;
        await guest.page.setRequestInterception(true);
        guest.page.on('request', r => (missing && /\/assets\/common-/.test(r.url()) ? r.respond({status: 404, body: ''}) : r.continue()));
        await guest.open(path);
        await guest.sees('#broken');
        await guest.shot(`broken${path.replaceAll('/', '-')}`);
        missing = false;
        await guest.press('#broken button');
        await guest.gone('#broken');
        await guest.leave();
    }
});

test('an upgrade takes nobody out of the waiting room or a call: the page says what it can no longer fetch', async () => {
    const room = await newRoom(owner);
    const host = await hostArrives(browsers.Chromium, {server, client: owner, room});
    const guest = await guestArrives(browsers.Chromium, {server, invitation: await newInvitation(owner, room)});
    await guest.state('waiting');
    const loads = countLoads(guest);
    await upgrade('new', {kept: false});
    await guest.page.select('#app .language select', 'ar');
    await guest.hasText('This page is older than the server.');
    assert.equal(await guest.page.$eval('#app .language select', select => select.value), 'en');
    await guest.shot('language-not-there');
    await host.until(() => window.testSockets.at(-1).socket.readyState === 1, null, 'waiting for the line of the host');
    await admitFirst(host);
    await guest.state('incall live');
    await host.receives();
    await upgrade('old', {kept: false});
    for (const person of [host, guest]) {
        await person.until(() => window.testSockets.at(-1).socket.readyState === 1, null, 'waiting for the line after the upgrade');
        await person.state('incall live');
        await person.receives();
    }
    assert.equal(loads.count, 0);
    await guest.leave();
    await host.leave();
});

test('a dashboard that was open during an upgrade says what it cannot fetch, and typed text stays', async () => {
    const page = await Person.arrive(browsers.Chromium, {server, client: owner, name: 'Dr Rivera'});
    await page.open('/app/account');
    await page.sees('select[name="language"]');
    const loads = countLoads(page);
    await upgrade('new', {kept: false});
    await page.type('input[name="name"]', 'Dr A. Rivera');
    await page.page.select('select[name="language"]', 'ar');
    await page.page.$eval('select[name="language"]', select => select.form.requestSubmit());
    await page.hasText('This page is older than the server.');
    assert.equal(await page.page.$eval('input[name="name"]', input => input.value), 'Dr A. Rivera');
    assert.equal(loads.count, 0);
    await page.shot('dashboard-language');
    await page.page.reload();
    await page.until(() => document.documentElement.lang === 'ar', null, 'waiting for the page in the other language');
    await page.leave();
});
