/* The socket of a dashboard, on the engine of core/reconnecting_socket.js. There is no ticket: each try asks the API for a token of its
 * own, since a token opens one dashboard, once. dashboard_feed.js makes a picture of its messages. */
import {LineWatch, ready} from '../core/line_watch.js';
import {ReconnectingSocket} from '../core/reconnecting_socket.js';
import {parseDashboard} from './dashboard_protocol.js';

/** @typedef {import('./dashboard_protocol.js').DashboardMessage} DashboardMessage */
/**
 * @typedef {{type: 'link', link: 'connecting' | 'live' | 'lost' | 'refused' | 'too_many', retryAtMs: number, cause: string}
 *   | {type: 'message', message: DashboardMessage}
 *   | {type: 'line', guest: string, id: string, status: '' | 'later' | 'failed'}} DashboardEvent retryAtMs: wall clock, 0 when no try is planned;
 *   cause: why it is lost or refused, by the server's word if it said one; line: the fate of one that we wrote
 */
/**
 * @typedef {object} Door
 * @property {() => Promise<{token: string, ws: string}>} join asks for a token
 * @property {(error: unknown) => boolean} isFinal another request would only be refused again
 * @property {(event: DashboardEvent) => void} on
 */

/** @extends {ReconnectingSocket<DashboardMessage>} */
export class DashboardSocket extends ReconnectingSocket {
    /** @param {import('../core/reconnecting_socket.js').SocketDeps & Door} deps */
    constructor(deps) {
        super(deps, parseDashboard);
        this.door = deps;
        /** the request for a token that is still open  @type {object | null} */
        this.asked = null;
        this.on('link', ({state}) => state === 'open' && this.show('live'));
        this.on('message', message => deps.on({type: 'message', message}));
        this.on('answer', ({message, answer}) =>
            deps.on({type: 'line', guest: message['to'], id: message['id'], status: fateOf(answer)}),
        );
        this.on('over', ({cause}) => {
            this.outbox.clear();
            this.cause = cause;
            this.show(cause === 'replaced' ? 'too_many' : 'refused');
        });
    }

    /** Begins, from the beginning. */
    start() {
        Object.assign(this, {attempt: 0, lostAt: 0, epoch: ''});
        this.dial();
    }

    /** Ends; lines that wait for their answer are given up. */
    stop() {
        this.asked = null;
        this.drop();
        this.outbox.clear();
    }

    /** A dashboard's message belongs to the picture shown now, so that nothing waits for the connection to come back.
     *  @param {import('../core/protocol.js').ClientMessage} message  @returns {boolean} whether it left */
    say(message) {
        if (this.state !== 'open') return false;
        this.send(message);
        return true;
    }

    /** @override */
    distrust() {
        if (!this.asked) return super.distrust();
        this.asked = null;
        this.lost('lost');
    }

    /** @override */
    async dial() {
        const asked = {};

        this.asked = asked;
        this.forget();
        this.show(this.lostAt ? 'lost' : 'connecting');
        const seat = await this.askDoor(asked);
        if (!seat || this.asked !== asked) return;
        this.asked = null;
        Object.assign(this, {token: seat.token, path: seat.ws});
        super.dial();
    }

    // ---- inside ----

    /** @param {object} asked this question  @returns {Promise<{token: string, ws: string} | null>} */
    async askDoor(asked) {
        try {
            return await this.door.join();
        } catch (error) {
            const final = this.asked === asked && this.door.isFinal(error);
            if (this.asked !== asked) return null; // stopped meanwhile, perhaps since the sign-in has ended
            this.asked = null;
            if (final) this.finish('refused', 0);
            else this.lost('lost');
            return null;
        }
    }

    /** @override  @param {number} ms */
    again(ms) {
        super.again(ms);
        this.show('lost', this.deps.clock.wall() + ms);
    }

    /** @param {'connecting' | 'live' | 'lost' | 'refused' | 'too_many'} link  @param {number} [retryAtMs] */
    show(link, retryAtMs = 0) {
        this.door.on({type: 'link', link, retryAtMs, cause: link === 'live' ? '' : this.refusal || this.cause});
    }
}

/** @param {import('../core/outbox.js').Answer} answer */
function fateOf(answer) {
    if (answer.type === 'error' || answer.never.length) return 'failed';
    return answer.later.length ? 'later' : '';
}

/**
 * The socket of a page: with its clock, its API and its sockets.
 * @param {{api: import('../core/api.js').Api, clock: import('../core/clock.js').Clock, open: (path: string) => WebSocket} & Omit<Door, 'join'>} page
 */
export function dashboardSocketOf({api, ...page}) {
    const join = () => api.post('/desk/join', {}, {unattended: true});
    const socket = new DashboardSocket({...page, random: Math.random, join});
    new LineWatch(socket, {reach: ready, quiet: () => !document.hidden});
    return socket;
}
