// Cameras and microphones that are denied, missing or busy, and addresses that are not secure: each is explained, with a way on.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test, {after} from 'node:test';
import {admitFirst, chromium, DEVICES, guestArrives, hostArrives, Person} from '../support/browser.mjs';
import {newInvitation, newRoom, newUser, setUp} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';
import {freePort, startServer} from '../support/server.mjs';

const {server, admin} = await practice();
const owner = await newUser(admin, {name: 'Dr Rivera'});
const fine = await chromium();

async function atCheck(browser, options = {}) {
    const room = await newRoom(owner);
    const invitation = await newInvitation(owner, room);
    const guest = await Person.arrive(browser, {server, name: 'Gina Guest', ...options});
    await guest.open(`/j/#${invitation.code}`);
    await guest.press('#l-go');
    await guest.state('primer');
    await guest.press(options.press ?? 'allow');
    await guest.state('check');
    return {guest, room, invitation};
}

/** Goes on from the check into a call, and the host hears or sees what the guest has. */
async function goesOn({guest, room}, media) {
    const host = await hostArrives(fine, {server, client: owner, room});
    if (await guest.page.$('#name')) await guest.type('#name', 'Gina Guest');
    await guest.press('enter');
    await guest.state('waiting');
    await admitFirst(host);
    await guest.state('incall live');
    await host.receives(media);
    await guest.receives();
    await host.leave();
}

test('denied: the page says that, explains how to change it, and lets the guest in without devices', async () => {
    const browser = await chromium({devices: DEVICES.denied});
    const scene = await atCheck(browser);
    await scene.guest.sees('[data-problem="both denied"]');
    await scene.guest.shot('denied');
    assert.match(await scene.guest.text(), /block|denied|allow/i);
    await goesOn(scene, {video: false, audio: false});
    assert.equal(await scene.guest.page.$('.trouble'), null, 'a note read before does not cover the picture');
    await scene.guest.press('cam');
    await scene.guest.sees('.trouble [data-problem]');
    await scene.guest.press('hide-trouble');
    await scene.guest.gone('.trouble');
    await scene.guest.press('cam');
    await scene.guest.sees('.trouble [data-problem]');
    await browser.close();
});

test('only the camera denied: the guest is heard', async () => {
    const browser = await chromium({devices: DEVICES.asked});
    const scene = await atCheck(browser, {granted: ['microphone']});
    await scene.guest.sees('[data-problem="camera denied"]');
    await scene.guest.shot('camera-denied');
    await goesOn(scene, {video: false});
    await browser.close();
});

test('no camera: the guest is heard, and told what is missing', async () => {
    const browser = await chromium({devices: DEVICES.noCamera});
    const scene = await atCheck(browser);
    await scene.guest.sees('[data-problem="camera missing"]');
    await scene.guest.shot('no-camera');
    await goesOn(scene, {video: false});
    await browser.close();
});

test('no devices at all: the guest may listen and write', async () => {
    const browser = await chromium({devices: DEVICES.none});
    const scene = await atCheck(browser);
    await scene.guest.shot('no-devices');
    await goesOn(scene, {video: false, audio: false});
    await browser.close();
});

test('busy: another program has the camera, the page says so and offers to try again', async () => {
    const scene = await atCheck(fine, {
        before: () => {
            const ask = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
            window.testBusy = true;
            if (ask)
                navigator.mediaDevices.getUserMedia = constraints =>
                    constraints?.video && window.testBusy ? Promise.reject(new DOMException('Could not start video source', 'NotReadableError')) : ask(constraints);
        },
    });
    await scene.guest.sees('[data-problem="camera in_use"]');
    await scene.guest.shot('camera-busy');
    await scene.guest.page.evaluate(() => (window.testBusy = false));
    await scene.guest.press('retry-device');
    await scene.guest.sees('video[data-self]');
    await goesOn(scene, {});
    await scene.guest.leave();
});

test('without camera by choice: microphone only', async () => {
    const scene = await atCheck(fine, {press: 'mic-only'});
    await goesOn(scene, {video: false});
    await scene.guest.leave();
});

test('when permission is withdrawn in the middle of a call the guest is told and the call goes on', async () => {
    const browser = await chromium({devices: DEVICES.asked});
    const room = await newRoom(owner);
    const host = await hostArrives(fine, {server, client: owner, room});
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(owner, room), granted: ['camera', 'microphone']});
    await guest.state('waiting');
    await admitFirst(host);
    await guest.state('incall live');
    await host.receives();
    await guest.context.overridePermissions(server.origin, ['microphone']);
    await guest.sees('.trouble [data-problem], .toast');
    await guest.shot('camera-taken-away');
    await host.sees('.tile .no-picture');
    await host.receives({video: false});
    await host.leave();
    await browser.close();
});

/** The device behind each kind of track that the connections in use send. */
const sent = person =>
    person.page.evaluate(() => {
        const tracks = window.testConnections.filter(pc => pc.localDescription && pc.connectionState !== 'closed').flatMap(pc => pc.getSenders().flatMap(s => s.track ?? []));
        const of = kind => tracks.filter(t => t.kind === kind).map(t => ({label: t.label, id: t.getSettings().deviceId, state: t.readyState}));
        return {video: of('video'), audio: of('audio'), connections: window.testConnections.length};
    });

test('another camera and another microphone in the middle of a call: the other side goes on seeing and hearing over the same connection', async () => {
    const browser = await chromium({devices: ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream=device-count=3,fps=15']});
    const room = await newRoom(owner);
    const host = await hostArrives(fine, {server, client: owner, room});
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(owner, room)});
    await guest.state('waiting');
    await admitFirst(host);
    await guest.state('incall live');
    await host.receives();
    const before = await sent(guest);
    await guest.press('more');
    await guest.press('devices');
    for (const [picker, kind] of [['#pick-cameraId', 'video'], ['#pick-micId', 'audio']]) {
        await guest.sees(picker);
        const {value, words} = await guest.page.$eval(picker, select => [...select.options].filter(o => !o.selected).map(o => ({value: o.value, words: o.innerText.trim()})).at(-1));
        await guest.page.select(picker, value);
        const [was] = before[kind];
        await guest.until(
            ([wanted, id]) => window.testConnections.some(pc => pc.getSenders().some(s => s.track?.kind === wanted && s.track.getSettings().deviceId === id)),
            [kind, value],
            `waiting until the ${kind} of ${words} goes out`,
        );
        const [now, ...more] = (await sent(guest))[kind];
        assert.deepEqual(more, [], 'one track of each kind');
        assert.deepEqual(now, {label: words, id: value, state: 'live'});
        assert.notEqual(now.label, was.label);
        await host.receives();
    }
    await guest.shot('other-devices');
    assert.equal((await sent(guest)).connections, before.connections, 'no new peer connection');
    assert.equal((await host.stats()).connections, 1);
    await guest.state('incall live');
    guest.quiet();
    await host.leave();
    await browser.close();
});

test('under a foreign host name the server shows no page, and names the right address', async () => {
    const browser = await chromium({flags: ['--host-resolver-rules=MAP lab.test 127.0.0.1']});
    const guest = await Person.arrive(browser, {server, name: 'stray'});
    const answer = await guest.page.goto(`http://lab.test:${server.port}/j/`);
    assert.equal(answer.status(), 421);
    await guest.hasText(server.origin);
    await guest.shot('wrong-address');
    await browser.close();
});

test('the page names an address that is not secure, with the secure one, and nothing breaks on the way', async () => {
    const port = await freePort();
    const plain = await startServer({port, publicUrl: `https://lab.test:${port}`});
    after(() => plain.stop());
    await setUp(plain);
    const browser = await chromium({flags: ['--host-resolver-rules=MAP lab.test 127.0.0.1']});
    for (const [what, path] of [['invitation', `/j/#${'B'.repeat(26)}`], ['room', '/r/consulting-room']]) {
        const guest = await Person.arrive(browser, {server: plain, name: `insecure-${what}`});
        await guest.page.goto(`http://lab.test:${port}${path}`);
        assert.equal(await guest.page.evaluate(() => isSecureContext), false);
        await guest.sees(`[data-problem="insecure"] a[href="https://lab.test:${port}${path}"]`);
        await guest.hasText('This address is not secure');
        await guest.hasText('Hill Clinic');
        await guest.shot(`insecure-${what}`);
        assert.deepEqual(guest.errors.filter(text => !/Cross-Origin-Opener-Policy header has been ignored/.test(text)), []);
        await guest.leave();
    }
    await browser.close();
});

test('in a browser without WebRTC the page names possible causes', async () => {
    const room = await newRoom(owner);
    const invitation = await newInvitation(owner, room);
    const guest = await Person.arrive(fine, {server, name: 'no-webrtc', before: () => setTimeout(() => delete window.RTCPeerConnection) && Object.defineProperty(window, 'RTCPeerConnection', {value: undefined, configurable: true})});
    await guest.open(`/j/#${invitation.code}`);
    await guest.press('#l-go');
    await guest.sees('[data-problem="no_webrtc"]');
    await guest.hasText('Hill Clinic');
    await guest.shot('no-webrtc');
    await guest.leave();
});
