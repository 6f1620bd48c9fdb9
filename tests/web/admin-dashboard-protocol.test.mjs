// The messages of the dashboard's feed: each one in the protocol document is read completely, and garbage is skipped.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import {emptyDashboard, reduceMessage} from '../../web/js/admin/dashboard_feed.js';
import {fromDashboard, parseDashboard} from '../../web/js/admin/dashboard_protocol.js';

const SEAT = '{"id":"kq3","name":"Gina","kind":"guest","name_from":"self","role":"guest","state":"inside","since":"2026-11-22T15:05:00Z"}';
const ROOM = '{"id":"r7…","name":"Dr Rivera","slug":"dr-rivera","locked":true,"host":true}';

/** The messages in the document's section on the feed, completed where it leaves something out. */
const SHOWN = readFileSync(new URL('../../server/live/PROTOCOL.md', import.meta.url), 'utf8')
    .split("## The dashboard's feed")[1]
    .split('\n## ')[0]
    .match(/```json\n[\s\S]*?```/g)
    .join('\n')
    .replaceAll(/```(json)?/g, '')
    .replaceAll('"participant":{…}', `"participant":${SEAT}`)
    .replaceAll(/\{…[^{}"]*\}/g, ROOM)
    .split(/\n(?=\{)/)
    .map(text => text.trim())
    .filter(Boolean);

const shown = SHOWN.filter(text => !text.includes('"join"'));
const read = m => parseDashboard(typeof m === 'string' ? m : JSON.stringify(m));

test('each message in the document is read, with all its members', () => {
    const types = new Set();
    for (const text of shown) {
        const sent = JSON.parse(text);
        const {message, seq} = read(text);
        types.add(sent.type);
        assert.equal(seq, sent.type === 'welcome' ? 0 : (sent.seq ?? 0));
        for (const [name, value] of Object.entries(sent)) {
            if (['seq', 'room', 'rooms', 'participant'].includes(name) && message[name] !== value) continue; // below
            assert.deepEqual(message[name], value, `${sent.type}.${name}`);
        }
    }
    assert.deepEqual([...types].sort(), ['bye', 'chat', 'error', 'links', 'participant', 'room', 'welcome']);
});

test('people and rooms come with the fields that are shown', () => {
    const [welcome] = shown.map(text => read(text).message).filter(m => m.type === 'welcome');
    const [{participants, ...room}] = welcome.rooms;
    const [sent] = JSON.parse(shown.find(text => text.includes('"welcome"'))).rooms;
    for (const [name, value] of Object.entries(sent)) if (name !== 'participants') assert.deepEqual(room[name], value, name);
    for (const [name, value] of Object.entries(sent.participants[0])) assert.deepEqual(participants[0][name], value, name);
    const changed = read(shown.find(text => text.includes('"participant"') && text.includes('admitted'))).message;
    assert.deepEqual([changed.room, changed.event, changed.participant.id, changed.participant.state], ['r7…', 'admitted', 'kq3', 'inside']);
    const rules = shown.map(text => read(text).message).filter(m => m.type === 'room');
    assert.deepEqual(rules.map(m => [m.event, m.room.id]), [['', 'r7…'], ['deleted', 'r7…']]);
});

test('messages to a waiting guest come with the snapshot', () => {
    const chat = [{from: 'kq3', name: 'Gina', text: 'Hello', at: '2026-11-22T15:05:00Z', id: 'l1'}, 7, null, {from: 'u9', desk: true}];
    const {message} = read({type: 'welcome', rooms: [{id: 'r', participants: [{id: 'kq3', user: 'u5', chat}]}]});
    const [seat] = message.rooms[0].participants;
    assert.equal(seat.user, 'u5');
    assert.deepEqual(seat.chat.map(l => [l.from, l.text, l.role, l.id]), [['kq3', 'Hello', '', 'l1'], ['u9', '', 'desk', '']]);
});

test('a message without a required member is skipped, and counts', () => {
    for (const m of [
        {type: 'participant', room: 'r'},
        {type: 'participant', room: 'r', participant: {name: 'x'}},
        {type: 'participant', participant: {id: 'x'}},
        {type: 'room'},
        {type: 'room', event: 'deleted', room: {}},
        {type: 'chat', room: 'r', text: 'x'},
        {type: 'chat', from: 'g', text: 'x'},
        {type: 'links'},
        {type: 'links', room: 7},
        {type: 'weather'},
        {type: 'constructor'},
        {type: '__proto__'},
    ])
        assert.deepEqual(read({...m, seq: 4}), {message: null, seq: 4}, JSON.stringify(m));
    for (const raw of ['', '{', '[]', 'null', '7', '"x"', '{}', '{"type":null}', '{"type":[]}']) assert.equal(read(raw), null, raw);
});

test('garbage in any field of any message never throws, neither when it is read nor when it is shown', () => {
    const begun = reduceMessage(emptyDashboard(), read(shown.find(text => text.includes('"welcome"'))).message);
    const garbage = [null, true, 0, -1e300, '', 'x', [], [null], {}, {id: 7}, {id: 'x'}, [{id: 'r7…', participants: [{id: 'y', chat: [{}]}]}]];
    const inside = ['participant', 'room', 'rooms'];
    for (const text of shown)
        for (const name of [...Object.keys(JSON.parse(text)), ...inside, 'chat', 'later', 'never', 'self', 'epoch'])
            for (const value of garbage) {
                const whole = JSON.parse(text);
                const spoiled = [{...whole, [name]: value}];
                for (const part of inside) if (whole[part]) spoiled.push({...whole, [part]: {...whole[part], [name]: value}});
                for (const m of spoiled) {
                    const {message} = read(m) ?? {};
                    if (message) reduceMessage(begun, message);
                }
            }
});

test('the messages of a dashboard are those in the document', () => {
    assert.deepEqual(fromDashboard.decide('r', 'admit', 'p'), {type: 'admit', room: 'r', participant: 'p'});
    assert.deepEqual(fromDashboard.decide('r', 'admit', 'p', {how: 'beside'}), {type: 'admit', room: 'r', participant: 'p', beside: true});
    assert.deepEqual(fromDashboard.decide('r', 'deny', 'p', {text: 'Please ring.', block: true}), {
        type: 'deny',
        room: 'r',
        participant: 'p',
        text: 'Please ring.',
        block: true,
    });
    assert.deepEqual(fromDashboard.decide('r', 'hold', 'p', {text: '', block: false}), {type: 'hold', room: 'r', participant: 'p'});
    assert.deepEqual(fromDashboard.chat('r', 'p', 'Hello', 'l1'), {type: 'chat', room: 'r', to: 'p', text: 'Hello', id: 'l1'});
});
