// Puts the room page together: makes the parts, draws the screen of the present state, listens to keys and network.
import {render} from 'lit/html.js';
import roomCss from '../../css/room.css?text';
import {stateName} from '../core/call.js';
import {Devices, environmentProblem} from '../core/devices.js';
import {makeLog} from '../core/log.js';
import {LocalMedia} from '../core/media.js';
import {Peers} from '../core/peers.js';
import {Signaling} from '../core/signaling.js';
import {Visit} from '../core/visit.js';
import {announcements} from '../ui/announcer.js';
import {attend, awakeAgain, keepAwake} from '../ui/attention.js';
import {followChat} from '../ui/chat.js';
import {askLeave, showDialog, showKeys} from '../ui/dialog.js';
import {find} from '../ui/dom.js';
import {busyWhen, clock, kept, part} from '../ui/page.js';
import {moveFocus, movePanelFocus, screen} from '../ui/screens.js';
import {settleSelfView} from '../ui/self_view.js';
import {closeMenusOutside, listenToKeys} from '../ui/shortcuts.js';
import {addTexts, t} from '../ui/texts.js';
import {newUi} from '../ui/ui.js';
import {tendVideos} from '../ui/videos.js';
import {followView} from '../ui/viewport.js';
import {Back} from './back.js';
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
        // Whose page it is, and the telephone that is left then.
        if (options.invitation) visit.open(options.invitation);
        else visit.learnPractice();
        return visit.dispatch({type: 'failed', problem: plainProblem(problem), phase: 'problem'});
    }
    if (options.invitation) return visit.open(options.invitation);
    if (await visit.resume(options.slug)) return;
    await visit.openRoom(options.slug);
}

/** @param {string} code */
const plainProblem = code => ({code, detail: '', field: '', retryAfterS: 0, requestId: ''});

/** Style, words and pictures of everything behind the landing page. */
export async function loadLooks() {
    await Promise.all([addTexts([GUEST]), loadPictures()]);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(roomCss);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** Into the browser's store, so that the first screen is not drawn with gaps. Without them the words still say all. */
const loadPictures = () =>
    fetch(__ICONS__)
        .then(answer => answer.blob())
        .catch(() => undefined);

/** @param {StartOptions} options */
function makeVisit({api, place}) {
    const log = makeLog({now: clock.now});
    const signaling = new Signaling({clock, random: Math.random, open: openSocket});
    const peers = new Peers({
        clock,
        log,
        connect: config => new RTCPeerConnection(config),
        makeStream: () => new MediaStream(),
        freshConfig: () => made.relay.fresh(),
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
    forHosts(made, ui, {
        openSocket,
        go: path => location.assign(path),
        today() {
            back.update('off', false);
            back.afterwards(() => location.replace('/app'));
        },
    });
    listenToKeys(made, ui, showKeys);
    closeMenusOutside(ui);
    const {media} = made.deps;
    navigator.mediaDevices?.addEventListener('devicechange', () => media.refreshList());
    addEventListener('online', () => made.wake(true));
    document.addEventListener('visibilitychange', () => {
        made.tell({background: document.hidden});
        if (document.hidden) return;
        awakeAgain();
        made.wake(false);
    });
}

/** @param {import('../core/call.js').Call} call */
const backState = ({phase}) =>
    phase === 'incall' ? 'on' : ['landing', 'connecting'].includes(phase) ? 'between' : 'off';

/**
 * Draws after every change, at most once a frame, and every second while something counts.
 * @param {Visit} made  @param {import('./landing.js').Landing} landing  @param {() => void} [afterwards] what follows a drawing
 */
export function draws(made, landing, afterwards) {
    const root = find('#app', HTMLElement);
    const ui = newUi(made, () => schedule());
    let drawn = '';
    let {panel, problem} = made.call;
    let due = false;
    followView(() => made.call.phase === 'incall');
    function schedule() {
        if (due) return;
        due = true;
        requestAnimationFrame(draw);
        setTimeout(draw, 100); // a page in the background gets no frames
    }
    function draw() {
        if (!due) return;
        due = false;
        const {call} = made;
        const state = stateName(call);
        document.body.dataset['state'] = state;
        document.body.dataset['cause'] = call.cause;
        landing.show(call.phase === 'landing');
        root.hidden = call.phase === 'landing';
        render(screen(call, ui), root);
        tendVideos(root, call, ui);
        followChat(root);
        showDialog(root);
        settleSelfView(root);
        const refused = call.problem !== null && call.problem !== problem;
        if (drawn !== call.phase || refused) moveFocus(root, call.phase);
        else if (panel !== call.panel) movePanelFocus(root, panel, call.panel);
        drawn = call.phase;
        ({panel, problem} = call);
        afterwards?.();
    }
    made.on('change', ({now, before}) => {
        ui.onChange(before, now);
        schedule();
        // After what follows from the change: the first offer does not wait for a chime.
        queueMicrotask(() => {
            announce(before, now);
            attend(before, now);
            keepAwake(now);
        });
    });
    made.on('remote', schedule);
    setInterval(() => ['waiting', 'incall', 'problem', 'ended'].includes(made.call.phase) && schedule(), 1000);
    schedule();
    return ui;
}

/** @param {import('../core/call.js').Call} before  @param {import('../core/call.js').Call} now */
function announce(before, now) {
    for (const {key, params, urgent} of announcements(before, now)) {
        const region = find(urgent ? '#urgent' : '#polite', HTMLElement);
        // The same words twice would not be read again, so each news is a line of its own.
        region.replaceChildren(document.createTextNode(t(key, params)));
    }
}
