/* The signed-in user: finding out, signing in and out, the language of the page. */
import {ApiError} from '../core/api.js';
import {LANGUAGES} from '../core/i18n.js';
import {changeLanguage, currentLanguage, t} from '../ui/texts.js';
import {isRoomPage} from './routes.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('../core/i18n.js').Language} Language */

/** Pages for people who are not signed in. */
const DOORS = new Set(['setup', 'signin', 'password']);

/** @param {string} page */
export const isDoor = page => DOORS.has(page);

/** @param {App} app  @param {Language} lang */
export async function switchLanguage(app, lang) {
    languageChanged(app, await changeLanguage(lang));
}

/** @param {App} app  @param {string} trouble key of the message why it did not change; empty: it did */
export function languageChanged(app, trouble) {
    app.update({nowMs: app.clock.wall()});
    if (trouble) app.toast(t(trouble), {kind: 'danger'});
}

/** Switches to the person's language, if we have it and it is another. @param {App} app  @param {import('./types.js').User} user */
async function useLanguageOf(app, user) {
    const lang = user.language ?? '';

    if (lang in LANGUAGES && lang !== currentLanguage()) await switchLanguage(app, /** @type {Language} */ (lang));
}

/** The signed-in user; null when nobody is signed in. @param {App} app  @returns {Promise<import('./types.js').User | null>} */
async function whoAmI(app) {
    try {
        const {user, may} = await app.api.get('/session');
        return {...user, may};
    } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
    }
}

/** Fetches session and practice, then shows the requested page, or the sign-in page before it. @param {App} app */
export async function begin(app) {
    app.update({trouble: null, ready: false});
    try {
        const [me, practice] = await Promise.all([whoAmI(app), app.api.get('/public')]);

        app.update({me, practice, ready: true, nowMs: app.clock.wall()});
        if (me) await useLanguageOf(app, me);
        if (!me && !isDoor(app.state.route.page)) toSignIn(app);
        else if (me && app.state.route.page === 'signin') app.go(dashboardPage(app.wantedPath()), {replace: true});
    } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        app.update({trouble: error, ready: true});
    }
}

/** A person who is signed in and still asked to sign in has no way into that room. @param {string} path */
const dashboardPage = path => (isRoomPage(path) ? '/app' : path);

/** @param {App} app */
function toSignIn(app) {
    const {pathname} = location;

    app.go(pathname === '/app' ? '/signin' : `/signin?next=${encodeURIComponent(pathname)}`, {replace: true});
}

/** The person is signed in from here on, except in a browser that keeps no cookies: ApiError `no_cookies`.
 *  @param {App} app  @param {import('./types.js').User} user  @param {string} path */
export async function enter(app, user, path) {
    const me = await whoAmI(app);
    if (!me) throw new ApiError({code: 'no_cookies'});
    app.update({me, data: {}});
    await useLanguageOf(app, user);
    if (isRoomPage(path)) app.leaveFor(path);
    else app.go(path, {replace: true});
}
