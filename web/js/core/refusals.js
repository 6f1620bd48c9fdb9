// Our reaction when the server refuses a join or closes a socket. The server's table (server/live/refusal.c) gives each reason of a refusal
// its close code, so the close code says what helps, and the reason names the text (problem_words.js). A test walks that table.

/** @typedef {{next: 'retry' | 'rejoin' | 'over', cause: string}} Verdict */

/** @type {Verdict} */
const LOST = {next: 'retry', cause: 'lost'};
/** @type {Verdict} */
const RESTARTING = {next: 'retry', cause: 'restarting'};
/** @type {Verdict} */
const FAILED = {next: 'over', cause: 'failed'};

/**
 * The meaning of a close code. `retry`: come back. `rejoin`: neither token nor ticket will do, ask the HTTP join for a new token.
 * `over`: it ends, for the reason named; trying again would only be refused again.
 * @type {Record<number, Verdict>}
 */
export const CLOSE = {
    1000: {next: 'over', cause: 'left'},
    1001: RESTARTING,
    1002: FAILED,
    1003: FAILED,
    1007: FAILED,
    1008: FAILED,
    1009: FAILED,
    1012: RESTARTING,
    1013: {next: 'retry', cause: 'busy'},
    4401: {next: 'rejoin', cause: 'unauthorized'},
    4403: {next: 'over', cause: 'removed'},
    4404: {next: 'over', cause: 'ended'},
    4408: LOST,
    4409: {next: 'over', cause: 'replaced'},
    4421: {next: 'rejoin', cause: 'moved'},
    4429: FAILED,
};

/** Refusals that a new token cannot mend, with the close code of those that it can: this page and the server do not understand each other. */
const OURS = ['join_first', 'invalid_field'];

/** @param {number} code of the close  @param {string} refusal the code by which our `join` was refused, '' when it was not  @returns {Verdict} */
export function verdictOf(code, refusal) {
    const {next, cause} = CLOSE[code] ?? LOST; // 1006, or one that a machine on the way invents: trying again shows
    const told = OURS.includes(refusal) ? 'over' : next;
    return {next: told, cause: (told === 'over' && refusal) || cause};
}
