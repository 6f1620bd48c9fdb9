// Who waits for this host once a visit is over: the dashboard's live picture, followed from the end page. Fetched only then.
import {amInside, emptyDesk, reduceLink, reduceMessage, waiting} from '../admin/desk_feed.js';
import {deskSocketOf} from '../admin/desk_socket.js';
import {ApiError} from '../core/api.js';

/** @typedef {import('../core/call.js').Next} Next */

/**
 * @param {{api: import('../core/api.js').Api, clock: import('../core/clock.js').Clock, open: (path: string) => WebSocket,
 *   on: (people: Next[]) => void}} deps
 * @returns {() => void} stops
 */
export function followNext({api, clock, open, on}) {
    let desk = emptyDesk();
    const socket = deskSocketOf({
        api,
        clock,
        open,
        isFinal: error => error instanceof ApiError && (error.status === 401 || error.status === 403),
        on: event => {
            const before = desk;
            if (event.type === 'link') desk = reduceLink(desk, event.link, event.retry_at_ms);
            if (event.type === 'message') desk = reduceMessage(desk, event.message);
            // What a lost line last said is worse than nothing: somebody may be gone, or let in by a colleague.
            if (desk !== before) on(desk.link === 'live' ? nextOf(desk) : []);
        },
    });
    socket.start();
    return () => socket.stop();
}

/** Those who are there, for rooms that this host runs and does not sit in elsewhere. @param {import('../admin/desk_feed.js').Desk} desk  @returns {Next[]} */
const nextOf = desk =>
    waiting(desk)
        .filter(s => !s.away && s.room.host && !amInside(desk, s.room))
        .map(({id, name, since, room}) => ({id, name, since, room: {id: room.id, name: room.name, slug: room.slug}}));
