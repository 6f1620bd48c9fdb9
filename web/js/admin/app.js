/* The object given to every page of the dashboard: the state, the way to change it, calls, navigation, toasts, dialogs.
 * It draws nothing itself. Everything from the browser comes in through `parts`, so that the demonstration and
 * the tests put their own there. */
import {ApiError} from '../core/api.js';
import {emptyDashboard} from './dashboard_feed.js';
import {routeOf, safeReturn} from './routes.js';
import {createStore} from './store.js';

/** @typedef {import('./types.js').State} State */

/** How long a toast stays; longer when it can undo something. */
const TOAST_MS = 6_000;
const TOAST_UNDO_MS = 12_000;

/** The most pages of a list that are fetched; with more, the server would have to search. */
const LIST_PAGES_MAX = 10;

/**
 * @typedef {{
 *   api: import('../core/api.js').Api,
 *   clock: import('../core/clock.js').Clock,
 *   t: import('../core/i18n.js').Translate,
 *   draw: (state: State) => void,
 *   show: (path: string, replace: boolean) => void,
 *   leave: (path: string) => void,
 *   enter: (route: State['route']) => void,
 *   pathname: string,
 *   query: () => URLSearchParams,
 *   sound: boolean,
 *   online: boolean,
 *   notify: State['alerts']['notify'],
 *   dashboard: (app: App) => import('./dashboard.js').DashboardControl,
 * }} AppParts
 */

/** @param {AppParts} parts  @returns {State} the state shown before anything is known */
const initialState = parts => ({
    route: routeOf(parts.pathname),
    ready: false,
    trouble: null,
    me: null,
    practice: {practice: ''},
    data: {},
    ui: {},
    forms: {},
    dialog: null,
    toasts: [],
    online: parts.online,
    dashboard: emptyDashboard(),
    nowMs: parts.clock.wall(),
    alerts: {sound: parts.sound, notify: parts.notify, blocked: false},
    said: '',
});

export class App {
    /** @param {AppParts} parts */
    constructor(parts) {
        this.parts = parts;
        this.api = parts.api;
        this.clock = parts.clock;
        this.t = parts.t;
        this.store = createStore(initialState(parts), parts.draw);
        this.update = this.store.update;
        this.lastId = 0;
        /** the route whose page could not be fetched, because nobody answered  @type {State['route'] | null} */
        this.lacking = null;
        this.dashboard = parts.dashboard(this);
    }

    get state() {
        return this.store.state;
    }

    /** Changes the values that this page remembers. @param {Record<string, any>} change */
    ui(change) {
        this.update(s => ({ui: {...s.ui, ...change}}));
    }

    /** Goes to another page of the dashboard. @param {string} path  @param {{replace?: boolean}} [how] */
    go(path, how = {}) {
        this.parts.show(path, how.replace ?? false);
        this.update({route: routeOf(path.split(/[?#]/)[0] ?? ''), ui: {}, forms: {}, dialog: null});
    }

    /** Goes to a page outside the dashboard, in this window. @param {string} path */
    leaveFor(path) {
        this.parts.leave(path);
    }

    /** The page that a person wanted before we asked them to sign in. */
    wantedPath() {
        return safeReturn(this.parts.query().get('next'));
    }

    /** Fetches `path` from the API and keeps the result under that path; the earlier one stays visible meanwhile. @param {string} path */
    load(path) {
        return this.keep(path, () => this.api.get(path));
    }

    /** The same for a list, all its pages. @param {string} path  @param {import('../core/api.js').CallOptions} [options] */
    loadList(path, options) {
        return this.keep(path, () => this.allPages(path, options));
    }

    /** The server answers again: fetches the page that is shown, if it could not be fetched. */
    fetchLacking() {
        const {route} = this.state;

        if (this.lacking === route) this.parts.enter(route);
        this.lacking = null;
    }

    /** Puts one changed item into a list that is shown. @param {string} path  @param {{id: string}} item */
    putItem(path, item) {
        const items = this.state.data[path]?.value;

        if (!Array.isArray(items)) return;
        const known = items.some(x => x.id === item.id);
        this.setData(path, {
            status: 'ready',
            value: known ? items.map(x => (x.id === item.id ? {...x, ...item} : x)) : [item, ...items],
        });
    }

    /** @param {string} path  @param {string} id */
    dropItem(path, id) {
        const items = this.state.data[path]?.value;

        if (Array.isArray(items)) this.setData(path, {status: 'ready', value: items.filter(x => x.id !== id)});
    }

    /**
     * @param {string} text  @param {{undo?: () => void, kind?: 'ok' | 'danger'}} [how]
     */
    toast(text, how = {}) {
        const toast = {id: ++this.lastId, text, kind: how.kind ?? 'ok', undo: how.undo};

        this.update(s => ({toasts: [...s.toasts.filter(x => x.text !== text).slice(-2), toast]})); // a repeated text is shown once
        this.clock.after(() => this.dropToast(toast.id), how.undo ? TOAST_UNDO_MS : TOAST_MS);
    }

    /** @param {number} id */
    dropToast(id) {
        this.update(s => ({toasts: s.toasts.filter(x => x.id !== id)}));
    }

    /** Announces to a screen reader something that is visible anyway. @param {string} words */
    say(words) {
        this.update({said: words});
    }

    /**
     * @param {string | (() => string)} label names the dialog; a function where it changes with what is shown
     * @param {(close: () => void) => import('./types.js').View} view
     * @param {() => void} [onClose]
     */
    openDialog(label, view, onClose) {
        this.update({dialog: {id: ++this.lastId, view, label, onClose}, forms: {}});
    }

    /** The element has closed, perhaps after the next dialog has taken its place. @param {number} id */
    dialogClosed(id) {
        const dialog = this.state.dialog;

        if (dialog?.id !== id) return;
        this.update({dialog: null, forms: {}});
        dialog.onClose?.();
    }

    /** The text for an error that belongs to no field. @param {unknown} error */
    errorText(error) {
        const code = error instanceof ApiError ? error.code : 'unknown';
        const key = `error.${code}`;
        const text = this.t(key, {code, seconds: error instanceof ApiError ? error.retryAfterS : 0});

        return text === key ? this.t('error.unknown') : text;
    }

    /**
     * Runs an action that a button started: a failure becomes a toast, an ended sign-in leads to the sign-in page.
     * @template T
     * @param {() => Promise<T>} run  @returns {Promise<T | undefined>}
     */
    async attempt(run) {
        try {
            return await run();
        } catch (error) {
            if (!this.signedOutBy(error)) this.toast(this.errorText(error), {kind: 'danger'});
            return undefined;
        }
    }

    startDashboard() {
        this.dashboard.start();
    }

    /** @param {boolean} [force] */
    retryDashboard(force = false) {
        this.dashboard.retry(force);
    }

    /**
     * Asks the server to act on a person in a room. The result arrives as a change, or as an error.
     * @param {import('../core/protocol.js').ClientMessage} message  @returns {boolean} whether it left
     */
    ask(message) {
        if (this.dashboard.send(message)) return true;
        this.toast(this.t('live.not_sent'), {kind: 'danger'});
        return false;
    }

    async signOut() {
        const done = await this.attempt(() => this.api.del('/session').then(() => true));

        if (!done) return;
        this.dashboard.stop();
        this.update({me: null, data: {}, toasts: []});
        this.go('/signin', {replace: true});
        this.toast(this.t('signout.done'));
    }

    /** Leads to the sign-in page when the sign-in has ended. @param {unknown} error  @returns {boolean} whether it had */
    signedOutBy(error) {
        if (!(error instanceof ApiError) || error.status !== 401 || !this.state.me) return false;
        const back = this.state.route.page === 'live' ? '' : `?next=${encodeURIComponent(location.pathname)}`;

        this.dashboard.stop();
        this.update({me: null, data: {}});
        this.go(`/signin${back}`);
        this.toast(this.t('signin.ended'), {kind: 'danger'});
        return true;
    }

    // ---- inside ----

    /** @param {string} path  @param {() => Promise<any>} fetch */
    async keep(path, fetch) {
        const old = this.state.data[path];

        this.setData(path, {status: old?.value === undefined ? 'loading' : 'ready', value: old?.value});
        try {
            this.setData(path, {status: 'ready', value: await fetch()});
        } catch (error) {
            this.failed(path, error, old?.value);
        }
    }

    /** @param {string} path  @param {import('./types.js').Load} load */
    setData(path, load) {
        this.update(s => ({data: {...s.data, [path]: load}}));
    }

    /** @param {string} path  @param {unknown} error  @param {any} value the value shown already */
    failed(path, error, value) {
        if (!(error instanceof ApiError)) throw error;
        if (!error.status && value === undefined) this.lacking = this.state.route;
        if (!this.signedOutBy(error)) this.setData(path, {status: 'failed', error, value});
    }

    /** @param {string} path  @param {import('../core/api.js').CallOptions} [options]  @returns {Promise<any[]>} */
    async allPages(path, options) {
        const items = [];
        let after = '';

        for (let page = 0; page < LIST_PAGES_MAX; page++) {
            const answer = await this.api.get(
                `${path}?limit=200${after && `&after=${encodeURIComponent(after)}`}`,
                options,
            );
            items.push(...answer.items);
            if (!answer.next) break;
            after = answer.next;
        }
        return items;
    }
}
