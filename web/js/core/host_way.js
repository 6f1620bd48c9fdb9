// Steps that only hosts take on their way into a room: straight in with devices that worked today, and letting in the guest they
// came for. Fetched when it is known that this is a host.

import {toAsk} from './admitting.js';
import {isFresh} from './errand.js';

/** @typedef {import('./visit.js').Visit} Visit */

/**
 * @typedef {object} HostDeps
 * @property {import('./errand.js').Errands} errands
 * @property {import('./checked.js').Checks} checks
 */

export class HostWay {
    /** Takes the errand that the page that led here has left. @param {Visit} visit  @param {HostDeps} deps */
    constructor(visit, deps) {
        this.visit = visit;
        this.deps = deps;
        /** the errand of this host  @type {import('./errand.js').Errand | null} */
        this.errand = deps.errands.read(visit.seat.slug);
        visit.today ||= this.errand !== null;
    }

    /** With an errand, and devices that worked today, there is nothing to ask; the guest waits until the host is inside, so nobody
     *  ever sees an empty room. @param {string} room id or slug  @returns {Promise<boolean>} it goes straight on */
    async goStraight(room) {
        const {media} = this.visit.deps;
        const checked = this.errand && this.deps.checks.today();
        if (!checked) return false;
        const kinds = /** @type {import('./devices.js').MediaKind[]} */ (checked.cam ? ['audio', 'video'] : ['audio']);
        if (!(await media.deps.devices.granted(kinds))) return false;
        media.only(kinds);
        media.start(kinds);
        await this.visit.seat.take(room);
        return true;
    }

    /** The devices were seen to work; one that is still opening when the person enters counts with its answer. */
    async checked() {
        await this.visit.deps.media.settled();
        const {micState, camState} = this.visit.call.local;
        this.deps.checks.remember({mic: micState === 'on', cam: camState === 'on'});
    }

    /** Inside: lets in the guest of the errand, once. The host is asked about guests inside who were not part of the answer. */
    runErrand() {
        const {errand, visit} = this;
        const {call} = visit;
        if (!errand || call.phase !== 'incall') return;
        this.drop();
        if (!isFresh(errand, visit.deps.clock.wall())) return;
        const guest = call.people.find(p => p.id === errand.participant);
        if (!guest) visit.emit('missed', {name: errand.name});
        if (guest?.state !== 'waiting') return; // gone, or let in by another host
        const {inside: others, gone, same} = toAsk(guest, call.people);
        const met = others.every(p => errand.how !== '' && errand.met.includes(p.id));
        const known = (errand.gone || !gone) && (errand.same || !same) && (errand.held || !guest.held);
        if (met && known) visit.decide('admit', guest.id, {how: errand.how});
        else visit.emit('meets', {participant: guest.id, refused: false});
    }

    /** A decision about this guest ends the errand. @param {string} participant */
    decided(participant) {
        if (this.errand?.participant === participant) this.drop();
    }

    drop() {
        this.errand = null;
        this.deps.errands.done();
    }

    /** On with the next waiting guest: here, or in another of their rooms. @param {import('./call.js').Next} next
     *  @returns {Promise<void> | void} */
    goOnWith({id: participant, name, room}) {
        const {visit} = this;
        const errand = {
            slug: room.slug,
            participant,
            name,
            how: /** @type {const} */ (''),
            met: [],
            gone: false,
            same: false,
            held: false,
        };
        if (room.id !== visit.call.room?.id) {
            this.deps.errands.leave(errand);
            visit.emit('elsewhere', {slug: room.slug});
            return;
        }
        this.errand = {...errand, at: visit.deps.clock.wall()};
        return visit.seat.rejoin();
    }
}
