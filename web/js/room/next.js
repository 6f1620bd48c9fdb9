// The guests waiting for this host once a visit is over: the dashboard's live picture, followed from the end page. Fetched only then.
import {amInside, emptyDashboard, reduceLink, reduceMessage, waiting} from '../admin/dashboard_feed.js';
import {dashboardSocketOf} from '../admin/dashboard_socket.js';
import {may} from '../admin/may.js';
import {ApiError} from '../core/api.js';

/** @typedef {import('../core/call.js').Next} Next */

/**
 * @param {{api: import('../core/api.js').Api, clock: import('../core/clock.js').Clock, open: (path: string) => WebSocket,
 *   on: (people: Next[]) => void}} deps
 * @returns {() => void} stops
 */
export function followNext({api, clock, open, on}) {
    let dashboard = emptyDashboard();
    const socket = dashboardSocketOf({
        api,
        clock,
        open,
        isFinal: error => error instanceof ApiError && (error.status === 401 || error.status === 403),
        on: event => {
            const before = dashboard;
            if (event.type === 'link') dashboard = reduceLink(dashboard, event.link, event.retryAtMs);
            if (event.type === 'message') dashboard = reduceMessage(dashboard, event.message);
            // The last picture of a lost connection is worse than none: a guest may be gone, or let in by a colleague.
            if (dashboard !== before) on(dashboard.link === 'live' ? nextOf(dashboard) : []);
        },
    });
    socket.start();
    return () => socket.stop();
}

/** The guests who are there, in rooms that this host runs and is not in elsewhere. @param {import('../admin/dashboard_feed.js').Dashboard} dashboard  @returns {Next[]} */
const nextOf = dashboard =>
    waiting(dashboard)
        .filter(s => !s.away && may(s.room, 'enter') && !amInside(dashboard, s.room))
        .map(({id, name, since, room}) => ({id, name, since, room: {id: room.id, name: room.name, slug: room.slug}}));
