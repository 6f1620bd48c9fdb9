// The self test: what its findings mean, and the attempts on a fake clock and socket.
import assert from 'node:assert/strict';
import test from 'node:test';
import {Events} from '../../web/js/core/events.js';
import {probeSocket, probeUdp, relayWay} from '../../web/js/core/line_probe.js';
import {checkOwnLine} from '../../web/js/core/own_check.js';
import {median, probeRelay} from '../../web/js/core/relay_probe.js';
import {judgeRelay, judgeSocket, judgeSpeed, judgeUdp, verdict} from '../../web/js/selftest/judge.js';
import {SelfTest} from '../../web/js/selftest/selftest.js';
import {lineWords} from '../../web/js/ui/line_words.js';
import {readCatalogue} from '../../web/build_texts.mjs';
import {FakeClock, FakeSocket} from './fakes.mjs';

const relay = (way, result = {}) => ({way, result: {fault: null, rttMs: 20, lossPercent: 0, kbitS: 2000, ...result}});
const found = ({state, why}) => `${state} ${why}`;

test('a socket that opens and answers is good, slow, silent or blocked; where nothing else passes either, the server is away', () => {
    const judged = (opened, answered, rttMs, served = true) => found(judgeSocket({opened, answered, rttMs}, served));
    assert.deepEqual([judged(true, 10, 30), judged(true, 10, 900), judged(true, 0, 0), judged(false, 0, 0), judged(false, 0, 0, false)], ['ok ok', 'warn slow', 'bad silent', 'bad blocked', 'bad away']);
});

test('a refusal of the relay over UDP proves that UDP passes; a relay that is reached only by TCP goes around', () => {
    const [refused, gone] = [relay('udp', {fault: 'refused'}), relay('udp', {fault: 'unreachable'})];
    assert.equal(found(judgeUdp(false, [refused])), 'ok ok');
    assert.equal(found(judgeUdp(true, [gone])), 'ok ok');
    assert.equal(found(judgeUdp(false, [gone, relay('tcp')])), 'warn around');
    assert.equal(found(judgeUdp(false, [gone, relay('tls', {fault: 'unreachable'})])), 'bad none');
    assert.equal(found(judgeUdp(false, [relay('tcp')])), 'skip unknown');
});

test('the speed is that of the best way, and loss is told', () => {
    const speeds = (...kbit) => found(judgeSpeed(kbit.map(kbitS => relay('udp', {kbitS}).result)));
    assert.deepEqual([speeds(100, 2000), speeds(500), speeds(90), speeds(0), speeds()], ['ok ok', 'warn small', 'bad sound', 'skip unknown', 'skip unknown']);
    assert.equal(found(judgeRelay(relay('udp', {lossPercent: 15}).result)), 'warn lossy');
});

test('one bad row makes a bad verdict, one warning a limited one, an open question none', () => {
    const of = (...states) => verdict(states.map(state => ({state})));
    assert.deepEqual([of('ok', 'ask', 'skip'), of('ok', 'warn'), of('warn', 'bad')], ['good', 'limited', 'bad']);
});

test('every finding has its words, and every one that is not good its remedy, for each row', () => {
    const texts = readCatalogue('en', 'selftest');
    const whys = Object.keys(texts).flatMap(key => /^selftest\.(browser|camera|mic|speaker|server|relay|udp|speed)\.(\w+)$/.exec(key)?.slice(1, 3).join('.') ?? []);
    assert.ok(whys.length > 40);
    for (const why of whys) if (!/\.(ok|ask)$/.test(why)) assert.ok(texts[`selftest.way.${why}`], why);
    for (const fault of ['unreachable', 'refused', 'busy', 'no_path', 'unavailable']) assert.ok(whys.includes(`relay.${fault}`));
});

test('ten echoes are sent one after the other, and their middle is the delay', async () => {
    const clock = new FakeClock();
    const socket = new FakeSocket('/ws/@check');
    const result = probeSocket({clock, open: () => socket}, '/ws/@check');
    socket.open();
    for (let n = 1; n <= 10; n++) {
        assert.equal(socket.sent.length, n);
        clock.advance(n === 3 ? 500 : 40);
        socket.say({type: 'echo', n});
    }
    assert.deepEqual(await result, {opened: true, answered: 10, rttMs: 40});
});

test('a socket that never opens, or says nothing, ends the attempt in time', async () => {
    for (const opens of [true, false]) {
        const clock = new FakeClock();
        const socket = new FakeSocket('/ws/@check');
        const result = probeSocket({clock, open: () => socket}, '/ws/@check');
        if (opens) socket.open();
        clock.advance(5_000);
        assert.deepEqual(await result, {opened: opens, answered: 0, rttMs: 0});
        assert.equal(socket.closedWith, 1005);
    }
});

test('a browser that cannot make the connection is told apart, and nothing is thrown', async () => {
    const connect = () => {
        throw new TypeError('no peer connections here');
    };
    assert.equal((await probeRelay({clock: new FakeClock(), connect}, {urls: 'turn:x'})).fault, 'unavailable');
    assert.equal(await probeUdp({clock: new FakeClock(), connect}, ['turn:x?transport=udp']), false);
    assert.equal(await probeUdp({clock: new FakeClock(), connect}, ['turns:x']), false, 'nobody to ask by UDP');
});

test('the words for the host know what the server passes on, and nothing else', () => {
    const known = ['good', 'relay', 'direct', 'weak', 'none'];
    const texts = readCatalogue('en', 'admit');
    for (const check of known) assert.ok(texts[lineWords({check}).key], check);
    assert.deepEqual([lineWords({}), lineWords(undefined), lineWords({check: 'toString'}), lineWords({check: 'later'})], [null, null, null, null]);
});

test('the way of an address is read from it', () => {
    assert.deepEqual(['turn:a', 'turn:a:3478?transport=udp', 'turn:a?transport=tcp', 'turns:a:443?transport=tcp'].map(relayWay), ['udp', 'udp', 'tcp', 'tls']);
    assert.deepEqual([median([]), median([0.2]), median([9, 1, 5])], [0, 1, 5]);
});

/** A self test that has come to its end, and the reports it sends. */
function ended() {
    const sent = [];
    const api = {
        post: async (_, body) => {
            sent.push(body.rows);
            return {code: `00000${sent.length}`};
        },
    };
    const done = new SelfTest({api, code: '', changed: () => undefined});
    Object.assign(done, {phase: 'done', rows: [{id: 'speaker', kind: 'speaker', state: 'ask', why: 'ask'}], support: '000000'});
    return {done, sent, api};
}

test('an answer after the end is in the report, under a number of its own', async () => {
    const {done, sent} = ended();
    await done.heardSound(false);
    assert.deepEqual(sent.map(rows => found(rows[0])), ['warn silent']);
    assert.equal(done.support, '000001');
});

test('the number stays when the report cannot be written anew, and an answer before the end is not sent by itself', async () => {
    const {done, sent, api} = ended();
    api.post = async () => Promise.reject(new Error('no network'));
    await done.heardSound(true);
    assert.equal(done.support, '000000');
    done.phase = 'running';
    await done.heardSound(true);
    assert.deepEqual(sent, []);
});

test('the check of a waiting guest leaves no listener behind', async () => {
    const visit = new Events();
    const told = [];
    const api = {post: async () => ({ice_servers: [{urls: 'turn:x'}]})};
    Object.assign(visit, {deps: {api, clock: new FakeClock()}, call: {phase: 'waiting'}, reports: {tell: fact => told.push(fact)}});
    await checkOwnLine(visit, {
        connect: () => {
            throw new TypeError('no peer connections here');
        },
    });
    assert.deepEqual(told, [{check: 'none'}]);
    assert.equal(visit.listeners.change.size, 0);
});
