// Devices that answer late: whatever is pressed meanwhile, the last wish wins. All orders of presses and answers are walked.
import assert from 'node:assert/strict';
import test from 'node:test';
import {camLooks, micLooks} from '../../web/js/core/call.js';
import {Devices} from '../../web/js/core/devices.js';
import {LocalMedia} from '../../web/js/core/media.js';
import {FakeClock} from './fakes.mjs';

const FIELDS = {audio: {kind: 'audio', id: 'micId', looks: micLooks}, video: {kind: 'video', id: 'cameraId', looks: camLooks}};
const soon = async () => {
    for (let i = 0; i < 12; i++) await null;
};

/** A browser that answers when it is told to. */
function lateBrowser() {
    const open = [];
    const given = [];
    const track = (kind, id) => {
        const made = {kind, enabled: true, live: true, label: id, getSettings: () => ({deviceId: id}), stop: () => (made.live = false)};
        given.push(made);
        return made;
    };
    const media = {
        getUserMedia: constraints => new Promise((yes, no) => open.push({constraints, yes, no})),
        enumerateDevices: async () => [],
    };
    return {
        media,
        open,
        live: kind => given.filter(t => t.kind === kind && t.live),
        async answer() {
            const {constraints, yes} = open.shift();
            const tracks = Object.entries(constraints).map(([kind, c]) => track(kind, c.deviceId?.exact ?? 'default'));
            const of = kind => tracks.filter(t => t.kind === kind);
            yes({getTracks: () => tracks, getAudioTracks: () => of('audio'), getVideoTracks: () => of('video')});
            await soon();
        },
        async fail() {
            open.shift().no(Object.assign(new Error('busy'), {name: 'NotReadableError'}));
            await soon();
        },
    };
}

function setUp() {
    const browser = lateBrowser();
    const clock = new FakeClock();
    const media = new LocalMedia({
        devices: new Devices({media: browser.media}),
        clock,
        storage: {getItem: () => null, setItem: () => undefined},
        audioContext: () => assert.fail('no meter in this test'),
    });
    media.meter.listen = () => undefined;
    const call = {local: {mic: false, cam: false, micState: 'off', camState: 'off', slow: false}};
    media.on('change', c => {
        call.local = {...call.local, ...c};
    });
    media.wanted = {audio: false, video: false};
    const press = async (kind, on) => {
        if (kind === 'audio') media.setMic(on);
        else media.setCam(on);
        await soon();
    };
    return {browser, clock, media, call, press, looks: kind => FIELDS[kind].looks(call)};
}

/** Every word of `letters` up to this length. */
function* words(letters, length) {
    yield [];
    if (length > 0) for (const rest of words(letters, length - 1)) for (const l of letters) yield [l, ...rest];
}

/** The conditions that must hold at every moment. */
function checkAlways({browser, media, looks}, kind, story) {
    const live = browser.live(kind);
    assert.ok(browser.open.length <= 1, `${story}: one question at a time`);
    assert.deepEqual(live, media.tracks[kind] ? [media.tracks[kind]] : [], `${story}: nothing is open that is not in use`);
    if (looks(kind) === 'off') assert.ok(!live[0] || (kind === 'audio' && !live[0].enabled), `${story}: looks off, so it is`);
    if (looks(kind) === 'on') assert.ok(live[0]?.enabled, `${story}: looks on, so it is`);
    if (looks(kind) === 'opening') assert.equal(browser.open.length, 1, `${story}: it is being asked for`);
}

for (const kind of ['video', 'audio'])
    test(`whatever is pressed while the ${kind === 'video' ? 'camera' : 'microphone'} opens, the last press wins and nothing else stays open`, async () => {
        let walked = 0;
        for (const story of words(['press', 'answer', 'fail', 'choose'], 6)) {
            const scene = setUp();
            const {browser, media, press, looks} = scene;
            const {id} = FIELDS[kind];
            let wish = false;
            let chosen = 0;
            for (const step of story) {
                if (step === 'press') {
                    wish = looks(kind) === 'off';
                    await press(kind, wish);
                    assert.equal(looks(kind) !== 'off', wish, `${story}: the press is seen at once`);
                } else if (step === 'choose') {
                    media.choose(id, `device ${++chosen}`);
                    await soon();
                } else if (browser.open.length) await browser[step]();
                checkAlways(scene, kind, story);
            }
            while (browser.open.length) await browser.answer();
            checkAlways(scene, kind, story);
            assert.notEqual(looks(kind), 'opening', `${story}`);
            if (!wish) assert.equal(looks(kind), 'off', `${story}`);
            if (looks(kind) === 'on' && chosen) assert.equal(media.tracks[kind].getSettings().deviceId, `device ${chosen}`, `${story}: the device chosen last`);
            walked++;
        }
        assert.equal(walked, (4 ** 7 - 1) / 3);
    });

test('both devices opened by one question: each can be cancelled meanwhile', async () => {
    for (const story of words(['audio', 'video'], 5)) {
        const scene = setUp();
        const {browser, media, press, looks} = scene;
        media.only(['audio', 'video']);
        media.start(['audio', 'video']);
        await soon();
        const wish = {audio: true, video: true};
        for (const kind of story) {
            wish[kind] = !wish[kind];
            await press(kind, wish[kind]);
        }
        assert.equal(browser.open.length, 1, `${story}: one question for both`);
        await browser.answer();
        while (browser.open.length) await browser.answer();
        for (const kind of ['audio', 'video']) {
            assert.equal(looks(kind), wish[kind] ? 'on' : 'off', `${story}: ${kind}`);
            assert.equal(browser.live(kind).length, wish[kind] ? 1 : 0, `${story}: ${kind}`);
        }
    }
});

test('after a reload a press on a device that is opening stops it: two presses start nothing that looked off', async () => {
    const {browser, media, press, looks} = setUp();
    media.wanted = {audio: true, video: true};
    media.start(['audio', 'video']);
    await soon();
    assert.deepEqual([looks('audio'), looks('video')], ['opening', 'opening']);
    for (const kind of ['audio', 'video']) await press(kind, looks(kind) === 'off');
    await browser.answer();
    assert.deepEqual([looks('audio'), looks('video')], ['off', 'off']);
    assert.deepEqual([...browser.live('audio'), ...browser.live('video')], []);
});

test('a device that is opening at the end of the visit is closed as soon as it opens', async () => {
    const {browser, media, looks} = setUp();
    media.only(['audio', 'video']);
    media.start(['audio', 'video']);
    await soon();
    media.stop();
    await browser.answer();
    assert.deepEqual([...browser.live('audio'), ...browser.live('video')], []);
    assert.equal(looks('video'), 'off');
});

test('a guest who goes back and comes in without a camera has no running camera', async () => {
    const {browser, media, looks} = setUp();
    media.only(['audio', 'video']);
    media.start(['audio', 'video']);
    await soon();
    await browser.answer();
    media.only(['audio']);
    media.start(['audio']);
    await soon();
    assert.equal(browser.open.length, 0, 'the microphone is open already');
    assert.deepEqual(browser.live('video'), []);
    assert.deepEqual([looks('audio'), looks('video')], ['on', 'off']);
});

test('a browser that does not answer for long is asked anew by the next press, and its late answer is closed', async () => {
    const {browser, clock, media, call, press, looks} = setUp();
    await press('video', true);
    clock.advance(8_000);
    assert.equal(call.local.slow, true);
    await press('video', false);
    assert.equal(call.local.slow, false, 'nobody waits for it any more');
    await press('video', true);
    assert.equal(browser.open.length, 2);
    await browser.answer();
    assert.equal(looks('video'), 'opening');
    assert.deepEqual(browser.live('video'), []);
    await browser.answer();
    assert.equal(looks('video'), 'on');
    assert.deepEqual(browser.live('video'), [media.tracks.video]);
});
