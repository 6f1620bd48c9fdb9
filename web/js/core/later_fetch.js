// When the part of the call that comes later is fetched: in the waiting room, where there is time, or with the first picture of the
// call, so that a press finds it there; at once when it is wanted; and for hosts, who mostly wait for others. A failed
// fetch is tried again.
import {ApiError} from './api.js';

/** @typedef {import('./call.js').Call} Call */

/** For this long the call has the line to itself for the first picture, which may never come. */
const PICTURE_MS = 3_000;
const AGAIN_MS = 4_000;

/**
 * Fetches by `load`, once; `failed` hears the code of each try that failed.
 * @template T
 * @param {{clock: import('./clock.js').Clock, load: () => Promise<T>, failed: (code: string) => void}} deps
 */
export function makeLaterFetch({clock, load, failed}) {
    /** @type {Promise<T> | null} */
    let coming = null;
    let settling = false;
    /** @returns {Promise<T>} */
    const tryOn = () =>
        load().catch(
            e =>
                new Promise(done => {
                    failed(e instanceof ApiError ? e.code : 'unknown');
                    clock.after(() => done(tryOn()), AGAIN_MS);
                }),
        );
    /** Never rejects: a failed fetch is repeated until the part is there. */
    const fetchNow = () => {
        coming ??= tryOn();
        return coming;
    };
    return {
        fetchNow,
        /** After each change of the call. @param {Call} call */
        moved(call) {
            if (call.host || call.phase === 'waiting') fetchNow();
            if (settling || call.phase !== 'incall') return;
            settling = true;
            clock.after(fetchNow, PICTURE_MS);
        },
    };
}
