/* Joins the live feed to the page: opens the link, puts what comes into the state, tells people of arrivals. */
import {ApiError} from '../core/api.js';
import {t} from '../ui/texts.js';
import {chime, notify} from './alerts.js';
import {refreshAsked} from './asked.js';
import {calmly} from './calmly.js';
import {arrivals, countWaiting, emptyDesk, reduceLine, reduceLink, reduceMessage, toSayAgain} from './desk_feed.js';
import {linkOfPage} from './desk_link.js';
import {askToLetIn} from './letting_in.js';
import {linksDue} from './link_due.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {{start: () => void, stop: () => void, retry: (force?: boolean) => void, send: (m: Record<string, unknown>) => boolean}} DeskControl */

/** Minutes are shown, so this is often enough; while a countdown runs, each second. */
const TICK_MS = 15_000;
const COUNTDOWN_MS = 1_000;
/** Changes that come one upon the other are fetched together. */
const SOON_MS = 1_000;

/** @param {App} app  @returns {DeskControl} */
export function makeDesk(app) {
    /** @type {number | undefined} */
    let timer;
    let running = false;

    const link = linkOfPage({
        api: app.api,
        clock: app.clock,
        open: path => new WebSocket(new URL(path, location.href.replace(/^http/, 'ws')), 'parlour.v1'),
        isFinal: error => error instanceof ApiError && (app.signedOutBy(error) || error.status === 403),
        on: event => {
            if (event.type === 'link') app.update(s => ({desk: reduceLink(s.desk, event.link, event.retry_at_ms)}));
            else if (event.type === 'line')
                app.update(s => ({desk: reduceLine(s.desk, event.guest, event.id, event.status)}));
            else take(event.message);
            tickSoon();
        },
    });

    const askedChanged = calmly(
        app.clock,
        SOON_MS,
        () => running,
        () => refreshAsked(app),
    );
    const linksChanged = calmly(
        app.clock,
        SOON_MS,
        () => running,
        () => reloadLinks(app),
    );

    /** @param {Record<string, any>} message */
    function take(message) {
        const before = app.state.desk;
        const after = reduceMessage(before, message);

        app.update({desk: after, now_ms: app.clock.wall()});
        if (message['type'] === 'welcome') for (const l of toSayAgain(before, after, app.clock.wall())) sayAgain(l);
        if (after.stale && !before.stale) link.retryNow();
        if (after.refusal && after.refusal !== before.refusal) tellRefusal(app, after.refusal);
        const arrived = arrivals(before, after, app.clock.wall());
        if (arrived.length) announce(app, arrived.length);
        if (arrived.some(seat => shownLinks(app) === `/rooms/${seat.room.id}/invitations`)) linksChanged(); // by one of them, perhaps
        if (message['type'] === 'welcome' || message['type'] === 'links') askedChanged();
        if (message['type'] === 'links' && shownLinks(app) === `/rooms/${message['room']}/invitations`) linksChanged();
    }

    /** @param {{room: string, to: string, text: string, id: string}} line */
    function sayAgain(line) {
        if (link.send({type: 'chat', ...line}))
            app.update(s => ({desk: reduceLine(s.desk, line.to, line.id, 'sending')}));
    }

    function tickSoon() {
        app.clock.cancel(timer);
        if (!running) return;
        timer = app.clock.after(
            () => {
                if (app.clock.doubtful()) app.api.get('/public', {unattended: true}).catch(() => undefined);
                app.update({now_ms: app.clock.wall()});
                if (linksDue(app.state.data[shownLinks(app)]?.value ?? [], app.state.now_ms)) linksChanged();
                tickSoon();
            },
            app.state.desk.link === 'lost' ? COUNTDOWN_MS : TICK_MS,
        );
    }

    return {
        start() {
            if (running) return;
            running = true;
            link.start();
            tickSoon();
        },
        stop() {
            running = false;
            link.stop();
            app.clock.cancel(timer);
            app.update({desk: emptyDesk()});
        },
        /** `force`: also a connection that looks alive may be dead after the network was away. */
        retry(force = false) {
            if (running && (force || app.state.desk.link !== 'live')) link.retryNow();
        },
        send: link.send,
    };
}

/** One is a question: the guest would have met another of whom this page did not know.
 *  @param {App} app  @param {NonNullable<import('./desk_feed.js').Desk['refusal']>} refusal */
function tellRefusal(app, refusal) {
    if (refusal.code === 'guest_inside') askToLetIn(app, refusal.participant);
    else app.toast(refusalText(refusal), {kind: 'danger'});
}

/** @param {{code: string}} refusal */
function refusalText(refusal) {
    const text = t(`error.${refusal.code}`);

    return text.startsWith('error.') ? t('error.unknown') : text;
}

/** The path of a room's links, when those are what is shown now; others are fetched when their page is opened. @param {App} app */
function shownLinks(app) {
    const {page, params} = app.state.place;
    const room = page === 'room' && app.state.data[`/rooms/${params['room']}`]?.value?.id;

    return room ? `/rooms/${room}/invitations` : '';
}

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
    notify(words, t('live.waiting_count', {n: countWaiting(app.state.desk)}));
}
