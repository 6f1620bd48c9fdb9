// The intention of a host who pressed "Let in" on another page: enter the room, and let this guest in. It is kept in the
// tab and not in the address: otherwise a link could make a host let a guest in by opening it.

const KEY = 'parlour.errand';
/** After this time the person no longer has it in mind. */
const GOOD_FOR_MS = 10 * 60_000;

/**
 * @typedef {object} Errand
 * @property {string} slug of the room
 * @property {string} participant the guest
 * @property {string} name to be told about, should they be gone
 * @property {'' | 'beside' | 'instead'} how the answer about the guests inside
 * @property {string[]} met the guests whom the answer was about
 * @property {boolean} gone it was known that the guest is away
 * @property {boolean} same it was known that another person came with the same link
 * @property {boolean} held the guest was on hold already
 * @property {number} at wall clock
 */

/** Whether it is still fresh. @param {Errand} errand  @param {number} wall */
export const isFresh = (errand, wall) => Math.abs(wall - errand.at) < GOOD_FOR_MS;

/** @param {{storage: Pick<import('./storage.js').SafeStorage, 'getItem' | 'setItem' | 'removeItem'>, wall: () => number}} deps */
export const makeErrands = ({storage, wall}) => ({
    /** When nothing can be kept, the room shows the people waiting and lets them in with another press. @param {Omit<Errand, 'at'>} errand */
    leave(errand) {
        storage.setItem(KEY, JSON.stringify({...errand, at: wall()}));
    },
    /** The errand for this room, if it is fresh. It stays until it is done: a reload on the way goes on with it. One for another room is dropped.
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
