// Each reason for which the server refuses a join has its close code, an action of the pages, and a text in every language.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import {readCatalogue} from '../../web/build_texts.mjs';
import {DashboardSocket} from '../../web/js/admin/dashboard_socket.js';
import {wordsOf} from '../../web/js/core/problem_words.js';
import {CLOSE, REFUSED} from '../../web/js/core/refusals.js';
import {FakeClock, FakeSocket, settle} from './fakes.mjs';

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
const languages = {en: readCatalogue('en', 'later'), ar: readCatalogue('ar', 'later')};

test('the protocol document shows the same table', () => {
    const shown = new Map();
    for (const [, codes, close] of read('server/live/PROTOCOL.md').matchAll(/^\| (`\w+`.*?) \| (\d{4}) \|/gm))
        for (const [, code] of codes.replaceAll(/\([^)]*\)/g, '').matchAll(/`(\w+)`/g)) shown.set(code, Number(close));
    assert.deepEqual([...shown].sort(), table().sort());
});

for (const [code, close] of table())
    test(`${code} (${close}): the pages have an action and a text for it`, () => {
        assert.ok(code in REFUSED, 'what follows');
        assert.ok(close in CLOSE, 'the code alone is known as well');
        const words = wordsOf(code);
        assert.ok(problems.has(words), `a screen for ${words}`);
        for (const [language, texts] of Object.entries(languages)) {
            assert.ok(texts[`problem.${words}.title`], `${language}: title`);
            assert.ok(texts[`problem.${words}.text`] ?? texts[`problem.${words}.guest`], `${language}: text`);
        }
    });

test('the pages list no code that the server does not know', () => {
    const codes = new Set(table().map(([code]) => code));
    assert.deepEqual(
        Object.keys(REFUSED).filter(code => !codes.has(code)),
        [],
    );
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
    socket.say({type: 'error', code, detail: '', of: 'join'});
    socket.drop(close);
    return {events, later: [...clock.timers]};
}

test('the dashboard asks for a new token where that helps, and gives the reason where it does not', async () => {
    const texts = JSON.parse(read('web/lang/en/admin.json'));
    for (const [code, close] of table()) {
        const {events, later} = await refusedDashboard(code, close);
        const last = events.filter(e => e.type === 'link').at(-1);
        assert.deepEqual([last.link, last.reason], [REFUSED[code] === 'over' ? 'refused' : 'lost', code]);
        assert.equal(later.length, REFUSED[code] === 'over' ? 0 : 1, code);
        assert.equal(
            events.some(e => e.type === 'message'),
            false,
            'it is no news of a room',
        );
    }
    assert.ok(texts['live.refused'] && texts['live.lost']);
});
