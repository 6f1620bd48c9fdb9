// The page of the dashboard stands still while a button is pressed.
import assert from 'node:assert/strict';
import test from 'node:test';
import {standStillWhilePressed} from '../../web/js/admin/pressing.js';
import {createStore} from '../../web/js/admin/store.js';
import {FakeClock} from './fakes.mjs';

/** A page that notes each drawing; `point` sends it an event of a pointer. */
function setUp() {
    const [page, clock, drawn] = [new EventTarget(), new FakeClock(), []];
    const store = createStore({n: 0}, state => drawn.push(state.n));
    standStillWhilePressed(page, clock, store.hold);
    const point = (type, button = 0) => page.dispatchEvent(Object.assign(new Event(type), {button}));
    const change = async n => {
        store.update({n});
        await Promise.resolve();
    };
    return {clock, drawn, point, change};
}

test('between the press of a button and its click nothing is drawn; then all of it, once', async () => {
    const {drawn, point, change} = setUp();
    await change(1);
    point('pointerdown');
    await change(2);
    await change(3);
    point('pointerup');
    await change(4);
    assert.deepEqual(drawn, [1]);
    point('click');
    assert.deepEqual(drawn, [1, 4]);
    await change(5);
    assert.deepEqual(drawn, [1, 4, 5]);
});

test('a press that becomes no click, or is never released, holds the page only for a while', async () => {
    for (const end of ['pointerup', 'pointercancel', undefined]) {
        const {clock, drawn, point, change} = setUp();
        point('pointerdown');
        if (end) point(end);
        await change(1);
        clock.advance(end ? 299 : 4_999);
        assert.deepEqual(drawn, []);
        clock.advance(1);
        assert.deepEqual(drawn, [1]);
    }
});

test('the second press holds the page as long as the first, and another button than the first holds nothing', async () => {
    const {clock, drawn, point, change} = setUp();
    point('pointerdown');
    point('pointerup');
    clock.advance(200);
    point('pointerdown');
    await change(1);
    clock.advance(200);
    assert.deepEqual(drawn, []);
    point('click');
    assert.deepEqual(drawn, [1]);
    point('pointerdown', 2);
    await change(2);
    assert.deepEqual(drawn, [1, 2]);
});

test('a change that a click itself makes is drawn with it', async () => {
    const {drawn, point, change} = setUp();
    point('pointerdown');
    const drawing = change(1); // as its handler does, before the click has reached the page
    point('click');
    assert.deepEqual(drawn, [1]);
    await drawing;
    assert.deepEqual(drawn, [1], 'once');
});
