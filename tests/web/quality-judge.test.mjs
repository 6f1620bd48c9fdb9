// The word for a connection from statistics as Chromium 156 and Firefox 153 gave them in one call, two seconds apart, and as browsers
// that report less would give them; and what the server is told of it.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import {judgeQuality} from '../../web/js/features/quality/judge.js';
import {Tally} from '../../web/js/features/quality/tally.js';

const recorded = name => JSON.parse(readFileSync(new URL(`recorded/stats-${name}.json`, import.meta.url), 'utf8'));
/** Fields that compat data and trials name as missing somewhere: Safari, older Firefox. */
const RARE = ['concealedSamples', 'silentConcealedSamples', 'totalSamplesReceived', 'freezeCount', 'totalFreezesDuration', 'fractionLost', 'currentRoundTripTime', 'jitterBufferDelay', 'jitterBufferEmittedCount'];
const without = (stats, fields) => stats.map(s => Object.fromEntries(Object.entries(s).filter(([k]) => !fields.includes(k))));
const BROWSERS = {
    chromium: recorded('chromium'),
    firefox: recorded('firefox'),
    'a browser that reports little': recorded('firefox').map(s => without(s, RARE)),
};

/** The statistics with changes to those of a type and kind. */
const changed = (stats, type, kind, change) => stats.map(s => (s.type === type && (!kind || s.kind === kind) ? {...s, ...change(s)} : s));
/** The word that a lasting state leads to. */
function lasting(before, next, sends = true) {
    let q = judgeQuality(null, before, sends);
    let stats = before;
    for (let i = 0; i < 3; i++) {
        stats = next(stats);
        q = judgeQuality(q, stats, sends);
    }
    return q;
}
/** One more second like the recorded two. */
const onward = ([first, second]) => stats =>
    stats.map(s => {
        const [a, b] = [first, second].map(list => list.find(x => x.id === s.id) ?? {});
        const grown = Object.entries(s).filter(([k, v]) => typeof v === 'number' && /^packets|^total|^frames|Samples$|^jitterBuffer/.test(k)).map(([k, v]) => [k, v + Math.max(0, (b[k] ?? v) - (a[k] ?? v)) / 2]);
        return {...s, ...Object.fromEntries(grown)};
    });

for (const [name, pair] of Object.entries(BROWSERS)) {
    const on = onward(pair);
    test(`${name}: a clean line is good`, () => {
        const q = lasting(pair[1], on);
        assert.equal(q.shown, 'good');
        assert.equal(q.path, 'host');
    });

    test(`${name}: nothing arriving is the worst, where the other side sends something`, () => {
        assert.equal(lasting(pair[1], stats => stats).shown, 'poor');
        assert.equal(lasting(pair[1], stats => stats, false).shown, 'good', 'a person without camera and microphone sends nothing');
    });

    test(`${name}: a picture that stands still is not good`, () => {
        const still = stats => changed(on(stats), 'inbound-rtp', 'video', s => ({framesDecoded: pair[1].find(x => x.id === s.id).framesDecoded, ...('totalFreezesDuration' in s && {totalFreezesDuration: s.totalFreezesDuration + 0.6})}));
        assert.equal(lasting(pair[1], still).shown, 'poor');
    });

    test(`${name}: a tenth of the sound lost is not good`, () => {
        const lossy = stats =>
            changed(on(stats), 'inbound-rtp', 'audio', s => ({packetsLost: s.packetsLost + 6, packetsReceived: s.packetsReceived - 6, ...('concealedSamples' in s && {concealedSamples: s.concealedSamples + 5_000})}));
        assert.notEqual(lasting(pair[1], lossy).shown, 'good');
    });

    test(`${name}: what is lost on the way to the other side counts`, () => {
        const lossy = stats => changed(on(stats), 'remote-inbound-rtp', '', s => ({packetsLost: s.packetsLost + 40, ...('fractionLost' in s && {fractionLost: 0.3})}));
        assert.equal(lasting(pair[1], lossy).shown, 'poor');
    });
}

test('loss that the browser makes up for without a gap in the sound is no loss to the ear', () => {
    const [first, second] = BROWSERS.chromium;
    const on = onward([first, second]);
    const mended = stats => changed(on(stats), 'inbound-rtp', 'audio', s => ({packetsLost: s.packetsLost + 6, packetsReceived: s.packetsReceived - 6}));
    assert.equal(lasting(second, mended).shown, 'good');
    const pause = stats => changed(on(stats), 'inbound-rtp', 'audio', s => ({concealedSamples: s.concealedSamples + 20_000, silentConcealedSamples: s.silentConcealedSamples + 20_000}));
    assert.equal(lasting(second, pause).shown, 'good', 'nobody speaks, and nothing is sent');
});

test('a new connection counts from zero and keeps the word', () => {
    const [, second] = BROWSERS.firefox;
    const before = judgeQuality(judgeQuality(null, second, true), second, true);
    const q = judgeQuality({...before, counts: null}, [], true);
    assert.equal(q.shown, before.shown);
});

test('a report holds the seconds by word and the figures as whole numbers, within the bounds of the server', () => {
    const tally = new Tally();
    for (let i = 0; i < 200; i++) tally.add(i < 150 ? 'good' : 'lost');
    tally.addSample({rttMs: 40.4, lost: 3, expected: 1000, concealed: 96, samples: 48_000, frozenMs: 12.5}, 'relay/tls');
    tally.addSample({rttMs: 60.4, lost: 1, expected: 1000, concealed: 0, samples: 48_000, frozenMs: 0}, '');
    assert.deepEqual(tally.message(), {type: 'quality', good: 120, fair: 0, poor: 0, lost: 50, rtt_ms: 50, loss: 2, concealed: 1, frozen_ms: 13, path: 'relay/tls'});
    assert.deepEqual(new Tally().message(), {type: 'quality', good: 0, fair: 0, poor: 0, lost: 0, rtt_ms: 0, loss: 0, concealed: 0, frozen_ms: 0});
});
