import assert from 'node:assert/strict';
import test from 'node:test';
import {makeApi} from '../../web/js/core/api.js';
import {systemClock} from '../../web/js/core/clock.js';

const SERVER_MS = Date.parse('2026-11-29T10:00:00.400Z');
const DAY_MS = 86_400_000;

/** A computer whose clock is wrong by `wrong`, and a server a round trip away; time passes by `pass`. */
function setUp(wrong) {
    const at = {mono: 5_000, server: SERVER_MS, own: SERVER_MS + wrong};
    const clock = systemClock({now: () => at.mono, own: () => at.own});
    const pass = ms => {
        for (const hand of Object.keys(at)) at[hand] += ms;
    };
    const second = () => Math.floor(at.server / 1000) * 1000;
    /** Answers say the second in which they were made. */
    function ask({there = 40, back = 60} = {}) {
        const asked = clock.now();
        pass(there);
        const said = second();
        pass(back);
        clock.learn(said, asked, clock.now());
    }
    return {at, clock, pass, ask, error: () => clock.wall() - at.server};
}

for (const wrong of [0, -600_000, DAY_MS, -DAY_MS, 365 * DAY_MS])
    test(`with a clock that is wrong by ${wrong / 1000} s the time is right to the second after one answer, and better after several`, () => {
        const {clock, pass, ask, error} = setUp(wrong);
        assert.equal(error(), wrong, 'nothing else is known yet');
        ask();
        assert.ok(Math.abs(error()) <= 600, `${error()}`);
        for (const ms of [330, 570, 210, 890, 450]) {
            pass(ms);
            ask();
        }
        assert.ok(Math.abs(error()) <= 200, `${error()}`);
        assert.equal(clock.date().getTime(), clock.wall());
        pass(7 * 3600_000);
        assert.ok(Math.abs(error()) <= 200, `${error()}`);
    });

test('a slow answer does not spoil the time learned from a quick one', () => {
    const {ask, error} = setUp(DAY_MS);
    for (let i = 0; i < 5; i++) ask({there: 10 + 130 * i, back: 10});
    const before = Math.abs(error());
    ask({there: 9_000, back: 10});
    assert.ok(Math.abs(error()) <= before + 1, `${error()}`);
});

test('setting the computer\'s clock changes nothing once the time is learned anew, and the page notices that it must ask', () => {
    const {at, clock, ask, error} = setUp(0);
    ask();
    assert.equal(clock.doubtful(), false);
    at.own -= 3600_000;
    assert.equal(clock.doubtful(), true);
    assert.ok(Math.abs(error()) <= 600, 'a step back is never believed');
    at.own += 2 * 3600_000;
    assert.equal(clock.doubtful(), true);
    ask();
    assert.equal(clock.doubtful(), false);
    assert.ok(Math.abs(error()) <= 600, `${error()}`);
});

test('a computer whose monotonic clock stands still while it sleeps wakes with the right time', () => {
    const {at, clock, ask, pass, error} = setUp(-600_000);
    ask();
    pass(60_000);
    at.own += 8 * 3600_000;
    at.server += 8 * 3600_000;
    assert.equal(clock.doubtful(), true);
    assert.ok(Math.abs(error()) <= 600, `${error()}`);
    ask();
    assert.ok(Math.abs(error()) <= 600, `${error()}`);
});

test('when the server sets its clock the page follows', () => {
    const {at, ask, error} = setUp(0);
    ask();
    at.server += 120_000;
    ask();
    assert.ok(Math.abs(error()) <= 600, `${error()}`);
});

test('each answer of the API tells the time, a refusal too; one without a date changes nothing', async () => {
    const learned = [];
    let mono = 100;
    const clock = {now: () => (mono += 10), learn: (...said) => learned.push(said)};
    const date = 'Sun, 29 Nov 2026 10:00:00 GMT';
    const answers = [
        new Response('{}', {headers: {'content-type': 'application/json', date}}),
        new Response('{"code":"gone"}', {status: 404, headers: {'content-type': 'application/problem+json', date}}),
        new Response(null, {status: 204}),
    ];
    const api = makeApi({clock, fetch: async () => answers.shift()});
    await api.get('/a');
    await assert.rejects(api.get('/b'), {code: 'gone'});
    await api.get('/c');
    assert.deepEqual(learned, [
        [Date.parse(date), 110, 120],
        [Date.parse(date), 130, 140],
        [Number.NaN, 150, 160],
    ]);
    const real = systemClock({now: () => 0, own: () => 5});
    real.learn(Number.NaN, 0, 1);
    assert.equal(real.wall(), 5);
});
