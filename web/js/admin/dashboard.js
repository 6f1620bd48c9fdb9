/* Joins the live feed to the page: opens the connection, puts messages into the state, announces arrivals. */
import {ApiError} from '../core/api.js';
import {t} from '../ui/texts.js';
import {chime, notify} from './alerts.js';
import {refreshAsked} from './asked.js';
import {calmly} from './calmly.js';
import {askToLetIn} from './dashboard_admit.js';
import {
    arrivals,
    countWaiting,
    emptyDashboard,
    reduceLine,
    reduceLink,
    reduceMessage,
    toSayAgain,
} from './dashboard_feed.js';
import {fromDashboard} from './dashboard_protocol.js';
import {dashboardSocketOf} from './dashboard_socket.js';
import {linksDue} from './link_due.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {{start: () => void, stop: () => void, retry: (force?: boolean) => void, send: (m: import('../core/protocol.js').ClientMessage) => boolean}} DashboardControl */

/** Minutes are shown, so this is often enough; while a countdown runs, each second. */
const TICK_MS = 15_000;
const COUNTDOWN_MS = 1_000;
/** Changes that come one upon the other are fetched together. */
const SOON_MS = 1_000;

/** @param {App} app  @returns {DashboardControl} */
export const makeDashboard = app => new LiveDashboard(app);

class LiveDashboard {
    /** @param {App} app */
    constructor(app) {
        this.app = app;
        this.running = false;
        /** the next drawing of parts that only time changes  @type {number | undefined} */
        this.timer = undefined;
        this.socket = dashboardSocketOf({
            api: app.api,
            clock: app.clock,
            open: path => new WebSocket(new URL(path, location.href.replace(/^http/, 'ws')), 'parlour.v1'),
            isFinal: error => error instanceof ApiError && (app.signedOutBy(error) || error.status === 403),
            on: event => this.on(event),
        });
        const soon = (/** @type {() => Promise<void>} */ load) => calmly(app.clock, SOON_MS, () => this.running, load);
        this.askedChanged = soon(() => refreshAsked(app));
        this.linksChanged = soon(() => reloadLinks(app));
    }

    start() {
        if (this.running) return;
        this.running = true;
        this.socket.start();
        this.tickSoon();
    }

    stop() {
        this.running = false;
        this.socket.stop();
        this.app.clock.cancel(this.timer);
        this.app.update({dashboard: emptyDashboard()});
    }

    /** `force`: a connection that looks alive may be dead after the network was away. */
    retry(force = false) {
        if (force) this.socket.distrust();
        this.socket.hurry();
    }

    /** @param {import('../core/protocol.js').ClientMessage} message  @returns {boolean} whether it left */
    send(message) {
        return this.socket.say(message);
    }

    /** @param {import('./dashboard_socket.js').DashboardEvent} event */
    on(event) {
        const {app} = this;

        if (event.type === 'link')
            app.update(s => ({dashboard: reduceLink(s.dashboard, event.link, event.retryAtMs, event.cause)}));
        else if (event.type === 'message') this.take(event.message);
        else app.update(s => ({dashboard: reduceLine(s.dashboard, event.guest, event.id, event.status)}));
        this.tickSoon();
    }

    /** @param {import('./dashboard_protocol.js').DashboardMessage} message */
    take(message) {
        const {app} = this;
        const before = app.state.dashboard;
        const after = reduceMessage(before, message);
        const now = app.clock.wall();

        app.update({dashboard: after, nowMs: now});
        if (message.type === 'welcome') this.welcomed(toSayAgain(before, after, now));
        if (message.type === 'links') this.linksAre(message.room);
        if (after.refusal && after.refusal !== before.refusal) tellRefusal(app, after.refusal);
        const arrived = arrivals(before, after, now);
        if (arrived.length) announce(app, arrived.length);
        if (arrived.some(seat => showsLinksOf(app, seat.room.id))) this.linksChanged(); // by one of them, perhaps
    }

    /** @param {ReturnType<typeof toSayAgain>} lines */
    welcomed(lines) {
        for (const {room, to, text, id} of lines)
            if (this.send(fromDashboard.chat(room, to, text, id)))
                this.app.update(s => ({dashboard: reduceLine(s.dashboard, to, id, 'sending')}));
        this.askedChanged();
        this.app.fetchLacking();
    }

    /** @param {string} room whose invitations have changed */
    linksAre(room) {
        this.askedChanged();
        if (showsLinksOf(this.app, room)) this.linksChanged();
    }

    tickSoon() {
        this.app.clock.cancel(this.timer);
        if (!this.running) return;
        const often = this.app.state.dashboard.link === 'lost';
        this.timer = this.app.clock.after(() => this.tick(), often ? COUNTDOWN_MS : TICK_MS);
    }

    tick() {
        const {app} = this;

        if (app.clock.doubtful()) app.api.get('/public', {unattended: true}).catch(() => undefined);
        app.update({nowMs: app.clock.wall()});
        if (linksDue(app.state.data[shownLinks(app)]?.value ?? [], app.state.nowMs)) this.linksChanged();
        this.tickSoon();
    }
}

/** One refusal leads to a question: the guest would have met another of whom this page did not know.
 *  @param {App} app  @param {NonNullable<import('./dashboard_feed.js').Dashboard['refusal']>} refusal */
function tellRefusal(app, refusal) {
    if (refusal.code === 'guest_inside') askToLetIn(app, refusal.participant);
    else app.toast(refusalText(refusal), {kind: 'danger'});
}

/** @param {{code: string}} refusal */
function refusalText(refusal) {
    const text = t(`error.${refusal.code}`);

    return text.startsWith('error.') ? t('error.unknown') : text;
}

/** The path of a room's links, when they are shown now; others are fetched when their page is opened. @param {App} app */
function shownLinks(app) {
    const {page, params} = app.state.route;
    const room = page === 'room' && app.state.data[`/rooms/${params['room']}`]?.value?.id;

    return room ? `/rooms/${room}/invitations` : '';
}

/** @param {App} app  @param {string} room */
const showsLinksOf = (app, room) => shownLinks(app) === `/rooms/${room}/invitations`;

/** @param {App} app */
async function reloadLinks(app) {
    const path = shownLinks(app);

    if (path) await app.loadList(path, {unattended: true});
}

/** For ear, eye and screen reader at once. @param {App} app  @param {number} n */
function announce(app, n) {
    const words = t('live.arrived', {n});

    app.say(words);
    if (app.state.alerts.sound) {
        chime().then(heard => app.update(s => ({alerts: {...s.alerts, blocked: !heard}})));
    }
    notify(words, t('live.waiting_count', {n: countWaiting(app.state.dashboard)}));
}
