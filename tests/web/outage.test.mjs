// One message about an interruption, and the right one: a table of lost connections and of those that go on.
import assert from 'node:assert/strict';
import test from 'node:test';
import {newCall} from '../../web/js/core/call.js';
import {outage, ownLineLost, SHOW_AFTER_MS} from '../../web/js/core/outage.js';
import {participant} from './fakes.mjs';

const NOW = 100_000;
const AGO = NOW - 5_000;
const HERE = {...participant('h'), awayAt: 0};
const AWAY = {...participant('h', {state: 'away'}), awayAt: AGO};
const lost = (cause = 'lost', since = AGO) => ({link: 'lost', linkSince: since, linkCause: cause});
const OPEN = {link: 'open', linkSince: 1, linkCause: ''};
const incall = (person, view, line) => ({
    ...newCall(),
    phase: 'incall',
    insideSince: 1,
    people: [person],
    ...line,
    peers: {h: {state: view, since: line.peersSince ?? AGO}},
});
const waiting = line => ({...newCall(), phase: 'waiting', windowMs: 900_000, people: [HERE], ...line});

/** The situation; the bar's text; the tile's text; whether the picture is dimmed. @type {[string, object, string | null, string | null, boolean?][]} */
const TABLE = [
    ['all is well', incall(HERE, 'live', OPEN), null, null],
    ['our line is lost, the media flow', incall(HERE, 'live', lost()), 'link.lost_call_goes_on', null],
    [
        'the same, and the server had said the other away before',
        incall(AWAY, 'live', lost()),
        'link.lost_call_goes_on',
        null,
    ],
    ['our line is lost, the media stall', incall(HERE, 'lost', lost()), 'link.reconnecting', null],
    ['both lines are lost', incall(AWAY, 'lost', lost()), 'link.reconnecting', null],
    ["the other's line is lost, the media flow", incall(AWAY, 'live', OPEN), null, null],
    ["the other's line is lost, the media stall", incall(AWAY, 'lost', OPEN), null, 'stage.peer_lost', true],
    [
        'the server restarts, the media flow',
        incall(HERE, 'live', lost('restarting')),
        'link.restart_call_goes_on',
        null,
    ],
    ['the server restarts, the media stall', incall(HERE, 'lost', lost('restarting')), 'link.reconnecting', null],
    [
        'a restart that takes long is an interruption',
        incall(HERE, 'live', lost('restarting', NOW - 40_000)),
        'link.lost_call_goes_on',
        null,
    ],
    ['the media begin', incall(HERE, 'connecting', OPEN), null, 'stage.connecting'],
    [
        'the other looks at another app',
        incall({...HERE, status: {background: true}}, 'live', OPEN),
        null,
        'stage.background',
    ],
    [
        'the same as last heard, and our line is lost',
        incall({...HERE, status: {background: true}}, 'live', lost()),
        'link.lost_call_goes_on',
        null,
    ],
    ['waiting, all is well', waiting(OPEN), null, null],
    ['waiting, our line is lost', waiting(lost()), 'link.lost_waiting', null],
    ['waiting, the server restarts', waiting(lost('restarting')), 'link.restart_waiting', null],
    [
        'waiting, our line is lost for longer than the place is kept',
        waiting({...lost(), windowMs: 4_000}),
        'link.lost_long',
        null,
    ],
    ['waiting, without a network, before the connection is known to be lost', waiting({...OPEN, offline: true}), 'link.offline', null],
    ['waiting, without a network', waiting({...lost(), offline: true}), 'link.offline', null],
    ['without a network, the media flow all the same', incall(HERE, 'live', {...OPEN, offline: true}), null, null],
    ['without a network, the media flow and the line is lost', incall(HERE, 'live', {...lost(), offline: true}), 'link.lost_call_goes_on', null],
    ['without a network, the media stall', incall(HERE, 'lost', {...OPEN, offline: true}), 'link.offline', null],
    ['without a network, nobody is connected yet', incall(HERE, 'connecting', {...lost('lost', NOW - 60_000), offline: true}), 'link.offline', null],
    ['nobody is connected for long, and our line works', incall(HERE, 'connecting', {...OPEN, peersSince: NOW - 21_000}), null, 'stage.no_way'],
    ['the same, and our line is lost', incall(HERE, 'connecting', {...lost('lost', NOW - 60_000), peersSince: NOW - 90_000}), 'link.reconnecting', null],
    ['the same, and our line has just come back', incall(HERE, 'connecting', {...OPEN, linkSince: NOW - 3_000, peersSince: NOW - 90_000}), null, 'stage.connecting'],
    ['a blink', incall(HERE, 'live', lost('lost', NOW - SHOW_AFTER_MS + 1)), null, null],
    ['before and after the visit', {...newCall(), phase: 'ended', ...lost()}, null, null],
];

for (const [name, call, bar, tile, dim = false] of TABLE)
    test(`${name}: ${bar ?? tile ?? 'no message'}`, () => {
        const said = outage(call, NOW);
        assert.deepEqual(
            [said.bar?.key ?? null, said.tiles.h?.key ?? null, said.tiles.h?.dim ?? false],
            [bar, tile, dim],
        );
        assert.ok(!(said.bar && said.tiles.h), 'one message');
    });

test('reconnecting between two people is one message, in the bar or on the tile', () => {
    const said = outage(incall(HERE, 'lost', OPEN), NOW);
    assert.deepEqual([said.bar?.key, said.bar?.params.n, said.tiles.h], ['link.reconnecting', 5, undefined]);
});

test('a waiting guest whose line is lost reads for how long the place is kept', () => {
    assert.equal(outage(waiting(lost()), NOW).bar.params.minutes, 15);
});

test('a waiting guest is not told who is here while nobody can know', () => {
    assert.equal(ownLineLost(waiting({...OPEN, offline: true}), NOW), true);
    assert.equal(ownLineLost(waiting(lost()), NOW), true);
    assert.equal(ownLineLost(waiting(OPEN), NOW), false);
});

test('a long interruption offers to try at once', () => {
    assert.equal(outage(waiting(lost()), NOW).hurry, false);
    assert.equal(outage(waiting(lost('lost', NOW - 10_000)), NOW).hurry, true);
});
