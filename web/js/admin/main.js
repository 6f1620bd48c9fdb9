// Starts the pages of people with an account: setup, sign-in, password, dashboard.
import {html, render} from 'lit/html.js';
import {makeApi} from '../core/api.js';
import {ADMIT_TEXTS} from '../ui/admit_question.js';
import {COMMON} from '../ui/common_texts.js';
import {find} from '../ui/dom.js';
import {icon} from '../ui/icon.js';
import {busyWhen, clock, sayBroken} from '../ui/page.js';
import {loadTexts, sentLanguage, t} from '../ui/texts.js';
import {ADMIN_TEXTS} from './admin_texts.js';
import {notifyState, readSwitch} from './alerts.js';
import {App} from './app.js';
import {takeCode} from './codes.js';
import {makeDashboard} from './dashboard.js';
import {dropErrand} from './dashboard_admit.js';
import {countWaiting} from './dashboard_feed.js';
import {showDialog} from './dialog.js';
import {PAGES} from './pages.js';
import {standStillWhilePressed} from './pressing.js';
import {routeOf} from './routes.js';
import {begin, isDoor} from './session.js';
import {appFrame, bootFrame, doorFrame} from './shell.js';
import {placeToasts, rememberPress} from './toasts.js';

/** @typedef {import('./types.js').State} State */

takeCode(location, history);
const root = find('#app', HTMLElement);
/** The route whose page was entered last, so that each is entered once. @type {import('./types.js').Route | null} */
let entered = null;

const demo = __DEMO__ ? (await import('./demo.js')).demoFor(location.search, clock) : null;

const app = new App({
    api: demo?.api ?? makeApi({clock}),
    clock: demo?.clock ?? clock,
    t,
    draw,
    show: (path, replace) => {
        if (demo) return;
        if (replace) history.replaceState(null, '', path);
        else history.pushState(null, '', path);
    },
    leave: path => demo || location.assign(path),
    enter,
    pathname: demo?.path ?? location.pathname,
    query: () => new URLSearchParams(location.search),
    sound: readSwitch('sound', true),
    online: navigator.onLine,
    notify: notifyState(),
    dashboard: demo?.dashboard ?? makeDashboard,
});

/** @param {State} state */
function draw(state) {
    const page = PAGES[state.route.page];
    const door = isDoor(state.route.page);

    if (state.ready && !state.trouble && state.route !== entered) {
        const moved = entered !== null;
        entered = state.route;
        if (!door && state.me) app.startDashboard();
        enter(state.route);
        if (moved) requestAnimationFrame(() => document.getElementById('page-title')?.focus());
    }
    render(frame(state, page, door), root);
    showDialog();
    placeToasts(state);
    document.title = pageTitle(state, t(page.title));
}

/** Fetches the data of a page. @param {State['route']} route */
function enter({page, params}) {
    PAGES[page].enter?.(app, params);
}

/** The number of waiting guests stands first: a narrow tab shows only that. @param {State} state  @param {string} title */
function pageTitle(state, title) {
    const n = countWaiting(state.dashboard);

    return `${n ? `(${n}) ` : ''}${title} – ${state.practice.practice || t('app.name')}`;
}

/** @param {State} state  @param {import('./types.js').Page} page  @param {boolean} door */
function frame(state, page, door) {
    if (!state.ready) return bootFrame();
    if (state.trouble) return doorFrame(app, troubleView(state.trouble));
    const view = page.view(app, state.route.params);

    return door || !state.me ? doorFrame(app, view) : appFrame(app, view);
}

/** @param {import('../core/api.js').ApiError} error */
const troubleView = error => html`
    <div class="empty" role="alert">
        <span class="empty-picture warn">${icon('wifi-off')}</span>
        <h1>${t('failed.title')}</h1>
        <p class="muted">${app.errorText(error)}</p>
        <button class="button primary" type="button" @click=${() => begin(app)}>${icon('refresh-cw')}${t('retry')}</button>
    </div>`;

addEventListener('pageshow', dropErrand); // back from a room that was not entered
addEventListener('click', rememberPress, {capture: true});
standStillWhilePressed(window, app.clock, app.store.hold);
addEventListener('popstate', () => app.update({route: routeOf(location.pathname), ui: {}, forms: {}, dialog: null}));
addEventListener('online', () => {
    app.update({online: true});
    app.retryDashboard(true);
});
document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') app.retryDashboard();
});
addEventListener('offline', () => app.update({online: false}));

busyWhen(() => app.state.ready);
await loadTexts(demo?.language ?? sentLanguage(), [COMMON, ADMIN_TEXTS, ADMIT_TEXTS]).catch(e => {
    sayBroken();
    throw e;
});
draw(app.state);
await begin(app);
demo?.afterwards(app);
