// Each reason for which the server refuses a join has its close code, an action of the pages, and a text in every language.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import {readCatalogue} from '../../web/build_texts.mjs';
import {DashboardSocket} from '../../web/js/admin/dashboard_socket.js';
import {wordsOf} from '../../web/js/core/problem_words.js';
import {linkWords} from '../../web/js/admin/dashboard_words.js';
import {CLOSE} from '../../web/js/core/refusals.js';
import {FakeClock, FakeSocket, settle} from './fakes.mjs';
import {INVITATION, SEAT, setUp} from './visit_scene.mjs';

const read = path => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The server's table: code → close code. */
function table() {
    const numbers = Object.fromEntries(
        [...read('server/ws/client.h').matchAll(/(CLOSE_\w+) = (\d+)/g)].map(([, name, n]) => [name, Number(n)]),
    );
    const rows = [...read('server/live/refusal.c').matchAll(/\{ "(\w+)", (CLOSE_\w+) \}/g)].map(
        ([, code, name]) => [code, numbers[name]],
    );
    assert.ok(rows.length > 15 && rows.every(([, close]) => close > 1000));
    return rows;
}

const problems = new Set([...read('web/js/ui/problem.js').matchAll(/^ {4}(\w+): \{icon: /gm)].map(([, name]) => name));
const endings = new Set([...read('web/js/ui/ended.js').matchAll(/^ {4}(\w+): \{icon: /gm)].map(([, name]) => name));
const forHosts = new Set(read('web/js/ui/problem.js').match(/FOR_HOSTS = new Set\(\[(.*)\]\)/)[1].split(/\W+/).filter(Boolean));
const languages = {en: readCatalogue('en', 'later'), ar: readCatalogue('ar', 'later')};

test('the protocol document shows the same table', () => {
    const shown = new Map();
    for (const [, codes, close] of read('server/live/PROTOCOL.md').matchAll(/^\| (`\w+`.*?) \| (\d{4}) \|/gm))
        for (const [, code] of codes.replaceAll(/\([^)]*\)/g, '').matchAll(/`(\w+)`/g)) shown.set(code, Number(close));
    assert.deepEqual([...shown].sort(), table().sort());
});

/** What is to follow when a join is refused: the same join again later, a new token from the front door, or the end. Written here anew. */
const FOLLOWS = {
    busy: 'again later',
    storage: 'again later',
    storage_full: 'again later',
    join_first: 'the end',
    invalid_field: 'the end',
    no_room: 'the end',
    blocked: 'the end',
    try_later: 'the end',
    room_locked: 'the end',
    room_full: 'the end',
};
const follows = code => FOLLOWS[code] ?? 'a new token';

/** The texts of the screen for a problem, as ui/problem.js chooses them. */
function screenOf(code, role, texts) {
    const words = wordsOf(code);
    assert.ok(problems.has(words), `a screen for ${words}`);
    const key = role === 'host' && forHosts.has(words) ? 'host' : 'text';
    return [`problem.${words}.title`, `problem.${words}.${key}`].map(name => texts[name]);
}

/** A person who has pressed Enter, and whose socket refuses the join with this code, each time. */
async function refusedPerson(role, code, close) {
    const t = setUp({answer: async () => ({...SEAT, role})});
    t.visit.open(INVITATION);
    await t.visit.askDevices();
    await t.visit.seat.enter({name: 'Ana', pin: '', consent: ''});
    const refuse = async () => {
        const socket = t.sockets.at(-1);
        socket.open();
        socket.say({type: 'error', code, detail: '', of: 'join'});
        socket.drop(close);
        await settle();
    };
    await refuse();
    return {...t, refuse, joins: () => t.posts.filter(p => p.path.endsWith('/join')).length};
}

for (const role of ['guest', 'host'])
    for (const [code, close] of table())
        test(`${code} (${close}): what helps is tried, and then the ${role} reads the reason`, async () => {
            const t = await refusedPerson(role, code, close);
            assert.ok(close in CLOSE, 'the close code alone is known as well');
            const {joins, sockets} = t;
            if (follows(code) === 'a new token') {
                assert.deepEqual([joins(), t.visit.call.phase], [2, 'connecting'], 'the door is asked, which knows the reason');
                await t.refuse();
            } else if (follows(code) === 'again later') {
                for (let i = 0; t.visit.call.phase === 'connecting' && i < 100; i++) {
                    const {length} = sockets;
                    while (sockets.length === length) t.clock.advance(100);
                    await t.refuse();
                }
                assert.ok(sockets.length > 5 && t.clock.now() > 120_000, 'for two minutes');
            }
            assert.equal(joins(), follows(code) === 'a new token' ? 2 : 1);
            assert.equal(t.visit.call.phase, 'problem');
            const said = t.visit.call.problem.code;
            assert.equal(said, follows(code) === 'again later' ? 'busy' : code, 'the reason has come through');
            for (const [language, texts] of Object.entries(languages))
                for (const words of screenOf(said, role, texts)) assert.ok(words, language);
        });

test('the reasons of refusals are told in words of their own, not in those for the unexpected', () => {
    const ofOurs = table().filter(([code]) => wordsOf(code) === 'failed');
    assert.deepEqual(ofOurs.map(([code]) => code), ['join_first', 'invalid_field']);
    for (const [code] of table()) assert.notEqual(wordsOf(code), 'other');
});

test('every close code of the server has a meaning, so that none is taken for a lost connection', () => {
    const codes = [...read('server/ws/client.h').matchAll(/CLOSE_\w+ = (\d+)/g)].map(([, n]) => n);
    const shown = [...read('server/live/PROTOCOL.md').split('### Close codes')[1].split('\n## ')[0].matchAll(/^\| (\d{4}(?:, \d{4})*) \|/gm)];
    const unknown = [...codes, ...shown.flatMap(([, list]) => list.split(', '))].filter(code => !(code in CLOSE));
    assert.ok(codes.length > 10 && shown.length > 10);
    assert.deepEqual(unknown, []);
});

test('every close code that ends a visit by itself has a screen', () => {
    for (const [code, {next, cause}] of Object.entries(CLOSE))
        if (next === 'over') assert.ok(endings.has(cause) || problems.has(cause), `${code}: ${cause}`);
});

/** A dashboard whose join is refused; returns what it does then. */
async function refusedDashboard(code, close) {
    const clock = new FakeClock();
    const socket = new FakeSocket();
    const events = [];
    const join = async () => ({token: 't', ws: '/ws/@desk'});
    const dashboard = new DashboardSocket({clock, random: () => 0.5, open: () => socket, join, isFinal: () => false, on: e => events.push(e)});
    dashboard.start();
    await settle();
    socket.open();
    if (code) socket.say({type: 'error', code, detail: '', of: 'join'});
    socket.drop(close);
    return {events, later: [...clock.timers]};
}

/** The words of the bar on the dashboard; the others are lost connections like any. */
const ON_THE_DASHBOARD = {busy: 'live.busy', storage: 'live.busy', storage_full: 'live.busy_full', blocked: 'live.refused'};

test('the dashboard asks for a new token where that helps, and gives the reason where it does not', async () => {
    const languagesOf = ['en', 'ar'].map(language => readCatalogue(language, 'admin'));
    for (const [code, close] of table()) {
        const {events, later} = await refusedDashboard(code, close);
        const last = events.filter(e => e.type === 'link').at(-1);
        const ends = follows(code) === 'the end';
        assert.deepEqual([last.link, last.cause], [ends ? 'refused' : 'lost', code]);
        assert.equal(later.length, ends ? 0 : 1, code);
        assert.equal(
            events.some(e => e.type === 'message'),
            false,
            'it is no news of a room',
        );
        const words = linkWords(last);
        assert.equal(words, ON_THE_DASHBOARD[code] ?? (ends ? 'live.failed' : 'live.lost'), code);
        for (const texts of languagesOf) assert.ok(texts[words], words);
    }
});

test('every close code without a refusal has words on the dashboard too', async () => {
    for (const close of Object.keys(CLOSE).map(Number)) {
        const {events} = await refusedDashboard('', close);
        const last = events.filter(e => e.type === 'link').at(-1);
        const {next, cause} = CLOSE[close];
        assert.equal(last.cause, cause, String(close));
        if (cause === 'restarting') assert.equal(linkWords(last), 'live.restarting');
        if (cause === 'replaced') assert.equal(linkWords(last), 'live.too_many');
        if (cause === 'failed') assert.equal(linkWords(last), 'live.failed');
        assert.equal(last.link === 'lost', next !== 'over', String(close));
    }
});

test('every error that answers a press has words of its own, and the others are no news for a person', () => {
    const rows = read('server/live/PROTOCOL.md').split('### Error codes')[1].split('\n### ')[0].matchAll(/^\| (`\w+`.*?) \| /gm);
    const codes = [...rows].flatMap(([, list]) => [...list.matchAll(/`(\w+)`/g)].map(([, code]) => code));
    const shown = new Set(read('web/js/core/call.js').match(/REFUSALS = new Set\('([\w ]+)'/)[1].split(' '));
    const ofThePage = 'invalid_json invalid_field missing_type unknown_type stale_instance gap'.split(' '); // our own mistakes, and what is mended unseen
    const asked = ['guest_inside']; // a question
    assert.deepEqual(codes.filter(code => ![...ofThePage, ...asked].includes(code)).sort(), [...shown].sort());
    for (const texts of Object.values(languages)) for (const code of [...shown, 'other']) assert.ok(texts[`refused.${code}`], code);
});
