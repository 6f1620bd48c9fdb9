// A visit from the landing page to its end: holds the state, acts on each event, and offers the methods
// that the screens call. The place where seat, socket, connections, devices and features meet; it does not know the page.

import {waitingToKeep} from '../features/waiting/slice.js';
import {camLooks, inside, isVisit, micLooks, newCall, reduce, stateName} from './call.js';
import {Events} from './events.js';
import {say} from './protocol.js';
import {Relay} from './relay.js';
import {Reports} from './reports.js';
import {isRequest, REQUESTS} from './requests.js';
import {OwnSeat} from './seat.js';

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
 * @property {(m: ServerMessage, before: Call, forgotten: boolean) => void} [heard] acts on a message; forgotten: the server has lost its memory
 * @property {() => void} [ending] we are about to end the visit
 * @property {() => void} [stop] the visit is over
 */

const TOAST_MS = 6_000;
/** Phases in which the next connection is made ahead. */
const AHEAD = new Set(['check', 'connecting', 'waiting', 'incall']);
/** After these the seat is gone; a reload must not ask for it again. */
const PLACE_ENDS = new Set(['left', 'denied', 'removed', 'ended', 'expired', 'invitation_revoked']);

/** @extends {Events<{change: {now: Call, before: Call}, remote: {id: string}, meets: {participant: string, refused: boolean}, missed: {name: string}, elsewhere: {slug: string}, networkChanged: null}>}
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
        this.seat = new OwnSeat(this);
        this.reports = new Reports(deps.signaling, () => this.call);
        /** @type {import('./host_way.js').HostWay | null} of a host, once it is there */
        this.way = null;
        /** came from the dashboard's Today */
        this.today = false;
        /** our own instance, by which the others know this page */
        this.instance = 0;
        /** the run of the server that we speak with */
        this.epoch = '';
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
        if (event.type === 'server' && event.message.type === 'chat' && !this.features.length) this.early.push(event);
        if (this.call === before) return;
        const [was, is] = [stateName(before), stateName(this.call)];
        if (was !== is) this.deps.log.note('state', {from: was, to: is, cause: this.call.cause});
        if (was !== is || before.waiting !== this.call.waiting) this.keepPlace();
        const id = this.call.lastToast;
        if (id !== before.lastToast) this.deps.clock.after(() => this.dispatch({type: 'untoast', id}), TOAST_MS);
        this.emit('change', {now: this.call, before});
    }

    /** Adds the features that were fetched later than the call itself. @param {...Feature} features */
    add(...features) {
        this.features.push(...features);
        for (const event of this.early.splice(0)) this.dispatch(event);
    }

    /** Keeps what a reload needs, and no place that is over: the page may move on as soon as it hears of the end, before the socket closes. */
    keepPlace() {
        const {phase, cause} = this.call;
        const {place} = this.deps;
        if (isVisit(this.call)) place.update({waiting: waitingToKeep(this.call)});
        else if ((phase === 'ended' || phase === 'problem') && PLACE_ENDS.has(cause)) place.clear();
    }

    wire() {
        const {signaling, peers, media, clock} = this.deps;
        signaling.on('message', m => this.onMessage(m));
        signaling.on('link', ({state, cause}) => {
            const at = state === 'lost' ? signaling.lostAt : clock.now(); // it may be known a little later
            this.dispatch({type: 'link', state, cause, at});
        });
        signaling.on('over', ({cause, reason}) => this.onOver(cause, reason));
        peers.on('signal', s => signaling.send(say.signal(s.to, s.instance, s.data)));
        peers.on('view', ({id, state}) => this.onPeer(id, state));
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

    /** Fetches the part for hosts. Without it a host still comes in. */
    async asHost() {
        this.way ??= await this.deps.hostWay(this).catch(() => null);
        return this.way;
    }

    /** @param {('audio' | 'video')[]} [kinds] none: only listening and watching */
    askDevices(kinds = ['audio', 'video']) {
        const {media} = this.deps;
        media.only(kinds);
        this.dispatch({type: 'go', phase: 'check'});
        this.prepare();
        return kinds.length ? media.start(kinds) : media.refreshList();
    }

    /** Makes the next connection before it is needed. A person who comes in makes the first offer; a person alone inside will get one. */
    async prepare() {
        const {peers, certificate} = this.deps;
        if (!this.relay.config.certificates) this.relay.certify(await certificate());
        if (AHEAD.has(this.call.phase)) peers.prepare(this.call.phase !== 'incall');
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
        for (const feature of this.features) feature.heard?.(m, before, forgotten);
    }

    /** Acts on a message once the state has it. @param {ServerMessage} m  @param {Call} before */
    follow(m, before) {
        const {peers} = this.deps;
        if (isRequest(m)) return REQUESTS[m.type](this, m, before);
        switch (m.type) {
            case 'welcome':
                return this.onWelcome(m);
            case 'state':
            case 'participant':
                this.syncPeers();
                return this.reports.tellSeen();
            case 'signal':
                return peers.receive(m.from, m.from_instance, m.data);
            case 'ice':
                return this.relay.use(m.ice_servers, m.ice_ttl_s);
            case 'error':
                if (m.code === 'guest_inside') this.emit('meets', {participant: m.participant ?? '', refused: true});
                return;
            case 'room': // it may have become relay-only
                return this.call.phase === 'incall' && this.relay.setWay();
            case 'move':
                peers.clear();
                this.dispatch({type: 'go', phase: 'connecting', cause: 'moved'});
                return this.deps.signaling.connect(m.ws, m.token);
        }
    }

    /** @param {import('./protocol.js').Welcome} m */
    onWelcome(m) {
        if (!m.resumed) this.reports.forget();
        this.syncPeers(!m.resumed);
        this.seat.greeted();
        this.instance = m.instance;
        this.epoch = m.epoch;
        if (!m.resumed) this.tellMedia();
        this.reports.tellSeen();
        this.way?.runErrand();
    }

    /** @param {boolean} [again] the server lost its memory */
    syncPeers(again = false) {
        const {peers} = this.deps;
        if (this.call.phase === 'incall') peers.sync(inside(this.call), again);
        else peers.clear();
        this.prepare();
    }

    /** @param {string} cause  @param {string} [reason] why the server refused us, if it did */
    onOver(cause, reason = '') {
        if (cause !== 'rejoin') this.end(cause);
        else if (!this.seat.takeAgain()) this.end(reason || 'unauthorized');
    }

    /** @param {string} cause */
    end(cause) {
        this.dispatch({type: 'over', cause});
        this.letGo();
    }

    /** The person does not want to wait for the next try. */
    tryNow() {
        if (!this.seat.hurry()) this.deps.signaling.hurry();
    }

    letGo() {
        this.endLines();
        this.deps.peers.forgetAhead();
        this.deps.media.stop();
    }

    /** We are about to end it, for us or for all. */
    ending() {
        for (const feature of this.features) feature.ending?.();
    }

    endLines() {
        this.deps.peers.clear();
        this.relay.stop();
        this.seat.stop();
        for (const feature of this.features) feature.stop?.();
        this.early = [];
    }

    /** @param {string} id  @param {import('./peer.js').PeerState} state */
    onPeer(id, state) {
        const now = this.deps.clock.now();
        const old = this.call.peers[id] ?? {state: 'connecting', since: now};
        const since = (state === 'live') === (old.state === 'live') ? old.since : now;
        this.dispatch({type: 'peer', id, view: {state, since}});
        this.reports.tellSeen();
    }

    // ---- what the person does ----

    tellMedia() {
        const {local, sending} = this.call;
        const {mic, cam, micState, camState} = local;
        this.reports.tell({mic: mic && micState === 'on', cam: cam && camState === 'on' && !sending.paused});
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
        if (decision[0] === 'end') this.ending();
        this.way?.decided(decision[1] ?? '');
        this.deps.signaling.send(say.decide(...decision));
    }

    /** Gives up the seat. Not waited for: the person is gone at once. */
    leave() {
        this.ending();
        this.deps.signaling.send(say.leave());
        this.end('left');
    }

    /** The network is back, or the page is visible again. @param {boolean} changed another network: no old connection is trusted */
    wake(changed) {
        const {signaling} = this.deps;
        if (changed) signaling.distrust();
        this.tryNow();
        if (changed) this.emit('networkChanged', null);
    }

    /** @param {string} key  @param {Record<string, string | number>} [params] */
    toast(key, params) {
        this.dispatch({type: 'toast', key, params, at: this.deps.clock.now()});
    }
}
