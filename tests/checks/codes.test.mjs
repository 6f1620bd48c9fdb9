// Each code of an `error` on the sockets stands in the tables of PROTOCOL.md, and each code that stands there is sent.
import assert from 'node:assert/strict';
import test from 'node:test';
import {filesIn, read} from './tree.mjs';

const codesIn = text => [...text.matchAll(/`(\w+)`/g)].map(([, code]) => code);

/** The codes in the first column of the table below a line of PROTOCOL.md. */
function tableBelow(line) {
    const text = read('server/live/PROTOCOL.md');
    const at = text.indexOf(line);
    assert.ok(at >= 0, line);
    const rows = text.slice(at).match(/^\|(?:.*\n\|)*.*/m)[0].split('\n');
    return new Set(rows.slice(2).flatMap(row => codesIn(row.split('|')[1].replaceAll(/\([^)]*\)/g, ''))));
}

const errors = tableBelow('### Error codes');
const refusals = tableBelow('A refused `join` is answered');

/** Folders whose errors reach a socket: the shard's own, and those that it passes on from the rules, from a token, from fields. */
const SENDERS = [
    ...filesIn('server/live', '.c').filter(file => !file.includes('/hub')), // the hub's go to whoever starts it
    'server/domain/admission.c',
    'server/domain/room_decide.c',
    'server/store/store_sessions.c',
    'server/util/json_fields.c',
];
const written = new Set(SENDERS.flatMap(file => [...read(file).matchAll(/"(\w+)"/g)].map(([, word]) => word)));

/** In `err_set(e, KIND, "code"`, `live_shard_error(f, "code"` and the like; `code = "busy"` where a code is replaced by another. */
const SENT = /\b(?:live_shard_(?:error|refuse)|say_error(?:_n)?|fault|err_set)\((?:[^"();]|\([^()]*\))*?"(\w+)"|\bcode = "(\w+)"/g;
const sent = file => [...read(file).matchAll(SENT)].map(([, code, instead]) => code ?? instead);

test('every code in the tables of the protocol page is sent by the server', () => {
    assert.ok(errors.size > 15 && refusals.size > 15);
    assert.deepEqual([...errors, ...refusals].filter(code => !written.has(code)), []);
});

test('every code that a room or a dashboard sends is in the tables of the protocol page', () => {
    const all = [...filesIn('server/live', '.c').filter(file => !file.includes('/hub')), 'server/domain/room_decide.c'].flatMap(file => sent(file).map(code => ({file, code})));
    assert.ok(all.length > 40, 'they were found');
    assert.deepEqual(all.filter(({code}) => !errors.has(code) && !refusals.has(code)), []);
});
