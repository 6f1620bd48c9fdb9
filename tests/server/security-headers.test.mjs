// Every answer, from whichever part, carries the headers of its kind: pages, scripts, data, errors, and 304.
import assert from 'node:assert/strict';
import test, {after} from 'node:test';
import {Client, setUp} from '../support/http.mjs';
import {startServer} from '../support/server.mjs';

const ALWAYS = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
};
const PAGE = {
    'content-security-policy': /^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default lit-html$/,
    'permissions-policy': /^camera=\(\), microphone=\(\), display-capture=\(\), .*geolocation=\(\)/,
    'cache-control': 'no-cache',
};
const ROOM_PAGE = {
    'content-security-policy': /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; .*frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default lit-html$/,
    'permissions-policy': /^camera=\(self\), microphone=\(self\), display-capture=\(self\), .*geolocation=\(\)/,
    'cache-control': 'no-cache',
};
const SCRIPT = {
    'content-security-policy': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; frame-ancestors 'none'",
    'permissions-policy': undefined,
    'cache-control': 'public, max-age=31536000, immutable',
};
const DATA = {
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    'permissions-policy': undefined,
    'cache-control': 'no-store',
};

const get = (path, headers) => client => client.get(path, headers);
const scriptOf = async client => (await client.get('/r/any')).text.match(/"(\/assets\/main-[^"]+\.js)"/)[1];
const unchanged = async (client, path) => client.get(path, {'If-None-Match': (await client.get(path)).headers.etag});

/** The request, the kind of its answer, and the status. */
const ANSWERS = [
    ['the first page', PAGE, 200, get('/')],
    ['the page of a room', ROOM_PAGE, 200, get('/r/any')],
    ['the page of an invitation', ROOM_PAGE, 200, get('/j/')],
    ['the dashboard', PAGE, 200, get('/app/')],
    ['a page that did not change', ROOM_PAGE, 304, client => unchanged(client, '/r/any')],
    ['a script', SCRIPT, 200, async client => client.get(await scriptOf(client))],
    ['a script that did not change', SCRIPT, 304, async client => unchanged(client, await scriptOf(client))],
    ['/healthz', DATA, 200, get('/healthz')],
    ['/readyz', DATA, 200, get('/readyz')],
    ['/.well-known/jwks.json', DATA, 200, get('/.well-known/jwks.json')],
    ['an address that is not there', DATA, 404, get('/nothing')],
    ['the same for a person, who gets a page', PAGE, 404, get('/nothing', {Accept: 'text/html'})],
    ['an asset that is not there', DATA, 404, get('/assets/nothing.js')],
    ['a method that a page does not have', DATA, 405, client => client.request('PUT', '/', '{}')],
    ['an answer of the API', DATA, 200, get('/api/v1/session')],
    ['an error of the API', DATA, 404, get('/api/v1/rooms/nowhere')],
    ['a refusal of the API', DATA, 401, client => new Client(client.server).get('/api/v1/session')],
    ['a method that the API does not have', DATA, 405, client => client.put('/rooms', {})],
    ['a body that is too large', DATA, 413, client => client.post('/session', 'x'.repeat(300_000))],
    ['an answer of the API without a body', DATA, 204, client => client.delete('/session')], // the last: it signs out
];

const holds = (said, wanted) => (wanted instanceof RegExp ? wanted.test(said ?? '') : said === wanted);

async function signedIn(options) {
    const server = await startServer(options);
    after(() => server.stop());
    return setUp(server);
}

const SITES = [
    ['on http', await signedIn(), undefined],
    ['behind https', await signedIn({publicUrl: 'https://visits.example.org'}), 'max-age=31536000'],
];

for (const [where, admin, hsts] of SITES)
    for (const [what, kind, status, ask] of ANSWERS)
        test(`${where}, ${what} carries the headers of its kind`, async () => {
            const answer = await ask(admin);
            assert.equal(answer.status, status, answer.text.slice(0, 300));
            for (const [name, wanted] of Object.entries({...ALWAYS, ...kind, 'strict-transport-security': hsts}))
                assert.ok(holds(answer.headers[name], wanted), `${name}: ${answer.headers[name]} instead of ${wanted}`);
        });
