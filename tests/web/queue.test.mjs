// The line before a room: the people counted, their order, the guests who would meet, and arrivals that are news.
import assert from 'node:assert/strict';
import test from 'node:test';
import {emptyDashboard, reduceMessage, seatOf, waiting, countWaiting, amInside} from '../../web/js/admin/dashboard_feed.js';
import {newCall, waitingHere, waitingPeople} from '../../web/js/core/call.js';
import {cameBack, goneMinutes, mustAsk, toAsk} from '../../web/js/core/admitting.js';
import {isHere, line} from '../../web/js/core/queue.js';

const NOW = Date.parse('2026-11-22T15:30:00Z');
const at = minutes => new Date(NOW - minutes * 60_000).toISOString();
const guest = (id, since, more = {}) => ({id, name: id, role: 'guest', state: 'waiting', since: at(since), ...more});
const gone = (id, since, away) => guest(id, since, {away: true, away_since: at(away)});
const ids = people => people.map(p => p.id);

const EARLY_GONE = gone('early', 20, 3);
const PEOPLE = [guest('second', 5), EARLY_GONE, guest('first', 9), {...guest('host', 30), role: 'host', state: 'inside'}];

test('guests who are there come first, the longest wait before the others; guests who are away come last and are not counted', () => {
    assert.deepEqual(ids(line(PEOPLE)), ['first', 'second', 'early']);
    assert.deepEqual(ids(line(PEOPLE).filter(isHere)), ['first', 'second']);
});

test('call and dashboard agree about the same people', () => {
    const call = {...newCall(), people: PEOPLE};
    const dashboard = reduceMessage(emptyDashboard(), {type: 'welcome', seq: 0, self: 'u1', rooms: [{id: 'r', participants: PEOPLE}]});
    assert.deepEqual(ids(waitingPeople(call)), ids(waiting(dashboard)));
    assert.equal(waitingHere(call).length, countWaiting(dashboard));
    assert.equal(countWaiting(dashboard), 2);
    assert.equal(seatOf(dashboard, 'early').room.id, 'r');
});

test('a guest meets every other guest inside or with a kept place inside; hosts do not count', () => {
    const inside = [guest('a', 9, {state: 'inside'}), guest('b', 8, {state: 'away'}), {...guest('h', 9), role: 'host', state: 'inside'}];
    assert.deepEqual(ids(toAsk(PEOPLE[0], [...PEOPLE, ...inside]).inside), ['a', 'b']);
    assert.deepEqual(toAsk(PEOPLE[0], PEOPLE), {inside: [], gone: false, same: false});
    assert.equal(toAsk(EARLY_GONE, PEOPLE).gone, true);
});

test('only the server knows whom a second device with the same link would meet', () => {
    assert.deepEqual(toAsk(guest('x', 1, {same_invitation: true}), [guest('a', 9, {state: 'inside'})]).inside, []);
});

test('the host is asked before two guests meet, before an absent guest is let in, and before a link moves to another device', () => {
    const inside = guest('a', 9, {state: 'inside'});
    for (const [who, people, asked] of [
        [guest('x', 1), [], false],
        [guest('x', 1), [inside], true],
        [gone('x', 9, 2), [], true],
        [guest('x', 1, {same_invitation: true}), [], true],
    ])
        assert.equal(mustAsk(toAsk(who, people)), asked);
});

test('new people are news, a brief loss of connection is not, and a return after a minute is again', () => {
    assert.deepEqual(ids(cameBack([], [guest('a', 1)], NOW)), ['a']);
    assert.deepEqual(cameBack([guest('a', 1)], [guest('a', 1)], NOW), []);
    assert.deepEqual(cameBack([gone('a', 9, 0.5)], [guest('a', 9)], NOW), []);
    assert.deepEqual(ids(cameBack([gone('a', 9, 2)], [guest('a', 9)], NOW)), ['a']);
    assert.deepEqual(cameBack([], [gone('a', 9, 2)], NOW), [], 'who is not there does not arrive');
    assert.deepEqual(ids(cameBack([{...guest('a', 9), state: 'inside'}], [guest('a', 0)], NOW)), ['a'], 'sent back');
});

test('an absence is in whole minutes, never negative, and 0 when it is not known', () => {
    assert.equal(goneMinutes(gone('a', 9, 2.9), NOW), 2);
    assert.equal(goneMinutes(gone('a', 9, -5), NOW), 0);
    assert.equal(goneMinutes(guest('a', 9, {away: true}), NOW), 0);
});

test('a dashboard knows whether its user is in the room in another window', () => {
    const rooms = state => [{id: 'r', participants: [{...guest('h', 1), role: 'host', state, user: 'u1'}]}];
    const of = (state, self) => reduceMessage(emptyDashboard(), {type: 'welcome', seq: 0, self, rooms: rooms(state)});
    for (const [state, self, is] of [['inside', 'u1', true], ['away', 'u1', false], ['inside', 'u2', false]])
        assert.equal(amInside(of(state, self), of(state, self).rooms[0]), is);
});
