// The line before a room: its order. Pure, and the same for call and dashboard, whose people have the same shape.

/**
 * @typedef {{id: string, name: string, role: string, state: string, since: string, away?: boolean, away_since?: string,
 *   same_invitation?: boolean}} Somebody
 */

/** @param {Somebody} p */
export const waits = p => p.state === 'waiting' && p.role !== 'host';

/** Waits and is connected: only they count. @param {Somebody} p */
export const isHere = p => waits(p) && !p.away;

/** Has no connection now, inside or waiting. @param {Pick<Somebody, 'state' | 'away'>} p */
export const isAway = p => p.state === 'away' || p.away === true;

/** Inside, or with a kept place inside. @param {Pick<Somebody, 'state'>} p */
export const isInside = p => p.state === 'inside' || p.state === 'away';

/** @param {Somebody} a  @param {Somebody} b */
export const bySince = (a, b) => (Date.parse(a.since) || 0) - (Date.parse(b.since) || 0);

/** The people waiting: those who are there, the longest wait first; then those who have gone away.
 *  @template {Somebody} P  @param {P[]} people  @returns {P[]} */
export const line = people =>
    people.filter(waits).sort((a, b) => Number(a.away ?? false) - Number(b.away ?? false) || bySince(a, b));
