/* One-time codes come in the fragment, which browsers never send. They leave the address bar at once, so that nobody
 * reads them over a shoulder or copies them by mistake, and stay in the entry of the history, so that a reload of
 * the same tab does not lose them. */

const KEY = 'code';

/**
 * Moves a code out of the address bar.
 * @param {Location} location  @param {History} history
 */
export function takeCode(location, history) {
    const code = location.hash.slice(1);

    if (!code || !['/setup', '/password'].includes(location.pathname)) return;
    history.replaceState({[KEY]: code}, '', location.pathname + location.search);
}

/** The code this page was opened with; '' without one. @param {History} history  @returns {string} */
export function codeOfPage(history) {
    const code = history.state?.[KEY];

    return typeof code === 'string' ? code : '';
}

/** A code as people paste it: the bare code, or the whole address with it. @param {string} pasted */
export function codeFromText(pasted) {
    return pasted.trim().split('#').pop() ?? '';
}
