// A form's messages before it is sent: pure, with the facts a browser gives about a field.
import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import test from 'node:test';
import {formError, localProblem} from '../../web/js/admin/form_errors.js';

const field = (value, more = {}) => ({
    name: 'f',
    value,
    type: 'text',
    required: false,
    validity: {valid: true},
    minlength: -1,
    maxlength: 0,
    min: '',
    max: '',
    ...more,
});

test('blanks alone are an empty field, but they may be a password', () => {
    assert.equal(localProblem(field('  ', {required: true})).code, 'required');
    assert.equal(localProblem(field('  ', {required: true, type: 'password'})), null);
    assert.equal(localProblem(field('', {required: false})), null);
});

test('a number out of its range names the range, also where the field holds no number at all', () => {
    const wrong = localProblem(field('9', {validity: {rangeOverflow: true}, min: '2', max: '4'}));
    const error = formError(wrong, ['f'], key => key === 'error.out_of_range');
    assert.deepEqual([error.key, error.values.min, error.values.max], ['error.out_of_range', '2', '4']);
    assert.equal(localProblem(field('', {required: true, validity: {badInput: true}})).code, 'malformed');
});

test('a text that is too long is reported and not cut off, counted in characters as people see them', () => {
    assert.equal(localProblem(field('é'.repeat(64), {maxlength: 64})), null);
    assert.equal(localProblem(field('😀'.repeat(64), {maxlength: 64})), null);
    assert.equal(localProblem(field('x'.repeat(65), {maxlength: 64})).code, 'too_long');
    assert.equal(localProblem(field('short', {minlength: 15})).code, 'too_short');
});

test('no form of the dashboard leaves its messages to the browser, and none cuts off pasted text', () => {
    const dir = new URL('../../web/js/admin/', import.meta.url);
    for (const name of readdirSync(dir).filter(n => n.endsWith('.js'))) {
        const text = readFileSync(new URL(name, dir), 'utf8');
        for (const [tag] of text.matchAll(/<form\b[^>]*/g)) assert.match(tag, /\bnovalidate\b/, `${name}: ${tag}`);
        if (name === 'forms.js') assert.doesNotMatch(text, / maxlength=/);
    }
});
