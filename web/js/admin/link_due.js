/* Links change by time alone: they open, and they end. Pure. */

/** @typedef {import('./types.js').Invitation} Invitation */

/**
 * Whether one of these is no longer what it was when it was fetched. What it is now says the server, whose clock decides.
 * @param {Invitation[]} items  @param {number} nowMs
 */
export const linksDue = (items, nowMs) =>
    items.some(
        i => (i.state === 'early' && past(i.not_before, nowMs)) || (!OVER.has(i.state) && past(i.expires_at, nowMs)),
    );

const OVER = new Set(['expired', 'revoked']);

/** @param {string | null | undefined} time  @param {number} nowMs */
const past = (time, nowMs) => !!time && Date.parse(time) <= nowMs;
