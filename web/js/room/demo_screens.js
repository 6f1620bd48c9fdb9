// Every screen of a visit, with invented people, for demo.js and the tests. Development only.
// Plain values, so that a test can read the names without a page.
import {newCall} from '../core/call.js';
import {NOT_WAITING} from '../features/waiting/slice.js';

/** @typedef {import('../core/call.js').Call} Call */
/** @typedef {import('../core/call.js').Person} Person */

const NOW = Date.now();
const ago = (/** @type {number} */ minutes) => new Date(NOW - minutes * 60_000).toISOString();

const INVITATION = {
    code: 'DEMO',
    state: /** @type {const} */ ('valid'),
    practice: 'Hill Clinic',
    hostName: 'Dr Sofia Rivera',
    room: {id: 'r1', name: 'Dr Rivera', kind: 'meeting'},
    guestName: '',
    notBefore: '',
    opensInS: 0,
    pinRequired: false,
    consent: null,
    phone: '+1 555 0100',
    languages: [],
};

/** @param {Partial<Person> & {id: string, name: string}} p  @returns {Person} */
const person = p => ({
    kind: 'guest',
    name_from: 'invitation',
    role: 'guest',
    state: 'inside',
    instance: 1,
    status: {mic: true, cam: true},
    since: ago(3),
    offerer: false,
    awayAt: 0,
    ...p,
});
export const RIVERA = person({id: 'h1', name: 'Dr Sofia Rivera', kind: 'user', name_from: 'account', role: 'host'});
export const ANA = person({id: 'g1', name: 'Ana Novak'});
const OSEI = person({
    id: 'g2',
    name: 'Ben Osei',
    name_from: 'self',
    state: 'waiting',
    since: ago(4),
    same_invitation: true,
});
const ROY = person({id: 'g3', name: 'Jeanne Roy', state: 'waiting', since: ago(12), held: true});
const GONE = person({id: 'g4', name: 'Tom Okafor', state: 'waiting', since: ago(20), away: true, away_since: ago(2)});

/** @param {Partial<Call['local']>} change */
const local = change => ({
    ...newCall().local,
    micState: /** @type {const} */ ('on'),
    camState: /** @type {const} */ ('on'),
    mics: [
        {id: 'm1', label: 'Built-in microphone'},
        {id: 'm2', label: 'USB headset'},
    ],
    cameras: [{id: 'c1', label: 'FaceTime HD camera'}],
    speakers: [{id: 's1', label: 'Built-in speaker'}],
    ...change,
});

/** @type {Call} */
const GUEST = {
    ...newCall(),
    name: 'Ana Novak',
    self: 'g1',
    invitation: INVITATION,
    practice: {name: 'Hill Clinic', phone: '+1 555 0100'},
    room: {id: 'r1', name: 'Dr Rivera'},
    local: local({}),
    quality: {h1: 'good', g1: 'good'},
    link: 'open',
};
/** @type {Call} */
const HOST = {
    ...GUEST,
    name: 'Dr Sofia Rivera',
    nameFixed: true,
    self: 'h1',
    host: true,
    may: ['chat', 'admit', 'hold', 'deny', 'return', 'remove', 'mute', 'room', 'end'],
    invitation: null,
};

/** The members of a line beside writer, text and time. */
const HEARD = {key: '', status: /** @type {const} */ (''), later: [], among: [], again: false};
const CHAT = [
    {
        id: 1,
        from: 'h1',
        name: 'Dr Sofia Rivera',
        role: /** @type {const} */ ('host'),
        mine: false,
        to: '',
        text: 'Hello Ana, I am five minutes late, sorry.',
        at: NOW - 240_000,
        ...HEARD,
    },
    {
        id: 2,
        from: 'g1',
        name: 'Ana Novak',
        role: /** @type {const} */ ('guest'),
        mine: true,
        to: '',
        text: 'No problem. The form is at https://example.org/form?id=7.',
        at: NOW - 180_000,
        ...HEARD,
    },
];
/** @param {number} id  @param {string} text  @param {import('../core/call.js').ChatLine['status']} status  @param {string[]} [later] */
const own = (id, text, status, later = []) => ({
    ...HEARD,
    id,
    from: 'g1',
    name: 'Ana Novak',
    role: /** @type {const} */ ('guest'),
    mine: true,
    to: '',
    text,
    at: NOW - 60_000,
    status,
    later,
});
/** @type {import('../core/call.js').ChatLine[]} */
const FATES = [
    ...CHAT,
    own(3, 'I have it at hand.', 'later', ['h1']),
    own(4, 'Shall I hold it to the camera?', 'failed'),
    own(5, 'Hello?', 'sending'),
    own(6, 'Is anybody there?', 'unheard'),
];
const DESK_LINE = {
    id: 3,
    from: 'u9',
    name: 'Maria Lopez',
    role: /** @type {const} */ ('desk'),
    mine: false,
    to: 'g1',
    text: 'Please have your insurance card at hand.',
    at: NOW - 60_000,
    ...HEARD,
};
/** @param {'live' | 'lost' | 'connecting'} state */
const peers = state => ({
    h1: {state, since: 1},
    g1: {state, since: 1},
});
/** @param {Partial<Call['waiting']>} change */
const waits = change => ({...NOT_WAITING, ...change});
/** @param {Call} call  @param {Partial<Call>} change  @returns {Call} */
const incall = (call, change) => ({...call, phase: 'incall', insideSince: -724_000, ...change});
/** @param {string} code  @param {Call} [call]  @returns {Call} */
const problem = (code, call = GUEST) => ({
    ...call,
    phase: 'problem',
    cause: code,
    problem: {code, detail: '', field: '', retryAfterS: 0, requestId: 'req-7Q2'},
});
/** @param {string} cause  @param {Call} [call]  @returns {Call} */
const ended = (cause, call = GUEST) => ({...call, phase: 'ended', cause});
/** @param {Person} p */
const nextOf = ({id, name, since}) => ({
    id,
    name,
    since,
    room: {id: id === 'g3' ? 'r2' : 'r1', name: 'Physiotherapy', slug: 'x'},
});
/** @param {import('../core/call.js').DeviceState} camState  @param {import('../core/call.js').DeviceState} micState  @returns {Call} */
const check = (camState, micState) => ({
    ...GUEST,
    phase: 'check',
    local: local({camState, micState, cam: camState === 'on', mic: micState === 'on'}),
});

/** Every screen, by the name after `?demo=`. @type {Record<string, Call>} */
export const SCREENS = {
    primer: {...GUEST, phase: 'primer'},
    'primer-host': {...HOST, phase: 'primer'},
    check: check('on', 'on'),
    'check-empty': {
        ...check('on', 'on'),
        name: '',
        invitation: {...INVITATION, pinRequired: true},
        consent: {version: '1', text: 'This visit is not recorded.\nPlease do not record it either.'},
    },
    'check-wrong-pin': {
        ...check('on', 'on'),
        problem: {code: 'wrong_pin', detail: '', field: 'pin', retryAfterS: 0, requestId: ''},
    },
    'check-name-taken': {
        ...check('on', 'on'),
        problem: {code: 'name_taken', detail: '', field: 'name', retryAfterS: 0, requestId: ''},
    },
    'check-asking': {...check('asking', 'asking'), local: local({camState: 'asking', micState: 'asking', slow: true})},
    'check-denied': check('denied', 'denied'),
    'check-camera-denied': check('denied', 'on'),
    'check-denied-system': check('denied_system', 'on'),
    'check-in-use': check('in_use', 'on'),
    'check-no-camera': check('missing', 'on'),
    'check-no-devices': check('missing', 'missing'),
    'check-silent': {...check('on', 'on'), local: local({silent: true})},
    'check-host': {...HOST, phase: 'check'},
    connecting: {...GUEST, phase: 'connecting'},
    waiting: {...GUEST, phase: 'waiting', people: [RIVERA], waiting: waits({position: 2})},
    'waiting-nobody': {...GUEST, phase: 'waiting'},
    'waiting-held': {
        ...GUEST,
        phase: 'waiting',
        people: [RIVERA],
        chat: [...CHAT, DESK_LINE],
        waiting: waits({held: true, position: 1, text: 'Five more minutes, please.', reason: 'held'}),
    },
    'waiting-host-left': {...GUEST, phase: 'waiting', waiting: waits({reason: 'host_left'})},
    'waiting-returned': {
        ...GUEST,
        phase: 'waiting',
        people: [RIVERA],
        waiting: waits({reason: 'returned', position: 1}),
    },
    'waiting-lost-place': {...GUEST, phase: 'waiting', waiting: waits({reason: 'lost_place', position: 1})},
    'waiting-lost': {...GUEST, phase: 'waiting', people: [RIVERA], link: 'lost', linkSince: -9000, windowMs: 900_000},
    'waiting-lost-long': {
        ...GUEST,
        phase: 'waiting',
        people: [RIVERA],
        chat: FATES,
        link: 'lost',
        linkSince: -950_000,
        windowMs: 900_000,
    },
    call: incall(GUEST, {people: [RIVERA], peers: peers('live'), unread: 2}),
    'call-chat': incall(GUEST, {people: [RIVERA], peers: peers('live'), panel: 'chat', chat: CHAT}),
    'call-chat-fates': incall(GUEST, {
        people: [{...RIVERA, state: 'away', awayAt: 1}],
        peers: peers('live'),
        panel: 'chat',
        chat: FATES,
        link: 'lost',
        linkSince: -6000,
    }),
    'call-camera-off': incall(GUEST, {
        people: [{...RIVERA, status: {mic: false, cam: false}}],
        peers: peers('live'),
        local: local({mic: false, cam: false, camState: 'off'}),
    }),
    'call-connecting': incall(GUEST, {people: [RIVERA], peers: peers('connecting')}),
    'call-no-way': incall(GUEST, {people: [RIVERA], peers: {h1: {state: 'connecting', since: -21_000}}}),
    'call-reconnecting': incall(GUEST, {people: [RIVERA], peers: peers('lost'), link: 'lost', linkSince: -6000}),
    'call-server-lost': incall(GUEST, {people: [RIVERA], peers: peers('live'), link: 'lost', linkSince: -6000}),
    'call-peer-lost': incall(GUEST, {people: [{...RIVERA, state: 'away', awayAt: 1}], peers: peers('lost')}),
    'call-background': incall(GUEST, {people: [{...RIVERA, status: {background: true}}], peers: peers('live')}),
    'call-silent': incall(GUEST, {people: [RIVERA], peers: peers('live'), local: local({silent: true})}),
    'call-picture-paused': incall(GUEST, {
        people: [RIVERA],
        peers: peers('live'),
        quality: {h1: 'poor'},
        sending: {paused: true, low: true},
    }),
    'call-device-news': incall(GUEST, {
        people: [RIVERA],
        peers: peers('live'),
        local: local({mic: false}),
        talking: true,
        offers: [{ids: {micId: 'm2', speakerId: 's2'}, label: 'USB headset', group: 'usb', back: true}],
    }),
    'call-alone': incall(GUEST, {}),
    'host-alone': incall(HOST, {}),
    'host-first-waits': incall(HOST, {people: [OSEI]}),
    'host-told': incall(HOST, {
        people: [OSEI],
        local: local({silent: true}),
        toasts: [
            {id: 1, key: 'toast.waiting', params: {name: 'Ben Osei'}, kind: 'info', at: 0, waits: 'g2'},
            {
                id: 2,
                key: 'toast.replaced_audio',
                params: {label: 'USB headset (Jabra Evolve2 65)'},
                kind: 'warn',
                at: 0,
            },
        ],
    }),
    'host-call': incall(HOST, {
        people: [ANA, OSEI, ROY, GONE],
        peers: peers('live'),
        panel: 'people',
        toasts: [{id: 1, key: 'toast.waiting', params: {name: 'Ben Osei'}, kind: 'info', at: 0, waits: 'g2'}],
    }),
    'host-chat': incall(HOST, {people: [ANA, OSEI], peers: peers('live'), panel: 'chat', chatTo: 'g2', chat: CHAT}),
    ...Object.fromEntries(
        ['left', 'ended', 'expired', 'denied', 'removed', 'replaced'].map(c => [`ended-${c}`, ended(c)]),
    ),
    'ended-host': ended('ended', HOST),
    'ended-host-next': {...ended('ended', HOST), next: [GONE, ROY, OSEI, ANA].map(nextOf)},
    ...Object.fromEntries(
        ['insecure', 'room_full', 'not_found', 'forbidden', 'network', 'other'].map(c => [
            `problem-${c.replaceAll('_', '-')}-host`,
            problem(c, HOST),
        ]),
    ),
    ...Object.fromEntries(
        'insecure no_webrtc in_app unsupported room_locked room_full pin_locked early expired used revoked blocked wait not_found forbidden unauthorized signed_out network timeout unreachable busy failed other'
            .split(' ')
            .map(c => [`problem-${c.replaceAll('_', '-')}`, problem(c)]),
    ),
};

/** @param {import('../core/invitation.js').Invitation['state']} state  @param {number} [opensInMin] */
const invited = (state, opensInMin = 0) => ({
    invitation: {
        ...INVITATION,
        state,
        notBefore: new Date(NOW + opensInMin * 60_000).toISOString(),
        opensInS: opensInMin * 60,
    },
});

/** The landing page, which is drawn without the rest.
 *  @type {Record<string, {invitation?: import('../core/invitation.js').Invitation, errorKey?: string}>} */
export const LANDINGS = {
    landing: invited('valid'),
    'landing-early': invited('early', 50),
    'landing-very-early': invited('early', 26 * 60),
    'landing-expired': invited('expired'),
    'landing-used': invited('used'),
    'landing-revoked': invited('revoked'),
    'landing-loading': {},
    'landing-unknown': {errorKey: 'landing.not_found'},
    'landing-no-code': {errorKey: 'landing.no_code'},
    'landing-error': {errorKey: 'error.network'},
};
