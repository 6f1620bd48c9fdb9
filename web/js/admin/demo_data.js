/* Invented people, rooms and links for the demonstration. Development only. */

/** Half past two on a Sunday in November, so that pictures do not differ from day to day. */
export const NOW_MS = Date.parse('2026-11-22T14:30:00Z');

/** @param {number} minutes */
const ago = minutes => new Date(NOW_MS - minutes * 60_000).toISOString();

/** @param {number} hours */
const ahead = hours => new Date(NOW_MS + hours * 3600_000).toISOString();

/** @type {Record<string, import('./types.js').User>} */
export const USERS = {
    admin: {
        id: 'u1',
        name: 'Olga Rivera',
        email: 'olga.rivera@hill-clinic.example',
        role: 'admin',
        state: 'active',
        language: '',
        timezone: 'Europe/Lisbon',
        etag: '"1"',
        created_at: ago(90_000),
    },
    host: {
        id: 'u2',
        name: 'Dr Samuel Osei',
        email: 'samuel.osei@hill-clinic.example',
        role: 'host',
        state: 'active',
        language: '',
        timezone: 'Europe/Lisbon',
        etag: '"1"',
        created_at: ago(80_000),
    },
    desk: {
        id: 'u3',
        name: 'Dora Lindqvist',
        email: 'front.desk@hill-clinic.example',
        role: 'desk',
        state: 'active',
        language: '',
        timezone: 'Europe/Lisbon',
        etag: '"1"',
        created_at: ago(70_000),
    },
};

const MORE_USERS = /** @type {import('./types.js').User[]} */ ([
    {
        id: 'u4',
        name: 'Amélie Fontaine',
        email: 'amelie.fontaine@hill-clinic.example',
        role: 'host',
        state: 'invited',
        etag: '"1"',
        created_at: ago(600),
    },
    {
        id: 'u5',
        name: 'ليلى حداد',
        email: 'layla.haddad@hill-clinic.example',
        role: 'host',
        state: 'active',
        etag: '"1"',
        created_at: ago(50_000),
    },
    {
        id: 'u6',
        name: 'Jonas Becker',
        email: 'jonas.becker@hill-clinic.example',
        role: 'desk',
        state: 'disabled',
        etag: '"1"',
        created_at: ago(60_000),
    },
]);

export const ALL_USERS = [...Object.values(USERS), ...MORE_USERS];

/** @param {Partial<import('./types.js').Room>} own */
const room = own =>
    /** @type {import('./types.js').Room} */ ({
        kind: 'meeting',
        host: true,
        owner: {id: 'u1', name: 'Olga Rivera'},
        cohosts: [],
        waiting_room: true,
        access: 'invited',
        max_participants: 4,
        capacity_max: 4,
        has_pin: false,
        locked: false,
        relay_only: false,
        guests_may_stay: false,
        consent_text: '',
        etag: '"3"',
        ...own,
    });

export const ROOMS = [
    room({
        id: 'r1',
        name: 'Dr Olga Rivera',
        slug: 'dr-rivera',
        consent_text: 'We talk about your health. Nothing is recorded.',
        cohosts: ['u2'],
    }),
    room({id: 'r2', name: 'Physiotherapy', slug: 'physiotherapy', has_pin: true, relay_only: true}),
    room({
        id: 'r3',
        name: 'Parents’ evening',
        slug: 'parents-evening',
        access: 'link',
        waiting_room: false,
        locked: true,
    }),
    room({id: 'r4', name: 'Dr Samuel Osei', slug: 'dr-osei', host: false, owner: {id: 'u2', name: 'Dr Samuel Osei'}}),
    room({id: 'r5', name: 'عيادة ليلى حداد', slug: 'layla-haddad', host: false, owner: {id: 'u5', name: 'ليلى حداد'}}),
    room({id: 'r6', name: 'Speech therapy group', slug: 'speech-therapy-group'}),
];

export const INVITATIONS = [
    {
        id: 'i1',
        state: 'valid',
        may: ['show', 'revoke', 'renew'],
        guest_name: 'Ana Novak',
        max_uses: 1,
        uses: 0,
        expires_at: ahead(23),
        created_at: ago(10),
    },
    {
        id: 'i2',
        state: 'valid',
        may: ['show', 'revoke', 'renew'],
        guest_name: '',
        max_uses: 10,
        uses: 3,
        expires_at: undefined,
        created_at: ago(100),
    },
    {
        id: 'i3',
        state: 'used',
        may: ['show', 'revoke', 'renew'],
        guest_name: 'Bernard Osterhaus-Wieland',
        max_uses: 1,
        uses: 1,
        expires_at: ahead(2),
        created_at: ago(400),
    },
    {
        id: 'i4',
        state: 'expired',
        may: ['revoke', 'renew'],
        guest_name: 'Juan Roy',
        max_uses: 1,
        uses: 0,
        expires_at: ago(2000),
        created_at: ago(4000),
        asked_at: ago(25),
    },
    {
        id: 'i5',
        state: 'revoked',
        may: ['renew'],
        guest_name: '',
        max_uses: 1,
        uses: 0,
        expires_at: ahead(20),
        created_at: ago(50),
    },
];

/** @param {object} own */
const heard = own => ({
    ...{
        role: 'guest',
        quality: 'good',
        cause: null,
        good_s: 700,
        fair_s: 0,
        poor_s: 0,
        lost_s: 0,
        rtt_ms: 40,
        loss: 0.002,
        concealed: 0.001,
    },
    ...{frozen_ms: 0, path: 'srflx', worst_at: null, worst_bad_s: 0, worst_fair_s: 0},
    ...own,
});
const doctor = {name: 'Dr Olga Rivera', role: 'host'};
/** @param {number} from  @param {number} minutes  @param {object[]} people */
const visit = (from, minutes, ...people) => ({
    began_at: ago(from),
    last_at: ago(from - minutes),
    people: people.map(heard),
});

/** One of each kind, the newest first. */
export const CALLS = [
    visit(48, 26, doctor, {name: 'Ana Novak'}),
    visit(
        95,
        12,
        {...doctor, quality: 'fair', worst_at: ago(88), worst_fair_s: 14},
        {
            ...{name: 'Bernard Osterhaus-Wieland', quality: 'poor', cause: 'loss', loss: 0.09, path: 'relay/tcp'},
            ...{worst_at: ago(90), worst_bad_s: 21},
        },
    ),
    visit(
        160,
        31,
        doctor,
        {name: 'سارة يوسف', quality: 'poor', cause: 'lost', lost_s: 74, worst_at: ago(140), worst_bad_s: 30},
        {name: 'Tom Okafor', quality: null},
    ),
    visit(1500, 9, doctor, {
        name: 'Juan Roy',
        quality: 'fair',
        cause: 'delay',
        rtt_ms: 620,
        worst_at: ago(1494),
        worst_fair_s: 25,
    }),
    visit(3000, 0.5, doctor, {
        name: 'Hana Sato',
        quality: 'fair',
        cause: 'frozen',
        frozen_ms: 9200,
        worst_at: ago(3000),
        worst_fair_s: 9,
    }),
    visit(4600, 18, doctor, {name: 'Karl Lang', quality: 'fair', worst_at: ago(4590), worst_fair_s: 30}),
];

export const ASKED = [
    {
        id: 'i4',
        room: 'r1',
        state: 'expired',
        may: ['revoke', 'renew'],
        guest_name: 'Juan Roy',
        max_uses: 1,
        uses: 0,
        asked_at: ago(25),
    },
    {id: 'i5', room: 'r2', state: 'revoked', may: ['renew'], guest_name: '', max_uses: 1, uses: 0, asked_at: ago(3)},
];

const AGENTS = {
    desktop: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
    phone: 'Mozilla/5.0 (iPhone; CPU iPhone OS 27_0 like Mac OS X) AppleWebKit/605.1.15 Version/27.0 Mobile Safari/604.1',
};

export const SESSIONS = [
    {id: 's1', created_at: ago(95), seen_at: ago(0), agent: AGENTS.desktop, current: true},
    {id: 's2', created_at: ago(3000), seen_at: ago(700), agent: AGENTS.phone, current: false},
];

/** @param {Partial<import('./dashboard_feed.js').Seat>} own */
const seat = own =>
    /** @type {import('./dashboard_feed.js').Seat} */ ({
        kind: 'guest',
        name_from: 'invitation',
        role: 'guest',
        state: 'waiting',
        status: {},
        since: ago(1),
        ...own,
    });

const WAITING = [
    seat({id: 'p1', name: 'Juan Roy', since: ago(34), held: true}),
    seat({
        id: 'p2',
        name: 'Bernard Osterhaus-Wieland',
        since: ago(12),
        name_from: 'self',
        away: true,
        away_since: ago(2),
    }),
    seat({id: 'p3', name: 'Ana Novak', since: ago(4)}),
    seat({id: 'p4', name: 'سارة يوسف', since: ago(1), same_invitation: true, name_from: 'self'}),
];

const INSIDE = [
    seat({
        id: 'p5',
        name: 'Dr Samuel Osei',
        kind: 'user',
        role: 'host',
        name_from: 'account',
        state: 'inside',
        since: ago(17),
        status: {mic: true, cam: true},
    }),
    seat({id: 'p6', name: 'Beatrice Okafor', state: 'inside', since: ago(15), status: {mic: false, cam: true}}),
    seat({id: 'p7', name: 'Tom Okafor', state: 'away', since: ago(15), away_since: ago(1)}),
    seat({id: 'p8', name: 'Karl Lang', since: ago(6)}),
];

const ALONE = [seat({id: 'p9', name: 'Hana Sato', since: ago(2)})];

/** @param {string} id  @param {import('./dashboard_feed.js').Seat[]} participants */
function dashboardRoom(id, participants) {
    const found = ROOMS.find(r => r.id === id);

    return {
        id,
        name: found?.name ?? '',
        slug: found?.slug ?? '',
        locked: found?.locked ?? false,
        host: found?.host ?? false,
        participants,
    };
}

const QUIET = ROOMS.map(r => dashboardRoom(r.id, []));

const AS_HOST = ['edit', 'delete', 'invite', 'enter', 'admit', 'hold', 'deny', 'return', 'remove', 'chat', 'end'];
const IN_ROOM = {
    admin: ['edit', 'delete', 'admit', 'hold', 'deny', 'return', 'remove', 'end'],
    host: [],
    desk: ['invite', 'hold', 'deny', 'return', 'chat'],
};

/** @typedef {keyof typeof IN_ROOM} Viewer */

/** Rights as the server would list them. @type {Record<Viewer, string[]>} */
export const IN_PRACTICE = {admin: ['create', 'administer'], host: ['create'], desk: []};

/** The same answer with `may` in each of its rooms, as this viewer gets it. @template T  @param {T} answer  @param {Viewer} who  @returns {T} */
export const seenBy = (answer, who) =>
    JSON.parse(JSON.stringify(answer), (_key, v) =>
        typeof v?.host === 'boolean' ? {...v, may: v.host && who !== 'desk' ? AS_HOST : IN_ROOM[who]} : v,
    );

/** The first message of the feed, by how busy the day is. */
export const FEEDS = {
    none: {type: 'welcome', seq: 0, rooms: []},
    calm: {type: 'welcome', seq: 0, rooms: QUIET},
    busy: {
        type: 'welcome',
        seq: 0,
        rooms: QUIET.map(r =>
            r.id === 'r1'
                ? {...r, participants: WAITING}
                : r.id === 'r4'
                  ? {...r, host: true, participants: INSIDE}
                  : r.id === 'r5'
                    ? {...r, participants: ALONE}
                    : r,
        ),
    },
};
