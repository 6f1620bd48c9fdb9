// What a changed list of devices means: a device that came is offered and never taken by itself, one that was in use and has
// gone is remembered, and offered again when it is back. Pure.

/** @typedef {import('../../core/call.js').Local} Local */
/** @typedef {import('../../core/call.js').Device} Device */
/** @typedef {import('./slice.js').Offer} Offer */
/** @typedef {'micId' | 'cameraId' | 'speakerId'} Which */

const LISTS = /** @type {const} */ ({micId: 'mics', cameraId: 'cameras', speakerId: 'speakers'});
const WHICH = /** @type {Which[]} */ (Object.keys(LISTS));
/** What the operating system makes of the others. */
const MADE_UP = new Set(['default', 'communications']);
/** More would cover the picture. */
const OFFERS_MAX = 2;

/** @param {Local} local  @param {Which} which  @param {string | undefined} id */
const has = (local, which, id) => local[LISTS[which]].some(d => d.id === id);

/** The devices that were in use and are no longer listed. @param {Local} before  @param {Local} now  @returns {[Which, string][]} */
export const goneInUse = (before, now) =>
    WHICH.filter(w => before[w] && has(before, w, before[w]) && !has(now, w, before[w])).map(w => [w, before[w]]);

/** Whether a newcomer of this kind is of use: not to somebody who wants no camera, nor is the first list after a permission news.
 *  @param {Local} before  @param {Local} now  @param {Which} which */
function isWanted(before, now, which) {
    const state = which === 'speakerId' ? 'on' : now[which === 'micId' ? 'micState' : 'camState'];
    return state === 'missing' || (state === 'on' && before[LISTS[which]].length > 0);
}

/**
 * The offers after the lists have changed.
 * @param {Offer[]} offers  @param {Local} before  @param {Local} now  @param {ReadonlySet<string>} used ids of devices that were in use
 */
export function offersAfter(offers, before, now, used) {
    const good = offers.filter(o => WHICH.some(w => o.ids[w] && has(now, w, o.ids[w]) && now[w] !== o.ids[w]));
    for (const which of WHICH) {
        if (!isWanted(before, now, which)) continue;
        const came = now[LISTS[which]].filter(
            d => d.label && !MADE_UP.has(d.id) && d.id !== now[which] && !has(before, which, d.id),
        );
        for (const device of came) add(good, which, device, used.has(device.id));
    }
    return good.slice(-OFFERS_MAX);
}

/** Microphone and speaker of one headset are one offer. @param {Offer[]} offers  @param {Which} which  @param {Device} device  @param {boolean} back */
function add(offers, which, {id, label, group = ''}, back) {
    const i = offers.findIndex(o => group && o.group === group && !o.ids[which]);
    const same = offers[i];
    if (same) offers[i] = {...same, ids: {...same.ids, [which]: id}, back: same.back || back};
    else offers.push({ids: {[which]: id}, label, group, back});
}
