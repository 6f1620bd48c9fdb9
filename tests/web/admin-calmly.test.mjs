// A burst of news on the dashboard: acted on at once, once more for the rest, and not at all when the page is no longer shown.
import assert from 'node:assert/strict';
import test from 'node:test';
import {calmly} from '../../web/js/admin/calmly.js';
import {FakeClock, settle} from './fakes.mjs';

function setUp() {
    const t = {clock: new FakeClock(), wanted: true, begun: 0, end: () => undefined};
    t.news = calmly(
        t.clock,
        1000,
        () => t.wanted,
        () => {
            t.begun++;
            return new Promise(resolve => {
                t.end = resolve;
            });
        },
    );
    return t;
}

test('the first news is acted on at once, all that follows once, a while after', async () => {
    const t = setUp();
    t.news();
    assert.equal(t.begun, 1);
    for (let i = 0; i < 50; i++) t.news();
    t.clock.advance(5000);
    assert.equal(t.begun, 1, 'never two at a time');
    t.end();
    await settle();
    assert.equal(t.begun, 1);
    t.clock.advance(1000);
    assert.equal(t.begun, 2);
    t.end();
    await settle();
    t.clock.advance(5000);
    assert.equal(t.begun, 2, 'nothing came meanwhile');
    t.news();
    assert.equal(t.begun, 3);
});

test('news that came during the pause is not forgotten, and nothing starts when the page is no longer shown', async () => {
    const t = setUp();
    t.news();
    t.end();
    await settle();
    t.news();
    t.wanted = false;
    t.clock.advance(1000);
    assert.equal(t.begun, 1);
    t.wanted = true;
    t.news();
    assert.equal(t.begun, 2);
});
