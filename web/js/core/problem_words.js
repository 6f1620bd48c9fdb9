// Which text tells a person why they cannot come in.

/** Codes that mean the same to the person, by their common text `problem.…`. @type {Record<string, string>} */
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

/** The name of the text for a code. @param {string} code */
export const wordsOf = code => (Object.hasOwn(SAME, code) ? (SAME[code] ?? code) : code);
