// The reasons for which the server refuses a join or closes a socket, and our reaction. problem_words.js names their texts.
// The codes of the socket stand in server/live/refusal.c; a test holds this list against that one.

/**
 * The reaction when the socket refuses our `join`. `rejoin`: ask the HTTP join for a new token, or learn the reason from it.
 * `retry`: the same again, later. `over`: it ends, and the text of the code gives the reason.
 * @type {Record<string, 'rejoin' | 'retry' | 'over'>}
 */
export const REFUSED = {
    join_first: 'over',
    invalid_field: 'over',
    bad_token: 'rejoin',
    token_expired: 'rejoin',
    wrong_room: 'rejoin',
    bad_ticket: 'rejoin',
    seat_over: 'rejoin',
    signed_out: 'rejoin',
    not_host: 'rejoin',
    invitation_revoked: 'rejoin',
    invitation_used: 'rejoin',
    not_found: 'rejoin',
    no_room: 'over',
    blocked: 'over',
    try_later: 'over',
    room_locked: 'over',
    room_full: 'over',
    busy: 'retry',
    storage: 'retry',
    storage_full: 'retry',
};

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
    1005: LOST,
    1006: LOST,
    1007: FAILED,
    1008: FAILED,
    1009: FAILED,
    1011: LOST,
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

/** @param {number} code of the close  @param {string} refusal the code by which our `join` was refused, '' when it was not  @returns {Verdict} */
export function verdictOf(code, refusal) {
    const {next, cause} = CLOSE[code] ?? LOST; // machines on the way invent codes: trying again shows
    const told = REFUSED[refusal] ?? next;
    return {next: told, cause: (told === 'over' && refusal) || cause};
}
