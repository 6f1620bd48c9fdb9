// The place this tab holds, kept for the life of the tab: a reload finds it and goes on without a press.
// It holds no token: the guest cookie (or the session) is the proof, this only names the seat to ask for.

const KEY = 'parlour.place';

/**
 * @typedef {object} Place
 * @property {string} address path and fragment of the page it belongs to
 * @property {string} room id
 * @property {string} name
 * @property {boolean} mic the person wanted to be heard
 * @property {boolean} cam the person wanted to be seen
 * @property {string} consent version agreed to, or empty
 * @property {import('./invitation.js').Invitation | null} invitation
 * @property {Partial<import('../features/waiting/slice.js').Waiting>} [waiting] the last news about the waiting
 * @property {boolean} [today] a host who came from the dashboard's Today, and goes back there
 */

/** @param {{storage: Pick<import('./storage.js').SafeStorage, 'getItem' | 'setItem' | 'removeItem'>, address: () => string}} deps */
export function makePlace({storage, address}) {
    /** @returns {Place | null} */
    function read() {
        try {
            const place = JSON.parse(storage.getItem(KEY) ?? 'null');
            return place && place.address === address() ? place : null;
        } catch {
            return null; // something else lies there
        }
    }
    /** @param {Omit<Place, 'address'>} place */
    function write(place) {
        storage.setItem(KEY, JSON.stringify({...place, address: address()}));
    }
    return {
        read,
        write,
        /** @param {Partial<Place>} change */
        update(change) {
            const place = read();
            if (place) write({...place, ...change});
        },
        clear() {
            storage.removeItem(KEY);
        },
    };
}
/** @typedef {ReturnType<typeof makePlace>} PlaceStore */
