// REST calls to our own server: JSON both ways, the same-origin headers, errors as ApiError.
// Knows nothing of the page; `fetch` is passed in so that tests need no network.

const BASE = '/api/v1';
const TIMEOUT_MS = 15_000;

/** A failed call. `code` is stable (the server's, or `network`, `timeout`, `bad_answer`) and has a text `error.<code>`. */
export class ApiError extends Error {
    /** @param {{status?: number, code: string, title?: string, detail?: string, field?: string, request_id?: string, retry_after_s?: number, consent?: any}} p */
    constructor(p) {
        super(p.detail || p.title || p.code);
        this.name = 'ApiError';
        this.status = p.status ?? 0;
        this.code = p.code;
        this.detail = p.detail ?? '';
        /** the wrong member of the body, if any */
        this.field = p.field ?? '';
        this.requestId = p.request_id ?? '';
        this.retryAfterS = p.retry_after_s ?? 0;
        /** the text that must be agreed to first, when consent is missing */
        this.consent = p.consent;
    }
    /** Whether a later repetition may help. */
    get temporary() {
        return this.status === 0 || this.status === 429 || this.status >= 500;
    }
}

/**
 * @typedef {object} CallOptions
 * @property {string} [ifMatch] etag that must still be current (412 `changed` otherwise)
 * @property {string} [idempotencyKey] the same key makes one object once
 * @property {boolean} [unattended] nobody pressed anything: the sign-in does not count as used
 * @property {AbortSignal} [signal]
 * @property {number} [timeoutMs]
 *
 * @typedef {object} Api
 * @property {(path: string, o?: CallOptions) => Promise<any>} get
 * @property {(path: string, body?: object, o?: CallOptions) => Promise<any>} post
 * @property {(path: string, body?: object, o?: CallOptions) => Promise<any>} put
 * @property {(path: string, body?: object, o?: CallOptions) => Promise<any>} patch
 * @property {(path: string, body?: object, o?: CallOptions) => Promise<any>} del
 */

/** @param {Response} res */
async function readBody(res) {
    const type = res.headers.get('content-type') ?? '';
    if (res.status === 204) return null;
    if (!/\bjson\b/.test(type)) return res.text();
    return res.json();
}

/** @param {Response} res  @param {any} body */
function toError(res, body) {
    const p = body && typeof body === 'object' ? body : {};
    return new ApiError({
        ...p,
        status: res.status,
        code: typeof p.code === 'string' ? p.code : `http_${res.status}`,
        retry_after_s: Number(res.headers.get('retry-after')) || 0,
    });
}

/** @param {string} method  @param {object | undefined} body  @param {CallOptions} o  @returns {RequestInit} */
function request(method, body, o) {
    /** @type {Record<string, string>} */
    const headers = {Accept: 'application/json, application/problem+json'};
    if (method !== 'GET') {
        headers['Content-Type'] = 'application/json';
        headers['X-Parlour'] = '1';
    }
    if (o.unattended) headers['X-Parlour-Unattended'] = '1';
    if (o.ifMatch) headers['If-Match'] = o.ifMatch;
    if (o.idempotencyKey) headers['Idempotency-Key'] = o.idempotencyKey;
    const limit = AbortSignal.timeout(o.timeoutMs ?? TIMEOUT_MS);
    return {
        method,
        headers,
        credentials: 'same-origin',
        cache: 'no-store',
        redirect: 'error',
        body: method === 'GET' ? undefined : JSON.stringify(body ?? {}),
        signal: o.signal ? anySignal(o.signal, limit) : limit,
    };
}

/** AbortSignal.any(), which the oldest browsers we support lack. @param {AbortSignal} a  @param {AbortSignal} b */
function anySignal(a, b) {
    const c = new AbortController();
    for (const s of [a, b]) {
        if (s.aborted) c.abort(s.reason);
        else s.addEventListener('abort', () => c.abort(s.reason), {once: true});
    }
    return c.signal;
}

/** Without a clock the server's time is not learned.
 *  @param {{fetch?: typeof globalThis.fetch, base?: string, clock?: Pick<import('./clock.js').Clock, 'now' | 'learn'>}} [deps]  @returns {Api} */
export function makeApi(deps = {}) {
    const ask = deps.fetch ?? globalThis.fetch.bind(globalThis);
    const base = deps.base ?? BASE;

    /** @param {string} method  @param {string} path  @param {object} [body]  @param {CallOptions} [o] */
    async function call(method, path, body, o = {}) {
        let res;
        const asked = deps.clock?.now() ?? 0;
        try {
            res = await ask(base + path, request(method, body, o));
        } catch (e) {
            if (o.signal?.aborted) throw e;
            throw new ApiError({code: /** @type {Error} */ (e).name === 'TimeoutError' ? 'timeout' : 'network'});
        }
        deps.clock?.learn(Date.parse(res.headers.get('date') ?? ''), asked, deps.clock.now());
        let answer;
        try {
            answer = await readBody(res);
        } catch {
            throw new ApiError({status: res.status, code: 'bad_answer'});
        }
        if (!res.ok) throw toError(res, answer);
        return answer;
    }
    return {
        get: (path, o) => call('GET', path, undefined, o),
        post: (path, body, o) => call('POST', path, body, o),
        put: (path, body, o) => call('PUT', path, body, o),
        patch: (path, body, o) => call('PATCH', path, body, o),
        del: (path, body, o) => call('DELETE', path, body, o),
    };
}
