import assert from 'node:assert/strict';
import test from 'node:test';
import {Awake} from '../../web/js/core/awake.js';
import {FakeClock, settle} from './fakes.mjs';

/** A browser that grants locks at once, later, or not at all; and a page that can be hidden. */
function setUp({refuse = false, late = false} = {}) {
    const clock = new FakeClock();
    const browser = {
        visible: true,
        refuse,
        requests: 0,
        open: 0,
        most: 0,
        held: [],
        waiting: [],
        hide() {
            this.visible = false;
            for (const lock of this.held) lock.end();
        },
        locks() {
            return this.held.filter(lock => !lock.released).length;
        },
    };
    function newLock() {
        const heard = [];
        const lock = {
            released: false,
            addEventListener: (_, run) => heard.push(run),
            end() {
                if (lock.released) return;
                lock.released = true;
                for (const run of heard) run();
            },
            release: async () => lock.end(),
        };
        browser.held.push(lock);
        return lock;
    }
    const request = async () => {
        browser.requests += 1;
        browser.open += 1;
        browser.most = Math.max(browser.most, browser.open);
        if (late) await new Promise(answer => browser.waiting.push(answer));
        browser.open -= 1;
        if (browser.refuse || !browser.visible) throw Object.assign(new Error('no'), {name: 'NotAllowedError'});
        return newLock();
    };
    return {browser, clock, awake: new Awake({clock, visible: () => browser.visible, request})};
}

test('a guest who switches to another application and back in the waiting room keeps the screen on, as often as they like', async () => {
    const {browser, awake} = setUp();
    awake.want(true);
    await settle();
    for (let i = 0; i < 3; i++) {
        browser.hide();
        await settle();
        assert.equal(browser.locks(), 0);
        browser.visible = true;
        awake.tryNow();
        await settle();
        assert.equal(browser.locks(), 1, `return ${i + 1}`);
    }
});

test('one request at a time, however often it is wanted, and every lock is given back at the end', async () => {
    const {browser, awake} = setUp({late: true});
    awake.want(true);
    awake.tryNow();
    awake.want(true);
    awake.tryNow();
    await settle();
    assert.equal(browser.requests, 1);
    browser.waiting.shift()();
    await settle();
    awake.want(false);
    await settle();
    assert.deepEqual([browser.most, browser.requests, browser.locks()], [1, 1, 0]);
});

test('a lock that comes after the end of the visit is given back', async () => {
    const {browser, awake} = setUp({late: true});
    awake.want(true);
    awake.want(false);
    browser.waiting.shift()();
    await settle();
    assert.equal(browser.locks(), 0);
    awake.want(true);
    awake.want(false);
    awake.want(true);
    await settle();
    for (const answer of browser.waiting.splice(0)) answer();
    await settle();
    assert.equal(browser.locks(), 1, 'the last wish counts');
});

test('a refusal is tried again at the next return, and after half a minute without one', async () => {
    const {browser, clock, awake} = setUp({refuse: true});
    awake.want(true);
    await settle();
    assert.deepEqual([browser.requests, browser.locks()], [1, 0], 'refused once, and not asked again and again');
    awake.tryNow();
    await settle();
    assert.equal(browser.requests, 2);
    browser.refuse = false;
    clock.advance(30_000);
    await settle();
    assert.equal(browser.locks(), 1);
});

test('a lock that the browser releases while the page is visible comes back, without a storm of requests', async () => {
    const {browser, clock, awake} = setUp();
    awake.want(true);
    await settle();
    for (let i = 1; i <= 5; i++) {
        browser.held.at(-1).end();
        await settle();
        assert.equal(browser.requests, i);
        clock.advance(30_000);
        await settle();
        assert.equal(browser.locks(), 1);
    }
});

test('no lock is requested while the page is hidden, or where the browser has no such lock', async () => {
    const {browser, awake} = setUp();
    browser.visible = false;
    awake.want(true);
    await settle();
    assert.equal(browser.requests, 0);
    const without = new Awake({clock: new FakeClock(), visible: () => true});
    without.want(true);
    await settle();
    without.want(false);
});
