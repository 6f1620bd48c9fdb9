import {REFUSED} from '../core/refusals.js';

/* The socket behind the live page: fetches a token, joins, hands on what arrives, and comes back after every loss
 * with growing, scattered pauses. It understands only the framing; desk_feed.js makes a picture of it.
 * Everything it needs from the browser is passed in, so tests run it without one. */

/** @typedef {{token: string, ws: string}} DeskTicket */
/**
 * @typedef {{type: 'link', link: 'connecting' | 'live' | 'lost' | 'refused' | 'too_many', retry_at_ms: number, reason: string}
 *   | {type: 'message', message: Record<string, any>}
 *   | {type: 'line', guest: string, id: string, status: '' | 'later' | 'failed'}} LinkEvent line: what came of one that we wrote
 */
/**
 * @typedef {{
 *   join: () => Promise<DeskTicket>,
 *   open: (path: string) => WebSocket,
 *   later: (ms: number, run: () => void) => () => void,
 *   now: () => number,
 *   random: () => number,
 *   on: (event: LinkEvent) => void,
 *   isFinal: (error: unknown) => boolean,
 * }} LinkParts
 */

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** After this long without trouble the next loss starts with the shortest pause again. */
const SETTLED_MS = 10_000;

/** Lines that may wait for their answer. */
const LINES_MAX = 50;

/** Close codes after which trying again would only be refused again. */
const FINAL_CODES = new Set([4403, 4404]);
/** This one was closed for one opened later: coming back would close another in turn. */
const TOO_MANY = 4409;

/**
 * The pause before attempt `attempt` (0, 1, …): full jitter below a doubling bound, so that a thousand
 * dashboards do not come back in the same instant after a restart of the server.
 * @param {number} attempt  @param {number} random 0 to 1  @returns {number} milliseconds
 */
export function pauseMs(attempt, random) {
    return Math.round(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt) * (0.5 + random / 2));
}

/**
 * @param {LinkParts} parts
 */
export function createDeskLink(parts) {
    /** @type {WebSocket | null} */
    let socket = null;
    /** @type {() => void} */
    let cancelRetry = () => {};
    let attempt = 0;
    let live_since_ms = 0;
    /** why the server refused to have us, if it did */
    let reason = '';
    /** our number of the last message on this connection */
    let n = 0;
    /** lines that wait for their answer: told from others by their `id`, so they may be sent twice  @type {Record<string, any>[]} */
    let lines = [];
    let stopped = true;
    /** Raised by every fresh start, so that answers to an older one are dropped. */
    let round = 0;

    /** @param {'connecting' | 'live' | 'lost' | 'refused' | 'too_many'} link  @param {number} [pause_ms] */
    function tell(link, pause_ms = 0) {
        parts.on({type: 'link', link, retry_at_ms: pause_ms ? parts.now() + pause_ms : 0, reason});
    }

    /** @param {number} [hint_ms] the server's own wish */
    function retry(hint_ms = 0) {
        if (stopped) return;
        if (live_since_ms && parts.now() - live_since_ms > SETTLED_MS) attempt = 0;
        live_since_ms = 0;
        const pause_ms = Math.max(hint_ms, pauseMs(attempt, parts.random()));

        attempt += 1;
        tell('lost', pause_ms);
        cancelRetry = parts.later(pause_ms, connect);
    }

    async function connect() {
        const mine = ++round;

        cancelRetry();
        drop();
        tell('connecting');
        try {
            const ticket = await parts.join();
            if (mine === round && !stopped) attach(ticket, mine);
        } catch (error) {
            if (mine !== round || stopped) return;
            if (parts.isFinal(error)) tell('refused');
            else retry();
        }
    }

    /** @param {DeskTicket} ticket  @param {number} mine */
    function attach(ticket, mine) {
        const opened = parts.open(ticket.ws);
        let hint_ms = 0;

        socket = opened;
        let joined = false;
        reason = '';
        opened.onopen = () => opened.send(JSON.stringify({type: 'join', token: ticket.token}));
        opened.onmessage = event => {
            if (mine !== round) return;
            const message = parse(event.data);
            if (!message) return;
            if (message['type'] === 'error' && !joined) {
                reason = String(message['code']);
                return;
            }
            if (message['type'] === 'bye') hint_ms = Number(message['retry_ms']) || 0;
            if (message['type'] === 'welcome') {
                joined = true;
                live_since_ms = parts.now();
                n = 0;
                tell('live');
                for (const line of lines) write(line);
            }
            answered(message);
            parts.on({type: 'message', message});
        };
        opened.onclose = event => {
            if (mine !== round) return;
            socket = null;
            const final = reason ? REFUSED[reason] === 'over' : FINAL_CODES.has(event.code);
            if (event.code === TOO_MANY) tell('too_many');
            else if (final) tell('refused');
            else retry(hint_ms);
        };
    }

    /** @param {Record<string, any>} message */
    function write(message) {
        message['n'] = ++n;
        socket?.send(JSON.stringify(message));
    }

    /** @param {Record<string, any>} answer */
    function answered(answer) {
        const line = answer['n'] && lines.find(l => l['n'] === answer['n']);
        if (!line || (answer['type'] !== 'ack' && answer['type'] !== 'error')) return;
        lines = lines.filter(l => l !== line);
        const heard = answer['never'] ? 'failed' : answer['later'] ? 'later' : '';
        tellLine(line, answer['type'] === 'ack' ? heard : 'failed');
    }

    /** @param {Record<string, any>} line  @param {'' | 'later' | 'failed'} status */
    function tellLine(line, status) {
        parts.on({type: 'line', guest: line['to'], id: line['id'], status});
    }

    function drop() {
        const old = socket;

        socket = null;
        if (old) old.close(1000);
    }

    return {
        start() {
            stopped = false;
            attempt = 0;
            connect();
        },
        stop() {
            stopped = true;
            round += 1;
            lines = [];
            cancelRetry();
            drop();
        },
        /** Tries at once: the person pressed the button, or the network came back. */
        retryNow() {
            if (!stopped) connect();
        },
        /** @param {Record<string, unknown>} message  @returns {boolean} whether it left */
        send(message) {
            if (socket?.readyState !== 1) return false;
            const own = {...message};
            if (message['type'] === 'chat' && message['id']) lines.push(own);
            if (lines.length > LINES_MAX) tellLine(/** @type {Record<string, any>} */ (lines.shift()), 'failed');
            write(own);
            return true;
        },
    };
}

/**
 * The link of a page: with its clock, its API and its sockets.
 * @param {{api: import('../core/api.js').Api, clock: import('../core/clock.js').Clock} & Pick<LinkParts, 'open' | 'isFinal' | 'on'>} page
 */
export const linkOfPage = ({api, clock, open, isFinal, on}) =>
    createDeskLink({
        join: () => api.post('/desk/join', {}, {unattended: true}),
        open,
        later: (ms, run) => {
            const handle = clock.after(run, ms);
            return () => clock.cancel(handle);
        },
        now: clock.wall,
        random: Math.random,
        isFinal,
        on,
    });

/** @param {unknown} data  @returns {Record<string, any> | null} */
function parse(data) {
    try {
        const message = JSON.parse(String(data));
        return message && typeof message === 'object' && typeof message.type === 'string' ? message : null;
    } catch {
        return null;
    }
}
