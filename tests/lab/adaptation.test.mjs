// What a thin or lossy line of the guest does to a call: the sound stays clean, the picture gets smaller, or goes with words, and comes back.
// Both ways of the line have the same limits. Its queue holds 300 ms and drops what does not fit, as RFC 8867 has it for trials of
// congestion control. A longer one makes a longer delay that no sender can prevent: whatever is on its way when the line breaks in
// has to get through.
//
// The score of the sound (ITU-T G.107) is taken over every two seconds, from the moment at which the line breaks in. A loaded machine lowers it
// too: as much as it does on a free line, in the same call just before, is not the thin line's.
import '../support/lab.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {Lab, pause, wall} from './scene.mjs';

const WINDOW_MS = 2_000;
const QUEUE_MS = 300;
const GOOD = 3.5;
/** On a free line, on a machine that has nothing else to do. */
const FREE = 4.3;
/** Clean sound is made up to at most this part. A line that breaks in to less than the picture that is on its way can carry fills its queue
 *  before anybody can know; after this time that is over. */
const CLEAN = 0.02;
const BROKE_IN_S = 5;
const lab = await Lab.start();
const {b} = lab.homes;
await b.line();

/** Runs in the page: what the connection in use has received so far. */
async function received() {
    const pc = window.testConnections.findLast(c => c.connectionState === 'connected');
    const all = pc ? [...(await pc.getStats()).values()] : [];
    const of = kind => all.find(s => s.type === 'inbound-rtp' && s.kind === kind) ?? {};
    const out = all.find(s => s.type === 'outbound-rtp' && s.kind === 'video') ?? {};
    const pair = all.find(s => s.availableOutgoingBitrate) ?? {};
    const [audio, video] = [of('audio'), of('video')];
    return {
        concealed: audio.concealedSamples ?? 0, samples: audio.totalSamplesReceived ?? 0, waited: audio.jitterBufferDelay ?? 0, emitted: audio.jitterBufferEmittedCount ?? 0,
        frames: video.framesDecoded ?? 0, width: video.frameWidth ?? 0, rtt: pair.currentRoundTripTime ?? 0,
        sends: `${out.frameWidth}x${out.frameHeight} ${Math.round((pair.availableOutgoingBitrate ?? 0) / 1000)} kbit/s`, paused: document.querySelector('[data-sending="paused"]') !== null,
    };
}

/** MOS of the sound between two readings, and the part of it that was made up. */
function soundBetween(before, now) {
    const concealed = (now.concealed - before.concealed) / Math.max(1, now.samples - before.samples);
    const buffered = (now.waited - before.waited) / Math.max(1, now.emitted - before.emitted);
    const delay = (now.rtt / 2 + buffered) * 1000 + 20;
    const r = Math.max(0, 93.2 - (delay > 160 ? (delay - 120) / 10 : delay / 40) - 250 * concealed);
    return {concealed, score: 1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r)};
}

/** Follows a call: `heard` has the sound of each window at both sides, `pictures` the width that the host sees. */
async function follow(call, ms, {until = () => false} = {}) {
    const since = wall();
    const heard = [];
    const pictures = [];
    let windows = [];
    let settled = null;
    while (wall() - since < ms && !until(pictures.at(-1))) {
        const now = {at: (wall() - since) / 1000, of: await Promise.all(call.people.map(p => p.page.evaluate(received)))};
        windows.push(now);
        if (now.at >= BROKE_IN_S) settled ??= now;
        const before = windows.find(w => now.at - w.at <= WINDOW_MS / 1000 + 0.1);
        windows = windows.slice(-10);
        if (now.at - before.at >= 1.5) heard.push({at: now.at, sides: now.of.map((n, i) => soundBetween(before.of[i], n))});
        pictures.push({at: now.at, width: now.of[0].width, frames: now.of[0].frames, paused: now.of[1].paused});
        if (process.env.PARLOUR_LAB_TALK) console.log(now.at.toFixed(1), `${now.of[0].width} ${now.of[0].frames}`, now.of.map(o => o.sends).join(' | '), heard.at(-1)?.sides.map(s => `${s.score.toFixed(2)} ${(100 * s.concealed).toFixed(1)} %`).join(' | '));
        await pause(400);
    }
    const worstFrom = s => Math.min(...heard.filter(h => h.at >= s).flatMap(h => h.sides.map(x => x.score)));
    const madeUp = settled ? Math.max(...windows.at(-1).of.map((n, i) => soundBetween(settled.of[i], n).concealed)) : 0;
    return {pictures, worst: worstFrom(0), settled: worstFrom(BROKE_IN_S), madeUp};
}

/** The line breaks in; resolves to what the machine takes from the score by itself. */
async function breaksIn(call, kbit) {
    const {worst} = await follow(call, 4_000);
    await b.line({kbit, queueMs: QUEUE_MS});
    console.log(`on a free line before: worst score ${worst.toFixed(2)}`);
    return Math.max(0, FREE - worst);
}

/** @param {string} title  @param {(call: any) => Promise<void>} run */
function row(title, run) {
    if (!title.includes(process.env.PARLOUR_LAB_ROWS ?? '')) return;
    test(title, async () => {
        const call = await lab.call();
        try {
            await follow(call, 20_000, {until: p => p?.width === 1280}); // the whole picture is there
            await run(call);
        } finally {
            await b.line();
            await call.end();
        }
    });
}

row('20 % loss: at most 5 % of the sound is made up', async call => {
    await b.line({delayMs: 20, lossPercent: 20});
    await follow(call, 10_000);
    const before = await Promise.all(call.people.map(p => p.page.evaluate(received)));
    await follow(call, 20_000);
    const now = await Promise.all(call.people.map(p => p.page.evaluate(received)));
    const concealed = now.map((n, i) => soundBetween(before[i], n).concealed);
    console.log(`20 % loss: ${concealed.map(c => `${(100 * c).toFixed(1)} %`).join(' and ')} made up`);
    assert.ok(Math.max(...concealed) <= 0.05, String(concealed));
});

row('400 kbit/s: the score never falls below 3.5, the picture steps down within 3 s, and is whole again within 15 s of relief', async call => {
    const machine = await breaksIn(call, 400);
    const thin = await follow(call, 20_000);
    const down = thin.pictures.find(p => p.width < 1280)?.at;
    await b.line();
    const after = await follow(call, 25_000, {until: p => p?.width === 1280});
    const whole = after.pictures.at(-1);
    console.log(`400 kbit/s: worst score ${thin.worst.toFixed(2)}, then ${thin.settled.toFixed(2)}; ${(100 * thin.madeUp).toFixed(1)} % made up, smaller after ${down?.toFixed(1)} s, whole again after ${whole.at.toFixed(1)} s`);
    assert.ok(down <= 3, `${down} s`);
    assert.ok(thin.worst + machine >= GOOD, `${thin.worst}, of which the machine takes ${machine}`);
    assert.ok(thin.madeUp <= CLEAN, String(thin.madeUp));
    assert.equal(whole.width, 1280);
    assert.ok(whole.at <= 15, `${whole.at} s`);
});

row('150 kbit/s: the sound is clean, the picture is slow or off with words', async call => {
    const machine = await breaksIn(call, 150);
    const {worst, settled, pictures, madeUp} = await follow(call, 30_000);
    const {frames, paused} = pictures.at(-1);
    const slow = frames > pictures.find(p => p.at > BROKE_IN_S).frames;
    console.log(`150 kbit/s: worst score ${worst.toFixed(2)}, then ${settled.toFixed(2)}; ${(100 * madeUp).toFixed(1)} % made up, ${paused ? 'off with words' : slow ? 'slow' : 'gone'}`);
    assert.ok(slow || paused);
    assert.ok(settled + machine >= GOOD, `${settled}, of which the machine takes ${machine}`);
    assert.ok(madeUp <= CLEAN, String(madeUp));
});

row('70 kbit/s: the picture is off with words, and after relief one press brings it back', async call => {
    await b.line({kbit: 70, queueMs: QUEUE_MS});
    await follow(call, 40_000, {until: p => p?.paused});
    await call.guest.sees('[data-sending="paused"]');
    await call.guest.shot('picture-paused');
    await b.line();
    const {frames} = await call.host.page.evaluate(received);
    await call.guest.press('resume-picture');
    const {pictures} = await follow(call, 5_000, {until: p => p?.frames > frames + 5});
    console.log(`70 kbit/s: one press brings the picture back after ${pictures.at(-1).at.toFixed(1)} s`);
    assert.ok(pictures.at(-1).frames > frames + 5, 'the host sees the guest again');
    await call.guest.gone('[data-sending="paused"]');
});

/** Runs in the page: the codecs of the camera's m-line, in the order of this browser's description. */
function cameraCodecs() {
    const {sdp} = window.testConnections.findLast(c => c.connectionState === 'connected').localDescription;
    const section = sdp.split(/^(?=m=)/m).find(part => part.startsWith('m=video'));
    const types = section.split(/\r?\n/)[0].split(' ').slice(3);
    return types.map(type => new RegExp(`^a=rtpmap:${type} ([^/]+)`, 'm').exec(section)?.[1]);
}

test('VP8, which every browser has, is the first that each side names for the picture', async () => {
    const call = await lab.call({watched: false});
    try {
        for (const {page} of call.people) assert.equal((await page.evaluate(cameraCodecs))[0], 'VP8');
    } finally {
        await call.end();
    }
});

test('the code of the page takes at most 2 % of a core in a call', async () => {
    const call = await lab.call({watched: false});
    try {
        await pause(5_000);
        const parts = [];
        for (const {page} of call.people) {
            const cdp = await page.createCDPSession();
            await cdp.send('Performance.enable', {timeDomain: 'threadTicks'});
            const read = async () => Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map(m => [m.name, m.value]));
            const before = await read();
            const begun = wall();
            await pause(15_000);
            const now = await read();
            const spent = ['ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration'].reduce((sum, name) => sum + now[name] - before[name], 0);
            parts.push((1000 * spent) / (wall() - begun));
        }
        console.log(`the page's own code: ${parts.map(p => `${(100 * p).toFixed(2)} %`).join(' and ')} of a core`);
        assert.ok(Math.max(...parts) <= 0.02, String(parts));
    } finally {
        await call.end();
    }
});
