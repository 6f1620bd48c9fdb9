// What a host may ask of this page, and how the page does it: one line each, by the type of the message. The server passes such a message
// on (`ask_people` in live/incoming.c). Nothing opens a device: only the person speaks, or is seen, again.

/** @typedef {import('./visit.js').Visit} Visit */
/** @typedef {import('./call.js').Call} Call */
/** @typedef {{from: string, kind: string}} Request from: the host; kind: of what, for `mute` */
/** @typedef {{[T in keyof typeof REQUESTS]: {type: T} & Request}[keyof typeof REQUESTS]} RequestMessage */

/** @satisfies {Record<string, (visit: Visit, m: Request, call: Call) => void>} */
export const REQUESTS = {
    /** @param {Visit} visit  @param {Request} m  @param {Call} call */
    mute(visit, m, call) {
        const name = call.people.find(p => p.id === m.from)?.name ?? '';
        if (m.kind === 'audio' && call.local.mic) {
            visit.deps.media.setMic(false);
            visit.toast('toast.muted_by', {name});
        } else if (m.kind === 'video' && call.local.cam) {
            visit.deps.media.setCam(false);
            visit.toast('toast.camera_off_by', {name});
        }
    },
};

/** @param {{type: string}} m  @returns {m is RequestMessage} */
export const isRequest = m => Object.hasOwn(REQUESTS, m.type);
