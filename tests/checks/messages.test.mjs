// The messages that come in: the server's table, the page that describes them, and the client that sends them, each against the others.
import assert from 'node:assert/strict';
import test from 'node:test';
import {HOST_VERBS} from '../../web/js/core/host_verbs.js';
import {filesIn, read} from './tree.mjs';

const source = read('server/live/incoming.c');
const protocol = read('server/live/PROTOCOL.md');

/** The rows of INCOMING: side, type, the names of required fields, and whether this version has it. */
const ROWS = [...source.matchAll(/^ {4}\{ (NEWCOMER|SEAT|DASHBOARD), "(\w+)"(.*)\},$/gm)].map(([, side, type, rest]) => ({
    side,
    type,
    here: /\.(handle|pass) = /.test(rest),
    required: requiredOf(/FIELDS_\w+/.exec(rest)?.[0]),
}));

function requiredOf(fields) {
    const body = fields ? new RegExp(`struct field ${fields}\\[\\] = \\{([\\s\\S]*?)\\n\\};`).exec(source)?.[1] : '';
    return [...body.matchAll(/\{ "(\w+)".*\.required = true/g)].map(m => m[1]);
}

/** The rows of a table of PROTOCOL.md: for each message that the first cell names, the second cell. */
function described(heading) {
    const [, table] = new RegExp(`^\\| ${heading} \\|.*\\n\\|---.*\\n((?:\\|.*\\n)+)`, 'm').exec(protocol);
    return table
        .trim()
        .split('\n')
        .map(line => line.split(' | '))
        .flatMap(([first, fields]) => [...first.matchAll(/`(\w+)`/g)].map(([, type]) => [type, fields]));
}

/** Messages about the connection itself, which are answered before the table is asked. */
const OF_THE_CONNECTION = [...read('server/live/dispatch.c').matchAll(/strcmp\(type, "(\w+)"\) == 0/g)].map(m => m[1]);

const DESCRIBED = {SEAT: described('message'), DASHBOARD: described('from the dashboard')};
const sorted = names => [...new Set(names)].sort();
const typesOf = (side, rows = ROWS) => sorted(rows.filter(row => row.side === side).map(row => row.type));

test('the table of incoming messages is read as it is written', () => {
    assert.equal(ROWS.length, [...source.matchAll(/^ {4}\{ (?:NEWCOMER|SEAT|DASHBOARD),/gm)].length);
    assert.ok(typesOf('SEAT').includes('signal') && typesOf('DASHBOARD').includes('admit'));
});

test('every message of a connection that has not joined has an example in PROTOCOL.md, and the client sends it', () => {
    const client = filesIn('web/js', '.js').map(read).join('\n');
    assert.ok(typesOf('NEWCOMER').includes('join'));
    for (const type of typesOf('NEWCOMER')) {
        assert.ok(protocol.includes(`{"type":"${type}"`), type);
        assert.match(client, new RegExp(`\\btype: '${type}'`), type);
    }
});

for (const side of ['SEAT', 'DASHBOARD'])
    test(`every message of a ${side.toLowerCase()} is described in PROTOCOL.md, with the fields that it needs, and no other is`, () => {
        const about = side === 'SEAT' ? OF_THE_CONNECTION : [];
        assert.deepEqual(sorted(DESCRIBED[side].map(([type]) => type)), sorted([...typesOf(side), ...about]));
        for (const {type, required} of ROWS.filter(row => row.side === side))
            for (const [, fields] of DESCRIBED[side].filter(([name]) => name === type))
                for (const field of required) assert.match(fields, new RegExp(`\`${field}\``), `${type}: ${field}`);
    });

/** The types in the makers of messages of a file: `{type: 'chat', …}` after `from`. */
const made = (file, from) => [...read(file).split(from)[1].matchAll(/\btype: '(\w+)'/g)].map(m => m[1]);
const decided = filesIn('web/js', '.js').flatMap(file => [...read(file).matchAll(/\.decide\('(\w+)'/g)].map(m => m[1]));
const verbs = HOST_VERBS.map(verb => verb.type);

/** Messages that a client may send and ours does not. */
const UNSENT = {SEAT: [], DASHBOARD: ['end']};

test('the client sends every message of a seat that this version has, and no other', () => {
    const ofFeatures = made('web/js/features/quality/tally.js', 'message() {');
    const sent = sorted([...made('web/js/core/protocol.js', 'export const say = {'), ...ofFeatures, ...decided, ...verbs]);
    const known = [...typesOf('SEAT', ROWS.filter(row => row.here)), ...OF_THE_CONNECTION, 'join'];
    assert.deepEqual(sent, sorted(known.filter(type => !UNSENT.SEAT.includes(type))));
});

test('the dashboard has a button for every message of a dashboard that this version has', () => {
    const known = typesOf('DASHBOARD', ROWS.filter(row => row.here));
    assert.deepEqual(known.filter(type => !verbs.includes(type)), UNSENT.DASHBOARD);
});
