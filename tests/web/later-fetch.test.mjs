// The part of the call that comes later: when it is fetched, and that it comes in the end.
import assert from 'node:assert/strict';
import test from 'node:test';
import {ApiError} from '../../web/js/core/api.js';
import {makeLaterFetch} from '../../web/js/core/later_fetch.js';
import {slots} from '../../web/js/core/slots.js';
import {FakeClock, settle} from './fakes.mjs';

/** @param {unknown[]} outcomes of each try: an Error, or the part */
function setUp(...outcomes) {
    const clock = new FakeClock();
    const t = {clock, tries: 0, failures: []};
    const load = async () => {
        const outcome = outcomes[t.tries++];
        if (outcome instanceof Error) throw outcome;
        return outcome;
    };
    return Object.assign(t, makeLaterFetch({clock, load, failed: code => t.failures.push(code)}));
}

test('it is fetched once, however often it is wanted', async () => {
    const t = setUp('here');
    assert.deepEqual(await Promise.all([t.fetchNow(), t.fetchNow()]), ['here', 'here']);
    assert.equal(t.tries, 1);
});

test('before the first picture none of it is fetched, except in the waiting room, where there is time', () => {
    const t = setUp('here');
    for (const phase of ['primer', 'check', 'connecting']) t.moved({phase});
    t.clock.advance(60_000);
    assert.equal(t.tries, 0);
    t.moved({phase: 'waiting'});
    assert.equal(t.tries, 1);
});

test('in a call without a picture it is fetched as well', () => {
    const t = setUp('here');
    for (let i = 0; i < 5; i++) {
        t.moved({phase: 'incall'});
        t.clock.advance(500);
    }
    assert.equal(t.tries, 0, 'the line is for the picture');
    t.clock.advance(1_000);
    assert.equal(t.tries, 1);
});

test('a host has it from the beginning: a part fetched on an arrival must not move a button about to be pressed', () => {
    const t = setUp('here');
    t.moved({phase: 'check', host: true});
    assert.equal(t.tries, 1);
});

test('a failed fetch is reported, and tried again until it succeeds', async () => {
    const t = setUp(new ApiError({code: 'network'}), new Error('half a file'), 'here');
    let got = '';
    t.fetchNow().then(what => (got = what));
    for (let i = 0; i < 2; i++) {
        await settle();
        t.fetchNow();
        assert.equal(t.tries, i + 1, 'a press in between does not hurry it');
        t.clock.advance(4_000);
    }
    await settle();
    assert.deepEqual([t.failures, got], [['network', 'unknown'], 'here']);
});

test('everybody stays in their place on the stage when a person before them leaves, and newcomers stand behind', () => {
    const ids = [];
    const drawn = (...names) => slots(ids, names.map(id => ({id}))).map(p => p?.id ?? '');
    assert.deepEqual(drawn('a', 'b'), ['a', 'b']);
    assert.deepEqual(drawn('b'), ['', 'b']);
    assert.deepEqual(drawn('b', 'c'), ['', 'b', 'c']);
    assert.deepEqual(drawn('b', 'c', 'a'), ['a', 'b', 'c']);
});
