// The hosts' verbs: one table for the call and for the dashboard.
import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import test from 'node:test';
import {readCatalogue} from '../../web/build_texts.mjs';
import {HOST_VERBS, verbsFor} from '../../web/js/core/host_verbs.js';
import {LANGUAGES} from '../../web/js/core/i18n.js';

const ROOT = new URL('../../', import.meta.url);
const names = list => list.map(v => v.name);

test('each verb is an action that the server allows somebody, by its name', () => {
    const table = readFileSync(new URL('server/domain/permission.h', ROOT), 'utf8');
    for (const {type} of HOST_VERBS) assert.match(table, new RegExp(`X\\(MAY_\\w+, (?:ROOM_\\w+, )?"${type}",`), type);
    assert.equal(new Set(names(HOST_VERBS)).size, HOST_VERBS.length, 'no name twice');
});

test('each verb has its words in each language, and its picture', () => {
    for (const lang of Object.keys(LANGUAGES)) {
        const known = {...readCatalogue(lang, 'admin'), ...readCatalogue(lang, 'admit')};
        for (const {name, text, quick} of HOST_VERBS) {
            const words = [`verb.${name}`];
            if (text || !(quick || name === 'chat' || name === 'admit')) words.push(`ask.${name}`, `ask.${name}_then`);
            if (text) words.push(`ask.${name}_text`);
            for (const key of words) assert.ok(key in known, `${lang}: ${key}`);
        }
    }
    for (const {icon} of HOST_VERBS) assert.ok(existsSync(new URL(`web/icons/${icon}.svg`, ROOT)), icon);
});

test('a person is offered what concerns people in that state and the server allows, and a host is neither sent back nor removed', () => {
    const may = ['hold', 'deny', 'return', 'remove', 'mute', 'a verb of tomorrow'];
    assert.deepEqual(names(verbsFor('waiting', 'guest', may)), ['hold', 'deny']);
    assert.deepEqual(names(verbsFor('inside', 'guest', may)), ['mute', 'mute-video', 'return', 'remove']);
    assert.deepEqual(names(verbsFor('inside', 'host', may)), ['mute', 'mute-video']);
    assert.deepEqual(verbsFor('inside', 'guest', []), []);
});
