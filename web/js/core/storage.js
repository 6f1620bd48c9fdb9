// The values a page keeps in the browser, also where the browser forbids it: even reading `localStorage` throws then.
// Without it values are kept for the life of the page; `works` tells code that must inform the person.

/**
 * @typedef {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> & {works: boolean}} SafeStorage never throws
 *
 * @param {() => Storage} get  @returns {SafeStorage}
 */
export function safeStorage(get) {
    /** @type {Map<string, string>} */
    const here = new Map();
    /** @template T  @param {(storage: Storage) => T} use  @param {T} otherwise */
    const tried = (use, otherwise) => {
        try {
            return use(get());
        } catch {
            return otherwise; // blocked, or full
        }
    };
    return {
        get works() {
            return tried(storage => typeof storage.length === 'number', false);
        },
        getItem: key => here.get(key) ?? tried(storage => storage.getItem(key), null),
        setItem(key, value) {
            const kept = tried(storage => {
                storage.setItem(key, value);
                return true;
            }, false);
            if (kept) here.delete(key);
            else here.set(key, value);
        },
        removeItem(key) {
            here.delete(key);
            tried(storage => storage.removeItem(key), undefined);
        },
    };
}
