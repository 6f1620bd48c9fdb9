// Our seat in the room: how this page takes it, takes it again after a reload or a loss, and what it does when the door says no.
// The door is HTTP (entry.js); the socket follows with the token of its answer.
import {backoff} from './backoff.js';
import {isVisit} from './call.js';
import {join, knock, passes, phaseAfterRefusal, socketPath, toProblem, whoAmI} from './entry.js';
import {asSeen} from './names.js';

/** Ends that an absent person learns of only when they come back; a person lost for too long just joins again. */
const TOLD_AT_THE_DOOR = new Set(['ended', 'removed', 'denied']);
/** A refusal this soon after a new token is not about tokens. */
const REJOIN_MS = 30_000;

export class OwnSeat {
    /** @param {import('./visit.js').Visit} visit */
    constructor(visit) {
        this.visit = visit;
        this.slug = '';
        this.pin = '';
        this.consent = '';
        /** we had the seat that was last joined by a press */
        this.had = false;
        /** clock time of the request for a new token; 0: none was needed, or it was accepted */
        this.rejoinedAt = 0;
        /** the next try to join, while the seat is lost and the visit goes on  @type {number | undefined} */
        this.doorTimer = undefined;
    }

    /** The server has greeted us. */
    greeted() {
        this.rejoinedAt = 0;
        this.had = true;
    }

    /** The room as the door knows it: by id where that is known. */
    room() {
        const {room, invitation} = this.visit.call;
        return room?.id || invitation?.room.id || this.slug;
    }

    /** Enters by the address of a room. @param {string} slug */
    async openRoom(slug) {
        const {visit} = this;
        const {api} = visit.deps;
        this.slug = slug;
        visit.learnPractice();
        try {
            const {host, name, room} = await whoAmI(api, slug);
            if (!host) await knock(api, slug);
            visit.dispatch({type: 'opened', invitation: null, name, nameFixed: host, host});
            if (room) visit.dispatch({type: 'joined', self: '', role: 'host', room});
            const way = host && (await visit.asHost());
            if (way && (await way.goStraight(room?.id ?? slug))) return;
            visit.dispatch({type: 'go', phase: 'primer'});
        } catch (e) {
            this.refused(e, 'problem');
        }
    }

    /** After a reload: straight back to the place this tab held. Resolves to false when there is none. @param {string} slug of the page, or empty */
    async resume(slug) {
        const {visit} = this;
        const {media} = visit.deps;
        const place = visit.deps.place.read();
        this.slug = slug;
        if (!place) return false;
        this.consent = place.consent;
        visit.today ||= place.today === true;
        if (!place.invitation) visit.learnPractice();
        visit.dispatch({type: 'opened', invitation: place.invitation, name: place.name, nameFixed: false, host: false});
        if (place.waiting) visit.dispatch({type: 'kept', waiting: place.waiting});
        media.wanted.audio = place.mic;
        media.wanted.video = place.cam;
        visit.dispatch({type: 'local', change: {mic: place.mic, cam: place.cam}});
        media.start(place.cam ? ['audio', 'video'] : ['audio']);
        await this.take(place.room, true);
        return true;
    }

    /** The person is ready. @param {{name: string, pin: string, consent: string}} answers */
    async enter({name, pin, consent}) {
        const {visit} = this;
        this.pin = asSeen(pin);
        this.consent = consent;
        visit.dispatch({type: 'name', name: asSeen(name)});
        visit.way?.checked();
        await this.take(visit.call.invitation?.room.id || this.room());
    }

    /** @param {string} room id or slug  @param {boolean} [returning] nobody pressed: the page goes back to the seat it had */
    async take(room, returning = false) {
        const {visit} = this;
        const {place, signaling, media} = visit.deps;
        const {invitation, name} = visit.call;
        this.had &&= returning;
        visit.dispatch({type: 'go', phase: 'connecting'});
        visit.dispatch({type: 'busy', busy: true});
        try {
            if (room !== this.slug) signaling.warm(socketPath(room));
            const [seat] = await Promise.all([this.ask(room), visit.prepare()]);
            if (seat.role === 'host') await visit.asHost();
            const {mic, cam} = media.wantedNow();
            place.write({room: seat.room.id, name, mic, cam, consent: this.consent, invitation, today: visit.today});
            visit.dispatch({type: 'joined', self: seat.participant, role: seat.role, room: seat.room});
            // Told in the words for the role. A host who comes for a guest has pressed, on another page.
            if (returning && TOLD_AT_THE_DOOR.has(seat.over ?? '') && !visit.way?.errand) {
                signaling.drop();
                return visit.end(seat.over ?? '');
            }
            signaling.connect(seat.ws, seat.token);
        } catch (e) {
            signaling.drop();
            this.refused(e, phaseAfterRefusal(toProblem(e)));
        }
    }

    /** @param {string} room id or slug */
    ask(room) {
        const {invitation, name, nameFixed, host} = this.visit.call;
        return join(this.visit.deps.api, room, {
            invitation: invitation?.code,
            name: nameFixed && host ? '' : name,
            pin: this.pin,
            consent: this.consent,
        });
    }

    /** @param {unknown} e  @param {import('./call.js').Phase} phase */
    refused(e, phase) {
        const {deps} = this.visit;
        const problem = toProblem(e);
        deps.log.note('refused', {code: problem.code, request: problem.requestId});
        if (phase === 'problem' && !passes(e)) deps.place.clear();
        this.visit.dispatch({type: 'failed', problem, phase});
    }

    /** Starts again from an end or a problem, with the facts known already. */
    async rejoin() {
        const {call, deps} = this.visit;
        const {media} = deps;
        this.rejoinedAt = 0;
        if (!media.tracks.audio && !media.tracks.video) media.start(call.local.cam ? ['audio', 'video'] : ['audio']);
        await this.take(this.room());
    }

    /** The ticket is no longer valid, the seat may well be: the cookie proves it. @returns {boolean} false: we have just asked, and are refused */
    takeAgain() {
        const {call, deps} = this.visit;
        if (call.phase === 'ended' || call.phase === 'problem') return true; // we have left meanwhile
        const now = deps.clock.now();
        if (this.rejoinedAt && now - this.rejoinedAt <= REJOIN_MS) return false;
        this.rejoinedAt = now;
        if (isVisit(call)) this.comeBack();
        else {
            deps.peers.clear();
            this.take(this.room(), this.had);
        }
        return true;
    }

    /** The seat was lost with the connection. Nobody is sent away for that: picture and sound go on, and the page tries to join
     *  until it gets the seat or a reason why not. @param {number} [tries] */
    async comeBack(tries = 0) {
        const {visit} = this;
        const {signaling, clock} = visit.deps;
        this.stop();
        try {
            const seat = await this.ask(this.room());
            if (!isVisit(visit.call)) return;
            if (TOLD_AT_THE_DOOR.has(seat.over ?? '')) return visit.end(seat.over ?? '');
            visit.dispatch({type: 'joined', self: seat.participant, role: seat.role, room: seat.room});
            this.rejoinedAt = clock.now();
            signaling.retake(seat.ws, seat.token, visit.instance);
        } catch (e) {
            if (!isVisit(visit.call)) return;
            if (!passes(e) && !this.goesOnWithout(e)) return this.refusedInVisit(e);
            const pause = backoff(tries, signaling.deps.random(), 500, 30_000);
            this.doorTimer = clock.after(() => this.comeBack(tries + 1), pause);
        }
    }

    /** The join needs something from the person, who still sees and hears the other: they are asked when that is over, not during it.
     *  @param {unknown} e */
    goesOnWithout(e) {
        const asks = phaseAfterRefusal(toProblem(e)) === 'check';
        return asks && Object.values(this.visit.call.peers).some(p => p.state === 'live');
    }

    /** @param {unknown} e */
    refusedInVisit(e) {
        const {visit} = this;
        const problem = toProblem(e);
        if (phaseAfterRefusal(problem) !== 'check') return visit.end(problem.code);
        visit.endLines();
        this.refused(e, 'check'); // with the devices as they are
        visit.prepare();
    }

    /** The person does not want to wait for the next try. @returns {boolean} false: the page is not trying */
    hurry() {
        const trying = this.doorTimer !== undefined;
        if (trying) this.comeBack();
        return trying;
    }

    /** No further try. */
    stop() {
        this.visit.deps.clock.cancel(this.doorTimer);
        this.doorTimer = undefined;
    }
}
