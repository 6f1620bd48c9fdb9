// Requests that two HTTP parsers could read differently are answered 400 and the connection is closed:
// nothing that follows on it is ever served. RFC 9112 §3, §5, §6, §11.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {connect} from 'node:net';
import test from 'node:test';
import {rawHttp} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';

const {server} = await practice();
const HOST = `Host: localhost:${server.port}`;
/** The request that a smuggler wants served on the same connection. */
const SMUGGLED = `GET /healthz?smuggled HTTP/1.1\r\n${HOST}\r\n\r\n`;

const get = (...lines) => ['GET /healthz HTTP/1.1', HOST, ...lines, '', ''].join('\r\n');
const post = (lines, body = '') => ['POST /api/v1/session HTTP/1.1', HOST, 'Content-Type: application/json', ...lines, '', body].join('\r\n');
const start = line => [line, HOST, '', ''].join('\r\n');

const AMBIGUOUS = {
    'two different Content-Length': post(['Content-Length: 2', 'Content-Length: 3'], '{}'),
    'two equal Content-Length': post(['Content-Length: 2', 'Content-Length: 2'], '{}'),
    'a list as Content-Length': post(['Content-Length: 2, 2'], '{}'),
    'a signed Content-Length': post(['Content-Length: +2'], '{}'),
    'a negative Content-Length': post(['Content-Length: -1'], '{}'),
    'a hexadecimal Content-Length': post(['Content-Length: 0x2'], '{}'),
    'a fractional Content-Length': post(['Content-Length: 2.0'], '{}'),
    'an empty Content-Length': post(['Content-Length:'], '{}'),
    'a Content-Length with a blank inside': post(['Content-Length: 1 2'], '{}'),
    'a Content-Length beyond 64 bits': post(['Content-Length: 99999999999999999999999'], '{}'),
    'a Content-Length of letters': post(['Content-Length: two'], '{}'),
    'Content-Length with Transfer-Encoding': post(['Content-Length: 2', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
    'Transfer-Encoding with Content-Length': post(['Transfer-Encoding: chunked', 'Content-Length: 5'], '0\r\n\r\n'),
    'two Transfer-Encoding': post(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
    'Transfer-Encoding identity': post(['Transfer-Encoding: identity'], '{}'),
    'Transfer-Encoding gzip, chunked': post(['Transfer-Encoding: gzip, chunked'], '0\r\n\r\n'),
    'Transfer-Encoding chunked, identity': post(['Transfer-Encoding: chunked, identity'], '0\r\n\r\n'),
    'Transfer-Encoding of an unknown name': post(['Transfer-Encoding: xchunked'], '0\r\n\r\n'),
    'Transfer-Encoding with a tab in front': post(['Transfer-Encoding:\x0bchunked'], '0\r\n\r\n'),
    'a quoted Transfer-Encoding': post(['Transfer-Encoding: "chunked"'], '0\r\n\r\n'),
    'Transfer-Encoding in a GET': get('Transfer-Encoding: chunked'),
    'Content-Length in a GET': get('Content-Length: 5') + 'hello',
    'two Host': get(`Host: evil.example`),
    'two equal Host': get(HOST),
    'no Host': 'GET /healthz HTTP/1.1\r\n\r\n',
    'an empty Host': 'GET /healthz HTTP/1.1\r\nHost:\r\n\r\n',
    'a Host with a path': 'GET /healthz HTTP/1.1\r\nHost: localhost/evil\r\n\r\n',
    'a Host with a blank': 'GET /healthz HTTP/1.1\r\nHost: localhost evil\r\n\r\n',
    'a Host with a user': 'GET /healthz HTTP/1.1\r\nHost: user@localhost\r\n\r\n',
    'two Host names in one line': 'GET /healthz HTTP/1.1\r\nHost: localhost, evil.example\r\n\r\n',
    'two Authorization': get('Authorization: Bearer a', 'Authorization: Bearer b'),
    'two Cookie': get('Cookie: sid=a', 'Cookie: sid=b'),
    'two Origin': get('Origin: http://localhost', 'Origin: https://evil.example'),
    'two Content-Type': post(['Content-Type: text/plain', 'Content-Length: 2'], '{}'),
    'two X-Parlour': post(['X-Parlour: 1', 'X-Parlour: 1', 'Content-Length: 2'], '{}'),
    'two Sec-Fetch-Site': post(['Sec-Fetch-Site: same-origin', 'Sec-Fetch-Site: cross-site', 'Content-Length: 2'], '{}'),
    'two Upgrade': get('Connection: Upgrade', 'Upgrade: websocket', 'Upgrade: h2c'),
    'two Sec-WebSocket-Key': get('Sec-WebSocket-Key: a', 'Sec-WebSocket-Key: b'),
    'a folded header': get('X-Long: one', ' two'),
    'a header folded with a tab': get('X-Long: one', '\ttwo'),
    'a folded Content-Length': post(['Content-Length:', ' 2'], '{}'),
    'a folded Transfer-Encoding': post(['Transfer-Encoding:', ' chunked'], '0\r\n\r\n'),
    'a blank before the colon': post(['Content-Length : 2'], '{}'),
    'a tab before the colon': post(['Transfer-Encoding\t: chunked'], '0\r\n\r\n'),
    'a header without a name': get(': nameless'),
    'a header without a colon': get('nonsense'),
    'a blank before the first header': ['GET /healthz HTTP/1.1', ` ${HOST}`, '', ''].join('\r\n'),
    'NUL in a header value': get('X-Zero: a\0b'),
    'NUL in a header name': get('X-\0Zero: a'),
    'NUL in the path': start('GET /health\0z HTTP/1.1'),
    'NUL escaped in the path': start('GET /assets/%00 HTTP/1.1'),
    'a bare CR in a header value': get('X-Return: a\rb'),
    'a control character in a header value': get('X-Bell: a\x07b'),
    'dots that climb': start('GET /assets/../healthz HTTP/1.1'),
    'escaped dots that climb': start('GET /assets/%2e%2e/healthz HTTP/1.1'),
    'half escaped dots that climb': start('GET /assets/.%2E/healthz HTTP/1.1'),
    'an escaped slash between dots': start('GET /assets/..%2fhealthz HTTP/1.1'),
    'an escape that is none': start('GET /health%zz HTTP/1.1'),
    'a cut escape': start('GET /health% HTTP/1.1'),
    'a backslash in the path': start('GET /assets\\..\\healthz HTTP/1.1'),
    'an absolute target': start('GET http://evil.example/healthz HTTP/1.1'),
    'an authority as target': start('CONNECT evil.example:443 HTTP/1.1'),
    'an asterisk as target': start('GET * HTTP/1.1'),
    'a target without a slash': start('GET healthz HTTP/1.1'),
    'a fragment in the target': start('GET /healthz#x HTTP/1.1'),
    'two blanks before the version': start('GET /healthz  HTTP/1.1'),
    'a blank in the target': start('GET /healthz x HTTP/1.1'),
    'no version': start('GET /healthz'),
    'HTTP/0.9': 'GET /healthz\r\n\r\n',
    'HTTP/2.0 in text': start('GET /healthz HTTP/2.0'),
    'a version that is none': start('GET /healthz HTTP/1.10'),
    'a lower-case version': start('GET /healthz http/1.1'),
    'a method with a blank in it': start('GE T /healthz HTTP/1.1'),
    'a method that is none': start('G{}T /healthz HTTP/1.1'),
    'a chunk size that is none': post(['Transfer-Encoding: chunked'], 'xyz\r\n{}\r\n0\r\n\r\n'),
    'a signed chunk size': post(['Transfer-Encoding: chunked'], '+2\r\n{}\r\n0\r\n\r\n'),
    'a chunk size beyond 64 bits': post(['Transfer-Encoding: chunked'], '10000000000000002\r\n{}\r\n0\r\n\r\n'),
    'a chunk longer than its size': post(['Transfer-Encoding: chunked'], '1\r\n{}\r\n0\r\n\r\n'),
};

const CHUNKED = {
    'a chunked body': '2\r\n{}\r\n0\r\n\r\n',
    'a chunked body with bare line feeds': '2\n{}\n0\n\n',
    'a chunk with an extension': '2;a=b\r\n{}\r\n0\r\n\r\n',
    'a chunked body with a trailer': '2\r\n{}\r\n0\r\nHost: evil.example\r\n\r\n',
};

for (const [what, body] of Object.entries(CHUNKED))
    test(`${what} is refused with 411 in our format, and nothing after it is served`, async () => {
        const {text, closed} = await rawHttp(server, post(['Transfer-Encoding: chunked', 'X-Parlour: 1', 'Sec-Fetch-Site: same-origin'], body + SMUGGLED));
        assert.ok(closed);
        assert.equal([...text.matchAll(/HTTP\/1\.1 \d/g)].length, 1, text);
        assert.match(text, /^HTTP\/1\.1 411 [\s\S]*nosniff[\s\S]*"code":"length_required"/);
    });

/** One answer, in our format and with our headers. */
function mustBeOurs(text) {
    const [head, body] = text.split('\r\n\r\n');
    assert.match(head, /^x-content-type-options: nosniff$/im);
    assert.match(head, /^content-type: application\/problem\+json/im);
    assert.match(head, /^connection: close$/im);
    assert.match(body, /^\{.*"code":"[a-z_]+".*\}$/);
}

test('the corpus is as large as promised', () => assert.ok(Object.keys(AMBIGUOUS).length >= 60));

for (const [what, bytes] of Object.entries(AMBIGUOUS))
    test(`${what}: refused, closed, and nothing after it is served`, async () => {
        const {text, closed} = await rawHttp(server, Buffer.from(bytes + SMUGGLED, 'latin1'));
        const statuses = [...text.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map(match => Number(match[1]));
        assert.ok(closed, `the connection stayed open after ${text.slice(0, 300)}`);
        assert.equal(statuses.length, 1, `answered ${statuses}: ${text.slice(0, 600)}`);
        assert.ok([400, 405, 411, 413, 414, 431, 501, 505].includes(statuses[0]), `answered ${statuses}`);
        mustBeOurs(text);
    });

for (const [what, wanted] of Object.entries({'a Content-Length of letters': 400, 'a Content-Length beyond 64 bits': 400, 'two different Content-Length': 400, 'HTTP/2.0 in text': 505, 'a folded header': 400}))
    test(`${what}, behind a proper request and byte by byte: one more answer, ${wanted}, and the end`, async () => {
        const socket = connect({host: server.host, port: server.port, noDelay: true});
        let text = '';
        socket.on('data', chunk => (text += chunk.toString('latin1')));
        socket.on('error', () => {});
        const closed = once(socket, 'close');
        for (const byte of Buffer.from(get() + AMBIGUOUS[what] + SMUGGLED, 'latin1')) {
            socket.write(Buffer.of(byte));
            await new Promise(resolve => setImmediate(resolve));
        }
        await closed;
        const answers = [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)];
        assert.deepEqual(answers.map(match => Number(match[1])), [200, wanted]);
        mustBeOurs(text.slice(answers[1].index));
    });

test('a head beyond 16 KiB, a target too long and too many headers are refused', async () => {
    const big = [get(`X-Big: ${'a'.repeat(40_000)}`), start(`GET /${'a'.repeat(40_000)} HTTP/1.1`), get(...Array.from({length: 3000}, (_, i) => `X-${i}: a`))];
    for (const bytes of big) {
        const {text, closed} = await rawHttp(server, bytes);
        assert.ok(closed);
        assert.match(text, /^HTTP\/1\.1 4(31|14) /);
        mustBeOurs(text);
    }
});

test('a head of any size is either served or refused, and the refusal is read although more of it is on its way', async () => {
    for (const size of [12_000, 16_000, 16_400, 17_000, 20_000, 20_480, 24_000, 24_600, 65_536, 1_000_000]) {
        const {text, closed} = await rawHttp(server, get(`X-Big: ${'a'.repeat(size)}`, 'Connection: close'));
        assert.ok(closed, String(size));
        assert.equal([...text.matchAll(/^HTTP\/1\.1 /gm)].length, 1, `${size}: ${text.slice(0, 100)}`);
        assert.match(text, size < 16_300 ? /^HTTP\/1\.1 200 / : /^HTTP\/1\.1 431 [\s\S]*"code":"head_too_large"/);
    }
});

test('a head with more arguments or cookies than the parser has memory for gets one answer, in our format', async () => {
    const many = (n, text) => Array(n).fill(text);
    const heads = {
        arguments: start(`GET /healthz?${many(400, 'a').join('&')} HTTP/1.1`),
        cookies: get(`Cookie: ${many(400, 'a=1').join('; ')}`),
        'a large cookie': get(`Cookie: a=${'x'.repeat(12_000)}`),
    };
    for (const [what, bytes] of Object.entries(heads)) {
        const {text, closed} = await rawHttp(server, bytes);
        assert.ok(closed, what);
        assert.equal([...text.matchAll(/^HTTP\/1\.1 /gm)].length, 1, what);
        assert.match(text, /^HTTP\/1\.1 431 [\s\S]*"code":"head_too_large"/, what);
        mustBeOurs(text);
    }
    const {text} = await rawHttp(server, get(`Cookie: ${many(100, 'a=1').join('; ')}`, 'Connection: close'));
    assert.match(text, /^HTTP\/1\.1 200 /);
});

test('a HEAD that is refused for its form gets no body', async () => {
    const {text} = await rawHttp(server, start('HEAD /healthz HTTP/3'));
    assert.match(text, /^HTTP\/1\.1 505 [\s\S]*\r\n\r\n$/);
});

test('a proper request is served, pipelined ones in their order', async () => {
    const twice = `${get()}${get('Connection: close')}`;
    const {text} = await rawHttp(server, twice);
    assert.equal([...text.matchAll(/HTTP\/1\.1 200/g)].length, 2);
});

test('a body beyond its limit is 413 and not read to its end', async () => {
    const {text, closed} = await rawHttp(server, post(['Content-Length: 10000000', 'X-Parlour: 1', 'Sec-Fetch-Site: same-origin'], '{"a":"'));
    assert.match(text, /^HTTP\/1\.1 413/);
    assert.ok(closed);
});
