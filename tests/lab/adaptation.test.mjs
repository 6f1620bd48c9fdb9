// What a thin or lossy line of the guest does to a call: the sound stays clean, the picture gets smaller, or goes with words, and comes back.
// Both ways of the line have the same limits. Sound is clean when next to none of it is made up. Its
// score (ITU-T G.107, over each two seconds) is printed: it falls with the delay of a loaded machine as well.
import '../support/lab.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {Lab, pause, wall} from './scene.mjs';

const WINDOW_MS = 2_000;
/** The queue of the line has to run empty, and the browser to notice. */
const BROKE_IN_S = 5;
const CLEAN = 0.02;
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
    const worst = Math.min(...heard.filter(h => h.at >= BROKE_IN_S).flatMap(h => h.sides.map(s => s.score)));
    const madeUp = settled ? Math.max(...windows.at(-1).of.map((n, i) => soundBetween(settled.of[i], n).concealed)) : 0;
    return {heard, pictures, worst, madeUp};
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

row('400 kbit/s: the sound is clean once the line has settled, the picture steps down within 3 s, and is whole again within 15 s of relief', async call => {
    await b.line({kbit: 400});
    const thin = await follow(call, 20_000);
    const down = thin.pictures.find(p => p.width < 1280)?.at;
    await b.line();
    const after = await follow(call, 25_000, {until: p => p?.width === 1280});
    console.log(`400 kbit/s: worst score ${thin.worst.toFixed(2)}, ${(100 * thin.madeUp).toFixed(1)} % made up, smaller after ${down?.toFixed(1)} s, whole again after ${after.pictures.at(-1).at.toFixed(1)} s`);
    assert.ok(down <= 3, `${down} s`);
    assert.ok(thin.madeUp <= CLEAN, String(thin.madeUp));
    assert.equal(after.pictures.at(-1).width, 1280);
    assert.ok(after.pictures.at(-1).at <= 15, `${after.pictures.at(-1).at} s`);
});

row('150 kbit/s: the picture is slow or off with words', async call => {
    await b.line({kbit: 150});
    await follow(call, 6_000);
    const {worst, pictures, madeUp} = await follow(call, 25_000);
    const {frames, paused} = pictures.at(-1);
    const slow = frames > pictures[0].frames;
    console.log(`150 kbit/s: worst score ${worst.toFixed(2)}, ${(100 * madeUp).toFixed(1)} % made up, ${paused ? 'off with words' : slow ? 'slow' : 'gone'}`);
    assert.ok(slow || paused);
});

row('70 kbit/s: the picture is off with words, and after relief one press brings it back', async call => {
    await b.line({kbit: 70});
    await follow(call, 40_000, {until: p => p?.paused});
    await call.guest.sees('[data-sending="paused"]');
    await call.guest.shot('picture-paused');
    await b.line();
    await call.guest.press('resume-picture');
    const {frames} = await call.host.page.evaluate(received);
    const {pictures} = await follow(call, 5_000, {until: p => p?.frames > frames + 5});
    assert.ok(pictures.at(-1).frames > frames + 5, 'the host sees the guest again');
    await call.guest.gone('[data-sending="paused"]');
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
