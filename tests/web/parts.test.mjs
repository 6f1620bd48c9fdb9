import assert from 'node:assert/strict';
import test from 'node:test';
import {makeParts} from '../../web/js/core/parts.js';
import {safeStorage} from '../../web/js/core/storage.js';
import {settle} from './fakes.mjs';

/** A page of one build, in a tab whose history entry outlives its reloads. */
function setUp({page = '/assets/main-A.js', state = null, reachable = true} = {}) {
    const tab = {
        state,
        reloads: 0,
        replaceState(s) {
            this.state = s;
        },
    };
    const parts = makeParts({page, history: tab, reachable: async () => reachable, reload: () => tab.reloads++});
    return {tab, ...parts};
}
const gone = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module'));

test('a part that is gone after an upgrade loads the page anew, once; the same build that still lacks it says so', async () => {
    const {tab, part} = setUp({state: {code: 'kept'}});
    let settled = false;
    part(gone).finally(() => (settled = true));
    await settle();
    assert.deepEqual([tab.reloads, settled], [1, false], 'nothing goes on while the page goes');
    assert.equal(tab.state.code, 'kept', 'what else the entry holds stays');

    const again = setUp({state: tab.state});
    await assert.rejects(again.part(gone), {code: 'outdated'});
    assert.equal(again.tab.reloads, 0);

    const upgraded = setUp({state: tab.state, page: '/assets/main-B.js'});
    upgraded.part(gone);
    await settle();
    assert.equal(upgraded.tab.reloads, 1, 'another build may be left behind by another upgrade');
});

test('without the server the page stays, and says that the network is away', async () => {
    const {tab, part} = setUp({reachable: false});
    await assert.rejects(part(gone), {code: 'network'});
    assert.equal(tab.reloads, 0);
});

test('a failed fetch is repeated once before anything else', async () => {
    const {tab, part} = setUp();
    let asked = 0;
    assert.equal(await part(async () => (asked++ ? 'here' : gone())), 'here');
    assert.equal(tab.reloads, 0);
});

test('no reload interrupts a call', async () => {
    const {tab, part, busyWhen} = setUp();
    busyWhen(() => true);
    await assert.rejects(part(gone), {code: 'outdated'});
    assert.equal(tab.reloads, 0);
});

test('blocked storage never throws, and keeps values as long as the page lives', () => {
    const blocked = safeStorage(() => {
        throw Object.assign(new Error('The operation is insecure.'), {name: 'SecurityError'});
    });
    assert.equal(blocked.works, false);
    assert.equal(blocked.getItem('a'), null);
    blocked.setItem('a', '1');
    assert.equal(blocked.getItem('a'), '1');
    blocked.removeItem('a');
    assert.equal(blocked.getItem('a'), null);
});

test('full storage keeps new values in this page, and values that can be stored are kept in the storage alone', () => {
    const inside = new Map([['old', '1']]);
    let full = true;
    const storage = safeStorage(() => ({
        length: inside.size,
        getItem: k => inside.get(k) ?? null,
        removeItem: k => inside.delete(k),
        setItem(k, v) {
            if (full) throw Object.assign(new Error('full'), {name: 'QuotaExceededError'});
            inside.set(k, v);
        },
    }));
    assert.equal(storage.works, true);
    storage.setItem('old', '2');
    assert.equal(storage.getItem('old'), '2');
    full = false;
    storage.setItem('old', '3');
    inside.set('old', '4');
    assert.equal(storage.getItem('old'), '4', 'another tab has changed it');
});
