/* Links change by time alone: they open, and they end. Pure. */

/** @typedef {import('./types.js').Invitation} Invitation */

/**
 * Whether one of these is no longer what it was when it was fetched. What it is now says the server, whose clock decides.
 * @param {Invitation[]} items  @param {number} now_ms
 */
export const linksDue = (items, now_ms) =>
    items.some(
        i => (i.state === 'early' && past(i.not_before, now_ms)) || (!OVER.has(i.state) && past(i.expires_at, now_ms)),
    );

const OVER = new Set(['expired', 'revoked']);

/** @param {string | null | undefined} time  @param {number} now_ms */
const past = (time, now_ms) => !!time && Date.parse(time) <= now_ms;
