// A visit from the landing page to its end: holds the state, acts on each event, and offers the methods
// that the screens call. The only place where HTTP, socket, connections and devices meet; it does not know the page.

import {backoff} from './backoff.js';
import {callDetail, camLooks, inside, isVisit, micLooks, newCall, reduce, seenWithoutLine, stateName} from './call.js';
import {join, knock, passes, phaseAfterRefusal, socketPath, toProblem, whoAmI} from './entry.js';
import {Events} from './events.js';
import {asSeen} from './names.js';
import {say} from './protocol.js';
import {Relay} from './relay.js';
import {waitingToKeep} from './waiting.js';

/** @typedef {import('./call.js').Call} Call */
/** @typedef {import('./call.js').CallEvent} CallEvent */
/** @typedef {import('./protocol.js').ServerMessage} ServerMessage */
/** @typedef {import('./invitation.js').Invitation} Invitation */

/**
 * @typedef {object} VisitDeps
 * @property {import('./api.js').Api} api
 * @property {import('./clock.js').Clock} clock
 * @property {import('./signaling.js').Signaling} signaling
 * @property {import('./peers.js').Peers} peers
 * @property {import('./media.js').LocalMedia} media
 * @property {import('./place.js').PlaceStore} place
 * @property {(visit: Visit) => Promise<import('./host_way.js').HostWay>} hostWay
 * @property {import('./log.js').Log} log
 * @property {() => Promise<RTCCertificate | null>} certificate one for the whole visit, so that a safety code stays the same
 */

/**
 * @typedef {object} Feature a part of a visit with a state of its own, which may be fetched later than the call
 * @property {(call: Call, event: CallEvent) => Call} reduce for its part of the state; runs after the call's
 * @property {(m: ServerMessage, before: Call, forgotten: boolean) => void} heard acts on a message; forgotten: the server has lost its memory
 * @property {() => void} stop the visit is over
 */

const TOAST_MS = 6_000;
/** Phases in which the next connection is made ahead. */
const AHEAD = new Set(['check', 'connecting', 'waiting', 'incall']);
/** Ends that an absent person learns of only when they come back; a person lost for too long just joins again. */
const TOLD_AT_THE_DOOR = new Set(['ended', 'removed', 'denied']);
/** A refusal this soon after a new token is not about tokens. */
const REJOIN_MS = 30_000;
/** After these the seat is gone; a reload must not ask for it again. */
const PLACE_ENDS = new Set(['left', 'denied', 'removed', 'ended', 'expired', 'invitation_revoked']);

/** @extends {Events<{change: {now: Call, before: Call}, remote: {id: string}, meets: {participant: string, refused: boolean}, missed: {name: string}, elsewhere: {slug: string}}>}
 *  meets: this guest is not let in yet, because they would meet another, or because of new facts; the person has to decide. refused: by the server.
 *  missed: the guest whom this host came to let in has left.
 *  elsewhere: the next step is another room's page */
export class Visit extends Events {
    /** @param {VisitDeps} deps */
    constructor(deps) {
        super();
        this.deps = deps;
        this.call = newCall();
        /** @type {Map<string, MediaStream>} incoming streams, by participant */
        this.remotes = new Map();
        this.slug = '';
        /** @type {import('./host_way.js').HostWay | null} of a host, once it is there */
        this.way = null;
        /** came from the dashboard's Today */
        this.today = false;
        this.pin = '';
        this.consent = '';
        /** clock time of the request for a new token; 0: none was needed, or it was accepted */
        this.rejoinedAt = 0;
        /** our own instance, by which the others know this page */
        this.instance = 0;
        /** the run of the server that we speak with */
        this.epoch = '';
        /** the next try to join, while the seat is lost and the visit goes on  @type {number | undefined} */
        this.doorTimer = undefined;
        /** we had the seat that was last joined by a press */
        this.seated = false;
        /** @type {import('./protocol.js').Status} the status last sent to the server */
        this.told = {};
        /** people without a connection, reported as seen  @type {Set<string>} */
        this.seen = new Set();
        this.relay = new Relay(deps, () => this.call.room?.relay_only === true);
        /** the chat of the visit, once it is there  @type {import('../features/chat/written.js').Written | null} */
        this.written = null;
        /** @type {Feature[]} */
        this.features = [];
        /** events that came before the features  @type {import('./call.js').ServerEvent[]} */
        this.early = [];
        this.wire();
    }

    /** The only way the state changes. @param {CallEvent} event */
    dispatch(event) {
        const before = this.call;
        this.call = this.features.reduce((call, feature) => feature.reduce(call, event), reduce(before, event));
        if (event.type === 'server' && event.message.type === 'chat' && !this.written) this.early.push(event);
        if (this.call === before) return;
        const [was, is] = [stateName(before), stateName(this.call)];
        if (was !== is) this.deps.log.note('state', {from: was, to: is, cause: this.call.cause});
        if (was !== is || before.waiting !== this.call.waiting) this.keepPlace();
        const id = this.call.lastToast;
        if (id !== before.lastToast) this.deps.clock.after(() => this.dispatch({type: 'untoast', id}), TOAST_MS);
        this.emit('change', {now: this.call, before});
    }

    /** Adds a feature that was fetched later than the call itself. @param {import('../features/chat/written.js').Written} written */
    add(written) {
        this.written = written;
        this.features.push(written);
        for (const event of this.early.splice(0)) this.dispatch(event);
    }

    /** Keeps what a reload needs, and no place that is over: the page may move on as soon as it hears of the end, before the socket closes. */
    keepPlace() {
        const {phase, cause} = this.call;
        const {place} = this.deps;
        if (this.inVisit()) place.update({waiting: waitingToKeep(this.call)});
        else if ((phase === 'ended' || phase === 'problem') && PLACE_ENDS.has(cause)) place.clear();
    }

    wire() {
        const {signaling, peers, media, clock} = this.deps;
        signaling.on('message', m => this.onMessage(m));
        signaling.on('link', ({state, cause}) => this.dispatch({type: 'link', state, cause, at: clock.now()}));
        signaling.on('over', ({cause, reason}) => this.onOver(cause, reason));
        peers.on('signal', s => signaling.send(say.signal(s.to, s.instance, s.data)));
        peers.on('view', v => this.onPeer(v.id, {state: v.state}));
        peers.on('quality', q => {
            this.onPeer(q.id, {quality: q.quality});
            this.tell({quality: q.quality, path: q.path});
        });
        peers.on('gone', ({id}) => {
            this.remotes.delete(id);
            this.dispatch({type: 'peer', id, view: null});
        });
        peers.on('remote', ({id, stream}) => {
            this.remotes.set(id, stream);
            this.emit('remote', {id});
        });
        media.on('change', change => {
            this.dispatch({type: 'local', change});
            if ('mic' in change || 'cam' in change || 'camState' in change) this.tellMedia();
        });
        media.on('track', ({kind, track}) => peers.setSource(kind === 'audio' ? 'audio' : 'camera', track));
        media.on('replaced', ({kind, label}) => this.toast(`toast.replaced_${kind}`, {label}));
    }

    // ---- coming in ----

    /** Enters by an invitation that was looked up. No camera light goes on without a press. @param {Invitation} invitation */
    open(invitation) {
        const {guestName} = invitation;
        this.dispatch({type: 'opened', invitation, name: guestName, nameFixed: guestName !== '', host: false});
        this.dispatch({type: 'go', phase: 'primer'});
    }

    /** Fetches name and phone for header and footer of the page; it works without them as well. */
    async learnPractice() {
        const facts = await this.deps.api.get('/public').catch(() => null);
        if (facts) this.dispatch({type: 'practice', name: facts.practice ?? '', phone: facts.phone ?? ''});
    }

    /** Enters by the address of a room. @param {string} slug */
    async openRoom(slug) {
        this.slug = slug;
        this.learnPractice();
        try {
            const {host, name, room} = await whoAmI(this.deps.api, slug);
            if (!host) await knock(this.deps.api, slug);
            this.dispatch({type: 'opened', invitation: null, name, nameFixed: host, host});
            if (room) this.dispatch({type: 'joined', self: '', role: 'host', room});
            const way = host && (await this.asHost());
            if (way && (await way.goStraight(room?.id ?? slug))) return;
            this.dispatch({type: 'go', phase: 'primer'});
        } catch (e) {
            this.fail(e, 'problem');
        }
    }

    /** Fetches the part for hosts. Without it a host still comes in. */
    async asHost() {
        this.way ??= await this.deps.hostWay(this).catch(() => null);
        return this.way;
    }

    /** After a reload: straight back to the place this tab held. Resolves to false when there is none. @param {string} slug of the page, or empty */
    async resume(slug) {
        const place = this.deps.place.read();
        this.slug = slug;
        if (!place) return false;
        const {media} = this.deps;
        this.consent = place.consent;
        this.today ||= place.today === true;
        if (!place.invitation) this.learnPractice();
        this.dispatch({type: 'opened', invitation: place.invitation, name: place.name, nameFixed: false, host: false});
        if (place.waiting) this.dispatch({type: 'kept', waiting: place.waiting});
        media.wanted.audio = place.mic;
        media.wanted.video = place.cam;
        this.dispatch({type: 'local', change: {mic: place.mic, cam: place.cam}});
        media.start(place.cam ? ['audio', 'video'] : ['audio']);
        await this.takeSeat(place.room, true);
        return true;
    }

    /** @param {('audio' | 'video')[]} [kinds] none: only listening and watching */
    askDevices(kinds = ['audio', 'video']) {
        const {media} = this.deps;
        media.only(kinds);
        this.dispatch({type: 'go', phase: 'check'});
        this.prepare();
        return kinds.length ? media.start(kinds) : media.refreshList();
    }

    /** The person is ready. @param {{name: string, pin: string, consent: string}} answers */
    async enter({name, pin, consent}) {
        this.pin = asSeen(pin);
        this.consent = consent;
        this.dispatch({type: 'name', name: asSeen(name)});
        this.way?.checked();
        const room = this.call.invitation?.room.id || this.call.room?.id || this.slug;
        await this.takeSeat(room);
    }

    /** @param {string} room id or slug  @param {boolean} [returning] nobody pressed: the page goes back to the seat it had */
    async takeSeat(room, returning = false) {
        const {place, signaling} = this.deps;
        const {invitation, name} = this.call;
        this.seated &&= returning;
        this.dispatch({type: 'go', phase: 'connecting'});
        this.dispatch({type: 'busy', busy: true});
        try {
            if (room !== this.slug) signaling.warm(socketPath(room));
            const [seat] = await Promise.all([this.askDoor(room), this.prepare()]);
            if (seat.role === 'host') await this.asHost();
            const {mic, cam} = this.deps.media.wantedNow();
            place.write({room: seat.room.id, name, mic, cam, consent: this.consent, invitation, today: this.today});
            this.dispatch({type: 'joined', self: seat.participant, role: seat.role, room: seat.room});
            // Told in the words for the role. A host who comes for a guest has pressed, on another page.
            if (returning && TOLD_AT_THE_DOOR.has(seat.over ?? '') && !this.way?.errand) {
                signaling.drop();
                return this.onOver(seat.over ?? '');
            }
            this.told = {};
            signaling.connect(seat.ws, seat.token);
        } catch (e) {
            const problem = toProblem(e);
            signaling.drop();
            this.fail(e, phaseAfterRefusal(problem));
        }
    }

    /** @param {string} room id or slug */
    askDoor(room) {
        const {invitation, name, nameFixed, host} = this.call;
        return join(this.deps.api, room, {
            invitation: invitation?.code,
            name: nameFixed && host ? '' : name,
            pin: this.pin,
            consent: this.consent,
        });
    }

    /** Makes the next connection before it is needed. A person who comes in makes the first offer; a person alone inside will get one. */
    async prepare() {
        const {peers, certificate} = this.deps;
        if (!this.relay.config.certificates) this.relay.certify(await certificate());
        if (AHEAD.has(this.call.phase)) peers.prepare(this.call.phase !== 'incall');
    }

    /** Starts again from an end or a problem, with the facts known already. */
    async rejoin() {
        const {media} = this.deps;
        this.rejoinedAt = 0;
        if (!media.tracks.audio && !media.tracks.video)
            media.start(this.call.local.cam ? ['audio', 'video'] : ['audio']);
        await this.takeSeat(this.call.room?.id || this.call.invitation?.room.id || this.slug);
    }

    /** @param {unknown} e  @param {import('./call.js').Phase} phase */
    fail(e, phase) {
        const problem = toProblem(e);
        this.deps.log.note('refused', {code: problem.code, request: problem.requestId});
        if (phase === 'problem' && !passes(e)) this.deps.place.clear();
        this.dispatch({type: 'failed', problem, phase});
    }

    // ---- messages of the server ----

    /** @param {ServerMessage} m */
    onMessage(m) {
        const {clock} = this.deps;
        const before = this.call;
        const forgotten = m.type === 'welcome' && this.epoch !== '' && m.epoch !== this.epoch;
        this.dispatch({type: 'server', message: m, at: clock.now(), wall: clock.wall()});
        // Before the connections of the new state. Also without any relay: a relay-only room then makes no connection.
        if ((m.type === 'welcome' || m.type === 'state') && m.state === 'inside')
            this.relay.use(m.ice_servers, m.ice_ttl_s);
        this.follow(m, before);
        for (const feature of this.features) feature.heard(m, before, forgotten);
    }

    /** Acts on a message once the state has it. @param {ServerMessage} m  @param {Call} before */
    follow(m, before) {
        const {peers} = this.deps;
        switch (m.type) {
            case 'welcome':
                return this.onWelcome(m);
            case 'state':
            case 'participant':
                this.syncPeers();
                return this.tellSeen();
            case 'signal':
                return peers.receive(m.from, m.from_instance, m.data);
            case 'ice':
                return this.relay.use(m.ice_servers, m.ice_ttl_s);
            case 'error':
                if (m.of === 'ice') this.relay.answered(); // asked too often: the credentials of a moment ago are valid
                if (m.code === 'guest_inside') this.emit('meets', {participant: m.participant ?? '', refused: true});
                return;
            case 'room': // it may have become relay-only
                return this.call.phase === 'incall' && this.relay.setWay();
            case 'mute':
                return this.onMute(m, before);
            case 'move':
                peers.clear();
                this.dispatch({type: 'go', phase: 'connecting', cause: 'moved'});
                return this.deps.signaling.connect(m.ws, m.token);
        }
    }

    /** @param {import('./protocol.js').Welcome} m */
    onWelcome(m) {
        if (!m.resumed) this.seen.clear();
        this.syncPeers(!m.resumed);
        this.rejoinedAt = 0;
        this.seated = true;
        this.instance = m.instance;
        this.epoch = m.epoch;
        if (!m.resumed) {
            this.told = {};
            this.tellMedia();
        }
        this.tellSeen();
        this.way?.runErrand();
    }

    /** @param {boolean} [again] the server lost its memory */
    syncPeers(again = false) {
        const {peers} = this.deps;
        if (this.call.phase === 'incall') peers.sync(inside(this.call), again);
        else peers.clear();
        this.prepare();
    }

    /** A host may ask us to be silent; only we ourselves speak again. @param {import('./protocol.js').MuteMessage} m  @param {Call} call */
    onMute(m, call) {
        const name = call.people.find(p => p.id === m.from)?.name ?? '';
        if (m.kind === 'audio' && call.local.mic) {
            this.deps.media.setMic(false);
            this.toast('toast.muted_by', {name});
        } else if (m.kind === 'video' && call.local.cam) {
            this.deps.media.setCam(false);
            this.toast('toast.camera_off_by', {name});
        }
    }

    /** @param {string} cause  @param {string} [reason] why the server refused us, if it did */
    onOver(cause, reason = '') {
        const {phase} = this.call;
        const now = this.deps.clock.now();
        if (cause === 'rejoin' && (phase === 'ended' || phase === 'problem')) return; // we have left meanwhile
        if (cause === 'rejoin' && (!this.rejoinedAt || now - this.rejoinedAt > REJOIN_MS)) {
            // The ticket is no longer valid, the seat may well be: the cookie proves it.
            this.rejoinedAt = now;
            if (this.inVisit()) return void this.comeBack();
            this.deps.peers.clear();
            this.takeSeat(this.call.room?.id ?? this.slug, this.seated);
            return;
        }
        const why = cause === 'rejoin' ? reason || 'unauthorized' : cause;
        this.dispatch({type: 'over', cause: why});
        this.letGo();
    }

    inVisit() {
        return isVisit(this.call);
    }

    /** The seat was lost with the connection. Nobody is sent away for that: picture and sound go on, and the page tries to join
     *  until it gets the seat or a reason why not. @param {number} [tries] */
    async comeBack(tries = 0) {
        const {signaling, clock} = this.deps;
        clock.cancel(this.doorTimer);
        this.doorTimer = undefined;
        try {
            const seat = await this.askDoor(this.call.room?.id || this.call.invitation?.room.id || this.slug);
            if (!this.inVisit()) return;
            if (TOLD_AT_THE_DOOR.has(seat.over ?? '')) return this.onOver(seat.over ?? '');
            this.dispatch({type: 'joined', self: seat.participant, role: seat.role, room: seat.room});
            this.told = {};
            this.rejoinedAt = clock.now();
            signaling.retake(seat.ws, seat.token, this.instance);
        } catch (e) {
            if (!this.inVisit()) return;
            if (!passes(e) && !this.goesOnWithout(e)) return this.refusedAtDoor(e);
            this.doorTimer = clock.after(
                () => this.comeBack(tries + 1),
                backoff(tries, signaling.deps.random(), 500, 30_000),
            );
        }
    }

    /** The join needs something from the person, who still sees and hears the other: they are asked when that is over, not during it.
     *  @param {unknown} e */
    goesOnWithout(e) {
        const asks = phaseAfterRefusal(toProblem(e)) === 'check';
        return asks && Object.values(this.call.peers).some(p => p.state === 'live');
    }

    /** @param {unknown} e */
    refusedAtDoor(e) {
        const problem = toProblem(e);
        if (phaseAfterRefusal(problem) !== 'check') return this.onOver(problem.code);
        this.endLines();
        this.fail(e, 'check'); // with the devices as they are
        this.prepare();
    }

    /** The person does not want to wait for the next try. */
    tryNow() {
        if (this.doorTimer !== undefined) this.comeBack();
        else this.deps.signaling.hurry();
    }

    letGo() {
        this.endLines();
        this.deps.peers.forgetAhead();
        this.deps.media.stop();
    }

    endLines() {
        const {peers, clock} = this.deps;
        peers.clear();
        this.relay.stop();
        for (const feature of this.features) feature.stop();
        this.early = [];
        clock.cancel(this.doorTimer);
        this.doorTimer = undefined;
    }

    /** @param {string} id  @param {Partial<import('./call.js').PeerView>} change */
    onPeer(id, change) {
        const now = this.deps.clock.now();
        const old = this.call.peers[id] ?? {state: 'connecting', since: now, quality: ''};
        const view = {...old, ...change};
        if ((view.state === 'live') !== (old.state === 'live')) view.since = now;
        this.dispatch({type: 'peer', id, view});
        this.tellSeen();
    }

    // ---- what the person does ----

    /** @param {import('./protocol.js').Status} change sent only when it differs */
    tell(change) {
        const news = Object.entries(change).filter(([k, v]) => /** @type {any} */ (this.told)[k] !== v);
        if (!news.length || !['waiting', 'incall'].includes(this.call.phase)) return;
        this.told = {...this.told, ...change};
        this.deps.signaling.send(say.status(Object.fromEntries(news)));
    }

    /** A person who has lost the connection but is still seen and heard keeps the seat for as long as the server is told. */
    tellSeen() {
        const {people, phase} = this.call;
        if (phase !== 'incall') return;
        const now = new Set(seenWithoutLine(this.call));
        for (const p of people)
            if (p.state === 'away' && now.has(p.id) !== this.seen.has(p.id))
                this.deps.signaling.send(say.seen(p.id, now.has(p.id)));
        this.seen = now;
    }

    tellMedia() {
        const {mic, cam, micState, camState} = this.call.local;
        this.tell({mic: mic && micState === 'on', cam: cam && camState === 'on'});
        this.deps.place.update(this.deps.media.wantedNow());
    }

    /** A press on a device that is on or opening means off. */
    toggleMic() {
        return this.deps.media.setMic(micLooks(this.call) === 'off');
    }

    toggleCam() {
        return this.deps.media.setCam(camLooks(this.call) === 'off');
    }

    /** @param {Parameters<typeof say.decide>} decision */
    decide(...decision) {
        this.way?.decided(decision[1]);
        this.deps.signaling.send(say.decide(...decision));
    }

    /** @param {string} participant  @param {import('./protocol.js').Kind} kind */
    askMute(participant, kind) {
        this.deps.signaling.send(say.mute(participant, kind));
    }

    /** @param {boolean} locked */
    lock(locked) {
        this.deps.signaling.send(say.lock(locked));
    }

    /** Ends the visit for everyone; the server's `bye` follows. */
    endForAll() {
        this.deps.signaling.send(say.end());
    }

    /** Gives up the seat. Not waited for: the person is gone at once. */
    leave() {
        const {signaling} = this.deps;
        signaling.send(say.leave());
        this.dispatch({type: 'over', cause: 'left'});
        this.letGo();
    }

    /** The network is back, or the page is visible again. @param {boolean} changed another network: no old connection is trusted */
    wake(changed) {
        const {signaling, peers} = this.deps;
        if (changed) signaling.distrust();
        this.tryNow();
        if (changed || callDetail(this.call) === 'reconnecting') peers.restart();
    }

    /** @param {string} key  @param {Record<string, string | number>} [params] */
    toast(key, params) {
        this.dispatch({type: 'toast', key, params, at: this.deps.clock.now()});
    }
}
