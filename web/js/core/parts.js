// Parts of a page that are fetched when they are wanted. After an upgrade of the server a page that was open before asks
// for names that may be gone, and some browsers never ask a second time for a module that failed once. So the page is
// loaded anew: once, and only where nobody loses anything by it; otherwise the caller reports the missing part.
import {ApiError} from './api.js';

/**
 * @typedef {object} PartsDeps
 * @property {string} page the name of this build: another after each change of what the page loads
 * @property {Pick<History, 'state' | 'replaceState'>} history its entry outlives a reload, also where storage is blocked
 * @property {() => Promise<boolean>} reachable whether the server gives out this page now
 * @property {() => void} reload
 */

/** @param {PartsDeps} deps */
export function makeParts(deps) {
    let busy = () => false;
    const reloadedAlready = () => deps.history.state?.reloadedFrom === deps.page;

    /**
     * Resolves to the result of `load`. Rejects with an ApiError: `network`, or `outdated` where only a reload would help.
     * While the page is loaded anew it never resolves.
     * @template T  @param {() => Promise<T>} load  @returns {Promise<T>}
     */
    async function part(load) {
        try {
            return await load();
        } catch {
            // once more, when we know that the server answers
        }
        if (!(await deps.reachable())) throw new ApiError({code: 'network'});
        try {
            return await load();
        } catch {
            if (busy() || reloadedAlready()) throw new ApiError({code: 'outdated'});
        }
        deps.history.replaceState({...deps.history.state, reloadedFrom: deps.page}, '');
        deps.reload();
        return new Promise(() => undefined);
    }
    return {
        part,
        /** @param {() => boolean} is whether a reload would cost the person something now */
        busyWhen(is) {
            busy = is;
        },
    };
}
