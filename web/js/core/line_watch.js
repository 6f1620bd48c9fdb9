// Watches a socket of the engine (reconnecting_socket.js) where nothing else shows whether it works. A quiet one is asked, and tried against
// another connection when no answer comes. While it is lost, small questions find out when a server that did not answer at all does again:
// only that change cuts a pause short, so a server that answers and is busy is left its pauses.
import {say} from './protocol.js';

/** How often a quiet connection is asked, and how long its answer may take. */
const ASK_MS = 2_000;
const ANSWER_MS = 1_000;
const PROOF_MS = 1_500;
/** How often a lost server is asked whether it is back: at first, and after KEEN_MS. */
const FEEL_MS = 1_000;
const FEEL_LATE_MS = 8_000;
const KEEN_MS = 300_000;
/** Every other try that does not even open is given up so soon: its packets may have been lost, and are sent again ever later. */
const OPEN_WITHIN_MS = 3_000;
/** While nobody answers, tries are so far apart. */
const REST_MS = 30_000;
/** A server that needs longer for its answer is not back. */
const READY_MS = 2_000;
/** WebSocket.CONNECTING */
const CONNECTING = 0;

/**
 * @typedef {object} WatchDeps
 * @property {() => Promise<boolean>} reach a small question to the server: does it serve?
 * @property {() => boolean} quiet somebody looks at the page, and nothing on it shows whether the connection still carries anything
 */

/** Does our server serve? */
export const ready = () =>
    fetch('/readyz', {cache: 'no-store', signal: AbortSignal.timeout(READY_MS)}).then(
        res => res.ok,
        () => false,
    );

export class LineWatch {
    /** @param {import('./reconnecting_socket.js').ReconnectingSocket<any>} line  @param {WatchDeps} deps */
    constructor(line, {reach, quiet}) {
        this.line = line;
        this.reach = reach;
        this.quiet = quiet;
        /** the server did not answer when it was last asked */
        this.away = false;
        /** the try that is under way, and clock time since  @type {{socket: WebSocket | null, since: number, patient: boolean}} */
        this.tried = {socket: null, since: 0, patient: false};
        /** the next question  @type {number | undefined} */
        this.timer = undefined;
        /** the pause before the next try, while nobody answers  @type {number | undefined} */
        this.resting = undefined;
        line.on('link', () => this.follow());
        this.follow();
    }

    /** Asks the open connection now. */
    doubt() {
        const {line} = this;
        if (line.state !== 'open') return;
        const asked = line.deps.clock.now();
        line.write(say.ping());
        this.later(() => {
            if (line.heardAt < asked) line.prove(PROOF_MS);
            this.follow();
        }, ANSWER_MS);
    }

    // ---- inside ----

    follow() {
        const {line} = this;
        line.deps.clock.cancel(this.timer);
        if (line.state === 'open') this.later(() => (this.quiet() ? this.doubt() : this.follow()), ASK_MS);
        else if (line.state === 'lost') this.feel();
    }

    /** @param {() => void} run  @param {number} ms */
    later(run, ms) {
        const {clock} = this.line.deps;
        clock.cancel(this.timer);
        this.timer = clock.after(run, ms);
    }

    /** Jitter, so that pages that lost the same server do not ask at the same moment. */
    feel() {
        const {line} = this;
        const {clock, random} = line.deps;
        const every = clock.now() - line.lostAt < KEEN_MS ? FEEL_MS : FEEL_LATE_MS;
        this.later(() => this.ask(), (0.5 + random()) * every);
    }

    async ask() {
        const {line, timer} = this;
        this.loseSlowTry();
        const back = await this.reach();
        if (this.timer !== timer) return; // it is open, or has ended
        const returned = back && this.away;
        this.away = !back;
        if (returned && !line.askedMs) this.comeBack();
        else if (!back && !line.askedMs) this.rest();
        this.follow();
    }

    /** Browsers let a new socket wait the longer the more have failed before it: Chromium up to five seconds, Firefox up to sixty. So few
     *  are tried while nobody answers; that there are any is for lines on which a question takes too long. */
    rest() {
        const {line} = this;
        if (line.socket || line.timer === undefined || line.timer === this.resting) return;
        line.stopTimer();
        line.again(REST_MS);
        this.resting = line.timer;
    }

    comeBack() {
        const {line} = this;
        if (line.socket?.readyState === CONNECTING) line.distrust();
        line.hurry();
    }

    loseSlowTry() {
        const {line, tried} = this;
        const now = line.deps.clock.now();
        if (!line.socket) return;
        if (line.socket !== tried.socket) this.tried = {socket: line.socket, since: now, patient: !tried.patient};
        else if (line.socket.readyState === CONNECTING && !tried.patient && now - tried.since >= OPEN_WITHIN_MS)
            line.distrust();
    }
}
