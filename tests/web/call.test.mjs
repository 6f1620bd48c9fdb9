import assert from 'node:assert/strict';
import test from 'node:test';
import {
    callDetail,
    inside,
    MOVES,
    mayMove,
    move,
    newCall,
    reduce as reduceCall,
    stateName,
    waitingPeople,
} from '../../web/js/core/call.js';
import {parseServer} from '../../web/js/core/protocol.js';
import {NOT_WAITING} from '../../web/js/features/waiting/slice.js';
import {reduceChat} from '../../web/js/features/chat/slice.js';
import {participant, welcome} from './fakes.mjs';

/** The call and its messages, as a visit runs them. */
const reduce = (call, event) => reduceChat(reduceCall(call, event), event);

const PHASES = Object.keys(MOVES);
const read = m => parseServer(JSON.stringify(m)).message;
const server = m => ({type: 'server', message: read(m), at: 5, wall: 6});
const inPhase = phase => ({...newCall(), phase, self: 'me', room: {id: 'r', name: 'R'}});

/** Every kind of message, in its usual and its odd forms. */
const MESSAGES = [
    welcome(),
    welcome({state: 'inside', participants: [participant('a')]}),
    welcome({state: 'removed'}),
    {type: 'state', state: 'inside', participants: [participant('a')]},
    {type: 'state', state: 'waiting', held: true, text: 'soon', position: 2},
    {type: 'state', state: 'waiting', reason: 'host_left'},
    {type: 'state', state: 'denied'},
    ...['joined', 'waiting', 'admitted', 'away', 'back', 'changed', 'left'].map(event => ({
        type: 'participant',
        event,
        participant: participant('a', {state: event === 'waiting' ? 'waiting' : 'inside'}),
    })),
    {type: 'participant', event: 'left', participant: participant('nobody')},
    {type: 'participant', event: 'changed', participant: participant('me')},
    {type: 'chat', from: 'a', text: 'hello', at: 'no time'},
    {type: 'chat', from: 'me', text: 'own'},
    {type: 'mute', from: 'a', kind: 'audio'},
    {type: 'ice', ice_servers: []},
    {type: 'room', room: {locked: true}},
    {type: 'error', code: 'room_full', of: 'admit'},
    {type: 'error', code: 'never_heard_of', of: 'admit'},
    {type: 'signal', from: 'a', data: {}},
    {type: 'move', room: 'x', ws: '/ws/x', token: 't'},
    ...['left', 'denied', 'removed', 'ended', 'replaced', 'expired', 'restarting', 'policy'].map(reason => ({
        type: 'bye',
        reason,
    })),
];
const LOCAL = [
    ...PHASES.map(phase => ({type: 'go', phase})),
    {
        type: 'failed',
        problem: {code: 'room_full', detail: '', field: '', retryAfterS: 0, requestId: ''},
        phase: 'problem',
    },
    {type: 'over', cause: 'unreachable'},
    {type: 'over', cause: 'left'},
    {type: 'link', state: 'lost', at: 9},
    {type: 'peer', id: 'a', view: {state: 'lost', since: 1}},
    {type: 'peer', id: 'a', view: null},
    {type: 'said', text: 'x', to: '', at: 1},
    {type: 'panel', panel: 'chat'},
    {type: 'toast', key: 'k', at: 1},
    {type: 'untoast', id: 1},
    {type: 'local', change: {mic: false}},
    {type: 'busy', busy: true},
    {type: 'name', name: 'N'},
];

test('every phase takes every event without throwing, changing the old state, or a move that is not listed', () => {
    for (const phase of PHASES) {
        for (const event of [...MESSAGES.map(server), ...LOCAL]) {
            const before = Object.freeze(inPhase(phase));
            const copy = structuredClone(before);
            const after = reduce(before, event);
            assert.deepEqual(before, copy);
            assert.ok(mayMove(phase, after.phase), `${phase} -> ${after.phase} by ${JSON.stringify(event)}`);
            assert.equal(typeof stateName(after), 'string');
            if (after.phase !== 'problem')
                assert.ok(after.phase === before.phase || after.problem === null || event.type === 'failed');
        }
    }
});

test('two events in a row from every phase keep to the table as well', () => {
    const events = [...MESSAGES.map(server), ...LOCAL];
    for (const phase of PHASES)
        for (const a of events)
            for (const b of events) {
                const one = reduce(inPhase(phase), a);
                const two = reduce(one, b);
                assert.ok(mayMove(one.phase, two.phase));
            }
});

test('a move that is not listed leaves the call as it was', () => {
    const call = inPhase('landing');
    assert.equal(move(call, 'incall'), call);
    assert.equal(reduce(call, server({type: 'bye', reason: 'removed'})).phase, 'landing');
});

test('a guest waits, is held, is admitted, is sent back, is admitted, and the visit ends', () => {
    let call = inPhase('connecting');
    const step = m => {
        call = reduce(call, server(m));
        return call;
    };
    step(welcome({participants: [participant('h', {role: 'host'})], position: 2}));
    assert.equal(call.phase, 'waiting');
    assert.equal(call.waiting.position, 2);
    step({
        type: 'state',
        state: 'waiting',
        held: true,
        text: 'Five more minutes',
        reason: 'held',
        participants: [participant('h', {role: 'host'})],
    });
    assert.deepEqual(call.waiting, {
        ...NOT_WAITING,
        held: true,
        text: 'Five more minutes',
        reason: 'held',
        epoch: 'e1',
        said: 'e1',
    });
    step({type: 'state', state: 'inside', participants: [participant('h', {role: 'host', offerer: true})]});
    assert.equal(call.phase, 'incall');
    assert.equal(call.insideSince, 5);
    assert.equal(inside(call)[0].offerer, true);
    step({type: 'state', state: 'waiting', reason: 'returned', participants: []});
    assert.equal(call.phase, 'waiting');
    assert.equal(call.cause, 'returned');
    assert.deepEqual(call.people, []);
    step({type: 'state', state: 'inside', participants: [participant('h')]});
    step({type: 'bye', reason: 'ended'});
    assert.equal(stateName(call), 'ended');
    assert.equal(call.cause, 'ended');
    assert.deepEqual(call.people, []);
});

test('a page that was reloaded in a call counts from when the person came in, and a wrong clock begins at nothing', () => {
    const came = '2026-11-22T15:00:00.000Z';
    const at = 2_000;
    const afterReload = wall => reduce({...inPhase('connecting')}, {type: 'server', message: read(welcome({state: 'inside', since: came})), at, wall});
    const twelve = afterReload(Date.parse(came) + 12 * 60_000);
    assert.equal(at - twelve.insideSince, 12 * 60_000);
    assert.equal(afterReload(Date.parse(came) - 5_000).insideSince, at);
    const later = reduce(twelve, {type: 'server', message: read(welcome({state: 'inside', since: came})), at: 9_000, wall: Date.parse(came) + 12 * 60_000 + 9_500});
    assert.equal(later.insideSince, twelve.insideSince, 'it does not jump with what is learned of the clock');
    const back = reduce(twelve, {type: 'server', message: read({type: 'state', state: 'waiting', reason: 'returned', participants: []}), at, wall: 0});
    assert.equal(back.insideSince, 0);
});

test('people keep their order, are replaced when they change, and go when they leave', () => {
    let call = reduce(
        inPhase('connecting'),
        server(welcome({role: 'host', state: 'inside', participants: [participant('a'), participant('b')]})),
    );
    call = reduce(
        call,
        server({
            type: 'participant',
            event: 'changed',
            participant: participant('a', {instance: 2, status: {cam: false}}),
        }),
    );
    assert.deepEqual(
        call.people.map(p => [p.id, p.instance]),
        [
            ['a', 2],
            ['b', 1],
        ],
    );
    call = reduce(call, server({type: 'participant', event: 'left', participant: participant('a', {state: 'left'})}));
    assert.deepEqual(
        call.people.map(p => p.id),
        ['b'],
    );
});

test('a host is told once of each arrival', () => {
    let call = reduce(inPhase('connecting'), server(welcome({role: 'host', state: 'inside'})));
    const arrival = server({type: 'participant', event: 'waiting', participant: participant('w', {state: 'waiting'})});
    call = reduce(call, arrival);
    assert.equal(call.toasts.length, 1);
    assert.equal(waitingPeople(call).length, 1);
    call = reduce(call, arrival);
    assert.equal(call.toasts.length, 1);
});

test('the note that a guest waits goes when they are admitted, leave, or are no longer listed', () => {
    const arrival = server({type: 'participant', event: 'waiting', participant: participant('w', {state: 'waiting'})});
    const waits = reduce(reduce(inPhase('connecting'), server(welcome({role: 'host', state: 'inside'}))), arrival);
    const other = reduce(
        waits,
        server({type: 'participant', event: 'waiting', participant: participant('x', {state: 'waiting'})}),
    );
    assert.equal(other.toasts.length, 2);
    const goes = [
        {type: 'participant', event: 'admitted', participant: participant('w', {state: 'inside'})},
        {type: 'participant', event: 'left', participant: participant('w', {state: 'left'}), reason: 'left'},
        welcome({role: 'host', state: 'inside', participants: [participant('x', {state: 'waiting'})]}),
    ];
    for (const m of goes)
        assert.deepEqual(
            reduce(other, server(m)).toasts.map(t => t.waits),
            ['x'],
            m.event ?? m.type,
        );
    const stays = server({
        type: 'participant',
        event: 'away',
        participant: participant('w', {state: 'waiting', away: true}),
    });
    assert.equal(reduce(waits, stays).toasts.length, 1);
    assert.equal(reduce(waits, {type: 'over', cause: 'left'}).toasts.length, 0);
});

test('unread counts only messages that were not seen', () => {
    let call = reduce(inPhase('connecting'), server(welcome({state: 'inside', participants: [participant('a')]})));
    call = reduce(call, server({type: 'chat', from: 'a', text: 'one', at: '2026-11-22T15:00:00Z'}));
    assert.equal(call.unread, 1);
    call = reduce(call, {type: 'panel', panel: 'chat'});
    assert.equal(call.unread, 0);
    call = reduce(call, server({type: 'chat', from: 'a', text: 'two', at: '2026-11-22T15:00:00Z'}));
    assert.equal(call.unread, 0);
    assert.equal(call.chat.length, 2);
    assert.equal(call.chat[0].name, 'Name of a');
});

test('each message keeps its sender: a host, the front desk, a guest', () => {
    const people = [participant('h', {role: 'host'}), participant('g')];
    let call = reduce(inPhase('connecting'), server(welcome({participants: people})));
    const said = [
        {from: 'h', name: 'Dr Rivera', text: 'one'},
        {from: 'u5', name: 'Dr Rivera', text: 'two', desk: true, to: 'me'},
        {from: 'g', name: 'Dr Rivera', text: 'three', desk: 'yes'},
    ];
    for (const line of said) call = reduce(call, server({type: 'chat', at: '2026-11-22T15:00:00Z', ...line}));
    call = reduce(call, server({type: 'participant', event: 'left', participant: participant('h', {role: 'host'})}));
    assert.deepEqual(
        call.chat.map(l => l.role),
        ['host', 'desk', 'guest'],
        'also after they have gone',
    );
});

test('the detail of a call shows the most important fact', () => {
    const base = reduce(inPhase('connecting'), server(welcome({state: 'inside'})));
    const withPeer = (state, person = {}) => ({
        ...base,
        people: [participant('a', person)],
        peers: state ? {a: {state, since: 1}} : {},
    });
    assert.equal(callDetail(base), 'alone');
    assert.equal(callDetail({...base, link: 'lost'}), 'reconnecting');
    assert.equal(callDetail(withPeer('')), 'connecting');
    assert.equal(callDetail(withPeer('live')), 'live');
    assert.equal(callDetail({...withPeer('live'), link: 'lost'}), 'live', 'the media go on without the server');
    assert.equal(callDetail(withPeer('lost')), 'reconnecting');
    assert.equal(callDetail(withPeer('lost', {state: 'away'})), 'peerlost');
    assert.equal(callDetail(withPeer('live', {state: 'away'})), 'live', 'seen and heard without a socket');
});

test('a refusal is shown for every message behind a button, and for none that the page sends by itself', () => {
    const toasts = of => reduce(inPhase('incall'), server({type: 'error', code: 'forbidden', of})).toasts.length;
    for (const of of ['admit', 'deny', 'hold', 'return', 'remove', 'mute', 'room', 'end', 'chat', 'a verb of tomorrow'])
        assert.equal(toasts(of), 1, of);
    for (const of of ['join', 'signal', 'status', 'seen', 'ice', 'leave', '']) assert.equal(toasts(of), 0, of);
});

test('a refused press shows a message, also when the code is unknown', () => {
    const call = reduce(inPhase('incall'), server({type: 'error', code: 'never_heard_of', of: 'admit'}));
    assert.equal(call.toasts[0].key, 'refused.other');
    assert.equal(
        reduce(inPhase('incall'), server({type: 'error', code: 'stale_instance', of: 'signal'})).toasts.length,
        0,
    );
});

test('a connection that cannot be restored is a problem with its own code, an ending is an ending', () => {
    assert.equal(reduce(inPhase('incall'), {type: 'over', cause: 'unreachable'}).problem.code, 'unreachable');
    assert.equal(reduce(inPhase('incall'), {type: 'over', cause: 'replaced'}).phase, 'ended');
    const ended = reduce(inPhase('incall'), {type: 'over', cause: 'removed'});
    assert.equal(reduce(ended, {type: 'over', cause: 'left'}), ended, 'the first reason stands');
});

test('the time since when a person is away is kept over new lists, and forgotten when they are back', () => {
    let call = reduce(inPhase('connecting'), server(welcome({state: 'inside', participants: [participant('a')]})));
    call = reduce(call, {
        ...server({type: 'participant', event: 'away', participant: participant('a', {state: 'away'})}),
        at: 50,
    });
    assert.equal(call.people[0].awayAt, 50);
    call = reduce(call, {
        ...server(welcome({state: 'inside', participants: [participant('a', {state: 'away'})]})),
        at: 90,
    });
    assert.equal(call.people[0].awayAt, 50);
    call = reduce(call, {...server({type: 'participant', event: 'back', participant: participant('a')}), at: 99});
    assert.equal(call.people[0].awayAt, 0);
});
