// Pages before any of their scripts runs: they name the practice and its telephone; and the answer at an address without a page.
import assert from 'node:assert/strict';
import test from 'node:test';
import {gunzipSync} from 'node:zlib';
import {Client, good} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';

const {server, admin} = await practice();
const browser = {Accept: 'text/html,application/xhtml+xml,*/*;q=0.8'};
const get = (path, headers) => new Client(server).request('GET', path, undefined, {...browser, ...headers});
const called = (name, phone) => admin.patch('/settings', {practice: name, phone});

test('the first bytes of a guest\'s page name the practice and its telephone, in every coding', async () => {
    good(await called('Hill Clinic', '+1 (555) 0100'));
    for (const path of ['/j/', '/j/anything', '/r/some-room']) {
        const plain = await get(path);
        assert.match(plain.text, /<span id="l-practice">Hill Clinic<\/span>/);
        assert.match(plain.text, /<title>Video visit · Hill Clinic<\/title>/, 'also after a reload, when no invitation is looked up');
        assert.match(plain.text, /href="tel:\+15550100"/);
        assert.match(plain.text, />\+1 \(555\) 0100</);
        assert.doesNotMatch(plain.text, /\{\{/);
        const packed = await get(path, {'Accept-Encoding': 'gzip, deflate, br'});
        assert.equal(packed.headers['content-encoding'], 'gzip');
        assert.equal(gunzipSync(packed.bytes).toString(), plain.text);
        assert.ok(packed.bytes.length < plain.bytes.length / 2, `${packed.bytes.length}`);
        assert.equal(packed.headers['cache-control'], 'no-cache');
        assert.equal(packed.headers.vary, 'Accept-Encoding, Accept-Language, Cookie');
        assert.match(packed.headers['content-security-policy'], /style-src 'self' 'sha256-/);
    }
});

/** The languages that a browser asks for, the language of the answer, and its first text. */
const LANGUAGES = [
    [{}, 'en', 'Your video visit'],
    [{'Accept-Language': 'ar-EG,ar;q=0.9,en;q=0.8'}, 'ar', 'زيارتك بالفيديو'],
    [{'Accept-Language': 'de,fr;q=0.9'}, 'en', 'Your video visit'],
    [{'Accept-Language': 'ar', Cookie: 'parlour_lang=en'}, 'en', 'Your video visit'],
    [{'Accept-Language': 'en', Cookie: 'a=b; parlour_lang=ar'}, 'ar', 'زيارتك بالفيديو'],
    [{'Accept-Language': 'ar', Cookie: 'parlour_lang=xx'}, 'en', 'Your video visit'],
];

test('the first bytes are in the language that was chosen here, or that the browser asks for, each with a validator of its own', async () => {
    const tags = new Map();
    for (const [headers, language, words] of LANGUAGES) {
        const page = await get('/j/', headers);
        assert.match(page.text, new RegExp(`^<!doctype html>\\s*<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`), JSON.stringify(headers));
        assert.ok(page.text.includes(words), JSON.stringify(headers));
        const {etag} = page.headers;
        assert.equal(tags.get(language) ?? etag, etag);
        tags.set(language, etag);
        assert.equal((await get('/j/', {...headers, 'If-None-Match': etag})).status, 304);
    }
    assert.notEqual(tags.get('en'), tags.get('ar'));
    assert.equal((await get('/j/', {'Accept-Language': 'ar', 'If-None-Match': tags.get('en')})).status, 200, 'another language is another page');
    for (const path of ['/', '/signin', '/app/rooms', '/nowhere']) {
        const page = await get(path, {'Accept-Language': 'ar'});
        assert.match(page.text, /<html lang="ar" dir="rtl">/, path);
        assert.equal(page.headers.vary, 'Accept-Encoding, Accept-Language, Cookie', path);
    }
});

test('the practice sets the languages that are offered, and the one for browsers that ask for none of them', async () => {
    const sent = async language => (await get('/j/', {'Accept-Language': language})).text.match(/<html lang="(\w+)"/)[1];
    good(await admin.patch('/settings', {languages: ['ar', 'en']}));
    assert.deepEqual([await sent('de'), await sent('en-GB'), await sent('ar')], ['ar', 'en', 'ar']);
    good(await admin.patch('/settings', {languages: ['en']}));
    assert.deepEqual([await sent('de'), await sent('ar')], ['en', 'en']);
    good(await admin.patch('/settings', {languages: ['en', 'ar']}));
    assert.deepEqual([await sent('de'), await sent('ar')], ['en', 'ar']);
});

test('a page in the browser\'s cache is not sent again until the practice is renamed or another page is built', async () => {
    const before = await get('/j/', {'Accept-Encoding': 'gzip'});
    const known = {'Accept-Encoding': 'gzip', 'If-None-Match': before.headers.etag};
    const same = await get('/j/', known);
    assert.deepEqual([same.status, same.bytes.length, same.headers.etag], [304, 0, before.headers.etag]);
    assert.equal((await get('/j/', {...known, 'If-None-Match': before.headers.etag.replace('-gz', '')})).status, 304);
    good(await called('Lake Clinic', '+1 (555) 0100'));
    const after = await get('/j/', known);
    assert.equal(after.status, 200);
    assert.notEqual(after.headers.etag, before.headers.etag);
    assert.match(gunzipSync(after.bytes).toString(), /Lake Clinic/);
});

test('a practice\'s name is text on the pages, whatever it contains', async () => {
    good(await called('A&B "Clinic" <script>alert(1)</script> {{phone}}', '+1 555 0100'));
    for (const path of ['/j/', '/nowhere', '/']) {
        const {text} = await get(path);
        assert.match(text, /A&amp;B &quot;Clinic&quot; &lt;script&gt;alert\(1\)&lt;\/script&gt; \{\{phone\}\}/, path);
        assert.doesNotMatch(text, /<script>/, path);
        assert.equal(gunzipSync((await get(path, {'Accept-Encoding': 'gzip'})).bytes).toString(), text);
    }
    good(await called('Hill Clinic', null));
    assert.match((await get('/j/')).text, /id="l-phone" data-phone=""/);
});

test('an unknown address gives a person a page of the practice, with its telephone and the way home', async () => {
    good(await called('Hill Clinic', '+1 555 0100'));
    for (const path of ['/nowhere', '/assets/gone.js', '/jj/x', '/check/x', '/room.html', '/a//b', '/apis']) {
        const page = await get(path);
        assert.deepEqual([page.status, page.headers['content-type'], page.headers['cache-control']], [404, 'text/html; charset=utf-8', 'no-cache'], path);
        for (const wanted of [/Hill Clinic/, /href="tel:\+15550100"/, /href="\/"/, /<style>/, /There is nothing at this address/]) assert.match(page.text, wanted, path);
        assert.equal((await get(path, {'If-None-Match': page.headers.etag})).status, 404, 'also when it is known');
        const head = await new Client(server).request('HEAD', path, undefined, browser);
        assert.deepEqual([head.status, head.bytes.length], [404, 0]);
    }
});

test('a program that asks for an unknown address gets a problem in JSON, and no unknown address accepts a write', async () => {
    for (const [path, headers] of [['/assets/gone.js', {Accept: '*/*'}], ['/assets/gone.png', {Accept: 'image/*'}], ['/nowhere', {Accept: undefined}], ['/api/v1/nowhere', browser]]) {
        const answer = await new Client(server).request('GET', path, undefined, headers);
        assert.deepEqual([answer.status, answer.json?.code], [404, 'not_found'], path);
    }
    assert.equal((await new Client(server).request('POST', '/nowhere', '{}', browser)).status, 404);
    assert.equal((await new Client(server).request('POST', '/j/', '{}', browser)).status, 405);
});

test('the pages have their texts from the first answer after a restart', async () => {
    good(await called('Lake Clinic', '+1 555 0199'));
    await server.stop();
    await server.restart();
    assert.match((await get('/j/')).text, /Lake Clinic.*\+1 555 0199/s);
});
