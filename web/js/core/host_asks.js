// The request that only hosts make to the server, beside their decisions about guests (Visit.decide). Fetched for them alone.
import {say} from './protocol.js';

/** @param {import('./visit.js').Visit} visit  @param {boolean} locked */
export const lock = (visit, locked) => visit.deps.signaling.send(say.lock(locked));
