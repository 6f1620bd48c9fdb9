// The messages of a visit, and the fate of each.
import assert from 'node:assert/strict';
import test from 'node:test';
import {draftFor} from '../../web/js/features/chat/slice.js';
import {Written} from '../../web/js/features/chat/written.js';
import {participant, welcome} from './fakes.mjs';
import {admit, enter, GINA, HOST, hostWith, setUp, wait, welcomeBack} from './visit_scene.mjs';

const mine = t => t.visit.call.chat.filter(l => l.mine).map(l => [l.text, l.status]);
const sentChat = socket => socket.sent.filter(m => m.type === 'chat');

test('messages that arrive before the conversation has been fetched are shown when it is there, once', async () => {
    const t = await enter(setUp({fetched: false}));
    t.sockets[0].say({type: 'chat', seq: 2, from: 'h', to: '', text: 'good morning', at: '2026-11-29T10:00:00Z', id: 'k1', role: 'host', name: 'Dr Rivera'});
    assert.deepEqual([t.visit.call.chat.length, t.visit.early.length], [0, 1]);
    t.visit.add(new Written(t.visit));
    assert.deepEqual(t.visit.call.chat.map(l => [l.text, l.mine]), [['good morning', false]]);
    assert.deepEqual([t.visit.call.unread, t.visit.early.length], [1, 0]);
});

test('a message is shown as under way until the server has answered', async () => {
    const t = await enter(setUp());
    t.visit.written.say('one');
    assert.deepEqual(mine(t), [['one', 'sending']]);
    const {n} = sentChat(t.sockets[0])[0];
    t.sockets[0].say({type: 'ack', seq: 2, of: 'chat', n, heard: 1});
    assert.deepEqual(mine(t), [['one', '']]);
});

test('a message for an absent person waits for them: heard when they are back, not delivered when their seat ends', async () => {
    for (const [event, more, status] of [
        ['back', {}, ''],
        ['left', {reason: 'expired'}, 'failed'],
    ]) {
        const t = await enter(setUp());
        t.sockets[0].say({type: 'participant', seq: 2, event: 'away', participant: {...HOST, state: 'away'}});
        t.visit.written.say('one');
        t.sockets[0].say({type: 'ack', seq: 3, of: 'chat', n: sentChat(t.sockets[0])[0].n, heard: 0, later: ['h']});
        assert.deepEqual(mine(t), [['one', 'later']]);
        t.sockets[0].say({type: 'participant', seq: 4, event, participant: HOST, ...more});
        assert.deepEqual(mine(t), [['one', status]]);
    }
});

/** The server's answer to the last message. */
const ackLast = (t, seq, answer) =>
    t.sockets.at(-1).say({type: 'ack', seq, of: 'chat', n: sentChat(t.sockets.at(-1)).at(-1).n, ...answer});

test('a message that nobody heard is not shown as heard: the next host reads the messages of waiting guests', async () => {
    const t = await wait();
    t.sockets[0].say({type: 'participant', seq: 1, event: 'left', participant: HOST, reason: 'left'});
    t.visit.written.say('is anybody there?');
    ackLast(t, 2, {heard: 0});
    assert.deepEqual(mine(t), [['is anybody there?', 'unheard']]);
    t.sockets[0].say({type: 'participant', seq: 3, event: 'joined', participant: HOST});
    assert.deepEqual(mine(t), [['is anybody there?', 'unheard']], 'a host who is inside need not have read it');
    const [{id}] = sentChat(t.sockets[0]);
    const echo = {type: 'chat', from: 'me', text: 'is anybody there?', at: '', id, again: true};
    t.sockets[0].say({...echo, seq: 4, unheard: true});
    assert.deepEqual(mine(t), [['is anybody there?', 'unheard']]);
    t.sockets[0].say({...echo, seq: 5});
    assert.deepEqual(mine(t), [['is anybody there?', '']], 'the server has given it to the host');
    assert.equal(sentChat(t.sockets[0]).length, 1);
});

test('a message answered from a dashboard has been read', async () => {
    const t = await wait();
    t.visit.written.say('is anybody there?');
    ackLast(t, 1, {heard: 0});
    t.sockets[0].say({type: 'chat', seq: 2, from: 'u', name: 'Dora', role: 'desk', text: 'Yes', id: 'x', at: ''});
    assert.deepEqual(mine(t), [['is anybody there?', '']]);
});

test('a guest let in with unread messages sends them to the host, once one is there', async () => {
    const t = await wait();
    t.visit.written.say('is anybody there?');
    ackLast(t, 1, {heard: 0});
    t.sockets[0].say({type: 'state', seq: 2, state: 'inside', participants: [], ice_servers: [], ice_ttl_s: 0});
    assert.equal(sentChat(t.sockets[0]).length, 1);
    t.sockets[0].say({type: 'participant', seq: 3, event: 'joined', participant: HOST, offerer: true});
    const [first, again] = sentChat(t.sockets[0]);
    assert.equal(again.id, first.id);
    ackLast(t, 4, {heard: 1});
    assert.deepEqual(mine(t), [['is anybody there?', '']]);
});

test('a message in an empty room reaches nobody who comes later: it was not delivered', async () => {
    const t = await enter(setUp());
    t.sockets[0].say({type: 'participant', seq: 2, event: 'left', reason: 'left', participant: HOST});
    t.visit.written.say('a note');
    ackLast(t, 3, {heard: 0});
    assert.deepEqual(mine(t), [['a note', 'failed']]);
    t.sockets[0].say({type: 'participant', seq: 4, event: 'joined', participant: participant('other', {role: 'host'})});
    assert.equal(sentChat(t.sockets[0]).length, 1);
});

test('unread messages are sent again to a server that forgot, however old, also over a reload', async () => {
    const t = await wait();
    t.sockets[0].say({type: 'participant', seq: 1, event: 'left', participant: HOST, reason: 'left'});
    t.sockets[0].say({type: 'chat', seq: 2, from: 'me', text: 'of an earlier page', id: 'y', again: true, unheard: true});
    t.visit.written.say('is anybody there?');
    ackLast(t, 3, {heard: 0});
    t.clock.advance(600_000);
    t.sockets[0].drop();
    t.clock.advance(600);
    t.sockets[1].open();
    t.sockets[1].say(welcome({epoch: 'e2'}));
    assert.deepEqual(sentChat(t.sockets[1]).map(m => m.text), ['of an earlier page', 'is anybody there?']);
});

test('after a restart of the server a message that waited there, or was sent a moment ago, is sent again under its id', async () => {
    const t = await enter(setUp());
    t.visit.written.say('long ago');
    t.sockets[0].say({type: 'ack', seq: 2, of: 'chat', n: sentChat(t.sockets[0])[0].n, heard: 1});
    t.clock.advance(70_000);
    for (const [text, answer] of [
        ['just now', {heard: 1}],
        ['for the host', {heard: 0, later: ['h']}],
        ['unanswered', null],
    ]) {
        t.visit.written.say(text);
        if (answer)
            t.sockets[0].say({
                type: 'ack',
                seq: (t.seq = (t.seq ?? 2) + 1),
                of: 'chat',
                n: sentChat(t.sockets[0]).at(-1).n,
                ...answer,
            });
    }
    t.sockets[0].drop();
    t.clock.advance(600);
    t.sockets[1].open();
    t.sockets[1].say(welcomeBack({epoch: 'e2', participants: [{...HOST, state: 'away'}]}));
    const before = sentChat(t.sockets[0]);
    const again = sentChat(t.sockets[1]);
    assert.deepEqual(again.map(m => m.text).sort(), ['for the host', 'just now', 'unanswered']);
    for (const m of again) assert.equal(m.id, before.find(b => b.text === m.text).id);
    assert.deepEqual(
        mine(t).map(([, status]) => status),
        ['', 'sending', 'sending', 'sending'],
    );
});

test('the page repeats a message that was too fast; one that cannot be delivered is marked, and can be sent again', async () => {
    const t = await enter(setUp());
    t.visit.written.say('one');
    const refuse = (seq, code) =>
        t.sockets[0].say({type: 'error', seq, code, of: 'chat', n: sentChat(t.sockets[0]).at(-1).n});
    refuse(2, 'too_fast');
    assert.deepEqual(mine(t), [['one', 'sending']]);
    t.clock.advance(1000);
    assert.equal(sentChat(t.sockets[0]).length, 2);
    refuse(3, 'not_found');
    assert.deepEqual(mine(t), [['one', 'failed']]);
    t.visit.written.again(t.visit.call.chat[0]);
    assert.deepEqual(mine(t), [['one', 'sending']]);
    assert.equal(new Set(sentChat(t.sockets[0]).map(m => m.id)).size, 1);
    t.sockets[0].say({type: 'ack', seq: 4, of: 'chat', n: sentChat(t.sockets[0]).at(-1).n, heard: 0, never: ['h']});
    assert.deepEqual(mine(t), [['one', 'failed']], 'too much waits for them already');
});

test('a message that comes twice is shown once; after a reload the conversation is back, own messages too, and is not news', async () => {
    const t = await enter(setUp());
    const line = {type: 'chat', from: 'h', name: 'H', text: 'hello', at: '', id: 'x'};
    t.sockets[0].say({...line, seq: 2});
    t.sockets[0].say({...line, seq: 3});
    assert.equal(t.visit.call.chat.length, 1);
    assert.equal(t.visit.call.unread, 1);
    t.sockets[0].say({type: 'chat', seq: 4, from: 'me', text: 'my own', id: 'y', again: true});
    t.sockets[0].say({type: 'chat', seq: 5, from: 'h', text: 'old', id: 'z', again: true});
    assert.deepEqual(
        t.visit.call.chat.map(l => [l.text, l.mine]),
        [
            ['hello', false],
            ['my own', true],
            ['old', false],
        ],
    );
    assert.equal(t.visit.call.unread, 1);
});

test('messages to one patient are gone when the host goes on with the next, with their counts and retries', async () => {
    const t = await hostWith([participant('a', {name: 'Ana'})]);
    t.sockets[0].say({type: 'chat', seq: 1, from: 'a', name: 'Ana', text: 'my results?', id: 'x', at: ''});
    t.visit.written.say('they are bad');
    t.sockets[0].say({type: 'error', seq: 2, code: 'too_fast', of: 'chat', n: sentChat(t.sockets[0])[0].n});
    t.sockets[0].say({type: 'bye', reason: 'ended'});
    t.sockets[0].drop(4404);
    assert.equal(t.visit.call.phase, 'ended');
    await t.visit.way.goOnWith({id: 'g', name: 'Gina', since: '', room: {id: 'r', name: 'R', slug: 'dr-rivera'}});
    t.sockets[1].open();
    t.sockets[1].say(welcome({role: 'host', state: 'inside', participants: [{...GINA, state: 'inside'}]}));
    t.clock.advance(20_000);
    assert.deepEqual(t.visit.call.chat, []);
    assert.equal(t.visit.call.unread, 0);
    assert.equal(t.visit.written.tries.size, 0);
    assert.deepEqual(sentChat(t.sockets[1]), [], 'the try of a moment ago is not for the next');
});

test('a message of a moment ago is not sent again by the page when another guest would hear it', async () => {
    for (const [who, said] of [
        ['a', ['for Ana']],
        ['b', []],
    ]) {
        const t = await hostWith([participant('a')]);
        t.visit.written.say('for Ana');
        ackLast(t, 1, {heard: 1});
        t.sockets[0].drop();
        t.clock.advance(600);
        t.sockets[1].open();
        t.sockets[1].say(welcome({role: 'host', state: 'inside', epoch: 'e2', participants: [participant(who)]}));
        assert.deepEqual(sentChat(t.sockets[1]).map(m => m.text), said);
    }
});

test('a message written without a connection is not sent to another guest who is there when the connection is back', async () => {
    for (const [who, said] of [
        ['a', ['for Ana']],
        ['b', []],
    ]) {
        const t = await hostWith([participant('a')]);
        t.sockets[0].drop();
        t.visit.written.say('for Ana');
        t.clock.advance(600);
        t.sockets[1].open();
        t.sockets[1].say(welcome({role: 'host', state: 'inside', resumed: true, participants: [participant(who)]}));
        assert.deepEqual(sentChat(t.sockets[1]).map(m => m.text), said);
        assert.deepEqual(mine(t), [['for Ana', said.length ? 'sending' : 'failed']]);
    }
});

test('a message refused for its pace is not sent to another guest who came meanwhile', async () => {
    const t = await hostWith([participant('a')]);
    t.visit.written.say('for Ana');
    t.sockets[0].say({type: 'error', seq: 1, code: 'too_fast', of: 'chat', n: sentChat(t.sockets[0])[0].n});
    t.sockets[0].say({type: 'participant', seq: 2, event: 'left', reason: 'left', participant: participant('a')});
    t.sockets[0].say({type: 'participant', seq: 3, event: 'admitted', participant: participant('b')});
    t.clock.advance(20_000);
    assert.equal(sentChat(t.sockets[0]).length, 1);
    assert.deepEqual(mine(t), [['for Ana', 'failed']]);
});

test('a message is sent once and shown at once, and an empty one not at all', async () => {
    const t = await enter(setUp());
    assert.equal(t.visit.written.say('  '), false);
    assert.equal(t.visit.written.say(' hello '), true);
    assert.deepEqual(
        t.visit.call.chat.map(l => [l.text, l.mine]),
        [['hello', true]],
    );
    const sent = t.sockets[0].sent.filter(m => m.type === 'chat');
    assert.deepEqual(
        sent.map(m => m.text),
        ['hello'],
    );
});

test('what was written and not sent is there again when the chat is opened again, and gone once it is sent', async () => {
    const t = await enter(setUp());
    const panel = (name, to) => t.visit.dispatch({type: 'panel', panel: name, to});
    panel('chat');
    t.visit.dispatch({type: 'draft', text: 'I have a question'});
    panel('');
    panel('chat');
    assert.equal(draftFor(t.visit.call), 'I have a question');
    t.visit.written.say('I have a question');
    assert.equal(draftFor(t.visit.call), '');
});

test('what a waiting guest is writing is there when they are let in', async () => {
    const t = await wait(setUp());
    t.visit.dispatch({type: 'draft', text: 'I have a question'});
    await admit(t);
    assert.equal(t.visit.call.phase, 'incall');
    assert.equal(draftFor(t.visit.call), 'I have a question');
});

test('what a host was writing for one patient is not there for another, and is gone with the visit', async () => {
    const t = await hostWith([participant('a')]);
    const panel = (name, to) => t.visit.dispatch({type: 'panel', panel: name, to});
    panel('chat', 'w');
    t.visit.dispatch({type: 'draft', text: 'Your result'});
    panel('');
    panel('chat');
    assert.equal(draftFor(t.visit.call), '', 'it was for one who waits');
    panel('chat', 'w');
    assert.equal(draftFor(t.visit.call), 'Your result');
    panel('chat');
    t.visit.dispatch({type: 'draft', text: 'Your result'});
    t.sockets[0].say({type: 'participant', seq: 1, event: 'left', reason: 'left', participant: participant('a')});
    t.sockets[0].say({type: 'participant', seq: 2, event: 'admitted', participant: participant('b')});
    panel('');
    panel('chat');
    assert.equal(draftFor(t.visit.call), '');
    t.visit.dispatch({type: 'over', cause: 'ended'});
    assert.equal(t.visit.call.draft, null);
});
