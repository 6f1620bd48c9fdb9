import assert from 'node:assert/strict';
import test from 'node:test';
import {constraints, Devices, deviceProblem, environmentProblem, looksInApp} from '../../web/js/core/devices.js';
import {LocalMedia} from '../../web/js/core/media.js';
import {barLength, loudness, MicMeter} from '../../web/js/core/meter.js';
import {FakeClock, settle} from './fakes.mjs';

const fault = (name, message = '', more = {}) => Object.assign(new Error(message), {name, ...more});
const track = (kind, id = kind) => ({
    kind,
    id,
    enabled: true,
    stopped: false,
    label: `The ${id}`,
    stop() {
        this.stopped = true;
    },
    getSettings: () => ({deviceId: id}),
});
const stream = (...tracks) => ({
    getTracks: () => tracks,
    getAudioTracks: () => tracks.filter(t => t.kind === 'audio'),
    getVideoTracks: () => tracks.filter(t => t.kind === 'video'),
});

/** A machine whose getUserMedia answers by rule. */
function machine(rule, permissions = {}) {
    const asked = [];
    const media = {
        getUserMedia: async c => {
            asked.push(Object.keys(c).join('+'));
            return rule(c);
        },
        enumerateDevices: async () => [
            {kind: 'audioinput', deviceId: 'm1', label: 'Mic', groupId: 'g1'},
            {kind: 'videoinput', deviceId: 'c1', label: 'Cam', groupId: 'g2'},
            {kind: 'audiooutput', deviceId: 's1', label: 'Speaker', groupId: 'g1'},
            {kind: 'videoinput', deviceId: '', label: ''},
        ],
    };
    const query = async ({name}) => {
        if (!(name in permissions)) throw new TypeError('unknown permission');
        return {state: permissions[name]};
    };
    return {asked, devices: new Devices({media, permissions: {query}})};
}

test('each error of the browser has its name', () => {
    const names = [
        ['NotAllowedError', 'Permission denied', 'denied'],
        ['NotAllowedError', 'Permission denied by system', 'denied_system'],
        ['SecurityError', '', 'denied'],
        ['NotFoundError', '', 'missing'],
        ['NotReadableError', 'Could not start video source', 'in_use'],
        ['AbortError', '', 'in_use'],
        ['OverconstrainedError', '', 'constraint'],
        ['SomethingNewError', '', 'failed'],
    ];
    for (const [name, message, expected] of names) assert.equal(deviceProblem(fault(name, message)), expected);
    assert.equal(deviceProblem(undefined), 'failed');
});

test('a browser that cannot make calls is recognized by its features, not by its name', () => {
    const ok = {
        isSecureContext: true,
        RTCPeerConnection: {},
        navigator: {userAgent: 'x', mediaDevices: {getUserMedia() {}}},
    };
    assert.equal(environmentProblem(ok), null);
    assert.equal(environmentProblem({...ok, isSecureContext: false}), 'insecure');
    assert.equal(environmentProblem({...ok, RTCPeerConnection: undefined}), 'no_webrtc');
    assert.equal(environmentProblem({...ok, navigator: {userAgent: 'x'}}), 'unsupported');
    assert.equal(environmentProblem({...ok, navigator: {userAgent: 'Mozilla [FBAN/FBIOS]'}}), 'in_app');
    assert.equal(
        environmentProblem({...ok, navigator: {...ok.navigator, userAgent: 'Instagram 1.0'}}),
        null,
        'never by name alone',
    );
    assert.ok(!looksInApp('Mozilla/5.0 (iPhone) AppleWebKit Version/17.4 Safari/604.1'));
});

test('both are asked for at once when both are there', async () => {
    const {devices, asked} = machine(() => stream(track('audio'), track('video')));
    const got = await devices.open(['audio', 'video']);
    assert.deepEqual(asked, ['audio+video']);
    assert.equal(got.audio.track.kind, 'audio');
    assert.equal(got.video.problem, null);
});

test('a missing camera does not take the microphone with it', async () => {
    const {devices} = machine(c => {
        if (c.video) throw fault('NotFoundError');
        return stream(track('audio'));
    });
    const got = await devices.open(['audio', 'video']);
    assert.equal(got.audio.track.kind, 'audio');
    assert.equal(got.video.problem, 'missing');
});

test('a camera in use elsewhere does not take the microphone with it', async () => {
    const {devices} = machine(c => {
        if (c.video) throw fault('NotReadableError');
        return stream(track('audio'));
    });
    const got = await devices.open(['audio', 'video']);
    assert.equal(got.video.problem, 'in_use');
    assert.equal(got.audio.problem, null);
});

test('after a refusal nothing is asked a second time, but what is allowed already is opened', async () => {
    const refuse = machine(
        () => {
            throw fault('NotAllowedError', 'Permission denied');
        },
        {microphone: 'prompt', camera: 'prompt'},
    );
    const none = await refuse.devices.open(['audio', 'video']);
    assert.deepEqual(refuse.asked, ['audio+video']);
    assert.deepEqual([none.audio.problem, none.video.problem], ['denied', 'denied']);

    const half = machine(
        c => {
            if (c.video) throw fault('NotAllowedError', 'Permission denied');
            return stream(track('audio'));
        },
        {microphone: 'granted', camera: 'denied'},
    );
    const got = await half.devices.open(['audio', 'video']);
    assert.deepEqual(half.asked, ['audio+video', 'audio']);
    assert.equal(got.audio.problem, null);
    assert.equal(got.video.problem, 'denied');
});

test('a browser that does not know the permission names is not asked twice either', async () => {
    const {devices, asked} = machine(() => {
        throw fault('NotAllowedError');
    });
    await devices.open(['audio', 'video']);
    assert.deepEqual(asked, ['audio+video']);
});

test('the device chosen last time may be gone: another one does', async () => {
    const {devices} = machine(c => {
        if (c.audio.deviceId) throw fault('OverconstrainedError', '', {constraint: 'deviceId'});
        return stream(track('audio', 'other'));
    });
    const got = await devices.open(['audio'], {micId: 'gone'});
    assert.equal(got.audio.track.id, 'other');
});

test('only a chosen device is an exact constraint', () => {
    assert.deepEqual(constraints('video', {cameraId: 'c'}).deviceId, {exact: 'c'});
    assert.ok(!JSON.stringify(constraints('video', {facing: 'user'})).includes('exact'));
    assert.ok(!JSON.stringify(constraints('audio', {})).includes('exact'));
});

test('lists only what can be chosen', async () => {
    const {devices} = machine(() => stream());
    assert.deepEqual(await devices.list(), {
        mics: [{id: 'm1', label: 'Mic', group: 'g1'}],
        cameras: [{id: 'c1', label: 'Cam', group: 'g2'}],
        speakers: [{id: 's1', label: 'Speaker', group: 'g1'}],
    });
});

/** The person's media over a machine, and the reported state. */
function setUp(rule) {
    const clock = new FakeClock();
    const kept = new Map();
    const media = new LocalMedia({
        devices: machine(rule).devices,
        clock,
        storage: {getItem: k => kept.get(k) ?? null, setItem: (k, v) => kept.set(k, v)},
        audioContext: () => assert.fail('no meter in this test'),
    });
    media.meter.listen = () => undefined;
    let state = {};
    media.on('change', c => {
        state = {...state, ...c};
    });
    return {media, clock, kept, state: () => state};
}

test('muting keeps the microphone open; a camera that is off is closed', async () => {
    const {media, state} = setUp(c => stream(...Object.keys(c).map(k => track(k))));
    await media.start(['audio', 'video']);
    const {audio, video} = media.tracks;
    await media.setMic(false);
    assert.equal(audio.stopped, false);
    assert.equal(audio.enabled, false);
    await media.setCam(false);
    assert.equal(video.stopped, true);
    assert.equal(media.tracks.video, null);
    assert.equal(state().camState, 'off');
    await media.setMic(true);
    assert.equal(media.tracks.audio, audio);
    assert.equal(audio.enabled, true);
    await media.setCam(true);
    assert.equal(state().camState, 'on');
    assert.notEqual(media.tracks.video, video);
});

test('a change of mind while the browser still asks wins', async () => {
    let answer;
    const {media, state} = setUp(() => new Promise(r => (answer = () => r(stream(track('video'))))));
    const asking = media.start(['video']);
    await settle();
    await media.setCam(false);
    answer();
    await asking;
    assert.equal(media.tracks.video, null);
    assert.equal(state().camState, 'off');
});

test('muted before a reload is muted after it', async () => {
    const {media} = setUp(c => stream(...Object.keys(c).map(k => track(k))));
    media.wanted.audio = false;
    await media.start(['audio']);
    assert.equal(media.tracks.audio.enabled, false);
});

test('an unplugged device is replaced by the default, and the person is told', async () => {
    const {media} = setUp(c => stream(...Object.keys(c).map(k => track(k))));
    const told = [];
    media.on('replaced', r => told.push(r));
    await media.start(['audio']);
    const first = media.tracks.audio;
    first.onended();
    await settle();
    assert.notEqual(media.tracks.audio, first);
    assert.deepEqual(told, [{kind: 'audio', label: 'The audio'}]);
});

test('a question that stays unanswered is pointed out', async () => {
    const {media, clock, state} = setUp(() => new Promise(() => undefined));
    media.start(['audio', 'video']);
    clock.advance(8_000);
    assert.equal(state().slow, true);
});

test('a chosen device is remembered', async () => {
    const {media, kept} = setUp(c => stream(...Object.keys(c).map(k => track(k))));
    await media.choose('cameraId', 'c9');
    assert.equal(kept.get('parlour.camera'), 'c9');
    assert.equal(media.chosen.cameraId, 'c9');
});

test('silence is noticed after six seconds, not while muted, and withdrawn at the first sound', () => {
    const heard = [];
    const meter = new MicMeter({
        clock: new FakeClock(),
        context: () => null,
        onLevel() {},
        onSilent: s => heard.push(s),
    });
    for (let i = 0; i < 59; i++) meter.tick(-80);
    assert.deepEqual(heard, []);
    meter.tick(-80);
    assert.deepEqual(heard, [true]);
    meter.tick(-30);
    assert.deepEqual(heard, [true, false]);
    meter.setActive(false);
    for (let i = 0; i < 100; i++) meter.tick(-80);
    assert.deepEqual(heard, [true, false]);
});

test('without a microphone the meter lets its context rest, and wakes it for the next one', () => {
    globalThis.MediaStream = class {};
    const clock = new FakeClock();
    const context = {
        state: 'running',
        createAnalyser: () => ({getFloatTimeDomainData() {}}),
        createMediaStreamSource: () => ({connect() {}, disconnect() {}}),
        suspend: async () => (context.state = 'suspended'),
        resume: async () => (context.state = 'running'),
    };
    const meter = new MicMeter({clock, context: () => context, onLevel() {}, onSilent() {}});
    meter.listen(track('audio'));
    meter.listen(null);
    assert.equal(context.state, 'suspended');
    clock.advance(1_000);
    assert.equal(context.state, 'suspended');
    meter.listen(track('audio'));
    clock.advance(200);
    assert.equal(context.state, 'running');
});

test('loudness is in dB, and the bar stays a bar', () => {
    assert.ok(loudness(new Float32Array(100)) < -100);
    assert.ok(Math.abs(loudness(new Float32Array(100).fill(1))) < 0.01);
    for (const db of [-120, -60, -30, 0, 20]) assert.ok(barLength(db) >= 0 && barLength(db) <= 1);
});
