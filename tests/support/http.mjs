// http.mjs - a browser-like HTTP client: cookies, the headers of a same-origin page, JSON in and out.
// Built on node:http, because fetch adds and forbids headers that these tests are about.
import assert from 'node:assert/strict';
import {request as httpRequest, Agent} from 'node:http';
import {request as httpsRequest, Agent as SecureAgent} from 'node:https';
import {connect} from 'node:net';

export const PASSWORD = 'correct horse battery staple';

/** One cookie jar. `server.tls` ({ca, servername}): over https. `from` is the local address to come from, so that limits per address do not mix. */
export class Client {
    constructor(server, {from, headers = {}} = {}) {
        this.server = server;
        this.from = from;
        this.headers = headers;
        this.cookies = new Map();
        this.agent = new (server.tls ? SecureAgent : Agent)({keepAlive: true, maxSockets: 8});
    }

    /**
     * @param {string} method @param {string} path @param {any} [body] an object is sent as JSON, a string as it is
     * @param {Record<string, string|undefined>} [headers] undefined removes a default header
     */
    request(method, path, body, headers = {}) {
        const changing = !['GET', 'HEAD'].includes(method);
        const all = {
            ...(this.server.tls ? {Host: this.server.tls.servername} : {}),
            ...(this.cookies.size ? {Cookie: this.cookieHeader()} : {}),
            ...(changing ? {Origin: this.server.origin, 'Sec-Fetch-Site': 'same-origin', 'X-Parlour': '1'} : {}),
            ...(changing ? {'Content-Type': 'application/json'} : {}),
            ...this.headers,
            ...headers,
        };
        for (const name of Object.keys(all)) if (all[name] === undefined) delete all[name];
        const payload = body === undefined ? (changing && method !== 'DELETE' ? '{}' : '') : typeof body === 'string' ? body : JSON.stringify(body);
        if (payload) all['Content-Length'] = String(Buffer.byteLength(payload));
        return new Promise((resolve, reject) => {
            const request = (this.server.tls ? httpsRequest : httpRequest)(
                {...this.server.tls, host: this.server.host, port: this.server.port, method, path, headers: all, agent: this.agent, localAddress: this.from},
                response => {
                    const chunks = [];
                    response.on('data', chunk => chunks.push(chunk));
                    response.on('error', reject);
                    response.on('end', () => resolve(this.answer(method, path, response, Buffer.concat(chunks))));
                },
            );
            request.setTimeout(60_000, () => request.destroy(new Error(`${method} ${path}: no answer`)));
            request.on('error', reject);
            request.end(payload);
        });
    }

    answer(method, path, response, bytes) {
        for (const line of response.headers['set-cookie'] ?? []) this.keepCookie(line);
        const text = bytes.toString('utf8');
        const isJson = /[/+]json/.test(response.headers['content-type'] ?? '');
        return {what: `${method} ${path}`, status: response.statusCode, headers: response.headers, bytes, text, json: isJson && text ? JSON.parse(text) : null};
    }

    keepCookie(line) {
        const [pair, ...attributes] = line.split(';');
        const [name, ...value] = pair.split('=');
        if (attributes.some(a => /max-age=0$/i.test(a.trim())) || value.join('=') === '') this.cookies.delete(name);
        else this.cookies.set(name, value.join('='));
    }

    cookieHeader() {
        return [...this.cookies].map(pair => pair.join('=')).join('; ');
    }

    get(path, headers) {
        return this.request('GET', path, undefined, headers);
    }

    post(path, body, headers) {
        return this.request('POST', `/api/v1${path}`, body, headers);
    }

    put(path, body, headers) {
        return this.request('PUT', `/api/v1${path}`, body, headers);
    }

    patch(path, body, headers) {
        return this.request('PATCH', `/api/v1${path}`, body, headers);
    }

    delete(path, body, headers) {
        return this.request('DELETE', `/api/v1${path}`, body, headers);
    }

    /** GET under /api/v1, expecting 200; returns the JSON. */
    async read(path) {
        return good(await this.get(`/api/v1${path}`));
    }
}

/** The JSON of an answer that has to be a success; otherwise throws with the answer. */
export function good(answer, status) {
    const fine = status ? answer.status === status : answer.status >= 200 && answer.status < 300;
    assert.ok(fine, `${answer.what} answered ${answer.status}, expected ${status ?? '2xx'}: ${answer.text.slice(0, 600)}`);
    return answer.json;
}

/** Expects an RFC 9457 problem of this status and code, complete, and returns it. */
export function refused(answer, status, code) {
    const said = `${answer.what} answered ${answer.status} ${answer.text.slice(0, 600)}`;
    assert.equal(answer.status, status, said);
    assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json/, said);
    for (const member of ['type', 'title', 'status', 'code', 'detail', 'request_id']) assert.ok(member in answer.json, `${member} missing: ${said}`);
    assert.equal(answer.json.status, status, said);
    if (code) assert.equal(answer.json.code, code, said);
    return answer.json;
}

/** Makes the first admin and returns the client that is signed in as it. */
export async function setUp(server, {email = 'owner@example.org', name = 'Olga Owner', practice = 'Hill Clinic'} = {}) {
    const admin = new Client(server);
    const answer = await admin.post('/setup', {code: server.setupCode, practice, name, email, password: PASSWORD});
    admin.user = good(answer).user;
    return admin;
}

export async function signIn(server, email, password = PASSWORD, options = {}) {
    const client = new Client(server, options);
    client.user = good(await client.post('/session', {email, password})).user;
    return client;
}

/** The secret of a link: the part after the # */
export const codeOf = url => url.slice(url.indexOf('#') + 1);

let people = 0;

/** A new user with a password, signed in. */
export async function newUser(admin, {role = 'host', email = `person${++people}@example.org`, name = `Person ${people}`} = {}) {
    const made = good(await admin.post('/users', {email, name, role}));
    const link = made.link ?? made.url ?? made.password_link?.url ?? made.password_url;
    const client = new Client(admin.server);
    good(await client.post('/password', {code: codeOf(link), password: PASSWORD}));
    return signIn(admin.server, email);
}

let rooms = 0;

export async function newRoom(client, fields = {}) {
    return good(await client.post('/rooms', {name: `Room ${++rooms}`, ...fields}));
}

export async function newInvitation(client, room, fields = {}) {
    return good(await client.post(`/rooms/${room.id}/invitations`, fields));
}

/** An expired invitation: it was valid, and the server, whose clock decides, says that it no longer is. */
export async function expiredInvitation(client, room) {
    const made = await newInvitation(client, room, {expires_in_s: 1});
    assert.equal(made.state, 'valid');
    await new Promise(resolve => setTimeout(resolve, Date.parse(made.expires_at) + 1 - Date.now()));
    const {state} = good(await new Client(client.server).post('/invitations/lookup', {code: made.code}));
    assert.equal(state, 'expired');
    return made;
}

/**
 * Sends bytes as they are and reads until the other side closes (or `until` has arrived).
 * @returns {Promise<{text: string, closed: boolean, ms: number}>}
 */
export function rawHttp(server, bytes, {until, limitMs = 5000, from, drip} = {}) {
    return new Promise((resolve, reject) => {
        const started = Date.now();
        const socket = connect({host: server.host, port: server.port, localAddress: from});
        let text = '';
        let timer;
        const end = closed => {
            clearTimeout(timer);
            clearInterval(dripping);
            socket.destroy();
            resolve({text, closed, ms: Date.now() - started});
        };
        let dripping;
        timer = setTimeout(() => end(false), limitMs);
        socket.on('connect', () => {
            socket.write(bytes);
            if (drip) dripping = setInterval(() => socket.write(drip.next().value ?? 'a'), 100); // never before the head
        });
        socket.on('data', chunk => {
            text += chunk.toString('latin1');
            if (until && text.includes(until)) end(false);
        });
        socket.on('close', () => end(true));
        socket.on('error', error => (error.code === 'ECONNREFUSED' ? reject(error) : end(true)));
    });
}
