// The devices in a visit: what a changed list means, a voice into a muted microphone, tracks that are taken away, permissions that change.
import assert from 'node:assert/strict';
import test from 'node:test';
import {newCall} from '../../web/js/core/call.js';
import {flip} from '../../web/js/features/devices/flip.js';
import {MutedTalk} from '../../web/js/features/devices/muted_talk.js';
import {goneInUse, offersAfter} from '../../web/js/features/devices/plugged.js';
import {DeviceWatch} from '../../web/js/features/devices/watch.js';
import {FakeClock, settle} from './fakes.mjs';
import {enter, setUp} from './visit_scene.mjs';

const device = (id, group = '') => ({id, label: `The ${id}`, group});
const local = more => ({...newCall().local, mics: [device('default'), device('m1')], cameras: [device('c1')], speakers: [device('s1')], micState: 'on', camState: 'on', micId: 'm1', cameraId: 'c1', ...more});
const NONE = new Set();

test('a device that came is offered; one that the system made up, one in use, and the first list after a permission are not', () => {
    const before = local();
    const offers = more => offersAfter([], before, {...before, ...more}, NONE).map(o => o.label);
    assert.deepEqual(offers({mics: [...before.mics, device('m2')]}), ['The m2']);
    assert.deepEqual(offers({mics: [...before.mics, device('communications')]}), []);
    assert.deepEqual(offers({mics: [...before.mics, device('m2')], micId: 'm2'}), []);
    assert.deepEqual(offers({cameras: [...before.cameras, device('c2')], camState: 'off'}), [], 'no camera for somebody who wants none');
    const first = local({cameras: []});
    assert.deepEqual(offersAfter([], first, local(), NONE), []);
    const missing = local({cameras: [], camState: 'missing', cameraId: ''});
    assert.deepEqual(offersAfter([], missing, {...missing, cameras: [device('c1')]}, NONE).map(o => o.label), ['The c1']);
});

test('microphone and speaker of one headset are one offer, also when the browser lists them one after the other', () => {
    const before = local();
    const half = {...before, mics: [...before.mics, device('h', 'headset')]};
    const whole = {...half, speakers: [...before.speakers, device('h', 'headset')]};
    const [offer, ...more] = offersAfter(offersAfter([], before, half, NONE), half, whole, NONE);
    assert.deepEqual(more, []);
    assert.deepEqual(offer.ids, {micId: 'h', speakerId: 'h'});
});

test('an offer ends when its device has gone again or is in use, and one that was in use before says so', () => {
    const before = local();
    const with2 = {...before, mics: [...before.mics, device('m2')]};
    const offers = offersAfter([], before, with2, new Set(['m2']));
    assert.equal(offers[0].back, true);
    assert.deepEqual(offersAfter(offers, with2, before, NONE), []);
    assert.deepEqual(offersAfter(offers, with2, {...with2, micId: 'm2'}, NONE), []);
    assert.deepEqual(goneInUse(with2, before), []);
    assert.deepEqual(goneInUse({...with2, micId: 'm2'}, before), [['micId', 'm2']]);
});

/** A voice that says these levels, ten a second. */
function talk() {
    const clock = new FakeClock();
    const told = [];
    let onLevel;
    const listened = [];
    const media = {
        makeMeter(on) {
            onLevel = on;
            return {listen: t => listened.push(t)};
        },
    };
    const muted = new MutedTalk({clock, media, tell: t => told.push(t)});
    const copy = {
        enabled: false,
        stop() {
            this.stopped = true;
        },
    };
    muted.follow({clone: () => copy});
    const say = (level, n) => {
        for (let i = 0; i < n; i++) {
            clock.advance(100);
            onLevel(level);
        }
    };
    return {muted, told, copy, listened, say};
}

test('half a second of a voice into a muted microphone is told once, a knock on the table is not', () => {
    const {told, copy, say} = talk();
    assert.equal(copy.enabled, true, 'a copy is listened to: the sent track stays silent');
    for (let i = 0; i < 5; i++) {
        say(0.9, 1);
        say(0, 9);
    }
    assert.deepEqual(told, []);
    say(0.6, 5);
    assert.deepEqual(told, [true]);
    say(0.6, 100);
    assert.deepEqual(told, [true, false], 'it goes, and is not said again so soon');
});

test('the copy is closed when the microphone is on again', () => {
    const {muted, copy, listened} = talk();
    muted.follow(null);
    assert.equal(copy.stopped, true);
    assert.equal(listened.at(-1), null);
});

class Track extends EventTarget {
    constructor(kind, settings = {}) {
        super();
        Object.assign(this, {kind, settings, enabled: true, muted: false, readyState: 'live', label: kind});
    }
    getSettings = () => this.settings;
    clone = () => new Track(this.kind);
    stop() {
        this.readyState = 'ended';
    }
    become(muted) {
        this.muted = muted;
        this.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
    }
}

/** In a call with tracks that can be taken away. */
async function inCall({page = {}, permissions} = {}) {
    const t = setUp();
    const opened = [];
    const {devices} = t.media.deps;
    devices.media.getUserMedia = async c => {
        const tracks = Object.keys(c).map(kind => new Track(kind));
        opened.push(...tracks);
        return {getTracks: () => tracks, getAudioTracks: () => tracks.filter(x => x.kind === 'audio'), getVideoTracks: () => tracks.filter(x => x.kind === 'video')};
    };
    t.media.makeMeter = () => ({listen() {}});
    await enter(t);
    await t.media.settled();
    if (permissions) devices.permissions = permissions;
    let shown;
    t.visit.add(new DeviceWatch(t.visit, {onShown: run => (shown = run), hidden: () => false, oneCapture: false, ...page}));
    const pass = async ms => {
        t.clock.advance(ms);
        await settle();
    };
    return {...t, opened, pass, shown: () => shown()};
}
const status = t => Object.assign({}, ...t.sockets[0].sent.filter(m => m.type === 'status').map(({type, n, ...rest}) => rest));

test('a track that a phone call has taken is told to the person and to the others, and opened anew when it is given back', async () => {
    const t = await inCall();
    const old = t.media.tracks.video;
    old.become(true);
    await t.pass(500);
    assert.equal(t.visit.call.local.camState, 'on', 'a blink is not reported');
    await t.pass(600);
    assert.equal(t.visit.call.local.camState, 'interrupted');
    assert.equal(status(t).cam, false);
    old.become(false);
    await t.pass(0);
    assert.notEqual(t.media.tracks.video, old);
    assert.equal(old.readyState, 'ended', 'the old one is closed: phones open one at a time');
    assert.equal(t.visit.call.local.camState, 'on');
    assert.equal(status(t).cam, true);
});

test('a press on a device that was taken opens it anew', async () => {
    const t = await inCall();
    for (const [kind, press, state] of [['audio', () => t.visit.toggleMic(), 'micState'], ['video', () => t.visit.toggleCam(), 'camState']]) {
        const old = t.media.tracks[kind];
        old.become(true);
        await t.pass(1_000);
        assert.equal(t.visit.call.local[state], 'interrupted');
        await press();
        assert.notEqual(t.media.tracks[kind], old);
        assert.equal(t.visit.call.local[state], 'on');
    }
});

test('back from the background a track that is still taken, or a microphone that gives nothing at all, is opened anew', async () => {
    const t = await inCall();
    const {audio, video} = t.media.tracks;
    video.muted = true;
    t.shown();
    await t.pass(500);
    assert.notEqual(t.media.tracks.video, video);
    assert.equal(t.media.tracks.audio, audio);
    Object.assign(t.media.meter, {quietMs: 3_000, db: -60});
    await t.pass(2_500);
    assert.equal(t.media.tracks.audio, audio, 'a quiet room is no reason');
    t.shown();
    t.media.meter.db = -120;
    await t.pass(3_000);
    assert.notEqual(t.media.tracks.audio, audio);
});

test('a permission given again opens the device; one that is withdrawn without the end of the track is noticed', async () => {
    const states = {camera: Object.assign(new EventTarget(), {state: 'granted'}), microphone: Object.assign(new EventTarget(), {state: 'granted'})};
    const t = await inCall({permissions: {query: async ({name}) => states[name]}});
    await settle();
    const set = async state => {
        states.camera.state = state;
        states.camera.dispatchEvent(new Event('change'));
        await settle();
    };
    const {devices} = t.media.deps;
    const ask = devices.media.getUserMedia;
    devices.media.getUserMedia = async () => Promise.reject(Object.assign(new Error('Permission denied'), {name: 'NotAllowedError'}));
    await set('denied');
    assert.equal(t.visit.call.local.camState, 'denied');
    devices.media.getUserMedia = ask;
    await set('granted');
    assert.equal(t.visit.call.local.camState, 'on');
});

test('a muted microphone is listened to in the call only, and nowhere where a second capture would end the first', async () => {
    const followed = async page => {
        const t = await inCall({page});
        const {audio} = t.media.tracks;
        let copies = 0;
        audio.clone = () => {
            copies += 1;
            return new Track('audio');
        };
        await t.visit.toggleMic();
        await settle();
        return copies;
    };
    assert.equal(await followed({}), 1);
    assert.equal(await followed({oneCapture: true}), 0);
});

/** A phone with these cameras; `opened` is what was asked for. */
function phone(cameras) {
    const opened = [];
    const media = {
        chosen: {micId: '', cameraId: '', speakerId: ''},
        tracks: {video: {getSettings: () => cameras[0]}},
        take: () => (media.tracks.video = null),
        async start() {
            assert.equal(media.tracks.video, null, 'the old camera is closed first');
            const {cameraId, facing} = media.chosen;
            opened.push(cameraId || facing);
            const found = cameraId ? cameras.find(c => c.deviceId === cameraId) : (cameras.find(c => c.facingMode === facing) ?? cameras[0]);
            media.tracks.video = found && !found.broken ? {getSettings: () => found} : null;
        },
    };
    const list = cameras.map(c => ({id: c.deviceId, label: ''}));
    return {media, opened, press: () => flip(media, list)};
}

test('the button changes the side of the camera; cameras without a side are taken in turn, and a broken one does not leave us without', async () => {
    const sides = phone([{deviceId: 'f', facingMode: 'user'}, {deviceId: 'b', facingMode: 'environment'}]);
    await sides.press();
    await sides.press();
    assert.deepEqual(sides.opened, ['environment', 'user']);
    const plain = phone([{deviceId: 'x'}, {deviceId: 'y'}]);
    await plain.press();
    await plain.press();
    assert.deepEqual(plain.opened, ['y', 'x']);
    const broken = phone([{deviceId: 'x'}, {deviceId: 'y', broken: true}]);
    await broken.press();
    assert.equal(broken.media.tracks.video.getSettings().deviceId, 'x');
});
