// The quality of a connection, in one word, from the browser's statistics. Browsers report different things: Chromium nearly all, Firefox
// and Safari less. Loss and round trip are enough; what is there beside them, made-up sound and freezes, makes the word truer. Nothing
// arriving is the worst, not the best. The word gets worse quickly and better slowly, so that it does not flicker.
import {ORDER} from './slice.js';

/** @typedef {'good' | 'fair' | 'poor'} Word */
/** What was counted since the connection began. `frozenS`: -1 where the browser does not say.
 *  @typedef {{lost: number, received: number, sounds: number, soundsLost: number, samples: number, concealed: number, pictures: number, frames: number, frozenS: number,
 *   waitS: number, emitted: number, outLost: number, outSent: number}} Counts */
/** The last sample: round trip in ms, packets and samples of sound lost and expected, ms of a frozen picture.
 *  @typedef {{rttMs: number, lost: number, expected: number, concealed: number, samples: number, frozenMs: number}} Sample */
/**
 * @typedef {object} QualityState
 * @property {Counts | null} counts as last counted on this connection
 * @property {number} run consecutive samples that say `leaning`
 * @property {Word | ''} leaning
 * @property {Word | ''} shown
 * @property {string} path `host`, `srflx`, `relay/udp`, `relay/tcp`, `relay/tls` or empty
 * @property {Sample} sample
 */

export const SAMPLE_MS = 1_000;
const DOWN_AFTER = 2;
const UP_AFTER = 5;
/** Shares of the time without a new picture. */
const FROZEN_FAIR = 0.1;
const FROZEN_POOR = 0.4;

/** @returns {QualityState} */
const newQuality = () => ({
    counts: null,
    run: 0,
    leaning: '',
    shown: '',
    path: '',
    sample: {rttMs: 0, lost: 0, expected: 0, concealed: 0, samples: 0, frozenMs: 0},
});

/**
 * MOS of the speech by ITU-T G.107's cubic, from delay and loss.
 * @param {number} rttMs  @param {number} lossPercent  @param {number} waitMs in the jitter buffer
 */
function speechScore(rttMs, lossPercent, waitMs) {
    const delay = rttMs / 2 + waitMs + 20; // the last for the sound card
    const r = Math.max(0, Math.min(100, 93.2 - (delay > 160 ? (delay - 120) / 10 : delay / 40) - 2.5 * lossPercent));
    return 1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r);
}

/** @param {number} rttMs  @param {number} lossPercent  @param {number} [waitMs]  @returns {Word} */
export function word(rttMs, lossPercent, waitMs = 20) {
    const mos = speechScore(rttMs, lossPercent, waitMs);
    return mos >= 3.9 ? 'good' : mos >= 3.1 ? 'fair' : 'poor';
}

/** @param {any[]} stats */
function pairOf(stats) {
    const transport = stats.find(s => s.type === 'transport' && s.selectedCandidatePairId);
    return transport
        ? stats.find(s => s.id === transport.selectedCandidatePairId)
        : stats.find(s => s.type === 'candidate-pair' && s.nominated && s.state === 'succeeded');
}

/** The path of the media, as the dashboard names it. @param {any[]} stats  @param {any} pair */
function pathOf(stats, pair) {
    const local = stats.find(s => s.id === pair?.localCandidateId);
    if (!local) return '';
    const type = local.candidateType === 'prflx' ? 'srflx' : local.candidateType;
    return type === 'relay' ? `relay/${local.relayProtocol ?? 'udp'}` : type;
}

/** Made-up sound that can be heard: while nobody speaks, nothing is sent and nothing is missed. @param {any} s */
const concealed = s => (s.concealedSamples ?? 0) - (s.silentConcealedSamples ?? 0);

/** @param {any[]} stats  @returns {Counts} */
function count(stats) {
    const of = (/** @type {string} */ type) => stats.filter(s => s.type === type);
    const sum = (/** @type {any[]} */ list, /** @type {(s: any) => number | undefined} */ f) =>
        list.reduce((n, s) => n + (f(s) ?? 0), 0);
    const inbound = of('inbound-rtp');
    const sound = inbound.filter(s => s.kind === 'audio');
    const picture = inbound.filter(s => s.kind === 'video');
    return {
        lost: sum(inbound, s => s.packetsLost),
        received: sum(inbound, s => s.packetsReceived),
        sounds: sum(sound, s => s.packetsReceived),
        soundsLost: sum(sound, s => s.packetsLost),
        samples: sum(sound, s => (s.concealedSamples === undefined ? 0 : s.totalSamplesReceived)),
        concealed: sum(sound, concealed),
        pictures: sum(picture, s => s.packetsReceived),
        frames: sum(picture, s => s.framesDecoded),
        frozenS: picture.some(s => s.totalFreezesDuration >= 0) ? sum(picture, s => s.totalFreezesDuration) : -1,
        waitS: sum(sound, s => s.jitterBufferDelay),
        emitted: sum(sound, s => s.jitterBufferEmittedCount),
        outLost: sum(of('remote-inbound-rtp'), s => s.packetsLost),
        outSent: sum(of('outbound-rtp'), s => s.packetsSent),
    };
}

/** @param {number} lost  @param {number} received */
const percent = (lost, received) => (lost > 0 ? (100 * lost) / (lost + received) : 0);

/** What the ear misses, in percent: the sound that was made up, otherwise the packets of sound; with no sound, all packets. @param {Counts} d */
function lossIn(d) {
    if (d.sounds > 0 && d.samples > 0) return (100 * d.concealed) / d.samples;
    return d.sounds + d.soundsLost > 0 ? percent(d.soundsLost, d.sounds) : percent(d.lost, d.received);
}

/** Loss on the way to the other side, in percent. @param {any[]} stats  @param {Counts} d */
function lossOut(stats, d) {
    const told = stats.filter(s => s.type === 'remote-inbound-rtp' && s.fractionLost !== undefined);
    if (told.length) return Math.max(...told.map(s => 100 * s.fractionLost));
    return d.outSent > 0 ? Math.min(100, (100 * d.outLost) / d.outSent) : 0;
}

/** In ms; a browser that says nothing now has the last value. @param {any[]} stats  @param {any} pair  @param {number} before */
function roundTrip(stats, pair, before) {
    const told = stats.filter(s => s.type === 'remote-inbound-rtp' && s.roundTripTime > 0).map(s => s.roundTripTime);
    const seconds = pair?.currentRoundTripTime ?? (told.length ? Math.max(...told) : undefined);
    return seconds === undefined ? before : 1000 * seconds;
}

/** How much of the time stood the picture still: as the browser says, or, where it does not, because packets came and no picture did.
 *  @param {Counts} d  @param {boolean} known */
function frozenMs(d, known) {
    if (known) return Math.min(SAMPLE_MS, 1000 * d.frozenS);
    return d.pictures > 0 && d.frames === 0 ? SAMPLE_MS : 0;
}

/** @param {number} share  @returns {Word} */
const pictureWord = share => (share >= FROZEN_POOR ? 'poor' : share >= FROZEN_FAIR ? 'fair' : 'good');

/** @param {Word[]} words  @returns {Word | undefined} */
export const worst = words => ORDER.find(w => words.includes(w));

/** @param {Counts | null} before  @param {Counts} now  @returns {Counts} */
function since(before, now) {
    const d = {...now};
    for (const key of /** @type {(keyof Counts)[]} */ (Object.keys(d)))
        d[key] = Math.max(0, now[key] - Math.max(0, before?.[key] ?? (key === 'frozenS' ? now[key] : 0)));
    return d;
}

/**
 * The judgement after another sample, SAMPLE_MS after the one before.
 * @param {QualityState | null} earlier  @param {any[]} stats
 * @param {boolean} [sends] the other side says that microphone or camera is on: something must arrive
 * @returns {QualityState}
 */
export function judgeQuality(earlier, stats, sends = false) {
    const before = earlier ?? newQuality();
    const counts = count(stats);
    const d = since(before.counts, counts);
    const pair = pairOf(stats);
    const rttMs = roundTrip(stats, pair, before.sample.rttMs);
    const silent = sends && (before.counts?.received ?? 0) > 0 && d.received === 0;
    const heard = d.sounds > 0 && d.samples > 0;
    const frozen = before.counts ? frozenMs(d, counts.frozenS >= 0) : 0;
    const waitMs = d.emitted > 0 ? (1000 * d.waitS) / d.emitted : 20;
    const now = worst([
        word(rttMs, Math.max(silent ? 100 : lossIn(d), lossOut(stats, d)), waitMs),
        pictureWord(frozen / SAMPLE_MS),
    ]);
    const sample = {
        rttMs,
        lost: d.lost,
        expected: d.received + d.lost,
        concealed: heard ? d.concealed : 0,
        samples: heard ? d.samples : 0,
        frozenMs: frozen,
    };
    return {...settle(before, now ?? 'good'), counts, sample, path: pathOf(stats, pair) || before.path};
}

/** @param {QualityState} q  @param {Word} now  @returns {QualityState} */
function settle(q, now) {
    if (!q.shown) return {...q, shown: now, leaning: now, run: 1};
    const run = q.leaning === now ? q.run + 1 : 1;
    const better = ORDER.indexOf(now) > ORDER.indexOf(q.shown);
    const due = now !== q.shown && run >= (better ? UP_AFTER : DOWN_AFTER);
    return {...q, leaning: now, run, shown: due ? now : q.shown};
}
