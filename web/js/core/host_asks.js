// The requests that only hosts make to the server, beside their decisions about guests (Visit.decide). Fetched for them alone.
import {say} from './protocol.js';

/** @typedef {import('./visit.js').Visit} Visit */

/** @param {Visit} visit  @param {string} participant  @param {import('./protocol.js').Kind} kind */
export const askMute = (visit, participant, kind) => visit.deps.signaling.send(say.mute(participant, kind));

/** @param {Visit} visit  @param {boolean} locked */
export const lock = (visit, locked) => visit.deps.signaling.send(say.lock(locked));

/** Ends the visit for everyone; the server's `bye` follows. @param {Visit} visit */
export const endForAll = visit => visit.deps.signaling.send(say.end());
