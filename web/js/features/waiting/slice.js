// The last news for a waiting guest: on hold, the place in line, the host's message, and why they wait again.
// The server sends the reason once, when it happens, and keeps the message in memory only; so this page remembers both
// over a reload (core/place.js) and over a restart of the server. Pure.

/**
 * @typedef {'' | 'held' | 'returned' | 'host_left' | 'lost_place'} WaitReason `lost_place`: the guest was inside, then away, and
 *   was not told what happened meanwhile
 * @typedef {object} Waiting
 * @property {boolean} held
 * @property {number} position from 1; 0: not told
 * @property {string} text the host's message
 * @property {string} reason a WaitReason
 * @property {string} epoch the run of the server that we speak with
 * @property {string} said the run of the server that sent the message
 */

/** @type {Waiting} */
export const NOT_WAITING = {held: false, position: 0, text: '', reason: '', epoch: '', said: ''};

/** @typedef {import('../../core/protocol.js').Welcome | import('../../core/protocol.js').StateMessage} SeatMessage a message about our own seat */

/** @param {Waiting} was  @param {SeatMessage} m says `inside`  @returns {Waiting} */
export const notWaiting = (was, m) => ({...NOT_WAITING, epoch: m.type === 'welcome' ? m.epoch : was.epoch});

/**
 * @param {Waiting} was  @param {SeatMessage} m says `waiting`
 * @param {boolean} wasInside as far as this page knew  @returns {Waiting}
 */
export function waitingAfter(was, m, wasInside) {
    const now = {...was, held: m.held, position: m.position};
    if (m.type === 'state')
        return m.reason
            ? {...now, text: m.text, reason: m.reason, said: was.epoch}
            : {...now, text: m.text || was.text};
    // A restarted server has forgotten the message; the run that sent it knows whether it still holds.
    const forgotten = !m.text && m.epoch !== was.said && m.held === was.held;
    return {
        ...now,
        text: forgotten ? was.text : m.text,
        reason: was.reason || (wasInside ? 'lost_place' : ''),
        epoch: m.epoch,
        said: forgotten ? was.said : m.epoch,
    };
}

/** The facts that a reload needs. @param {import('../../core/call.js').Call} call  @returns {Partial<Waiting>} */
export const waitingToKeep = ({phase, waiting: {held, text, reason, said}}) =>
    phase === 'incall' ? {reason: 'lost_place'} : {held, text, reason, said};
