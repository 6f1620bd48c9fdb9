// The quality of the connection, in one word, from the browser's statistics. Uses only loss and round trip, which every
// browser reports; the word gets worse quickly and better slowly, so that it does not flicker.
import {ORDER} from './slice.js';

/** @typedef {'good' | 'fair' | 'poor'} Word */
/**
 * @typedef {object} QualityState
 * @property {number} lost packets, as last counted
 * @property {number} received
 * @property {number} run consecutive samples that say `leaning`
 * @property {Word | ''} leaning
 * @property {Word | ''} shown
 * @property {string} path `host`, `srflx`, `relay/udp`, `relay/tcp`, `relay/tls` or empty
 */

const DOWN_AFTER = 2;
const UP_AFTER = 5;

/** @returns {QualityState} */
const newQuality = () => ({lost: 0, received: 0, run: 0, leaning: '', shown: '', path: ''});

/**
 * MOS of the speech by ITU-T G.107's cubic, from delay and loss.
 * @param {number} rttMs  @param {number} lossPercent
 */
function speechScore(rttMs, lossPercent) {
    const delay = rttMs / 2 + 40; // roughly the delay of jitter buffer and sound card
    const r = Math.max(0, Math.min(100, 93.2 - (delay > 160 ? (delay - 120) / 10 : delay / 40) - 2.5 * lossPercent));
    return 1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r);
}

/** @param {number} rttMs  @param {number} lossPercent  @returns {Word} */
export function word(rttMs, lossPercent) {
    const mos = speechScore(rttMs, lossPercent);
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
export function pathOf(stats, pair) {
    const local = stats.find(s => s.id === pair?.localCandidateId);
    if (!local) return '';
    const type = local.candidateType === 'prflx' ? 'srflx' : local.candidateType;
    return type === 'relay' ? `relay/${local.relayProtocol ?? 'udp'}` : type;
}

/** @param {QualityState | null} earlier  @param {any[]} stats  @returns {QualityState} */
export function judgeQuality(earlier, stats) {
    const before = earlier ?? newQuality();
    const streams = stats.filter(s => s.type === 'inbound-rtp');
    const lost = streams.reduce((n, s) => n + (s.packetsLost ?? 0), 0);
    const received = streams.reduce((n, s) => n + (s.packetsReceived ?? 0), 0);
    const pair = pairOf(stats);
    const expected = received - before.received + Math.max(0, lost - before.lost);
    const inLoss = expected > 0 ? (100 * Math.max(0, lost - before.lost)) / expected : 0;
    const outLoss = Math.max(
        0,
        ...stats.filter(s => s.type === 'remote-inbound-rtp').map(s => 100 * (s.fractionLost ?? 0)),
    );
    const now = word(1000 * (pair?.currentRoundTripTime ?? 0), Math.max(inLoss, outLoss));
    return {...settle(before, now), lost, received, path: pathOf(stats, pair) || before.path};
}

/** @param {QualityState} q  @param {Word} now  @returns {QualityState} */
function settle(q, now) {
    if (!q.shown) return {...q, shown: now, leaning: now, run: 1};
    const run = q.leaning === now ? q.run + 1 : 1;
    const better = ORDER.indexOf(now) > ORDER.indexOf(q.shown);
    const due = now !== q.shown && run >= (better ? UP_AFTER : DOWN_AFTER);
    return {...q, leaning: now, run, shown: due ? now : q.shown};
}
