// Why the server refuses a join, on the socket or at the door, what to do about it, and which words say it.
// The codes of the socket stand in server/signaling/refusal.c; a test holds this list against that one.

/**
 * What follows when the socket refuses our `join`. `rejoin`: ask the door (HTTP) for a new token, or hear from it what is the matter.
 * `retry`: the same again, later. `over`: it ends, and the words of the code say why.
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

/** Several codes that mean the same to the person, by the words `problem.…` that say it. @type {Record<string, string>} */
const SAME = {
    invitation_expired: 'expired',
    invitation_used: 'used',
    invitation_revoked: 'revoked',
    invitation_early: 'early',
    too_soon: 'wait',
    try_later: 'wait',
    too_many_requests: 'busy',
    too_many_attempts: 'busy',
    storage: 'busy',
    storage_full: 'busy',
    unknown_code: 'not_found',
    no_room: 'not_found',
    not_host: 'forbidden',
    join_first: 'failed',
    invalid_field: 'failed',
    bad_token: 'unauthorized',
    token_expired: 'unauthorized',
    wrong_room: 'unauthorized',
    bad_ticket: 'unauthorized',
    seat_over: 'unauthorized',
};

/** The name of the words for a code. @param {string} code */
export const wordsOf = code => (Object.hasOwn(SAME, code) ? (SAME[code] ?? code) : code);
