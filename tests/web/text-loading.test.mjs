// The page's catalogues while they are fetched: all that come at the same time are there, and a failed one can be fetched again.
import assert from 'node:assert/strict';
import test from 'node:test';

const element = {lang: 'en', dir: 'ltr', setAttribute() {}};
Object.assign(globalThis, {
    document: {querySelector: () => null, documentElement: element, cookie: ''},
    history: {state: null, replaceState() {}},
    location: {pathname: '/', reload() {}},
    fetch: async () => ({ok: false}),
});
const {addTexts, changeLanguage, t} = await import('../../web/js/ui/texts.js');

/** A catalogue that comes when the test says so, and at once when it is asked for again. */
function catalogue(key) {
    const asked = [];
    const here = new Map();
    const source = lang => () =>
        here.get(lang) ??
        new Promise((resolve, reject) => {
            const come = () => here.set(lang, Promise.resolve({default: {[key]: `${key} in ${lang}`}})).get(lang);
            asked.push({resolve: () => resolve(come()), reject});
        });
    return {asked, en: source('en'), ar: source('ar')};
}

/** Delivers requested catalogues until no more are requested. */
async function come(...catalogues) {
    for (let i = 0; i < 20; i++) {
        for (const c of catalogues) for (const a of c.asked.splice(0)) a.resolve();
        await new Promise(r => setImmediate(r));
    }
}

test('two catalogues requested at the same time are both there, whichever comes first, and in the language chosen meanwhile', async () => {
    const [first, second] = [catalogue('first'), catalogue('second')];
    const loads = [addTexts([first]), addTexts([second]), changeLanguage('ar')];
    await come(second);
    await come(first, second);
    await Promise.all(loads);
    assert.deepEqual([t('first'), t('second')], ['first in ar', 'second in ar']);
});

test('a catalogue that could not be fetched blocks no later one, and comes when it is requested again', async () => {
    const [broken, good] = [catalogue('broken'), catalogue('good')];
    const failed = addTexts([broken]);
    const loaded = addTexts([good]);
    await new Promise(r => setImmediate(r));
    while (broken.asked.length) broken.asked.pop().reject(new Error('no network'));
    await assert.rejects(failed);
    await come(good);
    await loaded;
    const again = addTexts([broken]);
    await come(broken, good);
    await again;
    assert.deepEqual([t('broken'), t('good')], ['broken in ar', 'good in ar']);
});
