// The smaller parts: messages, invitations, the kept place, REST calls, quality, announcements for screen readers.
import assert from 'node:assert/strict';
import test from 'node:test';
import {ApiError, makeApi} from '../../web/js/core/api.js';
import {newCall} from '../../web/js/core/call.js';
import {phaseAfterRefusal, toProblem, whoAmI} from '../../web/js/core/entry.js';
import {initialsOf} from '../../web/js/core/initials.js';
import {codeFrom, readInvitation, slugFrom} from '../../web/js/core/invitation.js';
import {makeLog} from '../../web/js/core/log.js';
import {asSeen} from '../../web/js/core/names.js';
import {makePlace} from '../../web/js/core/place.js';
import {safeStorage} from '../../web/js/core/storage.js';
import {parseServer, say} from '../../web/js/core/protocol.js';
import {judgeQuality, word} from '../../web/js/features/quality/judge.js';
import {announcements} from '../../web/js/ui/announcer.js';
import {participant} from './fakes.mjs';

test('no message of any shape makes reading throw', () => {
    const odd = [undefined, null, 0, -1, '', 'x', true, [], {}, [null], {id: 1}, [[]], {a: {b: {}}}, Number.NaN];
    const types = 'welcome participant state move signal chat mute ice room error bye future'.split(' ');
    const fields =
        'self role room participants participant ice_servers ice_ttl_s resume seq n data from text code reason retry_ms'.split(
            ' ',
        );
    for (const type of types)
        for (const field of fields)
            for (const value of odd) {
                const parsed = parseServer(JSON.stringify({type, [field]: value}));
                assert.ok(parsed === null || typeof parsed.seq === 'number');
            }
    for (const raw of ['', '{', '[]', '"x"', 'null', '{"type":5}', '{"type":"__proto__"}']) {
        const parsed = parseServer(raw);
        assert.ok(parsed === null || parsed.message === null);
    }
});

test('a participant without an id is dropped; one with odd fields is completed', () => {
    assert.equal(parseServer('{"type":"participant","participant":{"name":"x"}}').message, null);
    const {message} = parseServer(
        '{"type":"participant","event":"joined","offerer":true,"participant":{"id":"a","kind":7,"status":null}}',
    );
    assert.equal(message.participant.kind, 'guest');
    assert.deepEqual(message.participant.status, {});
    assert.equal(message.participant.offerer, true);
});

test('outgoing messages have no empty members', () => {
    assert.deepEqual(say.chat('hi'), {type: 'chat', text: 'hi'});
    assert.deepEqual(say.decide('deny', 'p', {text: '', block: false}), {type: 'deny', participant: 'p'});
    assert.deepEqual(say.decide('deny', 'p', {text: 'no', block: true}), {
        type: 'deny',
        participant: 'p',
        text: 'no',
        block: true,
    });
    assert.deepEqual(say.decide('mute', 'p', {kind: 'audio'}), {type: 'mute', participant: 'p', kind: 'audio'});
    assert.deepEqual(say.decide('end'), {type: 'end'});
});

test('a code is found in the fragment or moved out of the path, however it was pasted', () => {
    assert.deepEqual(codeFrom({pathname: '/j/', hash: '#ABC234'}), {code: 'ABC234', inPath: false});
    assert.deepEqual(codeFrom({pathname: '/j/ABC234.', hash: ''}), {code: 'ABC234', inPath: true});
    assert.deepEqual(codeFrom({pathname: '/j/', hash: '#%20ABC234%'}), {code: '20ABC234', inPath: false});
    assert.deepEqual(codeFrom({pathname: '/j/', hash: ''}), {code: '', inPath: false});
    assert.equal(slugFrom({pathname: '/r/dr-rivera'}), 'dr-rivera');
    assert.equal(slugFrom({pathname: '/j/'}), '');
});

test('an invitation with nothing in it is still one', () => {
    const i = readInvitation('C', {state: 'valid', consent: {version: 3, text: 'T'}});
    assert.equal(i.room.kind, 'meeting');
    assert.deepEqual(i.consent, {version: '3', text: 'T'});
    assert.deepEqual(readInvitation('C', {state: 'used', consent: {}}).consent, null);
});

test('the place belongs to its address, and disabled storage breaks nothing', () => {
    const kept = new Map();
    const storage = {
        getItem: k => kept.get(k) ?? null,
        setItem: (k, v) => kept.set(k, v),
        removeItem: k => kept.delete(k),
    };
    let address = '/j/#A';
    const place = makePlace({storage, address: () => address});
    place.write({room: 'r', name: 'N', mic: true, cam: true, consent: '', invitation: null});
    place.update({cam: false});
    assert.equal(place.read().cam, false);
    address = '/j/#B';
    assert.equal(place.read(), null);
    address = '/j/#A';
    place.clear();
    assert.equal(place.read(), null);
    kept.set('parlour.place', '{broken');
    assert.equal(place.read(), null);
    const off = () => {
        throw new Error('SecurityError');
    };
    const none = makePlace({storage: safeStorage(off), address: () => ''});
    none.write({room: 'r', name: '', mic: true, cam: true, consent: '', invitation: null});
    assert.equal(none.read().room, 'r', 'kept as long as the page lives');
    none.clear();
    assert.equal(none.read(), null);
});

const answer = (status, body, type = 'application/json') =>
    new Response(status === 204 ? null : JSON.stringify(body), {status, headers: {'content-type': type}});

test('a changing call carries the same-origin headers, a reading one does not', async () => {
    const seen = [];
    const fetch = async (url, o) => {
        seen.push([url, o]);
        return answer(200, {ok: 1});
    };
    const api = makeApi({fetch});
    await api.post('/rooms', {name: 'x'}, {idempotencyKey: 'k', ifMatch: 'e'});
    await api.get('/rooms');
    assert.equal(seen[0][0], '/api/v1/rooms');
    assert.equal(seen[0][1].headers['X-Parlour'], '1');
    assert.equal(seen[0][1].headers['Content-Type'], 'application/json');
    assert.equal(seen[0][1].headers['Idempotency-Key'], 'k');
    assert.equal(seen[0][1].headers['If-Match'], 'e');
    assert.equal(seen[1][1].headers['X-Parlour'], undefined);
    assert.equal(seen[1][1].body, undefined);
});

test('a refusal keeps its code, field and reference; a dead network is a refusal too', async () => {
    const refuse = makeApi({
        fetch: async () =>
            answer(422, {code: 'name_taken', field: 'name', request_id: 'q', detail: 'D'}, 'application/problem+json'),
    });
    const e = await refuse.post('/x').catch(x => x);
    assert.ok(e instanceof ApiError);
    assert.deepEqual([e.status, e.code, e.field, e.requestId, e.temporary], [422, 'name_taken', 'name', 'q', false]);
    const dead = makeApi({fetch: async () => Promise.reject(new TypeError('Failed to fetch'))});
    assert.equal((await dead.get('/x').catch(x => x)).code, 'network');
    const proxy = makeApi({
        fetch: async () => new Response('<html>Bad gateway', {status: 502, headers: {'content-type': 'text/html'}}),
    });
    assert.equal((await proxy.get('/x').catch(x => x)).code, 'http_502');
    const broken = makeApi({
        fetch: async () => new Response('{', {status: 200, headers: {'content-type': 'application/json'}}),
    });
    assert.equal((await broken.get('/x').catch(x => x)).code, 'bad_answer');
    assert.equal(await makeApi({fetch: async () => answer(204)}).del('/x'), null);
});

test('a caller who aborts gets the abort itself', async () => {
    const stop = new AbortController();
    const api = makeApi({
        fetch: (_, o) => new Promise((_, no) => o.signal.addEventListener('abort', () => no(o.signal.reason))),
    });
    const call = api.get('/x', {signal: stop.signal});
    stop.abort(new Error('gone'));
    assert.equal((await call.catch(x => x)).message, 'gone');
});

test('a refused join leads to the field to correct, or to a screen of its own', () => {
    const at = (code, field = '') => phaseAfterRefusal(toProblem(new ApiError({code, field})));
    assert.equal(at('wrong_pin'), 'check');
    assert.equal(at('name_taken'), 'check');
    assert.equal(at('invalid', 'name'), 'check');
    assert.equal(at('room_locked'), 'problem');
    assert.equal(toProblem(new Error('x')).code, 'unknown');
});

const accountThatMay = (...may) => ({get: async path => (path === '/session' ? {user: {name: 'Dr R'}} : {id: 'r', name: 'Room', may})});

test('a person without an invitation is a guest of the room; a broken connection is not mistaken for one', async () => {
    const no = code => ({get: async () => Promise.reject(new ApiError(code))});
    assert.equal((await whoAmI(no({status: 401, code: 'unauthorized'}), 's')).host, false);
    await assert.rejects(whoAmI(no({code: 'network'}), 's'));
    const host = accountThatMay('edit', 'enter');
    assert.deepEqual(await whoAmI(host, 's'), {host: true, name: 'Dr R', room: {id: 'r', name: 'Room', may: ['edit', 'enter']}});
});

test('an account that sees the room but may not enter it as a host is a person from outside', async () => {
    for (const may of [['edit', 'admit', 'end'], ['invite', 'hold', 'deny'], []])
        assert.deepEqual(await whoAmI(accountThatMay(...may), 's'), {host: false, name: '', room: null});
});

test('the log keeps the newest and forgets the rest', () => {
    const log = makeLog({now: () => 1});
    for (let i = 0; i < 500; i++) log.note(`n${i}`);
    assert.equal(log.entries().length, 200);
    assert.equal(log.entries().at(-1).what, 'n499');
});

const stats = (lost, received, rtt, extra = []) => [
    {type: 'inbound-rtp', packetsLost: lost, packetsReceived: received},
    {type: 'transport', id: 't', selectedCandidatePairId: 'p'},
    {type: 'candidate-pair', id: 'p', localCandidateId: 'l', currentRoundTripTime: rtt},
    {type: 'local-candidate', id: 'l', candidateType: 'relay', relayProtocol: 'tls'},
    ...extra,
];

test('the shown quality falls quickly and rises slowly', () => {
    let q = judgeQuality(null, stats(0, 100, 0.05));
    assert.equal(q.shown, 'good');
    assert.equal(q.path, 'relay/tls');
    q = judgeQuality(q, stats(50, 150, 0.05));
    assert.equal(q.shown, 'good', 'one bad sample is not yet news');
    q = judgeQuality(q, stats(100, 200, 0.05));
    assert.equal(q.shown, 'poor');
    for (let i = 1; i <= 4; i++) q = judgeQuality(q, stats(100, 200 + 100 * i, 0.05));
    assert.equal(q.shown, 'poor');
    q = judgeQuality(q, stats(100, 900, 0.05));
    assert.equal(q.shown, 'good');
    assert.deepEqual([word(20, 0), word(300, 8), word(900, 20)], ['good', 'fair', 'poor']);
});

test('empty statistics are not an error', () => {
    assert.equal(judgeQuality(null, []).shown, 'good');
    assert.equal(judgeQuality(null, [{type: 'remote-inbound-rtp', fractionLost: 0.5}]).shown, 'poor');
});

const spoken = (before, now) =>
    announcements({...newCall(), ...before}, {...newCall(), ...now}).map(a => [a.key, a.urgent]);

test('read aloud are arrivals and departures, a lost connection at once, and a message by its sender only', () => {
    const here = {phase: 'incall', people: [participant('a')], peers: {a: {state: 'live', since: 0}}};
    assert.deepEqual(spoken({phase: 'waiting'}, here), [['say.inside', true]]);
    assert.deepEqual(spoken({...here, people: []}, here), [['say.joined', false]]);
    assert.deepEqual(spoken(here, {...here, people: []}), [['say.left', false]]);
    const lost = {...here, peers: {a: {state: 'lost', since: 0}}};
    assert.deepEqual(spoken(here, lost), [['say.reconnecting', true]]);
    assert.deepEqual(spoken(lost, here), [['say.back', false]]);
    const line = {id: 1, from: 'a', name: 'A', role: 'guest', mine: false, to: '', text: 'secret', at: 0};
    assert.deepEqual(spoken(here, {...here, chat: [line]}), [['say.chat', false]]);
    const written = role => spoken({phase: 'waiting'}, {phase: 'waiting', chat: [{...line, role}]});
    assert.deepEqual(written('guest'), [['say.chat_text', false]]);
    assert.deepEqual(written('host'), [['say.chat_text_host', false]]);
    assert.deepEqual(written('desk'), [['say.chat_text_desk', false]]);
    assert.deepEqual(spoken({phase: 'waiting'}, {phase: 'waiting', waiting: {held: true, position: 0, text: ''}}), [
        ['waiting.held', true],
    ]);
});

test('initials are the letters of the name, never those of a title', () => {
    const letters = {
        'Dr Rivera': 'R',
        'Dr. Rivera': 'R',
        'Dr Ana Rivera': 'AR',
        'Prof. Dr. med. Jonas Becker': 'JB',
        'Ana Maria Novak, MD': 'AN',
        'Novak, Ana': 'NA',
        'J. Smith (host)': 'JS',
        'Ms Wu': 'W',
        'Dr': 'D',
        'd’Arcy': 'D',
        'أ.د. سارة حداد': 'س\u200cح',
        'د. منى': 'م',
        'الدكتورة ليلى الخطيب': 'ل\u200cا',
        '  ': '',
        '42': '',
    };
    for (const [name, wanted] of Object.entries(letters)) assert.equal(initialsOf(name), wanted, name);
});

test('a name is shown as the server will store it: without invisible characters', () => {
    assert.equal(asSeen('\uFEFF\u200EAna\u00AD \t Novak\u202C\u00A0'), 'Ana Novak');
    assert.equal(asSeen('\u200B\u2066\u200D \u3164'), '');
    assert.equal(asSeen('علی\u200Cرضا\u200C'), 'علی\u200Cرضا');
    assert.equal(asSeen('Ame\u0301lie'), 'Am\u00e9lie');
});
