// The guest's path: the bytes that a browser without a cache loads, from the HTML of an invitation to the first frame. Then the time from
// pressing Join to the first decoded remote frame, against a bare two-page RTCPeerConnection call in the same browser, in turn in one run.
import '../support/own_network.mjs';
import {chromium, Person} from '../support/browser.mjs';
import {newInvitation, newRoom} from '../support/http.mjs';
import {mark, stages} from './call_marks.mjs';
import {benchServer, finish, median, report, verdict} from './lib.mjs';

const ROUNDS = 11;
const POLL_MS = 5;

/** Resolves with performance.now() at the first decoded frame of any connection of the page. */
const firstFrame = page =>
    page.evaluate(
        pollMs =>
            new Promise(resolve => {
                const look = async () => {
                    for (const pc of window.testConnections) {
                        const report = await pc.getStats();
                        for (const s of report.values())
                            if (s.type === 'inbound-rtp' && s.kind === 'video' && s.framesDecoded > 0) return resolve(performance.timeOrigin + performance.now());
                    }
                    setTimeout(look, pollMs);
                };
                look();
            }),
        POLL_MS,
    );

/** Bare pages of the same origin: camera on both sides, one offer, trickled candidates carried by a BroadcastChannel. */
function bare(caller) {
    const channel = new BroadcastChannel('bare');
    const pc = new RTCPeerConnection();
    const media = navigator.mediaDevices.getUserMedia({audio: true, video: {width: 1280, height: 720}});
    const say = message => channel.postMessage(JSON.stringify(message));
    pc.onicecandidate = ({candidate}) => say({candidate});
    const describe = async () => {
        await pc.setLocalDescription();
        say({description: pc.localDescription});
    };
    const begin = async () => {
        for (const track of (await media).getTracks()) pc.addTrack(track);
        await describe();
    };
    const early = [];
    channel.onmessage = async ({data}) => {
        const {description, candidate} = JSON.parse(data);
        if (description?.type === 'offer') {
            await pc.setRemoteDescription(description);
            for (const track of (await media).getTracks()) pc.addTrack(track);
            await describe();
        } else if (description) {
            await pc.setRemoteDescription(description);
        }
        if (candidate && !pc.remoteDescription) return early.push(candidate);
        while (pc.remoteDescription && early.length) await pc.addIceCandidate(early.shift());
        if (candidate) await pc.addIceCandidate(candidate);
    };
    window.pressed = () => {
        const at = performance.timeOrigin + performance.now();
        begin();
        return at;
    };
    return media.then(() => caller);
}

async function bareRound(browser, server) {
    const people = [await Person.arrive(browser, {server}), await Person.arrive(browser, {server})];
    // One context, so that the BroadcastChannel reaches: the second page is opened in the first one's context.
    const second = await people[0].context.newPage();
    await second.evaluateOnNewDocument(() => {
        const Native = window.RTCPeerConnection;
        window.testConnections = [];
        window.RTCPeerConnection = class extends Native {
            constructor(...args) {
                super(...args);
                window.testConnections.push(this);
            }
        };
    });
    await people[1].leave();
    const pages = [people[0].page, second];
    for (const page of pages) await page.goto(`${server.origin}/j/`); // a page that may use the camera
    for (const page of pages) await page.evaluate(bare, true);
    const seen = firstFrame(second);
    const at = await second.evaluate(() => window.pressed());
    const ms = (await seen) - at;
    await people[0].leave();
    return ms;
}

const seesThemselves = person => person.until(() => document.querySelector('[data-self]')?.videoWidth > 0, null, 'waiting for their own picture');

/**
 * Counts what a page loads until the count is read. `bodies`: bytes of all response bodies as sent (brotli where possible, the API's
 * JSON as it is); `wire`: the same plus the response headers and the socket's messages.
 */
async function watchTraffic({page}) {
    const network = await page.createCDPSession();
    const traffic = {bodies: 0, wire: 0, uncompressed: new Map()};
    const answers = new Map();
    network.on('Network.responseReceived', ({requestId, response}) => answers.set(requestId, response));
    network.on('Network.loadingFinished', ({requestId, encodedDataLength}) => {
        traffic.wire += encodedDataLength;
        if (encodedDataLength === 0) return; // not fetched: the browser had it in memory
        const {url, headers} = answers.get(requestId);
        const bytes = Number(headers['Content-Length']); // the events about received data leave out the page itself
        traffic.bodies += bytes;
        if (headers['Content-Encoding'] !== 'br') traffic.uncompressed.set(new URL(url).pathname, bytes);
    });
    network.on('Network.webSocketFrameReceived', ({response}) => {
        traffic.wire += Buffer.byteLength(response.payloadData);
    });
    await network.send('Network.enable');
    return traffic;
}

/** A host inside and a guest about to join. Both see themselves before they press, since the bare pages have their cameras open by then. */
async function twoPeople(browser, {server, admin}, fields) {
    const room = await newRoom(admin, fields);
    const host = await Person.arrive(browser, {server, client: admin, name: 'Host', before: mark});
    await host.open(`/r/${room.slug}`);
    await host.press('allow');
    await seesThemselves(host);
    await host.press('enter');
    await host.state('incall');
    const guest = await Person.arrive(browser, {server, name: 'Guest', before: mark});
    const traffic = await watchTraffic(guest);
    await guest.open(`/j/#${(await newInvitation(admin, room)).code}`);
    await guest.press('#l-go');
    await guest.press('allow');
    await guest.state('check');
    if (await guest.page.$('#name')) await guest.type('#name', 'Ana Novak');
    await seesThemselves(guest);
    return {host, guest, traffic};
}

/** Presses, and returns the time of the press. */
const pressNow = (person, what) =>
    person.page.$eval(`[data-do="${what}"]`, button => {
        const now = performance.timeOrigin + performance.now();
        button.click();
        return now;
    });

/** A guest who presses Join in a room where the host is inside and nobody has to wait. */
async function ourRound(browser, bench) {
    const {host, guest, traffic} = await twoPeople(browser, bench, {waiting_room: false});
    const seen = firstFrame(guest.page);
    const at = await pressNow(guest, 'enter');
    const ms = (await seen) - at;
    const [ofGuest, ofHost] = await Promise.all([guest, host].map(person => person.page.evaluate(() => window.testMarks)));
    const {bodies, wire, uncompressed} = traffic;
    await guest.stayedHome();
    await host.leave();
    await guest.leave();
    return {ms, bodies, wire, uncompressed, at, marks: {guest: ofGuest, host: ofHost}};
}

/** A guest who waits and is let in: from the host's press to the guest's first frame. */
async function admittedRound(browser, bench) {
    const {host, guest} = await twoPeople(browser, bench, {waiting_room: true});
    await guest.press('enter');
    await guest.state('waiting');
    await host.sees('[data-do="admit-first"]');
    const seen = firstFrame(guest.page);
    const ms = -(await pressNow(host, 'admit-first')) + (await seen);
    await host.leave();
    await guest.leave();
    return ms;
}

const bench = await benchServer();
const browser = await chromium();
const ours = [], floor = [], admitted = [];
const turns = [async () => ours.push(await ourRound(browser, bench)), async () => floor.push(await bareRound(browser, bench.server))];
for (let i = 0; i < ROUNDS; i++) {
    for (const turn of turns) await turn();
    turns.reverse(); // the first of a pair comes second in the next pair
}
for (let i = 0; i < ROUNDS; i++) admitted.push(await admittedRound(browser, bench));
report(`first frame after Join: ${ours.map(o => o.ms.toFixed(0)).join(', ')} ms`);
report(`bare two-page call:     ${floor.map(ms => ms.toFixed(0)).join(', ')} ms`);
report(`in the median, ms after Join: ${stages(ours)}, first frame ${median(ours.map(o => o.ms)).toFixed(0)}`);
report(`the guest's path over the wire, with heads and the words of the socket: ${(median(ours.map(o => o.wire)) / 1000).toFixed(2)} kB`);
report(`not compressed of it: ${[...ours[0].uncompressed].map(([path, bytes]) => `${path} ${bytes} bytes`).join(', ') || 'nothing'}`);
verdict("the guest's path, HTML to first frame, bodies (brotli)", median(ours.map(o => o.bodies)) / 1000, 48, 'kB');
verdict('join pressed to first frame, over the bare floor', median(ours.map((o, i) => o.ms - floor[i])), 150, 'ms');
verdict('admitted to first frame, of a guest who waited', median(admitted), 800, 'ms');
await browser.close();
await bench.server.stop();
finish();
