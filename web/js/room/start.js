// Puts the room page together: makes the parts, listens to keys and network.
import roomCss from '../../css/room.css?text';
import {Devices, environmentProblem} from '../core/devices.js';
import {makeLog} from '../core/log.js';
import {LocalMedia} from '../core/media.js';
import {Peers} from '../core/peers.js';
import {Signaling} from '../core/signaling.js';
import {Visit} from '../core/visit.js';
import {askLeave} from '../ui/call_dialog.js';
import {addLooks, loadPictures} from '../ui/looks.js';
import {busyWhen, clock, kept, part} from '../ui/page.js';
import {addTexts} from '../ui/texts.js';
import {Back} from './back.js';
import {draws} from './draw.js';
import {forHosts} from './for_hosts.js';

/** @type {import('../ui/texts.js').Source} */
const GUEST = {
    en: () => import('../../lang/en/guest.json'),
    ar: () => import('../../lang/ar/guest.json'),
};

/**
 * @typedef {object} StartOptions
 * @property {import('../core/api.js').Api} api
 * @property {import('../core/place.js').PlaceStore} place
 * @property {import('../core/invitation.js').Invitation | null} invitation looked up already
 * @property {string} slug of `/r/<slug>`, or empty
 * @property {import('./landing.js').Landing} landing
 */

/** @type {Visit | null} the page's one visit: going back to the landing page and in again keeps it */
let visit = null;

/** @param {StartOptions} options */
export async function start(options) {
    if (!visit) {
        await loadLooks();
        visit = makeVisit(options);
        busyWhen(() => visit?.call.phase !== 'landing');
        visit.dispatch({type: 'practice', ...options.landing.practice()});
        attach(visit, options.landing);
    }
    const problem = environmentProblem(window);
    if (problem) {
        // The name of the practice, and its telephone as the last resort.
        if (options.invitation) visit.open(options.invitation);
        else visit.learnPractice();
        return visit.dispatch({type: 'failed', problem: plainProblem(problem), phase: 'problem'});
    }
    if (options.invitation) return visit.open(options.invitation);
    if (await visit.seat.resume(options.slug)) return;
    await visit.seat.openRoom(options.slug);
}

/** @param {string} code */
const plainProblem = code => ({code, detail: '', field: '', retryAfterS: 0, requestId: ''});

/** Style, texts and pictures of everything behind the landing page. */
export async function loadLooks() {
    await Promise.all([addTexts([GUEST]), loadPictures(__ICONS_FIRST__)]);
    addLooks(roomCss);
}

const CHECK_AFTER_MS = 3_000;

/** @param {RTCConfiguration} config */
const connect = config => new RTCPeerConnection(config);

/** @param {StartOptions} options */
function makeVisit({api, place}) {
    const log = makeLog({now: clock.now});
    const signaling = new Signaling({clock, random: Math.random, open: openSocket});
    const peers = new Peers({
        clock,
        log,
        connect,
        makeStream: () => new MediaStream(),
    });
    const media = new LocalMedia({
        clock,
        devices: new Devices({media: navigator.mediaDevices, permissions: navigator.permissions}),
        storage: kept,
        audioContext: () => new AudioContext(),
    });
    const hostWay = (/** @type {Visit} */ v) => part(() => import('./host.js')).then(m => m.hostWay(v));
    const certificate = makeCertificate();
    const made = new Visit({api, clock, log, signaling, peers, media, place, hostWay, certificate});
    return made;
}

/** @param {string} path */
function openSocket(path) {
    const url = new URL(path, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return new WebSocket(url, ['parlour.v1']);
}

/** One certificate for the page's life. */
function makeCertificate() {
    const kind = /** @type {EcKeyGenParams} */ ({name: 'ECDSA', namedCurve: 'P-256'});
    const made = globalThis.RTCPeerConnection?.generateCertificate?.(kind);
    return () => (made ? made.catch(() => null) : Promise.resolve(null));
}

/** @param {Visit} made  @param {import('./landing.js').Landing} landing */
function attach(made, landing) {
    const ui = draws(made, landing, () => back.update(backState(made.call), ui.dialog !== null));
    const back = new Back({
        history,
        onPop: run => addEventListener('popstate', run),
        ask: () => askLeave(ui),
        close: () => ui.close(),
    });
    made.on('change', checkWhileWaiting(made));
    forHosts(made, ui, {
        openSocket,
        go: path => location.assign(path),
        today() {
            back.update('off', false);
            back.afterwards(() => location.replace('/app'));
        },
    });
    const keyed = (/** @type {KeyboardEvent} */ e) => ui.withLater(later => later.onKey(e, ui));
    document.addEventListener('keydown', e => made.call.phase === 'incall' && keyed(e));
    const {media} = made.deps;
    navigator.mediaDevices?.addEventListener('devicechange', () => media.refreshList());
    addEventListener('online', () => made.wake(true));
    document.addEventListener('visibilitychange', () => {
        made.reports.tell({background: document.hidden});
        if (document.hidden) return;
        made.wake(false);
    });
}

/** The line is checked once, when the page of the waiting room has all that it needs. @param {Visit} visit */
function checkWhileWaiting(visit) {
    let due = true;
    return () => {
        if (!due || visit.call.phase !== 'waiting') return;
        due = false;
        clock.after(
            () =>
                part(() => import('../core/own_check.js')).then(
                    m => m.checkOwnLine(visit, {connect}),
                    () => undefined,
                ),
            CHECK_AFTER_MS,
        );
    };
}

/** @param {import('../core/call.js').Call} call */
const backState = ({phase}) =>
    phase === 'incall' ? 'on' : ['landing', 'connecting'].includes(phase) ? 'between' : 'off';
