// A visit with everything outside played by the test: HTTP, socket, connections, devices, storage; and the way into one.
import assert from 'node:assert/strict';
import {ApiError} from '../../web/js/core/api.js';
import {makeChecks} from '../../web/js/core/checked.js';
import {Devices} from '../../web/js/core/devices.js';
import {makeErrands} from '../../web/js/core/errand.js';
import {HostWay} from '../../web/js/core/host_way.js';
import {LocalMedia} from '../../web/js/core/media.js';
import {Peers} from '../../web/js/core/peers.js';
import {makePlace} from '../../web/js/core/place.js';
import {Signaling} from '../../web/js/core/signaling.js';
import {Visit} from '../../web/js/core/visit.js';
import {Written} from '../../web/js/features/chat/written.js';
import {
    FakeClock,
    FakePeerConnection,
    FakeSocket,
    makeStream,
    participant,
    quietLog,
    settle,
    welcome,
} from './fakes.mjs';

export const INVITATION = {
    code: 'CODE',
    state: 'valid',
    practice: 'P',
    hostName: 'H',
    room: {id: 'r', name: 'R', kind: 'meeting'},
    guestName: '',
    notBefore: '',
    pinRequired: false,
    consent: null,
    phone: '',
    languages: [],
};
export const SEAT = {
    token: 'tok',
    participant: 'me',
    role: 'guest',
    state: 'waiting',
    room: {id: 'r', name: 'R'},
    ws: '/ws/r',
    ice_servers: [],
    ice_ttl_s: 0,
};
export const HOST = participant('h', {role: 'host', kind: 'user', offerer: true});

export function setUp({answer = async () => SEAT, kept = new Map(), permission = 'prompt', fetched = true} = {}) {
    FakePeerConnection.all.length = 0;
    const clock = new FakeClock();
    const sockets = [];
    const posts = [];
    const signaling = new Signaling({
        clock,
        random: () => 0.5,
        open: path => {
            const s = new FakeSocket(path);
            sockets.push(s);
            return s;
        },
    });
    const peers = new Peers({
        clock,
        log: quietLog,
        connect: c => new FakePeerConnection(c),
        makeStream,
        freshConfig: () => visit.relay.fresh(),
    });
    const track = kind => ({kind, enabled: true, stop() {}, getSettings: () => ({}), label: kind});
    const media = new LocalMedia({
        clock,
        devices: new Devices({
            media: {
                getUserMedia: async c => {
                    const tracks = Object.keys(c).map(track);
                    return {
                        getTracks: () => tracks,
                        getAudioTracks: () => tracks.filter(t => t.kind === 'audio'),
                        getVideoTracks: () => tracks.filter(t => t.kind === 'video'),
                    };
                },
                enumerateDevices: async () => [],
            },
            permissions: {query: async () => ({state: permission})},
        }),
        storage: {getItem: () => null, setItem() {}},
        audioContext: () => assert.fail('no sound here'),
    });
    media.meter.listen = () => undefined;
    const storage = {
        getItem: k => kept.get(k) ?? null,
        setItem: (k, v) => kept.set(k, v),
        removeItem: k => kept.delete(k),
    };
    const errands = makeErrands({storage, wall: clock.wall});
    const checks = makeChecks({storage, wall: clock.wall});
    const place = makePlace({storage, address: () => '/j/#CODE'});
    const api = {
        post: async (path, body) => {
            posts.push({path, body});
            return answer(path, body);
        },
        get: async () => Promise.reject(new ApiError({status: 401, code: 'unauthorized'})),
    };
    const visit = new Visit({
        api,
        clock,
        signaling,
        peers,
        media,
        place,
        hostWay: async visit => new HostWay(visit, {errands, checks}),
        log: quietLog,
        certificate: async () => 'certificate',
    });
    if (fetched) visit.add(new Written(visit));
    return {visit, clock, sockets, posts, media, place, errands, checks, kept};
}

/** The server's messages to a person inside who comes back. */
export const welcomeBack = more => welcome({state: 'inside', participants: [HOST], ...more});

/** To the waiting room. */
export async function wait(t = setUp()) {
    await t.visit.open(INVITATION);
    await t.visit.askDevices();
    await t.visit.seat.enter({name: ' Ana ', pin: '', consent: ''});
    t.sockets[0].open();
    t.sockets[0].say(welcome({participants: [HOST]}));
    return t;
}

/** Into the call. */
export async function enter(t) {
    await wait(t);
    return admit(t);
}

/** From the waiting room into the call. */
export async function admit(t, iceServers = [{urls: 'turn:x'}]) {
    t.sockets[0].say({
        type: 'state',
        seq: 1,
        state: 'inside',
        participants: [HOST],
        ice_servers: iceServers,
        ice_ttl_s: 600,
    });
    await settle();
    return t;
}

export const ERRAND = {slug: 'dr-rivera', participant: 'g', name: 'Gina', how: '', met: [], gone: false, same: false, held: false};
export const GINA = participant('g', {name: 'Gina', state: 'waiting'});

/** A host by the room's address, who has pressed "Let in" on Today. */
export async function hostComes({errand = ERRAND, checked = {mic: true, cam: false}, ...options} = {}) {
    const t = setUp({answer: async () => ({...SEAT, role: 'host', state: 'inside'}), permission: 'granted', ...options});
    t.visit.deps.api.get = async path =>
        path === '/session' ? {user: {name: 'Dr Rivera'}} : {id: 'r', name: 'R', slug: 'dr-rivera', may: ['enter']};
    if (errand) t.errands.leave(errand);
    if (checked) t.checks.remember(checked);
    t.heard = [];
    t.visit.on('meets', m => t.heard.push({meets: m.participant, ...(m.refused && {refused: true})}));
    t.visit.on('missed', m => t.heard.push({missed: m.name}));
    await t.visit.seat.openRoom('dr-rivera');
    await settle();
    return t;
}

/** A host who came without an errand and is inside with these people. */
export async function hostWith(people) {
    const t = await hostComes({errand: null, checked: null});
    await t.visit.askDevices([]);
    await t.visit.seat.enter({name: '', pin: '', consent: ''});
    await hostInside(t, people);
    return t;
}

/** The server lets the host in. */
export async function hostInside(t, participants) {
    t.sockets[0].open();
    t.sockets[0].say(welcome({role: 'host', state: 'inside', participants}));
    await settle();
    return t.sockets[0].sent.filter(m => m.type === 'admit');
}
