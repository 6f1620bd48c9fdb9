// Devices that come, go, fall silent or are taken away in the middle of a call: each is told in words and mended with one press.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {admitFirst, chromium, DEVICES, guestArrives, hostArrives} from '../support/browser.mjs';
import {newInvitation, newRoom, newUser} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';
import {temporaryFolder} from '../support/server.mjs';
import {defaultMic, defaultSpeaker, plays, plugMic, plugSpeaker, soundCards} from '../support/sound_cards.mjs';

const {server, admin} = await practice();
const owner = await newUser(admin, {name: 'Dr Rivera'});
await soundCards();
plugMic('Desk');
plugSpeaker('Television');
defaultMic('Desk');
defaultSpeaker('Television');
const fine = await chromium();
/** With the sound cards of this machine and no camera. */
const cards = await chromium({devices: ['--use-fake-ui-for-media-stream']});

/** The part that tends a call is there: it measures the quality as well. */
const tended = person => person.sees('.quality');

/** A guest and a host who see or hear each other. */
async function call(browser, options = {}, media = {}) {
    const room = await newRoom(owner);
    const host = await hostArrives(fine, {server, client: owner, room});
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(owner, room), ...options});
    await guest.state('waiting');
    await admitFirst(host);
    await guest.state('incall live');
    await host.receives(media);
    await tended(guest);
    return {host, guest};
}

const bySound = {devices: 'mic-only'};
const heard = {video: false};

/** Waits until what is sent comes from this device. */
const sends = (person, kind, label) =>
    person.until(
        ([kind, label]) => window.testConnections.some(pc => pc.getSenders().some(s => s.track?.kind === kind && s.track.label === label && s.track.readyState === 'live')),
        [kind, label],
        `waiting until ${label} is sent`,
    );

/** Without udev the browser compares its list only when it is asked for it; `devicechange` comes from that. */
const look = person => person.page.evaluate(() => navigator.mediaDevices.enumerateDevices().then(all => all.length));

const leave = async (...people) => {
    for (const person of people) await person.leave();
};

test('a microphone that is plugged in is offered and not taken; one that is pulled out gives way to the default, and is offered again when it is back', async () => {
    const {host, guest} = await call(cards, bySound, heard);
    const headset = plugMic('Headset');
    await look(guest);
    await guest.sees('[data-news=offer]');
    await guest.hasText('Headset is connected.');
    await guest.shot('offered');
    await sends(guest, 'audio', 'Default');
    await guest.press('use-device');
    await sends(guest, 'audio', 'Headset');
    await guest.gone('[data-news=offer]');
    await host.receives(heard);

    headset.unplug();
    await look(guest);
    await guest.hasText('Microphone switched to');
    await sends(guest, 'audio', 'Default');
    await host.receives(heard);

    const again = plugMic('Headset');
    await look(guest);
    await guest.hasText('Headset is connected again.');
    await guest.shot('offered-again');
    await guest.press('use-device');
    await sends(guest, 'audio', 'Headset');
    again.unplug();
    await look(guest);
    await guest.hasText('Microphone switched to');
    assert.equal((await host.stats()).connections, 1);
    guest.quiet();
    await leave(host, guest);
});

test('an offer that is not wanted goes with a press, and changes nothing', async () => {
    const {host, guest} = await call(cards, bySound, heard);
    const headset = plugMic('Headset');
    await look(guest);
    await guest.press('not-now');
    await guest.gone('[data-news=offer]');
    await sends(guest, 'audio', 'Default');
    headset.unplug();
    await look(guest);
    await leave(host, guest);
});

test('the voice of the other comes out of the chosen speaker, also after a reload; when that is pulled out the default takes over, in words', async () => {
    const {host, guest} = await call(cards, bySound, heard);
    await plays('Television'); // the default plays
    const speaker = plugSpeaker('Loudspeaker');
    await look(guest);
    await guest.hasText('Loudspeaker is connected.');
    await guest.press('use-device');
    await plays('Loudspeaker'); // the new one plays
    await guest.page.reload();
    await guest.state('incall live');
    await plays('Loudspeaker'); // it is kept
    await tended(guest);

    speaker.unplug();
    await look(guest);
    await guest.hasText('Your speaker was disconnected.');
    await guest.shot('speaker-gone');
    await plays('Television'); // the default plays again
    const back = plugSpeaker('Loudspeaker');
    await look(guest);
    await guest.hasText('Loudspeaker is connected again.');
    await guest.press('use-device');
    // Chromium opens a PulseAudio sink that has come back under its old name only after a reload.
    await guest.until(() => document.querySelector('[data-voice]').sinkId !== '', undefined, 'waiting until the voice goes there');
    await guest.page.reload();
    await guest.state('incall live');
    await guest.until(() => document.querySelector('[data-voice]')?.sinkId ? true : false, undefined, 'waiting until it is kept');
    back.unplug();
    await leave(host, guest);
});

test('a microphone that gives nothing is told, and another one is chosen there and then', async () => {
    const mute = plugMic('Broken', 'air.monitor');
    defaultMic('Broken');
    const {host, guest} = await call(cards, bySound, {video: false, audio: false});
    await guest.sees('[data-problem="mic silent"]');
    await guest.hasText('We cannot hear you.');
    await guest.shot('silent');
    const desk = await guest.page.$eval('#silent-micId', select => [...select.options].find(o => o.text === 'Desk')?.value);
    await guest.page.select('#silent-micId', desk);
    await sends(guest, 'audio', 'Desk');
    await guest.gone('[data-problem="mic silent"]');
    await host.receives(heard);
    defaultMic('Desk');
    mute.unplug();
    await leave(host, guest);
});

/** A sound that does not pause, as 16-bit samples at 48 kHz: the browser's own is a short beep each second, which is no voice. */
function steadyTone() {
    const [rate, seconds] = [48_000, 2];
    const bytes = Buffer.alloc(44 + 2 * rate * seconds);
    bytes.write('RIFF', 0);
    bytes.writeUInt32LE(bytes.length - 8, 4);
    bytes.write('WAVEfmt ', 8);
    bytes.writeUInt32LE(16, 16);
    bytes.writeUInt16LE(1, 20);
    bytes.writeUInt16LE(1, 22);
    bytes.writeUInt32LE(rate, 24);
    bytes.writeUInt32LE(2 * rate, 28);
    bytes.writeUInt16LE(2, 32);
    bytes.writeUInt16LE(16, 34);
    bytes.write('data', 36);
    bytes.writeUInt32LE(bytes.length - 44, 40);
    for (let i = 0; i < rate * seconds; i++) bytes.writeInt16LE(Math.round(16_000 * Math.sin((2 * Math.PI * 440 * i) / rate)), 44 + 2 * i);
    const path = join(temporaryFolder('parlour-tone'), 'tone.wav');
    writeFileSync(path, bytes);
    return path;
}

test('a person who speaks while muted is told, and is heard again with one press', async () => {
    const speaking = await chromium({flags: [`--use-file-for-fake-audio-capture=${steadyTone()}`]});
    const {host, guest} = await call(speaking);
    await guest.press('mic');
    await host.sees('.mic-off');
    await guest.sees('[data-news=talking]');
    await guest.hasText('You are muted. Nobody can hear you.');
    await guest.shot('muted-talk');
    await guest.press('unmute');
    await guest.gone('[data-news=talking]');
    await host.gone('.mic-off');
    await leave(host, guest);
});

/** What a phone call does to a track here: no flag of the browser does it. */
const take = (person, kind, muted) =>
    person.page.evaluate(
        ([kind, muted]) => {
            const [track] = window.testConnections.flatMap(pc => pc.getSenders().map(s => s.track)).filter(t => t?.kind === kind && t.readyState === 'live');
            Object.defineProperty(track, 'muted', {value: muted, configurable: true});
            track.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
            return track.id;
        },
        [kind, muted],
    );
const trackIds = (person, kind) => person.page.evaluate(kind => window.testConnections.flatMap(pc => pc.getSenders().map(s => s.track)).filter(t => t?.kind === kind && t.readyState === 'live').map(t => t.id), kind);

test('a phone call takes microphone and camera: both sides see it in words, and they come back by themselves as fresh tracks', async () => {
    const {host, guest} = await call(fine);
    const old = [await take(guest, 'audio', true), await take(guest, 'video', true)];
    await guest.sees('[data-problem="both interrupted"]');
    await guest.shot('interrupted');
    await host.sees('.tile .no-picture');
    await take(guest, 'audio', false);
    await take(guest, 'video', false);
    await guest.gone('[data-problem]');
    await host.gone('.tile .no-picture');
    for (const [i, kind] of ['audio', 'video'].entries()) assert.notEqual((await trackIds(guest, kind))[0], old[i], `a fresh ${kind} track`);
    await host.receives();
    await leave(host, guest);
});

test('a camera that stays taken is opened again with one press', async () => {
    const {host, guest} = await call(fine);
    await take(guest, 'video', true);
    await guest.sees('[data-problem="camera interrupted"]');
    await guest.press('retry-device');
    await guest.gone('[data-problem]');
    await host.gone('.tile .no-picture');
    await host.receives();
    await leave(host, guest);
});

test('another program takes the camera in the call: told, and mended with one press when it is free', async () => {
    const {host, guest} = await call(fine, {
        before: () => {
            const ask = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
            if (ask)
                navigator.mediaDevices.getUserMedia = constraints =>
                    constraints?.video && window.testBusy ? Promise.reject(new DOMException('Could not start video source', 'NotReadableError')) : ask(constraints);
        },
    });
    await guest.page.evaluate(() => {
        window.testBusy = true;
        const [track] = window.testConnections.flatMap(pc => pc.getSenders().map(s => s.track)).filter(t => t?.kind === 'video');
        track.stop();
        track.dispatchEvent(new Event('ended'));
    });
    await guest.sees('[data-problem="camera in_use"]');
    await guest.shot('camera-taken');
    await host.sees('.tile .no-picture');
    await guest.page.evaluate(() => (window.testBusy = false));
    await guest.press('retry-device');
    await guest.gone('[data-problem]');
    await host.receives();
    await leave(host, guest);
});

test('a permission that is withdrawn in the call and given again brings the camera back', async () => {
    const browser = await chromium({devices: DEVICES.asked});
    const {host, guest} = await call(browser, {granted: ['camera', 'microphone']});
    await guest.context.overridePermissions(server.origin, ['microphone']);
    await guest.sees('[data-problem="camera denied"]');
    await host.sees('.tile .no-picture');
    await guest.context.overridePermissions(server.origin, ['camera', 'microphone']);
    await guest.gone('[data-problem]');
    await host.gone('.tile .no-picture');
    await host.receives();
    await browser.close();
    await host.leave();
});

test('on a phone one button changes the camera, and only the face is shown as in a mirror', async () => {
    const browser = await chromium({devices: ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream=device-count=3,fps=15']});
    const {host, guest} = await call(browser, {
        viewport: {width: 390, height: 844, isMobile: true, hasTouch: true},
        before: () => {
            // The fake cameras do not say where they look; the third one looks away.
            const real = MediaStreamTrack.prototype.getSettings;
            const faces = track => (/fake_device_2/.test(track.label) ? 'environment' : 'user');
            MediaStreamTrack.prototype.getSettings = function () {
                return this.kind === 'video' ? {...real.call(this), facingMode: faces(this)} : real.call(this);
            };
            const ask = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
            if (ask)
                navigator.mediaDevices.getUserMedia = async constraints => {
                    const {facingMode} = constraints?.video ?? {};
                    const senders = window.testConnections.flatMap(pc => pc.getSenders());
                    if (constraints?.video && senders.some(s => s.track?.kind === 'video' && s.track.readyState === 'live')) window.testTwoAtOnce = true;
                    if (!facingMode) return ask(constraints);
                    const all = await navigator.mediaDevices.enumerateDevices();
                    const wanted = all.find(d => d.kind === 'videoinput' && /fake_device_2/.test(d.label) === (facingMode.ideal === 'environment'));
                    return ask({...constraints, video: {...constraints.video, deviceId: {exact: wanted.deviceId}}});
                };
        },
    });
    await guest.press('flip');
    await sends(guest, 'video', 'fake_device_2');
    await guest.sees('.self-video.outward');
    assert.equal(await guest.page.$eval('.self-video', el => getComputedStyle(el).transform), 'none');
    await host.receives();
    await guest.shot('flipped');
    await guest.press('flip');
    await sends(guest, 'video', 'fake_device_0');
    await guest.sees('.self-video:not(.outward)');
    assert.notEqual(await guest.page.$eval('.self-video', el => getComputedStyle(el).transform), 'none');
    assert.equal(await guest.page.evaluate(() => window.testTwoAtOnce), undefined, 'the old camera is closed before the next is opened');
    await host.receives();
    await browser.close();
    await host.leave();
});
