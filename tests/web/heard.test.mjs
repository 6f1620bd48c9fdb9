// Statements about the microphone: only what its meter shows, for the microphone that moved it, and only as long as it moves.
import assert from 'node:assert/strict';
import test from 'node:test';
import {Heard} from '../../web/js/core/heard.js';
import {FakeClock} from './fakes.mjs';

function scene() {
    const clock = new FakeClock();
    return {clock, heard: new Heard(clock.now)};
}

test('a microphone works once its meter has moved, and not before', () => {
    const {heard} = scene();
    assert.equal(heard.holds('usb'), false);
    assert.equal(heard.take(0.1, 'usb'), false, 'hiss is no voice');
    assert.equal(heard.holds('usb'), false);
    assert.equal(heard.take(0.6, 'usb'), true, 'that is news');
    assert.equal(heard.holds('usb'), true);
    assert.equal(heard.take(0.7, 'usb'), false, 'that is none');
});

test('a flat meter withdraws the statement, and a pause between two words does not', () => {
    const {clock, heard} = scene();
    heard.take(0.6, 'usb');
    clock.advance(2_000);
    assert.equal(heard.take(0, 'usb'), false);
    assert.equal(heard.holds('usb'), true);
    clock.advance(1_500);
    assert.equal(heard.holds('usb'), false);
    assert.equal(heard.take(0, 'usb'), true, 'the page draws again');
});

test('the page says once that a microphone works, not again after each pause', () => {
    const {clock, heard} = scene();
    assert.equal(heard.worked('usb'), false);
    heard.take(0.1, 'usb');
    assert.equal(heard.worked('usb'), false, 'hiss is no voice');
    heard.take(0.6, 'usb');
    clock.advance(60_000);
    heard.take(0, 'usb');
    assert.deepEqual([heard.holds('usb'), heard.worked('usb'), heard.worked('built-in')], [false, true, false]);
    heard.forget();
    assert.equal(heard.worked('usb'), false, 'it was switched off: that is news, and so is the next voice');
});

test('the statement is about the microphone that was heard and no other', () => {
    const {heard} = scene();
    heard.take(0.6, 'usb');
    assert.equal(heard.holds('built-in'), false);
});

test('a microphone that was switched off is heard anew', () => {
    const {heard} = scene();
    heard.take(0.6, 'usb');
    heard.forget();
    assert.equal(heard.holds('usb'), false);
});
