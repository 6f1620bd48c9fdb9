// The layer table of the tree: which folder may include which, and where an outside library is met.
import assert from 'node:assert/strict';
import {dirname, basename, extname} from 'node:path';
import test from 'node:test';
import {filesIn, findLines, read} from './tree.mjs';

/** Folder -> what its files may include: other folders, or single headers. */
const LAYERS = {
    util: [],
    observe: ['util'],
    config: ['util'],
    domain: ['util'],
    store: ['domain', 'observe', 'util'],
    doctor: ['store', 'domain', 'config', 'util'],
    media: ['domain', 'observe', 'util'],
    outbound: ['domain', 'store', 'config', 'observe', 'util'],
    http: ['domain/crypto.h', 'domain/id.h', 'domain/password.h', 'store/store.h', 'observe', 'util'],
    access: ['http', 'domain', 'store', 'util'],
    ws: ['domain/crypto.h', 'domain/id.h', 'observe', 'util'],
    live: ['ws', 'domain', 'media', 'store', 'config', 'observe', 'util'],
    api: ['doctor/doctor_job.h', 'access', 'http', 'domain', 'store', 'live/hub.h', 'observe', 'util'],
    tls: ['observe', 'util'],
    app: ['util', 'observe', 'config', 'domain', 'store', 'media', 'outbound', 'http', 'access', 'ws', 'live', 'api', 'doctor', 'tls'],
    cli: ['util', 'observe', 'config', 'domain', 'store', 'media', 'outbound', 'http', 'access', 'ws', 'live', 'api', 'tls', 'doctor', 'app'],
};

/** Outside library -> the modules that may meet it (folder/module, or a whole folder). */
const LIBRARIES = {
    'microhttpd.h': ['http/http_server', 'http/http_events', 'http/http_link', 'http/http_begin', 'http/http_answer', 'http/handover'],
    'libwebsockets.h': ['media/janus_client'],
    'zlib.h': ['http/http_gzip'],
    'linux/landlock.h': ['app/sandbox'],
    'uv.h': ['ws/sockets', 'ws/shard'],
    'sqlite3.h': ['store/db_sqlite'],
    'uninorm.h': ['domain/nfc', 'domain/lookalike'],
    'unicase.h': ['domain/lookalike'],
    'unictype.h': ['domain/lookalike', 'domain/name_claim', 'domain/visible'],
    'unistr.h': ['domain/visible'],
    'sodium.h': ['domain/crypto', 'domain/password'],
    'openssl/': ['doctor/doctor_tls', 'domain/crypto', 'domain/password', 'tls/tls_certificate', 'tls/tls_context', 'tls/tls_link', 'tls/tls_own'],
    'qrencode.h': ['app/qr'],
    'curl/': ['outbound/outbound_send'],
    'jansson.h': [
        'util/json_fields', 'doctor/doctor_json', 'doctor/doctor_job', 'domain/token', 'http/http_request', 'http/http_reply', 'http/http_exchange', 'http/http_folder', 'http/http_kept', 'access/access_repeat', 'live/messages',
        'live/dispatch', 'live/incoming', 'live/join', 'live/dashboard', 'api', 'app/control', 'cli',
    ],
};

const sources = filesIn('server', '.c', '.h').filter(file => file !== 'server/main.c');
const folderOf = file => file.split('/')[1];
const moduleOf = file => `${folderOf(file)}/${basename(file, extname(file))}`;
const included = (line, open, close) => line.match(new RegExp(`^\\s*#\\s*include\\s*${open}([^${close}]+)${close}`))?.[1];

test('each folder under server has its place in the layer table', () => {
    const unknown = [...new Set(sources.map(folderOf))].filter(folder => !(folder in LAYERS));
    assert.deepEqual(unknown, []);
});

test('no file includes a layer above its own', () => {
    const wrong = findLines(sources, (line, file) => {
        const header = included(line, '"', '"');
        if (!header) return false;
        const allowed = [folderOf(file), ...LAYERS[folderOf(file)]];
        return !allowed.includes(dirname(header)) && !allowed.includes(header);
    });
    assert.deepEqual(wrong, []);
});

test('each include names its folder', () => {
    const wrong = findLines(filesIn('server', '.c', '.h'), line => {
        const header = included(line, '"', '"');
        return header !== undefined && !/^[a-z]+\/[a-z0-9_]+\.h$/.test(header);
    });
    assert.deepEqual(wrong, []);
});

test('an outside library is used only where the table allows it', () => {
    const wrong = findLines(filesIn('server', '.c', '.h'), (line, file) => {
        const header = included(line, '<', '>');
        const library = header && Object.keys(LIBRARIES).find(name => header.startsWith(name));
        if (!library) return false;
        return !LIBRARIES[library].some(place => place === moduleOf(file) || place === folderOf(file));
    });
    assert.deepEqual(wrong, []);
});

test('SQL stands in the store and nowhere else', () => {
    const wrong = findLines(
        sources.filter(file => !file.startsWith('server/store/')),
        line => /"\s*(SELECT\s+\S+.*\sFROM\s|INSERT INTO\s|UPDATE\s+\w+\s+SET\s|DELETE FROM\s|CREATE TABLE\s|PRAGMA\s)/.test(line),
    );
    assert.deepEqual(wrong, []);
});

test('headers guard against being read twice, under their own name', () => {
    const wrong = filesIn('server', '.h').filter(file => {
        const guard = moduleOf(file).replace('/', '_').toUpperCase() + '_H';
        return !read(file).includes(`\n#ifndef ${guard}\n#define ${guard}\n`);
    });
    assert.deepEqual(wrong, []);
});

test('the core of the client never touches the page', () => {
    const wrong = findLines(filesIn('web/js/core', '.js'), line => /\bdocument\.|from '(lit|\.\.\/(ui|admin|call|guest))/.test(line));
    assert.deepEqual(wrong, []);
});
