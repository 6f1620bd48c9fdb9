// Sockets that do everything wrong in every order: they may leave nothing behind, and nobody else may notice.
// The choices come from a seed that is printed when something is found; PARLOUR_SEED repeats it.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {newRoom} from '../support/http.mjs';
import {closeFrame, CONTINUATION, frame, PING, RawSocket, TEXT} from '../support/raw_ws.mjs';
import {call, joinAsHost, practice} from '../support/scene.mjs';
import {freePort} from '../support/server.mjs';

const SOCKETS = 600;
const AT_ONCE = 12;
const STEPS = 30;

const metricsPort = await freePort();
const {server, admin} = await practice({args: ['--metrics-listen', `127.0.0.1:${metricsPort}`, '--rate-scale', '1000']});
const seed = Number(process.env.PARLOUR_SEED ?? Date.now() % 1e9);

/** Whole numbers below n, the same ones for the same seed (mulberry32). */
function dice(state) {
    return n => {
        state = (state + 0x6d2b79f5) | 0;
        let x = Math.imul(state ^ (state >>> 15), state | 1);
        x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
        return ((x ^ (x >>> 14)) >>> 0) % n;
    };
}

const STEP = [
    (raw, roll) => raw.write(Buffer.from(Array.from({length: 1 + roll(300)}, () => roll(256)))),
    raw => raw.write(frame(TEXT, '{"type":"ice"}')),
    (raw, roll) => raw.write(frame(TEXT, JSON.stringify({type: 'chat', text: 'x'.repeat(1 + roll(900))}))),
    (raw, roll) => raw.write(frame(PING, Buffer.alloc(roll(126), 7))),
    raw => raw.write(frame(TEXT, '{"type"', {fin: false}), frame(PING, 'between')),
    raw => raw.write(frame(CONTINUATION, ':"ice"}')),
    (raw, roll) => raw.write(frame(TEXT, Buffer.alloc(1 + roll(70_000), 65)).subarray(0, 1 + roll(60_000))),
    raw => raw.socket.pause(),
    raw => raw.write(closeFrame(1000)),
    () => new Promise(resolve => setTimeout(resolve, 2)),
];
const END = [raw => raw.socket.resetAndDestroy(), raw => raw.socket.end(() => raw.socket.resume()), raw => raw.destroy()];

/** Tries again while too many refused sockets are still open: all of them come from one address. */
async function open(path) {
    for (;;) {
        try {
            return await RawSocket.open(server, path);
        } catch (error) {
            if (!error.message.includes(' 503 ')) throw error;
            await new Promise(resolve => setTimeout(resolve, 20));
        }
    }
}

async function misbehave(room, roll) {
    const joined = await joinAsHost(admin, room);
    const raw = await open(joined.ws);
    if (roll(10) > 0) raw.write(frame(TEXT, JSON.stringify({type: 'join', token: joined.token})));
    if (roll(2)) await raw.next(TEXT, 1000);
    for (let i = roll(STEPS); i > 0 && !raw.gone; i--) await STEP[roll(STEP.length)](raw, roll);
    END[roll(END.length)](raw);
}

const gauge = (text, name) => Number(new RegExp(`^parlour_${name} (\\S+)$`, 'm').exec(text)?.[1]);

test(`${SOCKETS} sockets that misbehave leave nothing behind (seed ${seed})`, {timeout: 120_000}, async () => {
    const scene = await call(admin);
    const rooms = []; // a seat may be taken again 120 times a minute
    for (let i = 0; i < SOCKETS / 60; i++) rooms.push(await newRoom(admin));
    const roll = dice(seed);
    let left = SOCKETS;
    await Promise.all(
        Array.from({length: AT_ONCE}, async () => {
            const own = dice(roll(2 ** 31));
            while (left-- > 0) await misbehave(rooms[own(rooms.length)], own);
        }),
    );
    scene.guest.send({type: 'signal', to: scene.host.id, data: {still: 'here'}});
    assert.deepEqual((await scene.host.next('signal')).data, {still: 'here'});
    for (const deadline = Date.now() + 15_000; ; await new Promise(resolve => setTimeout(resolve, 100))) {
        const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
        const rest = ['sockets', 'sockets_unjoined', 'queued_bytes'].map(name => gauge(text, name));
        if (rest.join() === '2,0,0') break;
        assert.ok(Date.now() < deadline, `sockets, unjoined, queued bytes: ${rest}`);
    }
});
