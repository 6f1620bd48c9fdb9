// The picture and the sound that a line gets: the ladder over recorded series, and what the browser is told.
import assert from 'node:assert/strict';
import test from 'node:test';
import {Adapted} from '../../web/js/features/adaptation/adapted.js';
import {BEAT_MS, Beats, Lateness} from '../../web/js/features/adaptation/beats.js';
import {again, climb, fallTo, firstStep, LAST, LOOK_MS, OFF, RUNGS, wantsLook} from '../../web/js/features/adaptation/ladder.js';
import {measure, noCounts} from '../../web/js/features/adaptation/measure.js';
import {soundFor, USUAL, withWishes} from '../../web/js/features/adaptation/sound.js';
import {FakeClock, FakePeerConnection, settle} from './fakes.mjs';
import {enter, setUp} from './visit_scene.mjs';

const K = 1_000;

/** The rungs of a series of facts, one a second. @param {(second: number) => object} facts */
function series(seconds, facts, {from = 0, best = 0} = {}) {
    let step = firstStep(0, from);
    const rungs = [];
    for (let s = 1; s <= seconds; s++) {
        step = climb(step, {at: s * K, room: 0, loss: 0, delayMs: 5, starved: false, ...facts(s)}, best);
        rungs.push(step.rung);
    }
    return {rungs, step};
}

test('a line of 400 kbit/s: the picture steps down in the second in which the browser knows it', () => {
    const room = [3_800, 3_800, 330, 280, 300, 310, 300].map(k => k * K); // recorded in the lab, less the sound
    const {rungs} = series(7, s => ({room: room[s - 1]}));
    assert.deepEqual(rungs, [0, 0, 2, 2, 2, 2, 2]);
});

test('after relief the picture is whole again within 15 s, over looks at what more the line carries', () => {
    let step = firstStep(0, 2);
    let room = 300 * K;
    let lookedAt = 0;
    for (let s = 1; s <= 12; s++) {
        if (wantsLook(step, s * K, 0, {lookedAt, lookMs: LOOK_MS})) {
            lookedAt = s * K;
            room = 1.8 * RUNGS[step.rung].bitrate;
        }
        step = climb(step, {at: s * K, room, loss: 0, delayMs: 5, starved: false});
    }
    assert.equal(step.rung, 0);
});

test('a line that wavers does not make the picture jump: a step up that fails is tried later each time', () => {
    const {rungs} = series(120, s => ({room: s % 6 < 3 ? 900 * K : 300 * K}));
    const ups = rungs.filter((r, i) => i > 0 && r < rungs[i - 1]).length;
    assert.ok(ups <= 6, `${ups} steps up`);
});

test('after steps up that failed, a line that turns out much wider is believed at once', () => {
    let step = firstStep(0, LAST);
    for (let s = 1; s <= 40; s++) step = climb(step, {at: s * K, room: (s % 6 < 3 ? 400 : 150) * K, loss: 0, delayMs: 5, starved: false});
    assert.ok(step.waitMs > 6 * K, 'it had become patient');
    const rungs = [];
    for (let s = 41; s <= 43; s++) {
        step = climb(step, {at: s * K, room: 3_000 * K, loss: 0, delayMs: 5, starved: false});
        rungs.push(step.rung);
    }
    assert.equal(rungs.at(-1), 0, String(rungs));
});

test('what the line was found to carry decides how far the picture falls, and never makes it larger', () => {
    const at = 5 * K;
    assert.equal(fallTo(firstStep(0), 500 * K, at).rung, 1);
    assert.equal(fallTo(firstStep(0), 200 * K, at).rung, 3);
    assert.equal(fallTo(firstStep(0), 10 * K, at).rung, LAST);
    assert.equal(fallTo(firstStep(0, 3), 2_000 * K, at).rung, 3);
});

test('150 kbit/s and worse: the smallest picture, then none after eight seconds, then a try after a while', () => {
    const {rungs} = series(45, () => ({room: 45 * K}));
    assert.equal(rungs[0], LAST);
    assert.equal(rungs[6], LAST);
    assert.equal(rungs[9], OFF);
    assert.deepEqual(rungs.slice(22, 26), [OFF, OFF, LAST, LAST]);
    assert.equal(rungs.at(-1), OFF);
});

test('a picture that was turned on again by the person has eight seconds to show that it can', () => {
    const {step} = series(12, () => ({room: 45 * K}));
    assert.equal(step.rung, OFF);
    let on = again(step, 12 * K);
    assert.equal(on.rung, LAST);
    for (let s = 13; s <= 19; s++) on = climb(on, {at: s * K, room: 45 * K, loss: 0, delayMs: 5, starved: false});
    assert.equal(on.rung, LAST);
});

test('without an estimate: loss, delay and missing frames bring the picture down a rung at a time, calm brings it up again', () => {
    for (const trouble of [{loss: 0.2}, {delayMs: 600}, {starved: true}]) {
        const {rungs} = series(30, s => (s > 3 && s < 12 ? trouble : {}));
        const lowest = Math.max(...rungs);
        assert.ok(lowest >= 3, `${Object.keys(trouble)}: ${rungs}`);
        assert.ok(rungs.at(-1) <= 1, `${Object.keys(trouble)}: ${rungs}`);
    }
});

test('20 % loss on a wide line: the picture is lowered, and not taken away', () => {
    const {rungs} = series(20, () => ({room: 3_000 * K, loss: 0.2}));
    assert.deepEqual(new Set(rungs), new Set([2]));
});

test('who wants little data used gets the smallest picture', () => {
    const {rungs} = series(10, () => ({room: 3_000 * K}), {best: LAST});
    assert.deepEqual(new Set(rungs), new Set([LAST]));
});

test('the facts of a line, from a browser with an estimate and from one without', () => {
    const stats = [
        {type: 'outbound-rtp', kind: 'video', ssrc: 1, framesSent: 100},
        {type: 'remote-inbound-rtp', fractionLost: 0.5, roundTripTime: 0.2},
        {type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.05},
    ];
    const first = measure(noCounts(0), stats, {at: K, sound: USUAL, fps: 15});
    assert.equal(first.facts.room, 0);
    assert.ok(first.facts.loss > 0.1 && first.facts.loss < 0.5, 'one report is not the whole truth');
    assert.equal(first.facts.delayMs, 0);
    stats[2].currentRoundTripTime = 0.35;
    stats[2].availableOutgoingBitrate = 400 * K;
    const {facts} = measure(first.counts, stats, {at: 2 * K, sound: USUAL, fps: 15});
    assert.equal(Math.round(facts.delayMs), 300);
    assert.equal(facts.starved, true);
    assert.ok(facts.room > 300 * K && facts.room < 400 * K, 'the sound comes first');
});

test('the voice is sent twice from 3 % loss on, and sparingly where the person wants it', () => {
    const lossy = soundFor(USUAL, {loss: 0.05, room: 300 * K, thin: true, low: false});
    assert.deepEqual(lossy, {twice: true, kbit: 24, sparing: false});
    assert.equal(soundFor(lossy, {loss: 0.02, room: 0, thin: false, low: false}).twice, true, 'it does not flicker');
    assert.deepEqual(soundFor(lossy, {loss: 0, room: 0, thin: false, low: false}), USUAL);
    assert.deepEqual(soundFor(USUAL, {loss: 0, room: 0, thin: true, low: false}), {twice: false, kbit: 24, sparing: false});
    assert.deepEqual(soundFor(USUAL, {loss: 0, room: 0, thin: false, low: true}), {twice: false, kbit: 20, sparing: true});
});

test('on a line that is full the voice is not sent twice, whatever is lost', () => {
    const full = {loss: 0.3, room: 60 * K, thin: true, low: false};
    assert.equal(soundFor(USUAL, full).twice, false);
    const twice = soundFor(USUAL, {...full, room: 120 * K});
    assert.equal(twice.twice, true);
    assert.equal(soundFor(twice, full).twice, true, 'its own bits do not take it away again');
    assert.equal(soundFor(twice, {...full, room: 20 * K}).twice, false);
});

const SDP = [
    'v=0', 's=-', 'm=audio 9 UDP/TLS/RTP/SAVPF 111 63 9', 'c=IN IP4 0.0.0.0', 'a=rtpmap:111 opus/48000/2', 'a=fmtp:111 minptime=10;useinbandfec=1',
    'a=rtpmap:63 red/48000/2', 'a=fmtp:63 111/111', 'm=video 9 UDP/TLS/RTP/SAVPF 96', 'c=IN IP4 0.0.0.0', 'a=rtpmap:96 VP8/90000',
    'm=video 9 UDP/TLS/RTP/SAVPF 96', 'c=IN IP4 0.0.0.0', 'a=rtpmap:96 VP8/90000', '',
].join('\r\n');

test('the wishes are written into the description, once, and taken out again', () => {
    const written = withWishes(SDP, {twice: true, kbit: 24, sparing: true}, 4000);
    assert.match(written, /^m=audio 9 UDP\/TLS\/RTP\/SAVPF 63 111 9\r$/m);
    assert.match(written, /^a=fmtp:111 minptime=10;maxaveragebitrate=24000;useinbandfec=1;usedtx=1\r$/m);
    assert.equal(written.match(/b=AS:4000/g).length, 1, 'of the camera only');
    const back = withWishes(written, {twice: false, kbit: 32, sparing: false}, 4001);
    assert.match(back, /a=fmtp:111 minptime=10;maxaveragebitrate=32000;useinbandfec=1\r\n/);
    assert.deepEqual(back.match(/b=AS:\d+/g), ['b=AS:4001']);
    const plain = 'v=0\r\nm=audio 9 RTP 0\r\na=rtpmap:0 PCMU/8000\r\n';
    assert.equal(withWishes(plain, USUAL, 1), plain, 'a description without opus stays');
});

test('a beat is late above the shortest way of the last seconds, whatever the two clocks say', () => {
    const lateness = new Lateness();
    const ahead = 7_000_000;
    for (let t = 0; t < 5 * K; t += BEAT_MS) assert.equal(lateness.of(t + ahead, t + 20), 0);
    assert.equal(lateness.of(5 * K + ahead, 5 * K + 120), 100);
    assert.equal(lateness.limit, 60);
    let late;
    for (let t = 6 * K; t < 30 * K; t += BEAT_MS) late = lateness.of(t + ahead, t + 220);
    assert.equal(late, 0, 'a longer way that stays is the usual one after a while');
});

test('on a restless line only what is unusual is late', () => {
    const lateness = new Lateness();
    for (let i = 0; i < 200; i++) lateness.of(i * BEAT_MS, i * BEAT_MS + 20 + (i % 2 ? 50 : 0));
    assert.ok(lateness.limit > 80, String(lateness.limit));
    const waves = new Lateness();
    const late = [];
    for (let i = 0; i < 400; i++) late.push(waves.of(i * BEAT_MS, i * BEAT_MS + 20 + 5 * (i % 40)) >= waves.limit);
    assert.ok(late.indexOf(true) < 20, 'a queue of others is late at first');
    assert.equal(late.slice(100).includes(true), false, 'and then the usual thing');
});

/** Beats of one side, on a fake connection: `arrives` has a beat arrive after so many ms on the way. */
function oneSide() {
    const clock = new FakeClock();
    const pc = new FakePeerConnection({});
    const news = {heard: [], told: []};
    const said = [];
    const beats = new Beats(pc, clock, {heard: n => news.heard.push(n), told: n => news.told.push(n)});
    const [channel] = pc.channels;
    Object.assign(channel, {readyState: 'open', send: text => said.push(text)});
    const arrives = wayMs => channel.arrives(String(clock.t - wayMs));
    const pass = (wayMs, count) => {
        for (let i = 0; i < count; i++) {
            clock.advance(BEAT_MS);
            beats.tick(false);
            arrives(wayMs);
        }
    };
    return {clock, pc, beats, channel, news, said, arrives, pass};
}

test('late beats are answered with how late they are, then with what arrives meanwhile', async () => {
    const side = oneSide();
    let bytes = 0;
    side.pc.getStats = async () => new Map([['p', {type: 'candidate-pair', bytesReceived: bytes}]]);
    side.pass(20, 10);
    assert.deepEqual(side.said, []);
    for (let i = 0; i < 4; i++) {
        side.pass(120, 1);
        await settle();
        bytes += 2_500; // in 50 ms: 400 kbit/s
    }
    assert.deepEqual(side.said, ['100 0', '100 0', '100 0', '100 400']);
    assert.equal(side.news.heard.length, 4);
    side.pass(70, 1);
    assert.equal(side.news.heard.length, 5, 'until the queue is gone');
    side.pass(30, 1);
    side.pass(70, 1);
    assert.equal(side.news.heard.length, 5);
});

test('a flood of late beats asks the browser for its figures once at a time', async () => {
    const side = oneSide();
    let asked = 0;
    let answer;
    side.pc.getStats = () => {
        asked += 1;
        return new Promise(resolve => (answer = resolve));
    };
    side.pass(20, 10);
    for (let i = 0; i < 100; i++) side.arrives(120);
    assert.equal(asked, 1);
    answer(new Map());
    await settle();
    side.arrives(120);
    assert.equal(asked, 2);
});

test('a way that stays longer than a queue can be is the usual one from then on', () => {
    const side = oneSide();
    side.pass(20, 10);
    side.pass(220, 60);
    assert.equal(side.said.length, 1_500 / BEAT_MS);
    assert.equal(side.news.heard.length, 400 / BEAT_MS, 'without word from the other side, our own way out is taken to be free');
    side.pass(300, 1);
    assert.equal(side.said.at(-1), '80 0');
});

test('a page that was kept from its work does not take its own delay for that of the line', () => {
    const side = oneSide();
    side.pass(20, 10);
    side.clock.advance(400);
    side.arrives(370);
    side.beats.tick(false);
    side.arrives(320);
    assert.deepEqual(side.news.heard, []);
});

test('a side that sends no large picture is silent, and what is not a beat is left alone', () => {
    const side = oneSide();
    side.beats.tick(false);
    assert.deepEqual(side.said, []);
    side.beats.tick(true);
    assert.deepEqual(side.said, ['1000']);
    for (const text of ['', 'x', '1 x', 'NaN']) side.channel.arrives(text);
    assert.deepEqual(side.news, {heard: [], told: []});
    side.channel.arrives('80 300');
    assert.deepEqual(side.news.told, [{lateMs: 80, kbit: 300}]);
});

/** A live call with the feature in it, and the statistics that its connections give. */
async function adaptedCall(kept = new Map()) {
    const t = await enter(setUp({kept}));
    const adapted = new Adapted(t.visit, {getItem: k => kept.get(k) ?? null, setItem: (k, v) => kept.set(k, v)});
    t.visit.add(adapted);
    adapted.recall();
    const [pc] = FakePeerConnection.all.filter(x => !x.closed);
    await pc.setRemoteDescription({type: 'answer', sdp: SDP});
    const {peer} = t.visit.deps.peers.byId.get('h');
    peer.main.described = {type: 'answer', sdp: SDP};
    pc.become('connected');
    let estimate = 3_800 * K;
    for (const x of [pc]) x.getStats = async () => new Map([['p', {type: 'candidate-pair', availableOutgoingBitrate: estimate, nominated: true}]]);
    const pass = async seconds => {
        for (let s = 0; s < 2 * seconds; s++) {
            t.clock.advance(K / 2);
            await settle();
        }
    };
    const encoding = (of = peer.pc) => of.transceivers[1].sender.parameters.encodings[0];
    return {...t, adapted, peer, pass, encoding, kept, line: to => (estimate = to)};
}

test('a weak line: the picture is small, then paused with words and a way back, and the others are told that there is none', async () => {
    const c = await adaptedCall();
    await c.pass(3);
    assert.deepEqual([c.encoding().scaleResolutionDownBy, c.encoding().active], [1, true]);
    c.line(300 * K);
    c.clock.advance(500);
    await settle();
    assert.equal(c.encoding().active, true, 'it steps down at once');
    assert.equal(c.encoding().scaleResolutionDownBy, 2);
    assert.equal(c.encoding().maxBitrate, 120 * K, 'the whole picture that comes first is small');
    await c.pass(1);
    assert.equal(c.encoding().maxBitrate, 450 * K);
    c.line(80 * K);
    await c.pass(10);
    assert.equal(c.encoding().active, false);
    assert.equal(c.visit.call.sending.paused, true);
    assert.equal(c.sockets[0].sent.findLast(m => m.type === 'status').cam, false);
    c.line(3_000 * K);
    c.adapted.resume();
    await settle();
    assert.equal(c.encoding().active, true);
    assert.equal(c.visit.call.sending.paused, false);
    assert.equal(c.sockets[0].sent.findLast(m => m.type === 'status').cam, true);
});

test('a line that breaks in by three rungs gets no picture for a second, and no words about it', async () => {
    const c = await adaptedCall();
    await c.pass(3);
    c.line(200 * K);
    c.clock.advance(500);
    await settle();
    assert.equal(c.encoding().active, false, 'the sound gets through first');
    assert.equal(c.visit.call.sending.paused, false);
    await c.pass(1);
    assert.equal(c.encoding().active, true);
});

test('late packets: no picture until they are through, then one that fits what the line was found to carry', async () => {
    const c = await adaptedCall();
    await c.pass(3);
    const beats = c.peer.pc.channels.find(x => x.label === 'beats');
    for (const text of ['90 0', '140 400']) {
        beats.arrives(text);
        await settle();
        assert.equal(c.encoding().active, false, 'at once');
        c.clock.advance(BEAT_MS);
    }
    assert.equal(c.visit.call.sending.paused, false, 'that is no matter for words');
    c.clock.advance(3 * BEAT_MS);
    await settle();
    assert.equal(c.encoding().active, true);
    assert.equal(Math.round(c.encoding().scaleResolutionDownBy), 2);
    assert.equal(c.encoding().maxBitrate, 120 * K, 'the first picture does not fill the line again');
    await c.pass(1); // the estimate still says what it said before
    assert.equal(c.encoding().maxBitrate, 0.85 * (400 - 52) * K);
});

test('a line that only stumbled gets its picture back as it was', async () => {
    const c = await adaptedCall();
    await c.pass(3);
    const beats = c.peer.pc.channels.find(x => x.label === 'beats');
    beats.arrives('90 0');
    await settle();
    assert.equal(c.encoding().active, false);
    c.clock.advance(3 * BEAT_MS);
    await settle();
    assert.deepEqual([c.encoding().active, c.encoding().scaleResolutionDownBy, c.encoding().maxBitrate], [true, 1, RUNGS[0].bitrate]);
});

test('after a step up the browser forgets how small it had made the picture by itself', async () => {
    const c = await adaptedCall();
    await c.pass(3);
    const {sender} = c.peer.pc.transceivers[1];
    const preferences = [];
    const {setParameters} = sender;
    sender.setParameters = function (p) {
        preferences.push(p.degradationPreference);
        return setParameters.call(this, p);
    };
    c.line(300 * K);
    await c.pass(2);
    assert.deepEqual(new Set(preferences), new Set(['maintain-framerate']));
    preferences.length = 0;
    c.line(3_000 * K);
    await c.pass(3);
    assert.deepEqual(preferences.slice(0, 2), ['balanced', 'maintain-framerate']);
    assert.equal(c.encoding().scaleResolutionDownBy, 1);
});

test('a connection that replaces another begins with the wishes of the first, and no picture is sent over a path that is held', async () => {
    const c = await adaptedCall();
    await c.pass(2);
    c.line(60 * K);
    await c.pass(12);
    assert.equal(c.encoding().active, false);
    c.peer.renew();
    await settle();
    assert.equal(c.encoding(c.peer.next.pc).active, false);
    assert.equal(c.encoding(c.peer.next.pc).scaleResolutionDownBy, 4);
});

test('whether less data is wanted is remembered, and the other side is asked for the same', async () => {
    const c = await adaptedCall();
    const said = [];
    Object.assign(c.peer.main.line.ctl, {readyState: 'open', send: m => said.push(m)});
    await c.pass(3);
    c.adapted.setLow(true);
    await c.pass(1);
    assert.deepEqual(said, ['full', 'less']);
    assert.equal(c.encoding().scaleResolutionDownBy, 4);
    assert.equal(c.kept.get('parlour.less_data'), '1');
    const next = await adaptedCall(c.kept);
    assert.equal(next.visit.call.sending.low, true);
});

test('a look at the line is a higher limit that our browser reads in the description, and nothing that the other side hears of', async () => {
    const c = await adaptedCall();
    await c.pass(2);
    c.line(300 * K);
    const sent = () => c.sockets[0].sent.filter(m => m.type === 'signal').length;
    const before = sent();
    await c.pass(6);
    assert.match(c.peer.pc.remoteDescription.sdp, /b=AS:400[1-9]/);
    assert.equal(sent(), before);
    assert.equal(c.peer.pc.signalingState, 'stable');
});
