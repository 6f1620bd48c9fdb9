// The small pure modules of the dashboard: waiting times, form errors, conflicts, rules of a room, addresses, rights.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import {codeFromText, codeOfPage, takeCode} from '../../web/js/admin/codes.js';
import {changedFields, mergeAfterConflict, sameValue} from '../../web/js/admin/conflict.js';
import {deviceName} from '../../web/js/admin/device_name.js';
import {formError, passwordStrength, waitValues} from '../../web/js/admin/form_errors.js';
import {linksDue} from '../../web/js/admin/link_due.js';
import {may} from '../../web/js/admin/may.js';
import {pinChange, rulesFromForm, rulesOf} from '../../web/js/admin/room_rules.js';
import {sameWhenRepeated} from '../../web/js/admin/once.js';
import {routeOf, safeReturn} from '../../web/js/admin/routes.js';
import {waitedMinutes, waitLevel} from '../../web/js/admin/wait_level.js';

const since = '2026-11-22T15:00:00Z';
const after = minutes => Date.parse(since) + minutes * 60_000;

test('a repeated request has the same key and body, a changed one a new key', () => {
    let made = 0;
    const request = sameWhenRepeated(values => ({...values, at: ++made}));
    const first = request({name: 'A'});
    assert.deepEqual(request({name: 'A'}), first);
    const other = request({name: 'B'});
    assert.deepEqual(other.body, {name: 'B', at: 2});
    assert.notEqual(other.idempotencyKey, first.idempotencyKey);
});

test('a row darkens at ten and at thirty minutes', () => {
    const levels = [0, 9.99, 10, 29.99, 30, 600].map(m => waitLevel(since, after(m)));
    assert.deepEqual(levels, ['fresh', 'fresh', 'long', 'long', 'very-long', 'very-long']);
});

test('a server clock that is ahead never makes a wait negative', () => {
    assert.equal(waitedMinutes(since, after(-3)), 0);
    assert.equal(waitedMinutes('not a time', after(0)), 0);
    assert.equal(waitedMinutes(since, after(4.9)), 4);
});

const catalogue = new Set([
    'error.slug_taken',
    'error.invalid_field',
    'error.invalid_field.password',
    'error.unknown',
    'error.invalid',
]);
const has = key => catalogue.has(key);

test('an error stands beside the field it names, with the most specific message', () => {
    assert.deepEqual(formError({code: 'invalid_field', field: 'password'}, ['email', 'password'], has), {
        field: 'password',
        key: 'error.invalid_field.password',
        values: {code: 'invalid_field', ...waitValues(0)},
    });
    assert.equal(formError({code: 'invalid_field', field: 'email'}, ['email'], has).key, 'error.invalid_field');
    assert.equal(formError({code: 'slug_taken', field: 'slug'}, ['slug'], has).field, 'slug');
});

test('an error of a field that is not shown belongs to the form, and an unknown code still has a message', () => {
    const error = formError({code: 'never_heard_of', field: 'topology'}, ['name'], has);
    assert.deepEqual([error.field, error.key], [null, 'error.unknown']);
    assert.equal(formError({code: 'never_heard_of', field: 'name'}, ['name'], has).key, 'error.invalid');
});

test('waits are rounded up', () => {
    assert.deepEqual(waitValues(61), {seconds: 61, minutes: 2});
    assert.deepEqual(waitValues(0), {seconds: 1, minutes: 1});
});

test('a password is judged by length and variety', () => {
    const judged = [
        '',
        'short',
        'aaaaaaaaaaaaaaa',
        'a walk in march',
        'four rivers and hills',
        'four rivers and a hill between',
    ].map(passwordStrength);
    assert.deepEqual(judged, ['empty', 'short', 'weak', 'fair', 'good', 'strong']);
});

test('only the differences are sent', () => {
    const base = {name: 'A', locked: false, consent_text: null, cohosts: ['x', 'y']};
    assert.deepEqual(changedFields(base, {name: 'B', locked: false, consent_text: '', cohosts: ['y', 'x']}), {
        name: 'B',
    });
    assert.equal(sameValue(undefined, ''), true);
    assert.equal(sameValue(false, ''), false);
});

test('changes of different fields are merged', () => {
    const merge = mergeAfterConflict({name: 'A', locked: false}, {name: 'B', locked: false}, {name: 'A', locked: true});
    assert.deepEqual(merge, {form: {name: 'B', locked: true}, taken: ['locked'], clashes: []});
});

test('a field changed differently by both is asked about, one changed alike is not', () => {
    const merge = mergeAfterConflict({name: 'A', slug: 'a'}, {name: 'B', slug: 'z'}, {name: 'C', slug: 'z'});
    assert.deepEqual(merge.clashes, [{name: 'name', mine: 'B', theirs: 'C'}]);
    assert.equal(merge.form.name, 'B', 'mine stays in the form until decided');
});

test('after a merge only the user\'s own changes are left to send', () => {
    const theirs = {name: 'A', locked: true};
    const {form} = mergeAfterConflict({name: 'A', locked: false}, {name: 'B', locked: false}, theirs);
    assert.deepEqual(changedFields(theirs, form), {name: 'B'});
});

test("the form of a room holds the API's types", () => {
    const rules = rulesFromForm({
        name: 'A',
        slug: 'a',
        access: 'link',
        waiting_room: true,
        locked: false,
        guests_may_stay: false,
        relay_only: false,
        max_participants: '4',
        consent_text: '',
    });
    assert.equal(rules.max_participants, 4);
    assert.deepEqual(rules.cohosts, []);
    assert.equal(rulesOf({name: 'A', consent_text: null}).consent_text, '');
});

test('a PIN is set, removed or kept', () => {
    assert.deepEqual(pinChange({pin: '4711', pin_off: false}), {pin: '4711'});
    assert.deepEqual(pinChange({pin: '', pin_off: true}), {pin: null});
    assert.deepEqual(pinChange({pin: ''}), {});
});

test('each address has its page', () => {
    const pages = [
        '/setup',
        '/signin',
        '/password',
        '/app',
        '/app/',
        '/app/rooms',
        '/app/rooms/r%201',
        '/app/people',
        '/app/doctor',
        '/app/account',
        '/app/x',
    ].map(p => routeOf(p).page);
    assert.deepEqual(pages, [
        'setup',
        'signin',
        'password',
        'live',
        'live',
        'rooms',
        'room',
        'people',
        'doctor',
        'account',
        'missing',
    ]);
    assert.deepEqual(routeOf('/app/rooms/r%201').params, {room: 'r 1'});
    assert.deepEqual(routeOf('/app/rooms/%').params, {room: '%'});
});

test('signing in leads only to pages of the dashboard and of rooms', () => {
    for (const good of ['/app/rooms/r1', '/r/hill-clinic']) assert.equal(safeReturn(good), good);
    for (const bad of [
        null,
        '',
        '//evil.example',
        'https://evil.example',
        '/app/../x?y',
        '/application',
        'javascript:alert(1)',
        '/app//evil.example',
        '/r//evil.example',
        '/r/',
    ])
        assert.equal(safeReturn(bad), '/app', String(bad));
});

test('a code leaves the address bar and survives a reload', () => {
    const history = {
        state: null,
        replaceState(state, _, url) {
            Object.assign(this, {state, url});
        },
    };
    takeCode({hash: '#abc', pathname: '/setup', search: ''}, history);
    assert.equal(history.url, '/setup');
    takeCode({hash: '', pathname: '/setup', search: ''}, history);
    assert.equal(codeOfPage(history), 'abc');
    assert.equal(codeOfPage({state: null}), '');
    assert.equal(codeFromText(' setup: http://localhost:8080/setup#abc\n'), 'abc');
    assert.equal(codeFromText('abc'), 'abc');
});

test('a fragment of another page is left alone', () => {
    takeCode({hash: '#main', pathname: '/app', search: ''}, {replaceState: () => assert.fail('touched')});
});

test('people are offered the actions that the server lists as allowed, and no others', () => {
    const of = room => ['admit', 'hold', 'remove', 'chat', 'invite', 'enter', 'edit'].filter(deed => may(room, deed));
    assert.deepEqual(of({may: ['hold', 'chat', 'invite', 'something new']}), ['hold', 'chat', 'invite']);
    assert.deepEqual(of({may: []}), []);
    assert.deepEqual(of({role: 'admin', host: true}), [], 'neither a role nor being host says what one may');
    assert.equal(may(null, 'admit'), false);
});

test('devices get familiar names', () => {
    assert.deepEqual(
        deviceName(
            'Mozilla/5.0 (iPhone; CPU iPhone OS 27_0 like Mac OS X) AppleWebKit/605 Version/27.0 Mobile Safari/604',
        ),
        {browser: 'Safari', system: 'iPhone', phone: true},
    );
    assert.deepEqual(deviceName('Mozilla/5.0 (Windows NT 10.0) Chrome/156 Safari/537 Edg/156'), {
        browser: 'Edge',
        system: 'Windows',
        phone: false,
    });
    assert.deepEqual(deviceName('curl/8'), {browser: '', system: '', phone: false});
});

const texts = lang => JSON.parse(readFileSync(new URL(`../../web/lang/${lang}/admin.json`, import.meta.url)));

test('both languages have the same texts', () => {
    const [en, ar] = [texts('en'), texts('ar')];
    assert.deepEqual(Object.keys(ar).sort(), Object.keys(en).sort());
    const words = text => (typeof text === 'string' ? [text] : [text.other]);
    const holes = text =>
        words(text)
            .flatMap(w => w.match(/\{\w+\}/g) ?? [])
            .sort();
    for (const key of Object.keys(en)) assert.deepEqual(holes(ar[key]), holes(en[key]), key);
});

test('counted Arabic texts have all six forms', () => {
    for (const [key, text] of Object.entries(texts('ar'))) {
        if (typeof text === 'object')
            assert.deepEqual(Object.keys(text), ['zero', 'one', 'two', 'few', 'many', 'other'], key);
    }
});

test('links that open or end while they are shown are fetched again, those that are over are not', () => {
    const at = minutes => new Date(after(minutes)).toISOString();
    const due = item => linksDue([item], after(10));
    assert.equal(due({state: 'valid', expires_at: at(9)}), true);
    assert.equal(due({state: 'used', expires_at: at(10)}), true);
    assert.equal(due({state: 'early', not_before: at(10), expires_at: at(60)}), true);
    assert.equal(due({state: 'early', not_before: at(11), expires_at: at(60)}), false);
    assert.equal(due({state: 'valid', expires_at: at(11)}), false);
    assert.equal(due({state: 'valid', expires_at: null}), false);
    assert.equal(due({state: 'expired', expires_at: at(9)}), false);
    assert.equal(due({state: 'revoked', expires_at: at(9)}), false);
});
