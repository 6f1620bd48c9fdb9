// A host who comes to let a guest in.
import assert from 'node:assert/strict';
import test from 'node:test';
import {participant, settle} from './fakes.mjs';
import {HOST, ERRAND, GINA, SEAT, setUp, wait, admit, hostComes, hostInside, hostWith} from './visit_scene.mjs';

test('with devices that worked today a host goes straight in, and lets the guest in once inside, not before', async () => {
    const t = await hostComes();
    assert.equal(t.visit.call.phase, 'connecting');
    assert.deepEqual(t.media.wantedNow(), {mic: true, cam: false}, 'as they were at the check');
    assert.equal(t.sockets[0].sent.length, 0, 'nothing is said before the seat is taken');
    const [admit, ...more] = await hostInside(t, [GINA]);
    assert.equal(admit.participant, 'g');
    assert.deepEqual(more, []);
    assert.equal(t.errands.read('dr-rivera'), null, 'done once, also over a reload');
    assert.equal(t.place.read().today, true);
});

test('without a check today, or a permission that is not given, the devices are asked for first; the guest goes on waiting', async () => {
    for (const options of [{checked: null}, {checked: {mic: false, cam: false}}, {permission: 'prompt'}]) {
        const t = await hostComes(options);
        assert.equal(t.visit.call.phase, 'primer', JSON.stringify(options));
        assert.ok(t.errands.read('dr-rivera'), 'what they came for is kept');
        await t.visit.askDevices(['audio']);
        await t.visit.seat.enter({name: '', pin: '', consent: ''});
        assert.deepEqual((await hostInside(t, [GINA])).map(m => m.participant), ['g']);
        assert.deepEqual(t.checks.today(), {mic: true, cam: false}, 'remembered for the next');
    }
});

test('a microphone that opens only after the host has entered is remembered as well: the next time goes straight in', async () => {
    const t = await hostComes({checked: null});
    let answer;
    const {devices} = t.media.deps;
    const {open} = devices;
    devices.open = (...asked) => new Promise(resolve => (answer = () => resolve(open.apply(devices, asked))));
    t.visit.askDevices(['audio']);
    await t.visit.seat.enter({name: '', pin: '', consent: ''});
    await hostInside(t, [GINA]);
    assert.equal(t.checks.today(), null, 'nothing has worked yet');
    answer();
    await settle();
    assert.deepEqual(t.checks.today(), {mic: true, cam: false});
});

test('yesterday\'s check no longer counts, nor does an old errand', async () => {
    const t = await hostComes();
    t.clock.advance(24 * 3600_000);
    assert.equal(t.checks.today(), null);
    assert.equal(t.errands.read('dr-rivera'), null);
});

test('an errand older than ten minutes, or for another room, is forgotten, and lets nobody in', async () => {
    for (const [errand, minutes] of [[ERRAND, 11], [{...ERRAND, slug: 'another'}, 0]]) {
        const t = await hostComes({errand, checked: null});
        t.clock.advance(minutes * 60_000);
        await t.visit.askDevices(['audio']);
        await t.visit.seat.enter({name: '', pin: '', consent: ''});
        assert.deepEqual(await hostInside(t, [GINA]), []);
        assert.deepEqual(t.heard, []);
        assert.equal(t.kept.has('parlour.errand'), false, 'it lies nowhere');
    }
});

test('a guest whom the host asks to wait meanwhile is not let in a moment later', async () => {
    const t = await hostComes();
    t.visit.decide('hold', 'g');
    assert.equal(t.kept.has('parlour.errand'), false);
    assert.deepEqual(await hostInside(t, [GINA]), []);
});

test('the host is told the name of a guest who has left meanwhile, and nobody is let in', async () => {
    const t = await hostComes();
    assert.deepEqual(await hostInside(t, [participant('other', {state: 'waiting'})]), []);
    assert.deepEqual(t.heard, [{missed: 'Gina'}]);
});

test('a guest let in by a colleague meanwhile needs nothing more', async () => {
    const t = await hostComes();
    assert.deepEqual(await hostInside(t, [participant('g', {state: 'inside'})]), []);
    assert.deepEqual(t.heard, []);
});

test('an answer on Today about the guests inside holds only for them, while they are there', async () => {
    const inside = id => participant(id, {state: 'inside'});
    for (const [errand, people, admits, heard] of [
        [{how: 'instead', met: ['a']}, [inside('a'), GINA], [{instead: true}], []],
        [{how: 'beside', met: ['a']}, [inside('a'), GINA], [{beside: true}], []],
        [{how: 'beside', met: ['a']}, [inside('b'), GINA], [], [{meets: 'g'}]],
        [{}, [inside('b'), GINA], [], [{meets: 'g'}]],
        [{}, [{...GINA, away: true}], [], [{meets: 'g'}]],
        [{gone: true}, [{...GINA, away: true}], [{}], []],
        [{}, [{...GINA, same_invitation: true}], [], [{meets: 'g'}]],
        [{same: true}, [{...GINA, same_invitation: true}, inside('a')], [{}], []],
        [{}, [{...GINA, held: true}], [], [{meets: 'g'}]],
        [{held: true}, [{...GINA, held: true}], [{}], []],
        [{}, [{...HOST, state: 'inside'}, GINA], [{}], []],
    ]) {
        const t = await hostComes({errand: {...ERRAND, ...errand}});
        const said = await hostInside(t, people);
        assert.deepEqual(said.map(({type: _, participant: __, n: ___, ...how}) => how), admits, JSON.stringify({errand, people}));
        assert.deepEqual(t.heard, heard);
    }
});

test('a guest who was not let in because of another is a question, not a failure', async () => {
    const t = await hostWith([GINA]);
    t.sockets[0].say({type: 'error', seq: 1, code: 'guest_inside', detail: '', of: 'admit', participant: 'g', inside: ['x']});
    assert.deepEqual(t.heard, [{meets: 'g', refused: true}]);
    assert.deepEqual(t.visit.call.toasts, []);
});

test('a visit that ended is forgotten before the page hears of it, so that the next one from Today does not begin with that end', async () => {
    const t = await hostComes();
    await hostInside(t, [GINA]);
    const kept = [];
    t.visit.on('change', ({now}) => now.phase === 'ended' && kept.push(t.place.read()));
    t.visit.decide('end');
    t.sockets[0].say({type: 'bye', reason: 'ended'}); // back to Today at once: the socket is still open
    assert.deepEqual(kept, [null]);
});

/** The same tab opens the room again, where a colleague has ended the visit meanwhile. */
async function afterTheEnd(errand) {
    const first = await hostComes({errand: null, checked: null});
    await first.visit.askDevices(['audio']);
    await first.visit.seat.enter({name: '', pin: '', consent: ''});
    await hostInside(first, []);
    const t = setUp({kept: first.kept, answer: async () => ({...SEAT, role: 'host', state: 'inside', over: 'ended'})});
    if (errand) t.errands.leave(errand);
    assert.equal(await t.visit.seat.resume('dr-rivera'), true);
    return t;
}

test('a host who comes back after the end of the visit is told as a host', async () => {
    const {call} = (await afterTheEnd(null)).visit;
    assert.deepEqual([call.phase, call.cause, call.host], ['ended', 'ended', true]);
});

test('an earlier end does not keep a host from the guest they let in from Today', async () => {
    const t = await afterTheEnd(ERRAND);
    assert.deepEqual((await hostInside(t, [GINA])).map(m => m.participant), ['g']);
    assert.equal(t.visit.call.phase, 'incall');
});

test('a guest with an errand in the tab does nothing with it', async () => {
    const t = setUp();
    t.errands.leave(ERRAND);
    await wait(t);
    await admit(t);
    assert.ok(!t.sockets[0].sent.some(m => m.type === 'admit'));
});
