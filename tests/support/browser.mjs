// browser.mjs - Debian's Chromium and Firefox with fake cameras, driven by puppeteer-core, and the people in them.
// A Person is one browser context with one page: it presses what has `data-do`, waits for `data-state`, and counts
// the frames that its peer connections decode. Everything a page asks for is remembered, so a test can prove where it went.
import assert from 'node:assert/strict';
import {mkdirSync, writeFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {after} from 'node:test';
import puppeteer from 'puppeteer-core';
import {newInvitation, newRoom} from './http.mjs';
import {ROOT, temporaryFolder} from './server.mjs';

const LIMIT_MS = 30_000;
const SCREENSHOTS = join(ROOT, 'build/screenshots', basename(process.argv[1] ?? 'none', '.test.mjs'));

const CHROMIUM_FLAGS = [
    '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run',
    '--disable-background-timer-throttling', '--disable-backgrounding-occluded-windows', '--disable-renderer-backgrounding', '--mute-audio',
    '--autoplay-policy=no-user-gesture-required', '--force-webrtc-ip-handling-policy=default', '--lang=en-US',
];
/** How the devices behave. */
export const DEVICES = {
    granted: ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream=fps=15'],
    denied: ['--use-fake-ui-for-media-stream=deny', '--use-fake-device-for-media-stream'],
    noCamera: ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream=device-count=0'],
    none: ['--use-fake-ui-for-media-stream'],
    asked: ['--use-fake-device-for-media-stream'], // whatever permissions the context has
};
const FIREFOX_PREFS = {
    'media.navigator.streams.fake': true, 'media.navigator.permission.disabled': true, 'media.peerconnection.ice.obfuscate_host_addresses': false,
    'media.peerconnection.ice.loopback': true, 'media.autoplay.default': 0, 'media.autoplay.blocking_policy': 0, 'media.gmp-manager.updateEnabled': false,
    'app.update.enabled': false, 'network.captive-portal-service.enabled': false, 'network.connectivity-service.enabled': false, 'intl.accept_languages': 'en-US',
};

async function kept(launched) {
    const browser = await launched;
    after(() => browser.close().catch(() => browser.process()?.kill('SIGKILL')));
    process.on('exit', () => browser.process()?.kill('SIGKILL'));
    return browser;
}

/** A profile in which the person, or their organisation, has changed these settings. */
function profileWith(preferences) {
    const userDataDir = temporaryFolder('parlour-profile');
    mkdirSync(join(userDataDir, 'Default'));
    writeFileSync(join(userDataDir, 'Default/Preferences'), JSON.stringify(preferences));
    return {userDataDir};
}

/** `program` starts Chromium elsewhere, in another network (lab.mjs): it is then spoken to over a pipe. */
export const chromium = ({devices = DEVICES.granted, flags = [], preferences, program} = {}) =>
    kept(
        puppeteer.launch({
            browser: 'chrome', executablePath: program ?? '/usr/bin/chromium', pipe: program !== undefined, headless: true, args: [...CHROMIUM_FLAGS, ...devices, ...flags], protocolTimeout: 60_000,
            ...(preferences && profileWith(preferences)),
        }),
    );

/** `program` starts it elsewhere; `debuggingPort` is where it listens, there and here. */
export const firefox = ({prefs = {}, program, debuggingPort, acceptInsecureCerts} = {}) =>
    kept(puppeteer.launch({browser: 'firefox', executablePath: program ?? '/usr/bin/firefox-esr', debuggingPort, acceptInsecureCerts, headless: true, extraPrefsFirefox: {...FIREFOX_PREFS, ...prefs}, protocolTimeout: 60_000}));

/** Runs in the page before any script of it: keeps the peer connections and the addresses of the sockets. */
function instrument() {
    const Native = window.RTCPeerConnection;
    window.testConnections = [];
    window.testSockets = [];
    window.RTCPeerConnection = class extends Native {
        constructor(...args) {
            super(...args);
            window.testConnections.push(this);
        }
    };
    const NativeSocket = window.WebSocket;
    window.WebSocket = class extends NativeSocket {
        constructor(url, ...rest) {
            super(url, ...rest);
            window.testSockets.push({url: String(url), socket: this});
        }
    };
}

/** Sums over the live connections of a page. A connection made ahead of its use is not counted: it has no description. */
async function readStats() {
    const sum = {frames: 0, width: 0, audioEnergy: 0, sentFrames: 0, samples: 0, connections: 0, paths: []};
    for (const pc of window.testConnections) {
        if (pc.connectionState === 'closed' || !pc.localDescription) continue;
        sum.connections++;
        const report = await pc.getStats();
        const all = new Map();
        report.forEach(s => all.set(s.id, s));
        const selected = new Set([...all.values()].filter(s => s.type === 'transport').map(s => s.selectedCandidatePairId));
        for (const s of all.values()) {
            if (s.type === 'inbound-rtp' && s.kind === 'video') {
                sum.frames += s.framesDecoded ?? 0;
                sum.width = Math.max(sum.width, s.frameWidth ?? 0);
            }
            if (s.type === 'inbound-rtp' && s.kind === 'audio') {
                sum.audioEnergy += s.totalAudioEnergy ?? 0;
                sum.samples += s.totalSamplesReceived ?? s.packetsReceived ?? 0;
            }
            if (s.type === 'outbound-rtp' && s.kind === 'video') sum.sentFrames += s.framesSent ?? s.framesEncoded ?? 0;
            if (s.type === 'candidate-pair' && (selected.has(s.id) || (s.selected === true && s.state === 'succeeded'))) {
                const local = all.get(s.localCandidateId) ?? {};
                const remote = all.get(s.remoteCandidateId) ?? {};
                sum.paths.push({local: local.candidateType, remote: remote.candidateType, protocol: local.protocol, relay: local.relayProtocol});
            }
        }
    }
    return sum;
}

/** The size is set by then; Firefox 140 and older do not know the orientation, which a desktop window does not have. */
function tolerateOldFirefox(error) {
    if (!/unknown command emulation\.setScreenOrientationOverride/.test(error.message)) throw error;
}

export class Person {
    /**
     * @param {import('puppeteer-core').Browser} browser
     * @param {{server: object, client?: object, name?: string, viewport?: object, scheme?: 'light'|'dark', language?: string, before?: () => void, devices?: string[]}} options
     *        client: a signed-in Client whose session the browser takes over
     */
    static async arrive(browser, {server, client, name = 'somebody', viewport = {width: 1280, height: 800}, scheme, language, before, granted} = {}) {
        const person = new Person();
        Object.assign(person, {browser, server, name, requests: [], errors: []});
        person.context = await browser.createBrowserContext();
        if (granted) await person.context.overridePermissions(server.origin, granted);
        person.page = await person.context.newPage();
        person.page.setDefaultTimeout(LIMIT_MS);
        await person.page.setViewport(viewport).catch(tolerateOldFirefox);
        person.page.on('request', request => person.requests.push(request.url()));
        person.page.on('pageerror', error => person.errors.push(String(error?.stack ?? error)));
        person.page.on('console', message => message.type() === 'error' && person.errors.push(message.text()));
        await person.page.evaluateOnNewDocument(instrument);
        if (before) await person.page.evaluateOnNewDocument(before);
        if (language) await person.keepCookies([['parlour_lang', language]]);
        if (scheme) await person.page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}]);
        if (client) await person.takeSession(client);
        return person;
    }

    async takeSession(client) {
        await this.keepCookies(client.cookies, {httpOnly: true});
    }

    async keepCookies(cookies, facts) {
        const {hostname: domain, protocol} = new URL(this.server.origin);
        const secure = protocol === 'https:';
        await this.context.setCookie(...[...cookies].map(([name, value]) => ({name, value, domain, path: '/', sameSite: 'Lax', secure, ...facts})));
    }

    async open(path) {
        await this.page.goto(this.server.origin + path, {waitUntil: 'load'});
        return this;
    }

    /** Presses the visible element that has `data-do="what"` (or a selector: anything that is not one plain word). */
    async press(what, within = '') {
        const selector = /^[\w-]+$/.test(what) ? `[data-do="${what}"]` : what;
        const element = await this.page.waitForSelector(`${within} ${selector}:not([disabled])`.trim(), {visible: true}).catch(error => this.explain(error, `pressing ${selector}`));
        await element.evaluate(node => node.scrollIntoView({block: 'center'}));
        await element.click();
        await element.dispose(); // it would keep its whole page alive
        return this;
    }

    async type(selector, text) {
        const element = await this.page.waitForSelector(selector, {visible: true}).catch(error => this.explain(error, `typing into ${selector}`));
        await element.evaluate(node => (node.value = ''));
        await element.type(text);
        await element.dispose();
        return this;
    }

    /** Waits until the page is in a state that begins with `wanted` ("waiting", "incall live"). */
    async state(wanted, limitMs = LIMIT_MS) {
        await this.until(prefix => (document.body?.dataset.state ?? '').startsWith(prefix), wanted, `waiting for the state ${wanted}`, limitMs);
        return this;
    }

    /** Waits until `look(argument)` holds in the page. Polled from outside: the page's policy forbids what waitForFunction() does in Firefox. */
    async until(look, argument, doing, limitMs = LIMIT_MS) {
        const deadline = Date.now() + limitMs;
        const holds = () => this.page.evaluate(look, argument).catch(error => (/context|navigat/i.test(error.message) ? false : this.explain(error, doing)));
        while ((await holds()) !== true) {
            if (Date.now() > deadline) await this.explain(new Error('it did not come'), doing);
            await new Promise(resolve => setTimeout(resolve, 50));
        }
    }

    async sees(selector) {
        return this.page.waitForSelector(selector, {visible: true}).catch(error => this.explain(error, `waiting for ${selector}`));
    }

    async gone(selector) {
        await this.page.waitForSelector(selector, {hidden: true}).catch(error => this.explain(error, `waiting until ${selector} is gone`));
    }

    async text(selector = 'body') {
        return this.page.$eval(selector, node => node.innerText);
    }

    async hasText(text) {
        await this.until(wanted => document.body?.innerText.includes(wanted), text, `waiting for the words ${text}`);
    }

    async explain(error, doing) {
        const state = await this.page.evaluate(() => `${location.pathname} ${document.body.dataset.state} ${document.body.dataset.cause}\n${document.body.innerText.slice(0, 1500)}`).catch(String);
        await this.shot(`failed-${this.name}-${Date.now() % 100_000}`).catch(() => {});
        throw new Error(`${this.name}, ${doing}: ${error.message}\npage: ${state}\nerrors: ${this.errors.slice(-5).join('\n')}`);
    }

    stats() {
        return this.page.evaluate(readStats);
    }

    /** Waits until `enough(stats)` holds; returns them. */
    async statsWhen(enough, what, limitMs = LIMIT_MS) {
        const deadline = Date.now() + limitMs;
        for (;;) {
            const stats = await this.stats();
            if (enough(stats)) return stats;
            if (Date.now() > deadline) await this.explain(new Error(JSON.stringify(stats)), what);
            await new Promise(resolve => setTimeout(resolve, 100));
        }
    }

    /** Picture and sound of the other side arrive, and go on arriving. */
    async receives({video = true, audio = true} = {}) {
        const first = await this.statsWhen(s => (!video || s.frames > 5) && (!audio || s.audioEnergy > 0), 'waiting for picture and sound');
        return this.statsWhen(s => (!video || s.frames > first.frames + 5) && (!audio || s.samples > first.samples), 'waiting for more picture and sound');
    }

    /** A picture of the page among the test artefacts. */
    async shot(name, {full = false} = {}) {
        mkdirSync(SCREENSHOTS, {recursive: true});
        await this.page.screenshot({path: join(SCREENSHOTS, `${name}.png`), fullPage: full});
    }

    /** Every request of this page, sockets included, went to the server's own origin. */
    async stayedHome() {
        const sockets = await this.page.evaluate(() => window.testSockets.map(({url}) => url));
        const home = this.server.origin;
        const strangers = [...this.requests, ...sockets].filter(url => !/^(data|blob|about):/.test(url) && !url.startsWith(`${home}/`) && !url.startsWith(`${home.replace(/^http/, 'ws')}/`));
        assert.deepEqual(strangers, [], 'asked elsewhere');
        assert.ok(this.requests.length > 0);
    }

    /** No script error, and nothing that the page's security policy had to stop. */
    quiet() {
        assert.deepEqual(this.errors.filter(text => !/status of (401|403|404|409|422|423|429)/.test(text) && !/WebSocket/.test(text)), []);
    }

    async leave() {
        await this.context.close();
    }
}

/** An invited guest, from the link to the waiting room. */
export async function guestArrives(browser, {server, invitation, name = 'Gina Guest', devices = 'allow', person, ...options}) {
    const guest = person ?? (await Person.arrive(browser, {server, name, ...options}));
    await guest.open(`/j/#${invitation.code}`);
    await guest.press('#l-go');
    await guest.state('primer');
    await guest.press(devices);
    await guest.state('check');
    if (await guest.page.$('#name')) await guest.type('#name', name);
    await guest.press('enter');
    return guest;
}

/** A host, from the room's address into the room. */
export async function hostArrives(browser, {server, client, room, name = 'Dr Rivera', devices = 'allow', ...options}) {
    const host = await Person.arrive(browser, {server, client, name, ...options});
    await host.open(`/r/${room.slug}`);
    await host.state('primer');
    await host.press(devices);
    await host.state('check');
    await host.press('enter');
    await host.state('incall');
    return host;
}

/** The host lets the first waiting guest in. */
export async function admitFirst(host) {
    await host.press('admit-first');
}

/** A host and a guest in a room of `owner`, a new one unless it is named, who see and hear each other. */
export async function inCall(browser, server, owner, room) {
    room ??= await newRoom(owner);
    const host = await hostArrives(browser, {server, client: owner, room});
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(owner, room)});
    await guest.state('waiting');
    await admitFirst(host);
    for (const person of [host, guest]) {
        await person.state('incall live');
        await person.receives();
    }
    return {host, guest};
}
