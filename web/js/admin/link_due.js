/* Links change by time alone: they open, and they end. Pure. */

/** @typedef {import('./types.js').Invitation} Invitation */

/**
 * Whether the state of one of these has changed since it was fetched. The server, whose clock decides, knows the new state.
 * @param {Invitation[]} items  @param {number} nowMs
 */
export const linksDue = (items, nowMs) =>
    items.some(
        i => (i.state === 'early' && past(i.not_before, nowMs)) || (!OVER.has(i.state) && past(i.expires_at, nowMs)),
    );

const OVER = new Set(['expired', 'revoked']);

/** @param {string | null | undefined} time  @param {number} nowMs */
const past = (time, nowMs) => !!time && Date.parse(time) <= nowMs;
