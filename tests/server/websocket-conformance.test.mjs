// RFC 6455 by its groups, against the raw socket: framing, ping, reserved bits, opcodes, fragments, UTF-8, close.
// Where the standard says "fail the connection", a close frame with the named code and a bare hang-up are both right.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {newRoom, newUser, rawHttp} from '../support/http.mjs';
import {joinAsHost, practice} from '../support/scene.mjs';
import {BINARY, CLOSE, closeFrame, CONTINUATION, frame, PING, PONG, RawSocket, TEXT} from '../support/raw_ws.mjs';

const {server, admin} = await practice({args: ['--rate-scale', '10']}); // each test makes a room
const host = await newUser(admin);

/** A joined seat of its own room, with raw frames from here on. */
async function seated() {
    const room = await newRoom(host);
    const joined = await joinAsHost(host, room);
    const raw = await RawSocket.open(server, joined.ws);
    raw.write(frame(TEXT, JSON.stringify({type: 'join', token: joined.token})));
    const welcome = await raw.next(TEXT);
    assert.equal(JSON.parse(welcome.payload).type, 'welcome');
    return raw;
}

const ASK = '{"type":"ice"}';
const say = text => ({type: text});
const unknown = (name, pad = '') => JSON.stringify({...say(name), pad});

async function answersTo(raw, type) {
    const answer = await raw.next(TEXT);
    assert.ok(answer, 'no answer');
    const message = JSON.parse(answer.payload);
    assert.equal(message.of ?? message.type, type);
    return message;
}

async function fails(raw, code) {
    const got = await raw.closeCode();
    assert.ok(got === code || got === 1006, `closed with ${got}, expected ${code}`);
    raw.destroy();
}

/** Bytes that are not UTF-8, by their fault. */
const invalid = {
    'a lone continuation byte': [0x80], 'two of them': [0xbf, 0xbf], 'a sequence cut short': [0xc3], 'three bytes cut short': [0xe2, 0x82], 'four bytes cut short': [0xf0, 0x9f, 0x98],
    'an overlong slash': [0xc0, 0xaf], 'an overlong slash in three': [0xe0, 0x80, 0xaf], 'an overlong slash in four': [0xf0, 0x80, 0x80, 0xaf], 'an overlong NUL': [0xc0, 0x80],
    'a high surrogate': [0xed, 0xa0, 0x80], 'a low surrogate': [0xed, 0xbf, 0xbf], 'a pair of surrogates': [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80], 'beyond U+10FFFF': [0xf4, 0x90, 0x80, 0x80],
    'five bytes': [0xf8, 0x88, 0x80, 0x80, 0x80], 'six bytes': [0xfc, 0x84, 0x80, 0x80, 0x80, 0x80], '0xFE': [0xfe], '0xFF': [0xff],
};

describe('1 framing', () => {
    for (const [size, what] of [[0, 'no payload'], [125, '125 bytes'], [126, '126 bytes'], [127, '127 bytes'], [128, '128 bytes'], [65535, '65535 bytes'], [65536, '65536 bytes']])
        test(`a text message of ${what} is read as one`, async () => {
            const raw = await seated();
            const bare = unknown('x').length;
            raw.write(frame(TEXT, size < bare ? '' : unknown('x', 'p'.repeat(size - bare))));
            await answersTo(raw, size < bare ? 'error' : 'x');
            raw.destroy();
        });

    test('the server\'s frames are unmasked, whole and without reserved bits', async () => {
        const raw = await seated();
        raw.write(frame(TEXT, ASK));
        const answer = await raw.next(TEXT);
        assert.deepEqual([answer.fin, answer.rsv, answer.masked], [1, 0, 0]);
        raw.destroy();
    });

    test('a frame that comes byte by byte is read', async () => {
        const raw = await seated();
        await raw.drip(frame(TEXT, ASK));
        await answersTo(raw, 'ice');
        raw.destroy();
    });

    test('several frames in one segment are all read, in order', async () => {
        const raw = await seated();
        raw.write(...Array.from({length: 20}, (_, i) => frame(TEXT, unknown(`m${i}`))));
        for (let i = 0; i < 20; i++) await answersTo(raw, `m${i}`);
        raw.destroy();
    });

    test('an unmasked frame fails the connection', async () => {
        const raw = await seated();
        raw.write(frame(TEXT, ASK, {mask: false}));
        await fails(raw, 1002);
    });

    for (const wide of [1, 2])
        test(`a length in ${[0, 2, 8][wide]} more bytes than it needs fails the connection`, async () => {
            const raw = await seated();
            raw.write(frame(TEXT, ASK, {wide}));
            await fails(raw, 1002);
        });

    test('a mask of zeros is valid', async () => {
        const raw = await seated();
        raw.write(frame(TEXT, ASK, {key: Buffer.alloc(4)}));
        await answersTo(raw, 'ice');
        raw.destroy();
    });

    test('a length of 63 bits is refused before any of the payload is kept', async () => {
        const raw = await seated();
        const head = Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4]);
        raw.write(head, Buffer.alloc(1000));
        await fails(raw, 1009);
    });
});

describe('2 ping and pong', () => {
    for (const size of [0, 1, 125])
        test(`a ping with ${size} bytes is answered with the same bytes`, async () => {
            const raw = await seated();
            const payload = Buffer.alloc(size, 0xfe);
            raw.write(frame(PING, payload));
            assert.deepEqual((await raw.next(PONG)).payload, payload);
            raw.destroy();
        });

    test('a ping of 126 bytes fails the connection', async () => {
        const raw = await seated();
        raw.write(frame(PING, Buffer.alloc(126)));
        await fails(raw, 1002);
    });

    test('a pong that nobody asked for is ignored', async () => {
        const raw = await seated();
        raw.write(frame(PONG, 'unasked'), frame(TEXT, ASK));
        await answersTo(raw, 'ice');
        raw.destroy();
    });

    test('of ten pings at once at least one is answered', async () => {
        const raw = await seated();
        raw.write(...Array.from({length: 10}, (_, i) => frame(PING, `ping ${i}`)), frame(TEXT, ASK));
        assert.match(String((await raw.next(PONG)).payload), /^ping \d$/);
        await answersTo(raw, 'ice');
        raw.destroy();
    });

    test('a flood of pings ends the connection as a flood of messages does', async () => {
        const raw = await seated();
        for (let i = 0; i < 40; i++) raw.write(...Array.from({length: 25}, () => frame(PING, 'x')));
        await fails(raw, 4429);
    });

    test('a ping between the fragments of a message is answered', async () => {
        const raw = await seated();
        raw.write(frame(TEXT, ASK.slice(0, 5), {fin: false}), frame(PING, 'now'));
        assert.equal(String((await raw.next(PONG)).payload), 'now');
        raw.write(frame(CONTINUATION, ASK.slice(5)));
        await answersTo(raw, 'ice');
        raw.destroy();
    });
});

describe('3 reserved bits', () => {
    for (const rsv of [1, 2, 3, 4, 5, 6, 7])
        for (const [what, opcode] of [['text', TEXT], ['ping', PING], ['close', CLOSE]])
            test(`RSV ${rsv} on ${what} fails the connection: no extension was agreed`, async () => {
                const raw = await seated();
                raw.write(frame(opcode, opcode === TEXT ? ASK : '', {rsv}));
                await fails(raw, 1002);
            });
});

describe('4 opcodes', () => {
    for (const opcode of [3, 4, 5, 6, 7, 11, 12, 13, 14, 15])
        test(`opcode ${opcode} is reserved and fails the connection`, async () => {
            const raw = await seated();
            raw.write(frame(opcode, 'x'));
            await fails(raw, 1002);
        });

    test('a well-formed binary message closes with 1003', async () => {
        const raw = await seated();
        raw.write(frame(BINARY, ASK));
        assert.equal(await raw.closeCode(), 1003);
        raw.destroy();
    });
});

describe('5 fragments', () => {
    test('a message in many fragments is one message', async () => {
        const raw = await seated();
        raw.write(frame(TEXT, '', {fin: false}), ...[...ASK].map(byte => frame(CONTINUATION, byte, {fin: false})), frame(CONTINUATION, ''));
        await answersTo(raw, 'ice');
        raw.destroy();
    });

    test('a message in thousands of pieces fails the connection', async () => {
        const raw = await seated();
        raw.write(frame(TEXT, '', {fin: false}), ...Array.from({length: 2000}, () => frame(CONTINUATION, '', {fin: false})));
        await fails(raw, 1008);
    });

    for (const [what, opcode] of [['ping', PING], ['pong', PONG], ['close', CLOSE]])
        test(`a fragmented ${what} fails the connection`, async () => {
            const raw = await seated();
            raw.write(frame(opcode, '', {fin: false}));
            await fails(raw, 1002);
        });

    test('a continuation of nothing fails the connection', async () => {
        for (const fin of [true, false]) {
            const raw = await seated();
            raw.write(frame(CONTINUATION, ASK, {fin}));
            await fails(raw, 1002);
        }
    });

    test('a new message before the last fragment of the one before fails the connection', async () => {
        const raw = await seated();
        raw.write(frame(TEXT, ASK.slice(0, 3), {fin: false}), frame(TEXT, ASK));
        await fails(raw, 1002);
    });
});

describe('6 UTF-8', () => {
    const valid = ['κόσμε', '\u0080', '\u07ff', '\u0800', '\uffff', '\ud7ff', '\ue000', '\ufffd', '\u{10000}', '\u{10ffff}', '😀'];
    test('valid sequences up to U+10FFFF are carried', async () => {
        const raw = await seated();
        for (const text of valid) {
            raw.write(frame(TEXT, JSON.stringify({type: text})));
            await answersTo(raw, text).catch(async error => assert.fail(`${JSON.stringify(text)}: ${error.message}`));
        }
        raw.destroy();
    });

    test('a character split between fragments is one character', async () => {
        const bytes = Buffer.from(JSON.stringify({type: 'κόσμε😀'}));
        for (let cut = 9; cut < bytes.length - 1; cut += 3) {
            const raw = await seated();
            raw.write(frame(TEXT, bytes.subarray(0, cut), {fin: false}), frame(CONTINUATION, bytes.subarray(cut)));
            await answersTo(raw, 'κόσμε😀');
            raw.destroy();
        }
    });

    for (const [what, bytes] of Object.entries(invalid))
        test(`${what} closes with 1007`, async () => {
            const raw = await seated();
            raw.write(frame(TEXT, Buffer.concat([Buffer.from('{"type":"'), Buffer.from(bytes), Buffer.from('"}')])));
            await fails(raw, 1007);
        });

    test('a message that ends inside a character closes with 1007, also across fragments', async () => {
        const raw = await seated();
        raw.write(frame(TEXT, Buffer.from([0x22, 0xe2]), {fin: false}), frame(CONTINUATION, Buffer.from([0x82])));
        await fails(raw, 1007);
    });
});

describe('7 close', () => {
    for (const code of [1000, 1001, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999])
        test(`a close with ${code} is answered with a close`, async () => {
            const raw = await seated();
            raw.write(closeFrame(code, 'goodbye'));
            const got = await raw.closeCode();
            assert.ok([code, 1000, 1005].includes(got), `answered ${got}`);
            raw.destroy();
        });

    for (const code of [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535])
        test(`a close with ${code}, which nobody may send, fails the connection`, async () => {
            const raw = await seated();
            raw.write(closeFrame(code));
            const got = await raw.closeCode();
            assert.ok([1002, 1006, 1005, 1000].includes(got), `answered ${got}`);
            raw.destroy();
        });

    test('a close without a code is fine', async () => {
        const raw = await seated();
        raw.write(closeFrame(undefined));
        assert.ok([1000, 1005].includes(await raw.closeCode()));
        raw.destroy();
    });

    test('a close with one byte fails the connection', async () => {
        const raw = await seated();
        raw.write(frame(CLOSE, 'x'));
        await fails(raw, 1002);
    });

    test('a close reason of 123 bytes is fine, one of 124 is too long for a control frame', async () => {
        const fine = await seated();
        fine.write(closeFrame(1000, 'r'.repeat(123)));
        assert.ok([1000, 1005].includes(await fine.closeCode()));
        const long = await seated();
        long.write(closeFrame(1000, 'r'.repeat(124)));
        await fails(long, 1002);
    });

    for (const [what, bytes] of Object.entries(invalid))
        test(`a close reason with ${what} is answered with 1007`, async () => {
            const raw = await seated();
            raw.write(frame(CLOSE, Buffer.from([0x03, 0xe8, ...bytes])));
            assert.equal(await raw.closeCode(), 1007);
            raw.destroy();
        });

    test('after a close nothing is read any more, and the connection ends', async () => {
        const raw = await seated();
        raw.write(closeFrame(1000), frame(TEXT, ASK), frame(PING, 'late'));
        await raw.closeCode();
        assert.equal(await raw.next(PONG, 300), null);
        assert.equal(await raw.next(TEXT, 100), null);
        await Promise.race([raw.closed, new Promise((_, reject) => setTimeout(reject, 6000, new Error('still open')).unref())]);
    });
});

describe('the handshake', () => {
    const lines = {
        Host: `localhost:${server.port}`, Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Protocol': 'parlour.v1', Origin: server.origin,
    };
    const request = (changes, method = 'GET', version = 'HTTP/1.1') =>
        `${method} /ws/room ${version}\r\n${Object.entries({...lines, ...changes}).filter(([, value]) => value !== undefined).map(pair => pair.join(': ')).join('\r\n')}\r\n\r\n`;
    const answer = async text => (await rawHttp(server, text, {until: '\r\n\r\n'})).text;

    test('the sample key of the standard gets the sample answer', async () => {
        const text = await answer(request({}));
        assert.match(text, /^HTTP\/1\.1 101/);
        assert.match(text, /Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/i);
        assert.match(text, /Sec-WebSocket-Protocol: parlour\.v1/i);
        assert.doesNotMatch(text, /Sec-WebSocket-Extensions/i);
    });

    test('header names and tokens in any case, and several tokens in Connection, are understood', async () => {
        assert.match(await answer(request({Upgrade: 'WebSocket', Connection: 'keep-alive, UPGRADE'})), /^HTTP\/1\.1 101/);
    });

    test('offered compression is declined', async () => {
        assert.doesNotMatch(await answer(request({'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits'})), /Extensions/i);
    });

    test('parlour.v1 is found in a list', async () => {
        assert.match(await answer(request({'Sec-WebSocket-Protocol': 'chat, parlour.v1'})), /Sec-WebSocket-Protocol: parlour\.v1\r/i);
    });

    const wrong = {
        'another version': [{'Sec-WebSocket-Version': '8'}, /^HTTP\/1\.1 426[\s\S]*Sec-WebSocket-Version: 13/i],
        'no version': [{'Sec-WebSocket-Version': undefined}, /^HTTP\/1\.1 4\d\d/],
        'no key': [{'Sec-WebSocket-Key': undefined}, /^HTTP\/1\.1 400/],
        'a key that is too short': [{'Sec-WebSocket-Key': 'c2hvcnQ='}, /^HTTP\/1\.1 400/],
        'a key that is no base64': [{'Sec-WebSocket-Key': '!!!!!!!!!!!!!!!!!!!!!!=='}, /^HTTP\/1\.1 400/],
        'no subprotocol': [{'Sec-WebSocket-Protocol': undefined}, /^HTTP\/1\.1 4\d\d/],
        'another subprotocol': [{'Sec-WebSocket-Protocol': 'parlour.v2'}, /^HTTP\/1\.1 4\d\d/],
        'an upgrade to h2c': [{Upgrade: 'h2c'}, /^HTTP\/1\.1 4\d\d/],
        'an upgrade to two': [{Upgrade: 'websocket, h2c'}, /^HTTP\/1\.1 4\d\d/],
        'no upgrade': [{Upgrade: undefined, Connection: undefined}, /^HTTP\/1\.1 4\d\d/],
        'a foreign origin': [{Origin: 'https://evil.example'}, /^HTTP\/1\.1 403/],
    };
    for (const [what, [changes, expected]] of Object.entries(wrong))
        test(`${what} is refused in HTTP`, async () => {
            assert.match(await answer(request(changes)), expected);
        });

    test('only GET and only HTTP/1.1 upgrade', async () => {
        assert.match(await answer(request({'Content-Length': '0'}, 'POST')), /^HTTP\/1\.1 4\d\d/);
        assert.match(await answer(request({}, 'GET', 'HTTP/1.0')), /^HTTP\/1\.[01] [45]\d\d/);
    });

    test('frames that come in the same segment as the request are not lost', async () => {
        const room = await newRoom(host);
        const joined = await joinAsHost(host, room);
        const bytes = Buffer.concat([Buffer.from(request({}).replace('/ws/room', joined.ws)), frame(TEXT, JSON.stringify({type: 'join', token: joined.token}))]);
        const {text} = await rawHttp(server, bytes, {until: '"welcome"', limitMs: 4000});
        assert.match(text, /"welcome"|HTTP\/1\.1 101[\s\S]*\r\n\r\n$/);
    });

    test('an upgrade on a connection that served requests before works', async () => {
        const get = `GET /healthz HTTP/1.1\r\nHost: ${lines.Host}\r\n\r\n`;
        const {text} = await rawHttp(server, get + get + request({}), {until: 'parlour.v1', limitMs: 4000});
        assert.equal([...text.matchAll(/HTTP\/1\.1 200/g)].length, 2);
        assert.match(text, /HTTP\/1\.1 101/);
    });
});
