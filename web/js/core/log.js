// The events of this page, kept in memory for "copy details" and shown in the console while developing.
// Never names, texts, addresses, tokens or SDP: only codes and numbers, since people paste it into mails.

const KEPT = 200;

/** @typedef {{at: number, what: string, facts?: Record<string, string | number | boolean | null | undefined>}} Entry */

/** @param {{now: () => number, sink?: (e: Entry) => void}} deps */
export function makeLog({now, sink}) {
    /** @type {Entry[]} */
    const entries = [];
    return {
        /** @param {string} what  @param {Entry['facts']} [facts] */
        note(what, facts) {
            const entry = {at: now(), what, facts};
            entries.push(entry);
            if (entries.length > KEPT) entries.shift();
            sink?.(entry);
        },
        entries: () => [...entries],
    };
}
/** @typedef {ReturnType<typeof makeLog>} Log */
