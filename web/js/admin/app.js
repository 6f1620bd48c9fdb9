/* What every page of the dashboard is given: the state, the way to change it, calls, navigation, toasts, dialogs.
 * It draws nothing itself. Everything from the browser comes in through `parts`, so that the demonstration and
 * the tests put their own there. */
import {ApiError} from '../core/api.js';
import {emptyDashboard} from './dashboard_feed.js';
import {placeOf, safeReturn} from './routes.js';
import {createStore} from './store.js';

/** @typedef {import('./types.js').State} State */

/** How long a toast stays; longer when it can undo something. */
const TOAST_MS = 6_000;
const TOAST_UNDO_MS = 12_000;

/** Pages of lists that are fetched at most; beyond, the search would be the server's work. */
const LIST_PAGES_MAX = 10;

/**
 * @param {{
 *   api: import('../core/api.js').Api,
 *   clock: import('../core/clock.js').Clock,
 *   t: import('../core/i18n.js').Translate,
 *   draw: (state: State) => void,
 *   show: (path: string, replace: boolean) => void,
 *   leave: (path: string) => void,
 *   pathname: string,
 *   query: () => URLSearchParams,
 *   sound: boolean,
 *   online: boolean,
 *   notify: State['alerts']['notify'],
 *   dashboard: (app: App) => import('./dashboard.js').DashboardControl,
 * }} parts
 */
export function makeApp(parts) {
    /** @type {import('./types.js').State} */
    const initial = {
        place: placeOf(parts.pathname),
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
    };
    const store = createStore(initial, parts.draw);
    let lastId = 0;

    const app = {
        api: parts.api,
        clock: parts.clock,
        t: parts.t,
        get state() {
            return store.state;
        },
        update: store.update,

        /** Changes what this page remembers. @param {Record<string, any>} change */
        ui(change) {
            store.update(s => ({ui: {...s.ui, ...change}}));
        },

        /** To another page of ours. @param {string} path  @param {{replace?: boolean}} [how] */
        go(path, how = {}) {
            parts.show(path, how.replace ?? false);
            store.update({place: placeOf(path.split(/[?#]/)[0] ?? ''), ui: {}, forms: {}, dialog: null});
        },

        /** To a page that is not of the dashboard, in this window. @param {string} path */
        leaveFor(path) {
            parts.leave(path);
        },

        /** Where somebody wanted to be before we asked them to sign in. */
        wantedPath: () => safeReturn(parts.query().get('next')),

        /**
         * Fetches what stands at `path` of the API and keeps it under that path; what was there stays visible meanwhile.
         * @param {string} path
         */
        async load(path) {
            const old = store.state.data[path];

            setData(path, {status: old?.value === undefined ? 'loading' : 'ready', value: old?.value});
            try {
                setData(path, {status: 'ready', value: await parts.api.get(path)});
            } catch (error) {
                failed(path, error, old?.value);
            }
        },

        /** The same for a list, all its pages. @param {string} path  @param {import('../core/api.js').CallOptions} [options] */
        async loadList(path, options) {
            const old = store.state.data[path];

            setData(path, {status: old?.value === undefined ? 'loading' : 'ready', value: old?.value});
            try {
                setData(path, {status: 'ready', value: await allPages(path, options)});
            } catch (error) {
                failed(path, error, old?.value);
            }
        },

        /** Puts one changed thing into a list that is shown. @param {string} path  @param {{id: string}} item */
        putItem(path, item) {
            const items = store.state.data[path]?.value;

            if (!Array.isArray(items)) return;
            const known = items.some(x => x.id === item.id);
            setData(path, {
                status: 'ready',
                value: known ? items.map(x => (x.id === item.id ? {...x, ...item} : x)) : [item, ...items],
            });
        },

        /** @param {string} path  @param {string} id */
        dropItem(path, id) {
            const items = store.state.data[path]?.value;

            if (Array.isArray(items)) setData(path, {status: 'ready', value: items.filter(x => x.id !== id)});
        },

        setData,

        /**
         * @param {string} text  @param {{undo?: () => void, kind?: 'ok' | 'danger'}} [how]
         */
        toast(text, how = {}) {
            const toast = {id: ++lastId, text, kind: how.kind ?? 'ok', undo: how.undo};

            store.update(s => ({toasts: [...s.toasts.filter(x => x.text !== text).slice(-2), toast]})); // said twice, it stands once
            parts.clock.after(() => app.dropToast(toast.id), how.undo ? TOAST_UNDO_MS : TOAST_MS);
        },

        /** @param {number} id */
        dropToast(id) {
            store.update(s => ({toasts: s.toasts.filter(x => x.id !== id)}));
        },

        /** Says something to a screen reader that the eye sees anyway. @param {string} words */
        say(words) {
            store.update({said: words});
        },

        /**
         * @param {string | (() => string)} label names the dialog; a function where it changes with what is shown
         * @param {(close: () => void) => import('./types.js').View} view
         * @param {() => void} [onClose]
         */
        openDialog(label, view, onClose) {
            store.update({dialog: {id: ++lastId, view, label, onClose}, forms: {}});
        },

        /** The element said so, which may be after the next dialog has taken its place. @param {number} id */
        dialogClosed(id) {
            const dialog = store.state.dialog;

            if (dialog?.id !== id) return;
            store.update({dialog: null, forms: {}});
            dialog.onClose?.();
        },

        /** The words for an error that belongs to no field. @param {unknown} error */
        errorText(error) {
            const code = error instanceof ApiError ? error.code : 'unknown';
            const key = `error.${code}`;
            const text = parts.t(key, {code, seconds: error instanceof ApiError ? error.retryAfterS : 0});

            return text === key ? parts.t('error.unknown') : text;
        },

        /**
         * Runs something a button started: a failure becomes a toast, an ended sign-in leads to the door.
         * @template T
         * @param {() => Promise<T>} run  @returns {Promise<T | undefined>}
         */
        async attempt(run) {
            try {
                return await run();
            } catch (error) {
                if (!app.signedOutBy(error)) app.toast(app.errorText(error), {kind: 'danger'});
                return undefined;
            }
        },

        startDashboard: () => dashboard.start(),
        retryDashboard: (/** @type {boolean} */ force = false) => dashboard.retry(force),

        /**
         * Asks the server to do something with a person in a room. What comes of it arrives as a change, or as an error.
         * @param {import('../core/protocol.js').ClientMessage} message  @returns {boolean} whether it left
         */
        ask(message) {
            if (dashboard.send(message)) return true;
            app.toast(parts.t('live.not_sent'), {kind: 'danger'});
            return false;
        },

        async signOut() {
            const done = await app.attempt(() => parts.api.del('/session').then(() => true));

            if (!done) return;
            dashboard.stop();
            store.update({me: null, data: {}, toasts: []});
            app.go('/signin', {replace: true});
            app.toast(parts.t('signout.done'));
        },

        /** Leads to the door when the sign-in has ended. @param {unknown} error  @returns {boolean} whether it had */
        signedOutBy(error) {
            if (!(error instanceof ApiError) || error.status !== 401 || !store.state.me) return false;
            const back = store.state.place.page === 'live' ? '' : `?next=${encodeURIComponent(location.pathname)}`;

            dashboard.stop();
            store.update({me: null, data: {}});
            app.go(`/signin${back}`);
            app.toast(parts.t('signin.ended'), {kind: 'danger'});
            return true;
        },
    };

    const dashboard = parts.dashboard(app);

    /** @param {string} path  @param {import('./types.js').Load} load */
    function setData(path, load) {
        store.update(s => ({data: {...s.data, [path]: load}}));
    }

    /** @param {string} path  @param {unknown} error  @param {any} value what is shown already */
    function failed(path, error, value) {
        if (!(error instanceof ApiError)) throw error;
        if (!app.signedOutBy(error)) setData(path, {status: 'failed', error, value});
    }

    /** @param {string} path  @param {import('../core/api.js').CallOptions} [options]  @returns {Promise<any[]>} */
    async function allPages(path, options) {
        const items = [];
        let after = '';

        for (let page = 0; page < LIST_PAGES_MAX; page++) {
            const answer = await parts.api.get(
                `${path}?limit=200${after && `&after=${encodeURIComponent(after)}`}`,
                options,
            );
            items.push(...answer.items);
            if (!answer.next) break;
            after = answer.next;
        }
        return items;
    }

    return app;
}
/** @typedef {ReturnType<typeof makeApp>} App */
