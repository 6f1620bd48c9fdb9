// The texts for a waiting guest, over a reload of the page and a restart of the server.
import assert from 'node:assert/strict';
import test from 'node:test';
import {newCall, reduce} from '../../web/js/core/call.js';
import {parseServer} from '../../web/js/core/protocol.js';
import {NOT_WAITING, waitingAfter, waitingToKeep} from '../../web/js/features/waiting/slice.js';
import {participant, welcome} from './fakes.mjs';

const read = m => parseServer(JSON.stringify(m)).message;
const state = (more = {}) => ({type: 'state', state: 'waiting', ...more});
const after = (was, m, wasInside = false) => waitingAfter({...NOT_WAITING, ...was}, read(m), wasInside);
const HELD = {held: true, text: 'Five more minutes', reason: 'held', epoch: 'e1', said: 'e1'};

/** A call after these messages, from the phase in which a socket opens. */
const callAfter = (messages, call = {...newCall(), phase: 'connecting', self: 'me'}) =>
    messages.reduce((c, m) => reduce(c, {type: 'server', message: read(m), at: 5, wall: 6}), call);

test('a reason is given once and stays while only the place in line changes', () => {
    const returned = after({}, state({reason: 'returned', text: 'Two minutes, please', position: 2}));
    assert.deepEqual([returned.reason, returned.text], ['returned', 'Two minutes, please']);
    const moved = after(returned, state({position: 1}));
    assert.deepEqual([moved.reason, moved.text, moved.position], ['returned', 'Two minutes, please', 1]);
});

test('a new decision without a message removes the old message', () => {
    assert.equal(after(HELD, state({reason: 'returned'})).text, '');
});

test('a restarted server does not remove a message that it has forgotten', () => {
    const now = after(HELD, welcome({held: true, position: 1, epoch: 'e2'}));
    assert.deepEqual(now, {...HELD, position: 1, epoch: 'e2'});
    assert.equal(after(now, state({held: true, position: 2})).text, 'Five more minutes');
    assert.equal(after(now, welcome({held: true, epoch: 'e2'})).text, 'Five more minutes', 'after a reload as well');
    const anew = after(now, state({held: true, reason: 'held', text: 'Ten'}));
    assert.equal(after(anew, welcome({held: true, epoch: 'e2'})).text, '');
});

test('the server that sent the message decides whether it stays', () => {
    assert.equal(after(HELD, welcome({held: true, epoch: 'e1'})).text, '');
    assert.equal(after(HELD, welcome({held: true, text: 'Ten', epoch: 'e1'})).text, 'Ten');
    assert.equal(after(HELD, welcome({held: false, epoch: 'e2'})).text, '', 'no longer on hold: another decision');
});

test('a reload finds the reason and the message again', () => {
    const before = callAfter([
        welcome({state: 'inside', participants: [participant('h', {role: 'host'})]}),
        state({reason: 'returned', text: 'One moment', participants: []}),
    ]);
    const kept = JSON.parse(JSON.stringify(waitingToKeep(before)));
    const reloaded = reduce({...newCall(), phase: 'connecting', self: 'me'}, {type: 'kept', waiting: kept});
    const call = callAfter([welcome({text: 'One moment', position: 1})], reloaded);
    assert.deepEqual([call.cause, call.waiting.text, call.waiting.position], ['returned', 'One moment', 1]);
});

test('a guest who was inside and comes back to wait is not greeted like a newcomer', () => {
    const inside = callAfter([welcome({state: 'inside'})]);
    assert.equal(callAfter([welcome({epoch: 'e2'})], inside).cause, 'lost_place', 'the socket was lost');
    const reloaded = reduce({...newCall(), phase: 'connecting'}, {type: 'kept', waiting: waitingToKeep(inside)});
    assert.equal(callAfter([welcome()], reloaded).cause, 'lost_place', 'the page was loaded again');
    const again = callAfter([welcome({state: 'inside'})], reloaded);
    assert.deepEqual(again.waiting, {...NOT_WAITING, epoch: 'e1'}, 'let in again: all of it is past');
});

test('a guest who comes for the first time, or after an end, is told nothing of the past', () => {
    assert.equal(callAfter([welcome()]).cause, '');
    const ended = callAfter([welcome(), state({reason: 'returned'}), {type: 'bye', reason: 'ended'}]);
    assert.deepEqual(ended.waiting, NOT_WAITING);
});
