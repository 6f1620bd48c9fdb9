// scene.mjs - a practice on the public side of the lab (server, TLS proxy, coturn) and two people in two homes, host in a, guest in b.
// A call is always a fresh one: browsers know no addresses from an earlier one. What a page decodes is written down as it happens,
// with the clock that both pages and this process share.
import {Home, PUBLIC_ADDRESS, PUBLIC_ADDRESS_6, TURN_ADDRESS, TURN_ADDRESS_6, TURN_NAME} from '../support/lab.mjs';
import {after} from 'node:test';
import {admitFirst, chromium, firefox, guestArrives, hostArrives} from '../support/browser.mjs';
import {newInvitation, newRoom, newUser, setUp} from '../support/http.mjs';
import {NAME, startProxy} from '../support/proxies.mjs';
import {startServer, temporaryFolder} from '../support/server.mjs';
import {Coturn, SECRET, selfSigned, turnUrls} from '../support/turn.mjs';

/** Frames come every 66 ms; a picture that stands for longer than this has stopped. */
const STOPPED_MS = 500;
/** A picture that runs for this long without stopping is back. */
const STEADY_MS = 1_000;


const DEBUGGING_PORT = 9_229;
const BROWSERS = {
    chromium: (home, folder) => chromium({program: home.program('chromium', folder), flags: ['--ignore-certificate-errors']}),
    async firefox(home, folder) {
        const debuggingPort = DEBUGGING_PORT + home.net;
        await home.bringOut(debuggingPort, folder);
        return firefox({program: home.program('firefox-esr', folder), debuggingPort, acceptInsecureCerts: true});
    },
};

/** Runs in the page before any script of it: notes when a decoded frame is added, when the last socket opens, and each change of the
 *  words about the connection. */
function watch() {
    const seen = {frames: [], opened: [], words: []};
    window.testWatch = seen;
    const counts = new WeakMap();
    const now = () => performance.timeOrigin + performance.now();
    let open = false;
    const look = async () => {
        for (const pc of window.testConnections) {
            const receiver = pc.connectionState === 'closed' ? null : pc.getTransceivers()[1]?.receiver;
            if (!receiver) continue;
            for (const s of (await receiver.getStats()).values()) {
                if (s.type !== 'inbound-rtp') continue;
                if (s.framesDecoded > (counts.get(pc) ?? 0)) seen.frames.push(now());
                counts.set(pc, s.framesDecoded);
            }
        }
        const isOpen = window.testSockets.at(-1)?.socket.readyState === 1;
        if (isOpen && !open) seen.opened.push(now());
        open = isOpen;
        const texts = [...document.querySelectorAll('.link-bar, .tile-note, .quality')].map(e => e.innerText);
        const said = [document.body?.dataset.state, ...texts].filter(Boolean).join(' | ');
        if (said !== seen.words.at(-1)?.said) seen.words.push({at: now(), said});
    };
    // Polled: browsers tell of no decoded frame by an event that would not itself cost frames.
    const again = () => look().catch(() => undefined).finally(() => setTimeout(again, 25));
    again();
}

export const wall = () => performance.timeOrigin + performance.now();
/** For outages and lines that last a given time: what is tested is what happens within it. */
export const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

/** Seconds from `since` until the picture of this list of times runs again for good; null: not yet. */
export function backAfter(frames, since) {
    const later = frames.filter(at => at >= since);
    let begun = later[0];
    for (let i = 1; i < later.length; i++) {
        if (later[i] - later[i - 1] > STOPPED_MS) begun = later[i];
    }
    return begun !== undefined && later.at(-1) - begun >= STEADY_MS && wall() - later.at(-1) < STOPPED_MS ? (begun - since) / 1000 : null;
}

/** Addresses of the relay, as the server names them: as numbers, and by name. */
const RELAY = [...turnUrls(TURN_ADDRESS, `${TURN_ADDRESS}:443`), `turn:[${TURN_ADDRESS_6}]:3478?transport=udp`];
export const NAMED_RELAY = turnUrls(TURN_NAME, `${TURN_NAME}:443`);

export class Lab {
    /** @param {('chromium' | 'firefox')[]} [kinds] of browsers, each in both homes  @param {string[]} [urls] of the relay */
    static async start(kinds = ['chromium'], urls = RELAY) {
        const lab = new Lab();
        lab.homes = {a: new Home('a'), b: new Home('b')};
        for (const home of Object.values(lab.homes)) await home.answerNames();
        lab.urls = urls;
        lab.parlour = await startServer({
            port: 8080, publicUrl: `https://${NAME}`, env: {PARLOUR_TURN_SECRET: SECRET},
            args: ['--trusted-proxy', '127.0.0.1', ...lab.urls.flatMap(url => ['--turn-url', url])],
        });
        const proxy = await startProxy('nginx', lab.parlour, PUBLIC_ADDRESS, {'listen 443 ssl': `listen ${PUBLIC_ADDRESS}:443 ssl`, 'listen [::]:443 ssl': `listen [${PUBLIC_ADDRESS_6}]:443 ssl`});
        lab.server = proxy.server;
        lab.coturn = new Coturn(selfSigned(TURN_ADDRESS), lab.urls, [TURN_ADDRESS, TURN_ADDRESS_6], [TURN_ADDRESS, TURN_ADDRESS_6], [
            'tls-listening-port=443', 'allowed-peer-ip=198.51.100.0-198.51.100.255', 'allowed-peer-ip=2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', 'min-port=50000', 'max-port=50400',
        ]);
        await lab.coturn.start();
        after(async () => {
            lab.coturn.stop();
            await proxy.stop();
            await lab.parlour.stop();
        });
        lab.owner = await newUser(await setUp(lab.server), {name: 'Dr Rivera'});
        const folder = temporaryFolder('parlour-lab');
        lab.browsers = {};
        for (const [name, home] of Object.entries(lab.homes)) {
            lab.browsers[name] = {};
            for (const kind of kinds) lab.browsers[name][kind] = await BROWSERS[kind](home, folder);
        }
        return lab;
    }

    /** A new call, its picture running on both sides: {host, guest, end}. Not watched: nothing but its own code runs in the pages. */
    async call({relayOnly = false, also, watched = true, host: hostIn = 'chromium', guest: guestIn = 'chromium'} = {}) {
        const before = watched ? (also ? `(${also})();(${watch})()` : watch) : undefined;
        const {server, owner, homes} = this;
        const room = await newRoom(owner, relayOnly ? {relay_only: true} : {});
        await homes.a.settled();
        const host = await hostArrives(this.browsers.a[hostIn], {server, client: owner, room, before});
        await homes.b.settled();
        const guest = await guestArrives(this.browsers.b[guestIn], {server, invitation: await newInvitation(owner, room), before});
        await guest.state('waiting');
        const admitted = wall();
        await admitFirst(host);
        for (const person of [host, guest]) {
            await person.state('incall live');
            await person.receives();
        }
        return {host, guest, people: [host, guest], admitted, end: () => Promise.all([host.leave(), guest.leave()])};
    }
}

/** What both pages have noted: {frames, words} of each. */
export const noted = ({people}) => Promise.all(people.map(p => p.page.evaluate(() => window.testWatch)));


/** Seconds from the press that lets the guest in to the first picture, on the slower side. */
export async function firstPicture(call) {
    const firsts = (await noted(call)).map(({frames}) => frames.find(at => at >= call.admitted));
    return (Math.max(...firsts) - call.admitted) / 1000;
}
