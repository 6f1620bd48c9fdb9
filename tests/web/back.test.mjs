// Back in a call, against a history that behaves as a browser's does.
import assert from 'node:assert/strict';
import test from 'node:test';
import {Back} from '../../web/js/room/back.js';

/** A session history: the page before, ours, and the entries ours adds. */
class FakeHistory {
    constructor(state = null) {
        this.entries = [{page: 'before'}, {page: 'ours', state: null}];
        this.at = 1;
        if (state) this.pushState(state);
        this.listeners = [];
    }
    get state() {
        return this.entries[this.at].state ?? null;
    }
    get page() {
        return this.entries[this.at].page;
    }
    pushState(state) {
        this.entries.splice(this.at + 1, Infinity, {page: 'ours', state});
        this.at += 1;
    }
    /** As in browsers, it takes effect only later. */
    back() {
        this.coming = (this.coming ?? 0) - 1;
    }
    forward() {
        this.coming = (this.coming ?? 0) + 1;
    }
    settle() {
        while (this.coming) {
            const to = Math.max(0, Math.min(this.entries.length - 1, this.at + this.coming));
            this.coming = 0;
            const same = this.entries[to].page === this.page;
            this.at = to;
            if (same) for (const run of this.listeners) run({state: this.state});
        }
    }
}

function setUp(state) {
    const history = new FakeHistory(state);
    const t = {history, dialog: false};
    t.back = new Back({
        history,
        onPop: run => history.listeners.push(run),
        ask: () => (t.dialog = true),
        close: () => (t.dialog = false),
    });
    t.draw = call => t.back.update(call, t.dialog);
    t.press = way => {
        history[way]();
        history.settle();
    };
    return t;
}

test('Back in a call opens the question and leaves the page where it is; staying makes the next Back ask again', () => {
    const t = setUp();
    t.draw('on');
    for (let i = 0; i < 3; i++) {
        t.press('back');
        t.draw('on');
        assert.equal(t.dialog, true);
        assert.equal(t.history.page, 'ours');
        t.dialog = false; // stays
        t.draw('on');
        assert.equal(t.history.entries.length, 3, 'one entry, not one more each time');
    }
});

test('a second Back on the open question leaves: nobody is trapped', () => {
    const t = setUp();
    t.draw('on');
    t.press('back');
    t.draw('on');
    t.press('back');
    assert.equal(t.history.page, 'before');
});

test('Forward on the open question stays', () => {
    const t = setUp();
    t.draw('on');
    t.press('back');
    t.draw('on');
    t.press('forward');
    t.draw('on');
    assert.equal(t.dialog, false);
    t.press('back');
    assert.equal(t.dialog, true);
});

test('outside a call Back leaves at once: before it, in the waiting room, and after it', () => {
    for (const phases of [['between'], ['between', 'off'], ['on', 'off'], ['on', 'between', 'on', 'off']]) {
        const t = setUp();
        for (const phase of phases) {
            t.draw(phase);
            t.history.settle();
        }
        t.press('back');
        assert.equal(t.history.page, 'before', phases.join());
        assert.equal(t.dialog, false);
    }
});

test('the end removes our entry first, then goes on', () => {
    const t = setUp();
    const done = [];
    t.draw('on');
    t.draw('off');
    t.back.afterwards(() => done.push(t.history.at));
    assert.deepEqual(done, []);
    t.history.settle();
    assert.deepEqual(done, [1]);
    t.back.afterwards(() => done.push('at once'));
    assert.deepEqual(done, [1, 'at once']);
});

test('leaving by the question itself needs no step back', () => {
    const t = setUp();
    t.draw('on');
    t.press('back');
    t.draw('on');
    t.dialog = false;
    t.draw('off');
    assert.equal(t.history.coming ?? 0, 0);
    assert.equal(t.history.page, 'ours', 'the end is shown');
});

test('a reload in the call keeps its entry and adds none', () => {
    const t = setUp({inCall: true});
    t.draw('between');
    t.draw('on');
    assert.equal(t.history.entries.length, 3);
    t.press('back');
    assert.equal(t.dialog, true);
});

test('Back asks even when another question is open as the call begins', () => {
    const t = setUp();
    t.dialog = true;
    t.draw('on');
    t.dialog = false;
    t.press('back');
    assert.equal(t.dialog, true);
});
