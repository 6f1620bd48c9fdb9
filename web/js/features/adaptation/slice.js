// What the person is told of how the picture is sent, as a part of the call's state. Pure, like core/call.js, and run after it.

/** @typedef {import('../../core/call.js').Call} Call */
/** @typedef {{paused: boolean, low: boolean}} Sending paused: the line is too weak for our picture. low: the person wants little data to be used */
/** @typedef {{type: 'sending', change: Partial<Sending>}} SendingEvent */

/** @param {Call} call  @param {import('../../core/call.js').CallEvent} event  @returns {Call} */
export function reduceSending(call, event) {
    if (event.type === 'sending') return {...call, sending: {...call.sending, ...event.change}};
    const alone = Object.keys(call.peers).length === 0;
    return alone && call.sending.paused ? {...call, sending: {...call.sending, paused: false}} : call;
}
