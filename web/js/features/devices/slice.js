// New devices that the person may switch to, and words spoken into a muted microphone, as a part of the call's state.
// Pure, like core/call.js, and run after it.

/** @typedef {import('../../core/call.js').Call} Call */
/** @typedef {{micId?: string, cameraId?: string, speakerId?: string}} DeviceIds */
/** @typedef {{ids: DeviceIds, label: string, group: string, back: boolean}} Offer
 *   back: it was in use before it vanished; group: of a headset, whose microphone and speaker are one offer */
/** @typedef {{type: 'offers', offers: Offer[]} | {type: 'talking', talking: boolean}} DeviceEvent */

/** @param {Call} call  @param {import('../../core/call.js').CallEvent} event  @returns {Call} */
export function reduceDevices(call, event) {
    if (event.type === 'offers') return {...call, offers: event.offers};
    if (event.type === 'talking') return {...call, talking: event.talking};
    return call.talking && call.local.mic ? {...call, talking: false} : call;
}
