/* Any page in any state by ?demo=name, with invented data: for inspection, for axe and for screenshots. It is built only
 * with `--demo`, speaks with no server and stores nothing. */
import {ApiError} from '../core/api.js';
import {reduceLink, reduceMessage} from './dashboard_feed.js';
import {parseDashboard} from './dashboard_protocol.js';
import {
    ALL_USERS,
    ASKED,
    CALLS,
    FEEDS,
    IN_PRACTICE,
    INVITATIONS,
    NOW_MS,
    ROOMS,
    SESSIONS,
    seenBy,
    USERS,
} from './demo_data.js';

/** @typedef {import('./types.js').App} App */
/**
 * @typedef {object} Demo
 * @property {string} path the page
 * @property {keyof typeof USERS} [who] signed in as; nobody when absent
 * @property {keyof typeof FEEDS | 'silent'} [feed]
 * @property {Record<string, any>} [answers] of the API by "METHOD /path"; an ApiError is thrown, 'never' does not come
 * @property {(app: App) => void} [press] what to press when the page stands
 */

const facts = {practice: 'Hill Clinic', phone: '+351 555 0100', languages: ['en', 'ar'], set_up: true};
const LINK = {
    url: 'https://visit.hill-clinic.example/j/#kq3vx7n2d5h8m4tq9wz6ysb1ra',
    expires_at: new Date(NOW_MS + 86_400_000).toISOString(),
    reach: 'anywhere',
    host_name: 'Dr Olga Rivera',
};

/** @type {Record<string, any>} */
const ANSWERS = {
    'GET /public': facts,
    'GET /rooms': {items: ROOMS, next: null},
    'GET /rooms/r1': ROOMS[0],
    'GET /rooms/r2': ROOMS[1],
    'GET /rooms/r1/invitations': {items: INVITATIONS, next: null},
    'GET /rooms/r1/quality': {items: CALLS, next: null},
    'GET /invitations/asked': {items: ASKED, next: null},
    'GET /users': {items: ALL_USERS, next: null},
    'GET /settings': {practice: 'Hill Clinic', phone: facts.phone, etag: '"1"'},
    'GET /sessions': {items: SESSIONS, next: null},
    'POST /rooms/r1/invitations': {id: 'i9', state: 'valid', max_uses: 1, uses: 0, ...LINK},
    'POST /invitations/i1/link': LINK,
    'POST /users/u4/link': {
        link: 'https://visit.hill-clinic.example/password#f7k2',
        link_expires_at: LINK.expires_at,
        reach: 'anywhere',
    },
};

/** @param {string} check  @param {string} status  @param {string} code  @param {Record<string, string>} [blanks] */
const finding = (check, status, code, blanks = {}) => ({check, status, code, text: code, remedy: '', blanks});
const FAULTS = [
    finding('certificate', 'fail', 'certificate_incomplete', {name: 'visit.hill-clinic.example', address: '192.0.2.7'}),
    finding('address', 'fail', 'address_other', {url: 'https://visit.hill-clinic.example', address: '2001:db8::7'}),
    finding('turn_deny', 'fail', 'deny_open', {host: '192.0.2.8', open: '10.0.0.1, 169.254.169.254, 192.168.0.1'}),
    finding('backup', 'warn', 'backup_old', {days: '23', folder: '/var/lib/parlour'}),
    finding('disk', 'ok', 'disk_ok', {free: '48210', folder: '/var/lib/parlour'}),
    finding('database', 'ok', 'database_ok'),
    finding('ports', 'ok', 'port_ok', {address: '127.0.0.1:8080'}),
];
/** @param {string} state  @param {ReturnType<typeof finding>[]} checks */
const checked = (state, checks) => ({
    state,
    status: 'ok',
    began_at: new Date(NOW_MS).toISOString(),
    ended_at: new Date(NOW_MS).toISOString(),
    checks,
});

const refusal = (/** @type {ConstructorParameters<typeof ApiError>[0]} */ p) => new ApiError(p);

/** Presses an element as a person would. @param {string} selector  @returns {() => void} */
const click = selector => () => {
    requestAnimationFrame(() => /** @type {HTMLElement | null} */ (document.querySelector(selector))?.click());
};

/** Fills fields and sends the form. @param {Record<string, string>} values  @returns {() => void} */
const submit = values => () => {
    requestAnimationFrame(() => {
        for (const [name, value] of Object.entries(values)) {
            const field = /** @type {HTMLInputElement | null} */ (document.querySelector(`[name="${name}"]`));
            if (!field) continue;
            field.value = value;
            field.dispatchEvent(new Event('input', {bubbles: true}));
        }
        /** @type {HTMLFormElement | null} */ (document.querySelector('form'))?.requestSubmit();
    });
};

const PERSON = {
    practice: 'Hill Clinic',
    name: 'Olga Rivera',
    email: 'olga@hill-clinic.example',
    password: 'four rivers and a hill',
};
const DOOR = {email: PERSON.email, password: PERSON.password};
const live = /** @type {const} */ ({path: '/app', who: 'admin', feed: 'busy'});

/** @type {Record<string, Demo>} */
export const DEMOS = {
    setup: {path: '/setup', answers: {'GET /public': {...facts, practice: '', set_up: false}}},
    'setup-wrong': {
        path: '/setup',
        answers: {'GET /public': {...facts, practice: '', set_up: false}},
        press: submit({...PERSON, code: 'x', password: 'short'}),
    },
    'setup-already': {path: '/setup'},
    signin: {path: '/signin'},
    'signin-wrong': {
        path: '/signin',
        answers: {'POST /session': refusal({status: 401, code: 'bad_credentials'})},
        press: submit(DOOR),
    },
    'signin-throttled': {
        path: '/signin',
        answers: {'POST /session': refusal({status: 429, code: 'too_many_attempts', retry_after_s: 280})},
        press: submit(DOOR),
    },
    'signin-mfa': {
        path: '/signin',
        answers: {'POST /session': refusal({status: 401, code: 'totp_required'})},
        press: submit(DOOR),
    },
    'signin-trouble': {path: '/signin', answers: {'GET /public': refusal({code: 'network'})}},
    password: {path: '/password'},
    'password-done': {path: '/password', press: app => app.ui({done: true})},
    live,
    'live-desk': {...live, who: 'desk'},
    'live-admit': {...live, press: click('#seat-p4 [data-do=admit]')},
    'live-admit-inside': {...live, press: click('#seat-p8 [data-do=admit]')},
    'live-admit-gone': {...live, press: click('#seat-p2 [data-do=admit]')},
    'live-admit-not-host': {...live, press: click('#seat-p9 [data-do=admit]')},
    'live-deny': {...live, press: click('#seat-p3 [data-do=deny]')},
    'live-chat': {...live, press: chatDemo},
    'live-calm': {...live, feed: 'calm'},
    'live-empty': {...live, feed: 'none', answers: {'GET /rooms': {items: [], next: null}}},
    'live-loading': {...live, feed: 'silent'},
    'live-lost': {
        ...live,
        press: app => app.update(s => ({dashboard: reduceLink(s.dashboard, 'lost', NOW_MS + 8000)})),
    },
    'live-too-many': {...live, press: app => app.update(s => ({dashboard: reduceLink(s.dashboard, 'too_many', 0)}))},
    'live-offline': {...live, press: app => app.update({online: false})},
    'live-toast': {
        ...live,
        press: app => app.toast(app.t('people.disabled', {name: 'Jonas Becker'}), {undo: () => {}}),
    },
    rooms: {path: '/app/rooms', who: 'admin', feed: 'busy'},
    'rooms-empty': {path: '/app/rooms', who: 'admin', feed: 'none', answers: {'GET /rooms': {items: [], next: null}}},
    'rooms-loading': {path: '/app/rooms', who: 'admin', answers: {'GET /rooms': 'never'}},
    'rooms-failed': {
        path: '/app/rooms',
        who: 'admin',
        answers: {'GET /rooms': refusal({status: 500, code: 'internal', request_id: 'k3f9'})},
    },
    'rooms-search': {path: '/app/rooms', who: 'admin', press: app => app.ui({search: 'dentist'})},
    'room-new': {path: '/app/rooms', who: 'admin', press: click('[data-do=new-room]')},
    room: {path: '/app/rooms/r1', who: 'admin', feed: 'calm'},
    'room-no-links': {
        path: '/app/rooms/r1',
        who: 'admin',
        answers: {'GET /rooms/r1/invitations': {items: [], next: null}},
    },
    'room-calls': {path: '/app/rooms/r1', who: 'admin', press: showCalls(click('[data-do=more-calls]'))},
    'room-no-calls': {
        path: '/app/rooms/r1',
        who: 'admin',
        answers: {'GET /rooms/r1/quality': {items: [], next: null}},
        press: showCalls(),
    },
    'room-calls-loading': {
        path: '/app/rooms/r1',
        who: 'admin',
        answers: {'GET /rooms/r1/quality': 'never'},
        press: showCalls(),
    },
    'room-calls-failed': {
        path: '/app/rooms/r1',
        who: 'admin',
        answers: {'GET /rooms/r1/quality': refusal({code: 'network'})},
        press: showCalls(),
    },
    'room-conflict': {path: '/app/rooms/r1', who: 'admin', press: conflictDemo},
    'room-delete': {path: '/app/rooms/r1', who: 'admin', press: click('[data-do=delete-room]')},
    link: {path: '/app/rooms/r1', who: 'admin', press: click('[data-do=visit-link]')},
    'link-local': {
        path: '/app/rooms/r1',
        who: 'admin',
        answers: {
            'POST /rooms/r1/invitations': {
                ...{id: 'i9', state: 'valid', max_uses: 1, uses: 0, ...LINK},
                url: 'http://localhost:8080/j/#kq3vx7n2d5h8m4tq9wz6ysb1ra',
                reach: 'machine',
            },
        },
        press: click('[data-do=visit-link]'),
    },
    'link-colleague': {path: '/app/people', who: 'admin', press: passwordLinkDemo},
    'link-new': {path: '/app/rooms/r1', who: 'admin', press: click('[data-do=new-link]')},
    people: {path: '/app/people', who: 'admin'},
    'people-add': {path: '/app/people', who: 'admin', press: click('[data-do=add-person]')},
    'people-refused': {path: '/app/people', who: 'host'},
    doctor: {path: '/app/doctor', who: 'admin', answers: {'GET /doctor': checked('done', FAULTS)}},
    'doctor-fine': {path: '/app/doctor', who: 'admin', answers: {'GET /doctor': checked('done', FAULTS.slice(-3))}},
    'doctor-running': {
        path: '/app/doctor',
        who: 'admin',
        answers: {'GET /doctor': checked('running', FAULTS.slice(-2))},
    },
    'doctor-never': {path: '/app/doctor', who: 'admin', answers: {'GET /doctor': checked('never', [])}},
    'doctor-refused': {path: '/app/doctor', who: 'host'},
    account: {path: '/app/account', who: 'admin'},
    missing: {path: '/app/nothing/here', who: 'admin'},
};

/** Scrolls to the card of the last calls, then goes on. @param {() => void} [then]  @returns {() => void} */
function showCalls(then) {
    return () => {
        then?.();
        setTimeout(() => document.querySelector('#calls-title')?.scrollIntoView(), 60);
    };
}

/** @param {import('./dashboard_feed.js').Dashboard} dashboard  @param {object} m as the server would say it */
function hears(dashboard, m) {
    const message = parseDashboard(JSON.stringify(m))?.message;

    return message ? reduceMessage(dashboard, message) : dashboard;
}

/** @param {App} app */
function chatDemo(app) {
    const said = {type: 'chat', room: 'r1', from: 'p3', at: new Date(NOW_MS).toISOString()};

    for (const text of ['Hello, I am a little early.', 'Is that all right?'])
        app.update(s => ({dashboard: hears(s.dashboard, {...said, text})}));
    click('#seat-p3 [data-do=chat]')();
}

function passwordLinkDemo() {
    click('[data-row]:has(.chip.warn) [data-do=new-password-link]')();
    setTimeout(click('dialog .primary'), 60);
}

/** @param {App} app */
function conflictDemo(app) {
    const mine = {...ROOMS[0], name: 'Dr O. Rivera'};

    app.ui({
        merge: {
            form: mine,
            taken: ['locked'],
            clashes: [{name: 'name', mine: 'Dr O. Rivera', theirs: 'Dr Rivera (online)'}],
        },
    });
}

/**
 * The parts that stand in for server and time; null when no demonstration is asked for.
 * @param {string} search  @param {import('../core/clock.js').Clock} clock
 */
export function demoFor(search, clock) {
    const query = new URLSearchParams(search);
    const name = query.get('demo');

    if (name === null) return null;
    const demo = DEMOS[name];
    if (!demo) throw new Error(`no demonstration ${name}: ${Object.keys(DEMOS).join(' ')}`);
    const api = cannedApi(demo);

    return {
        path: demo.path,
        language: /** @type {import('../core/i18n.js').Language | null} */ (query.get('lang')),
        api,
        clock: {...clock, wall: () => NOW_MS, date: () => new Date(NOW_MS), doubtful: () => false, after: () => 0},
        dashboard: (/** @type {App} */ app) => cannedDashboard(app, demo),
        afterwards(/** @type {App} */ app) {
            setTimeout(() => {
                demo.press?.(app);
                // a press shows after the next drawing
                setTimeout(() => document.body.setAttribute('data-demo', 'shown'), 150);
            }, 50);
        },
    };
}

/** @param {Demo} demo */
const viewer = demo => /** @type {import('./demo_data.js').Viewer} */ (demo.who ?? 'desk');

/** @param {Demo} demo  @returns {import('../core/api.js').Api} */
function cannedApi(demo) {
    /** @param {string} method  @param {string} path */
    async function answer(method, path) {
        const key = `${method} ${path.split('?')[0]}`;
        /** @type {Record<string, any>} */
        const answers = {...ANSWERS, ...sessionAnswer(demo), ...demo.answers};
        const found = answers[key];

        if (found === 'never') return new Promise(() => {});
        if (found instanceof ApiError) throw found;
        if (found === undefined) throw new ApiError({status: 404, code: 'not_found'});
        return seenBy(found, viewer(demo));
    }
    return {
        get: path => answer('GET', path),
        post: path => answer('POST', path),
        put: path => answer('PUT', path),
        patch: path => answer('PATCH', path),
        del: path => answer('DELETE', path),
    };
}

/** @param {Demo} demo */
const sessionAnswer = demo => ({
    'GET /session': demo.who
        ? {user: USERS[demo.who], mfa_due: false, may: IN_PRACTICE[viewer(demo)]}
        : new ApiError({status: 401, code: 'unauthorized'}),
});

/** @param {App} app  @param {Demo} demo  @returns {import('./dashboard.js').DashboardControl} */
function cannedDashboard(app, demo) {
    return {
        start() {
            const feed = demo.feed ?? 'calm';
            if (feed !== 'silent')
                app.update(s => ({
                    dashboard: hears(reduceLink(s.dashboard, 'live', 0), seenBy(FEEDS[feed], viewer(demo))),
                }));
        },
        stop() {},
        retry() {},
        send: () => true,
    };
}
