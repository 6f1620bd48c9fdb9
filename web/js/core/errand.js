// What a host meant to do in a room when they pressed "Let in" on another page: enter, and let this guest in. It is kept in the
// tab and not in the address, or a link could be made with which a host lets somebody in by opening it.

const KEY = 'parlour.errand';
/** Later it is no longer what the person has in mind. */
const GOOD_FOR_MS = 10 * 60_000;

/**
 * @typedef {object} Errand
 * @property {string} slug of the room
 * @property {string} participant the guest
 * @property {string} name to be told about, should they be gone
 * @property {'' | 'beside' | 'instead'} how what was answered about those inside
 * @property {string[]} met those whom the answer was about
 * @property {boolean} gone it was known that the guest is away
 * @property {boolean} same it was known that somebody else came with the same link
 * @property {boolean} held the guest was on hold already
 * @property {number} at wall clock
 */

/** Is it still in the person's mind? @param {Errand} errand  @param {number} wall */
export const isFresh = (errand, wall) => Math.abs(wall - errand.at) < GOOD_FOR_MS;

/** @param {{storage: Pick<import('./storage.js').SafeStorage, 'getItem' | 'setItem' | 'removeItem'>, wall: () => number}} deps */
export const makeErrands = ({storage, wall}) => ({
    /** Where nothing can be kept, the room says who waits and lets them in with another press. @param {Omit<Errand, 'at'>} errand */
    leave(errand) {
        storage.setItem(KEY, JSON.stringify({...errand, at: wall()}));
    },
    /** For this room, if it is fresh. It stays until it is done: a reload on the way goes on with it. Another one is no longer meant.
     *  @param {string} slug  @returns {Errand | null} */
    read(slug) {
        const errand = parsed(storage.getItem(KEY));
        if (errand?.slug === slug && isFresh(errand, wall())) return errand;
        storage.removeItem(KEY);
        return null;
    },
    done() {
        storage.removeItem(KEY);
    },
});

/** @param {string | null} text  @returns {Errand | null} */
function parsed(text) {
    try {
        return JSON.parse(text ?? 'null');
    } catch {
        return null; // something else lies there
    }
}
/** @typedef {ReturnType<typeof makeErrands>} Errands */
