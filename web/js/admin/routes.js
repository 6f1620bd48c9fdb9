/* The page of each address. Pure, so a test can walk it. */

/** @typedef {'setup' | 'signin' | 'password' | 'live' | 'rooms' | 'room' | 'people' | 'doctor' | 'account' | 'missing'} PageName */
/** @typedef {{page: PageName, params: Record<string, string>}} Route */

/** Order does not matter: every pattern is matched against the whole path. */
const ROUTES = /** @type {const} */ ([
    {path: '/setup', page: 'setup'},
    {path: '/signin', page: 'signin'},
    {path: '/password', page: 'password'},
    {path: '/app', page: 'live'},
    {path: '/app/rooms', page: 'rooms'},
    {path: '/app/rooms/:room', page: 'room'},
    {path: '/app/people', page: 'people'},
    {path: '/app/doctor', page: 'doctor'},
    {path: '/app/account', page: 'account'},
]);

/**
 * @param {string} pathname  @returns {Route}
 */
export function routeOf(pathname) {
    const parts = pathname.replace(/\/+$/, '').split('/');

    for (const {path, page} of ROUTES) {
        const params = matchParts(path.split('/'), parts);
        if (params) return {page, params};
    }
    return {page: 'missing', params: {}};
}

/** @param {string[]} pattern  @param {string[]} parts  @returns {Record<string, string> | null} */
function matchParts(pattern, parts) {
    /** @type {Record<string, string>} */
    const params = {};

    if (pattern.length !== parts.length) return null;
    for (const [i, name] of pattern.entries()) {
        const part = parts[i] ?? '';
        if (name.startsWith(':')) params[name.slice(1)] = decode(part);
        else if (name !== part) return null;
    }
    return params;
}

/** @param {string} part  @returns {string} a broken escape stays as it is, instead of ending the page */
function decode(part) {
    try {
        return decodeURIComponent(part);
    } catch {
        return part;
    }
}

/** Is it the page of a room, outside the dashboard? @param {string} path */
export const isRoomPage = path => /^\/r\/[A-Za-z0-9_-]+\/?$/.test(path);

/**
 * Where to go after signing in: only a page of the dashboard or of a room, so that a link cannot send people elsewhere.
 * @param {string | null} wanted  @returns {string}
 */
export function safeReturn(wanted) {
    return wanted && (isRoomPage(wanted) || /^\/app(\/[A-Za-z0-9._~%-]+)*\/?$/.test(wanted)) ? wanted : '/app';
}
