/* The words of the bar when the live feed is interrupted or has ended, by the reason that the server or the line gave. Pure. */

/** By the cause of a lost feed; otherwise `live.lost`. @type {Record<string, string>} */
const LOST = {restarting: 'live.restarting', busy: 'live.busy', storage: 'live.busy', storage_full: 'live.busy_full'};
/** Ends that have to do with the account; all others are faults. */
const OF_THE_ACCOUNT = new Set(['refused', 'removed', 'blocked', 'not_host']);

/** The name of the text. @param {Pick<import('./dashboard_feed.js').Dashboard, 'link' | 'cause'>} dashboard */
export function linkWords({link, cause}) {
    if (link === 'too_many') return 'live.too_many';
    if (link === 'refused') return OF_THE_ACCOUNT.has(cause) ? 'live.refused' : 'live.failed';
    return LOST[cause] ?? 'live.lost';
}
