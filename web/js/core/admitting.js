// The question before a guest is let in, and the arrivals that are news to a host. Pure, and the same for call and dashboard.
import {bySince, isHere, isInside, waits} from './queue.js';

/** @typedef {import('./queue.js').Somebody} Somebody */

/** Longer than a short look at another app on a phone: a guest who comes back after it is news again. */
const NEWS_AFTER_MS = 60_000;

/**
 * The guests whom a guest would meet, and whether the guest is there at all. A person inside by the same one-person link is
 * not another guest; only the server knows which of those inside that is, and it asks then.
 * @template {Somebody} P
 * @param {P} guest  @param {P[]} people in the room
 * @returns {{inside: P[], gone: boolean, same: boolean}} same: another person came with the link of this guest, whose seat ends
 */
export const toAsk = (guest, people) => ({
    inside: guest.same_invitation
        ? []
        : people.filter(p => p.role !== 'host' && isInside(p) && p.id !== guest.id).sort(bySince),
    gone: guest.away === true,
    same: guest.same_invitation === true,
});

/** Whether a question is needed at all. @param {{inside: unknown[], gone: boolean, same: boolean}} q */
export const mustAsk = q => q.inside.length > 0 || q.gone || q.same;

/** Minutes since a person went away; 0 when that is not known. @param {Somebody} p  @param {number} nowMs wall clock */
export const goneMinutes = (p, nowMs) =>
    Math.max(0, Math.floor((nowMs - (Date.parse(p.away_since ?? '') || nowMs)) / 60_000));

/** People who are there now and were not, as far as the host must be called: new, or back after a while.
 *  @template {Somebody} P  @param {P[]} before  @param {P[]} now  @param {number} nowMs wall clock  @returns {P[]} */
export function cameBack(before, now, nowMs) {
    const known = new Map(before.filter(waits).map(p => [p.id, p]));
    return now.filter(p => {
        const was = known.get(p.id);
        if (!isHere(p) || (was && !was.away)) return false;
        return !was || nowMs - (Date.parse(was.away_since ?? '') || nowMs) >= NEWS_AFTER_MS;
    });
}
