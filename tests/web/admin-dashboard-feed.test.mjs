// The dashboard's live picture: snapshot, numbered changes, gaps, and the effect of a lost connection.
import assert from 'node:assert/strict';
import test from 'node:test';
import {
    arrivals,
    countWaiting,
    emptyDashboard,
    occupied,
    reduceAsked,
    reduceLine,
    reduceLink,
    reduceMessage,
    reduceRead,
    reduceSaid,
    toSayAgain,
    waiting,
} from '../../web/js/admin/dashboard_feed.js';

const seat = (id, more = {}) => ({
    id,
    name: id,
    kind: 'guest',
    name_from: 'self',
    role: 'guest',
    state: 'waiting',
    since: '2026-11-22T15:00:00Z',
    ...more,
});
const room = (id, ...participants) => ({id, name: id, slug: id, host: true, participants});
const welcome = (...rooms) => ({type: 'welcome', seq: 0, rooms});
const begin = (...rooms) => reduceMessage(emptyDashboard(), welcome(...rooms));
const change = (seq, event, participant, where = 'r') => ({type: 'participant', seq, room: where, event, participant});

test('a snapshot shows rooms and people', () => {
    const dashboard = begin(room('r', seat('a')), room('s'));
    assert.equal(dashboard.ready, true);
    assert.deepEqual(
        dashboard.rooms.map(r => r.id),
        ['r', 's'],
    );
    assert.equal(countWaiting(dashboard), 1);
});

test('changes are taken in order: waits, is let in, leaves', () => {
    let dashboard = reduceMessage(begin(room('r')), change(1, 'waiting', seat('a')));
    assert.equal(countWaiting(dashboard), 1);
    dashboard = reduceMessage(dashboard, change(2, 'admitted', seat('a', {state: 'inside'})));
    assert.equal(countWaiting(dashboard), 0);
    assert.deepEqual(
        occupied(dashboard).map(r => r.id),
        ['r'],
    );
    dashboard = reduceMessage(dashboard, change(3, 'left', seat('a', {state: 'left'})));
    assert.deepEqual(occupied(dashboard), []);
});

test('the old picture is never changed', () => {
    const before = begin(room('r', seat('a')));
    const copy = structuredClone(before);
    reduceMessage(before, change(1, 'left', seat('a', {state: 'left'})));
    assert.deepEqual(before, copy);
});

test('the person who has waited longest stands first', () => {
    const dashboard = begin(
        room('r', seat('late', {since: '2026-11-22T15:10:00Z'})),
        room('s', seat('early', {since: '2026-11-22T14:50:00Z'})),
    );
    assert.deepEqual(
        waiting(dashboard).map(s => [s.id, s.room.id]),
        [
            ['early', 's'],
            ['late', 'r'],
        ],
    );
});

test('rooms come, change and go', () => {
    let dashboard = reduceMessage(begin(room('r', seat('a'))), {
        type: 'room',
        seq: 1,
        room: {id: 'n', name: 'New', slug: 'new'},
    });
    assert.deepEqual(dashboard.rooms[1].participants, []);
    dashboard = reduceMessage(dashboard, {type: 'room', seq: 2, room: {id: 'r', name: 'R', slug: 'r', locked: true}});
    assert.equal(dashboard.rooms[0].locked, true);
    assert.equal(countWaiting(dashboard), 1, 'people stay when the rules change');
    dashboard = reduceMessage(dashboard, {type: 'room', seq: 3, event: 'deleted', room: {id: 'r'}});
    assert.deepEqual(
        dashboard.rooms.map(r => r.id),
        ['n'],
    );
});

test('messages are kept with the guest, whoever wrote them', () => {
    let dashboard = begin(room('r', seat('a')));
    dashboard = reduceMessage(dashboard, {
        type: 'chat',
        seq: 1,
        room: 'r',
        from: 'a',
        name: 'a',
        text: 'hello',
        at: '2026-11-22T15:01:00Z',
    });
    dashboard = reduceMessage(dashboard, {
        type: 'chat',
        seq: 2,
        room: 'r',
        from: 'u9',
        name: 'Dora',
        text: 'one moment',
        at: '2026-11-22T15:02:00Z',
        to: 'a',
    });
    dashboard = reduceSaid(dashboard, 'a', 'coming', '2026-11-22T15:03:00Z');
    const mine = {type: 'chat', seq: 3, room: 'r', from: 'u1', name: 'Me', role: 'host', text: 'from my other window', to: 'a'};
    dashboard = reduceMessage({...dashboard, self: 'u1'}, {...mine, at: '2026-11-22T15:04:00Z'});
    assert.deepEqual(
        dashboard.chats.a.map(l => [l.text, l.mine, l.by]),
        [
            ['hello', false, undefined],
            ['one moment', true, 'Dora'],
            ['coming', true, undefined],
            ['from my other window', true, undefined],
        ],
    );
    assert.equal(dashboard.unread.a, 1);
    assert.equal(reduceRead(dashboard, 'a').unread.a, undefined);
});

test('a snapshot drops the messages of people who are gone', () => {
    const dashboard = reduceSaid(begin(room('r', seat('a'))), 'a', 'x', '2026-11-22T15:03:00Z');
    assert.deepEqual(reduceMessage(dashboard, welcome(room('r'))).chats, {});
});

test('a conversation keeps its last hundred lines', () => {
    let dashboard = begin(room('r', seat('a')));
    for (let i = 0; i < 130; i++) dashboard = reduceSaid(dashboard, 'a', String(i), '2026-11-22T15:03:00Z');
    assert.equal(dashboard.chats.a.length, 100);
    assert.equal(dashboard.chats.a.at(-1).text, '129');
});

test('an action is pending until its effect, an error or a lost connection', () => {
    const asked = reduceAsked(begin(room('r', seat('a'))), {participant: 'a', verb: 'admit'});
    assert.equal(asked.pending.length, 1);
    assert.deepEqual(reduceMessage(asked, change(1, 'admitted', seat('a', {state: 'inside'}))).pending, []);
    const refused = reduceMessage(asked, {type: 'error', seq: 1, code: 'room_full', of: 'admit'});
    assert.deepEqual([refused.pending, refused.refusal.code], [[], 'room_full']);
    assert.deepEqual(reduceLink(asked, 'lost', 5).pending, []);
});

test('people in the first picture are not arrivals; those who come after it are', () => {
    const first = begin(room('r', seat('a')));
    assert.deepEqual(arrivals(emptyDashboard(), first, 0), []);
    const second = reduceMessage(first, change(1, 'waiting', seat('b')));
    assert.deepEqual(
        arrivals(first, second, 0).map(s => s.id),
        ['b'],
    );
    assert.deepEqual(arrivals(second, reduceMessage(second, change(2, 'changed', seat('b', {held: true}))), 0), []);
});

test('a person who came while the connection was lost is an arrival of the next snapshot', () => {
    const before = reduceLink(begin(room('r', seat('a'))), 'lost', 0);
    assert.deepEqual(
        arrivals(before, reduceMessage(before, welcome(room('r', seat('a'), seat('c')))), 0).map(s => s.id),
        ['c'],
    );
});

test('an unknown room or type changes nothing', () => {
    const dashboard = begin(room('r', seat('a')));
    const after = reduceMessage(reduceMessage(dashboard, change(1, 'waiting', seat('z'), 'elsewhere')), {
        type: 'weather',
        seq: 2,
    });
    assert.deepEqual(after, dashboard);
});

const guestLine = (id, text, more = {}) => ({from: 'g1', name: 'Gina', text, at: `2026-11-22T15:0${id}:00Z`, id: `l${id}`, ...more});
const withChat = chat => ({
    type: 'welcome',
    seq: 0,
    rooms: [{id: 'r1', name: 'Room', slug: 'room', participants: [{id: 'g1', name: 'Gina', kind: 'guest', role: 'guest', state: 'waiting', since: '2026-11-22T15:00:00Z', chat}]}],
});

test('messages sent in the waiting room while nobody listened are shown, once, and unanswered ones count as unread', () => {
    let dashboard = reduceMessage(emptyDashboard(), withChat([guestLine(1, 'one'), {...guestLine(2, 'answer'), from: 'u1', desk: true}, guestLine(3, 'two')]));
    assert.deepEqual(dashboard.chats.g1.map(l => [l.text, l.mine]), [['one', false], ['answer', true], ['two', false]]);
    assert.equal(dashboard.unread.g1, 1);
    dashboard = reduceMessage(dashboard, {type: 'chat', seq: 1, room: 'r1', ...guestLine(3, 'two')});
    assert.equal(dashboard.chats.g1.length, 3, 'it came before');
    dashboard = reduceRead(dashboard, 'g1');
    dashboard = reduceMessage(dashboard, withChat([guestLine(3, 'two'), guestLine(4, 'three')]));
    assert.deepEqual(dashboard.chats.g1.map(l => l.text), ['one', 'answer', 'two', 'three']);
    assert.equal(dashboard.unread.g1, 1);
});

test('our message is under way until it is answered', () => {
    let dashboard = reduceMessage(emptyDashboard(), withChat([]));
    dashboard = reduceSaid(dashboard, 'g1', 'hello', '2026-11-22T15:01:00Z', 'mine');
    assert.equal(dashboard.chats.g1[0].status, 'sending');
    assert.equal(reduceLine(dashboard, 'g1', 'mine', '').chats.g1[0].status, '');
    assert.equal(reduceLine(dashboard, 'g1', 'mine', 'failed').chats.g1[0].status, 'failed');
    const later = reduceLine(dashboard, 'g1', 'mine', 'later');
    const guest = {...later.rooms[0].participants[0], away: true};
    const news = (event, more) => reduceMessage(later, {type: 'participant', seq: 1, room: 'r1', event, participant: {...guest, ...more}}).chats.g1[0].status;
    assert.equal(news('changed', {}), 'later');
    assert.equal(news('back', {away: false}), '');
    assert.equal(news('left', {state: 'expired'}), 'failed', 'they never came back for it');
});

/** A picture of this run of the server, with the guest as described. */
const picture = (epoch, more, chat) => {
    const m = withChat(chat);
    Object.assign(m.rooms[0].participants[0], more);
    return {...m, epoch};
};
const lines = dashboard => dashboard.chats.g1.map(l => [l.text, l.status]);

/** Three messages of ours: one that waits for the guest, one of long ago, one of a moment ago. */
function written(at = '2026-11-22T15:01:00Z') {
    let dashboard = reduceMessage(emptyDashboard(), picture('e1', {away: true}));
    for (const [id, when, status] of [['x', at, 'later'], ['y', '2026-11-22T14:00:00Z', ''], ['z', at, '']])
        dashboard = reduceLine(reduceSaid(dashboard, 'g1', id, when, id), 'g1', id, status);
    return dashboard;
}

test('a message that waited for a guest who came back while nobody listened was heard', () => {
    assert.deepEqual(lines(reduceMessage(written(), picture('e1', {away: true}))), [['x', 'later'], ['y', ''], ['z', '']]);
    assert.deepEqual(lines(reduceMessage(written(), picture('e1', {}))), [['x', ''], ['y', ''], ['z', '']]);
});

test('a restarted server gets again the messages that waited there and those of a moment ago', () => {
    const now = Date.parse('2026-11-22T15:01:30Z');
    const dashboard = written();
    const again = (epoch, more) => toSayAgain(dashboard, reduceMessage(dashboard, picture(epoch, more)), now);
    assert.deepEqual(again('e2', {}), [
        {room: 'r1', to: 'g1', text: 'x', id: 'x'},
        {room: 'r1', to: 'g1', text: 'z', id: 'z'},
    ]);
    assert.deepEqual(again('e1', {}), [], 'the same run has it');
    assert.deepEqual(again('e2', {state: 'inside'}), [], 'they wait no longer');
    assert.deepEqual(toSayAgain(emptyDashboard(), dashboard, now), [], 'the first picture forgets nothing');
    assert.deepEqual(
        again('e2', {}).map(l => l.id).includes('y'),
        false,
    );
});

test('a person inside who loses the connection is away like one who waits: messages for them go on waiting', () => {
    const dashboard = written();
    const inside = reduceMessage(dashboard, {type: 'participant', seq: 1, room: 'r1', event: 'changed', participant: {...dashboard.rooms[0].participants[0], away: undefined, state: 'away'}});
    assert.deepEqual(lines(inside)[0], ['x', 'later']);
});
