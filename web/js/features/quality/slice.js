// The quality of each connection, as a part of the call's state. Pure, like core/call.js, and run after it.

/** @typedef {import('../../core/call.js').Call} Call */
/** @typedef {import('./judge.js').Word} Word */
/** @typedef {{type: 'quality', id: string, word: Word}} QualityEvent */

/** The worst first. @type {Word[]} */
export const ORDER = ['poor', 'fair', 'good'];

/** @param {Call} call  @param {import('../../core/call.js').CallEvent} event  @returns {Call} */
export function reduceQuality(call, event) {
    if (event.type === 'quality') return withWord(call, event);
    const kept = Object.entries(call.quality).filter(([id]) => id in call.peers);
    return kept.length === Object.keys(call.quality).length ? call : {...call, quality: Object.fromEntries(kept)};
}

/** @param {Call} call  @param {QualityEvent} event  @returns {Call} */
const withWord = (call, {id, word}) =>
    call.quality[id] === word || !(id in call.peers) ? call : {...call, quality: {...call.quality, [id]: word}};
