// For development only (`node build.mjs --demo`): opens any screen by `?demo=name`, without a server or devices.
// Used for looking at screens and by the accessibility tests. Not part of a release: main.js drops the import.
import {ADMIT_TEXTS} from '../ui/admit_question.js';
import {letIn} from '../ui/call_admit.js';
import {find} from '../ui/dom.js';
import {HOST_PARTS} from '../ui/host_parts.js';
import {addTexts} from '../ui/texts.js';
import {ANA, LANDINGS, RIVERA, SCREENS} from './demo_screens.js';
import {draws} from './draw.js';
import {loadLater} from './for_later.js';
import {loadLooks} from './start.js';

/** A stand-in picture: a face on a plain ground, so that screens look realistic. @param {string} ground  @param {string} shirt */
function picture(ground, shirt) {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [640, 480];
    const paint = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    const draw = () => {
        paint.fillStyle = ground;
        paint.fillRect(0, 0, 640, 480);
        paint.fillStyle = shirt;
        paint.beginPath();
        paint.ellipse(320, 470, 190, 150, 0, 0, 7);
        paint.fill();
        paint.fillStyle = '#d9a58b';
        paint.beginPath();
        paint.ellipse(320, 215, 85, 110, 0, 0, 7);
        paint.fill();
    };
    draw();
    setInterval(draw, 200);
    return canvas.captureStream(5);
}

/** Takes every call and does nothing. @returns {any} */
function deaf() {
    return new Proxy(() => undefined, {
        get: (_, name) => (name === 'then' ? undefined : deaf()),
        apply: () => deaf(),
    });
}

/** What is known, and deaf to the rest. @param {Record<string, unknown>} known */
const withDeaf = known => new Proxy(known, {get: (_, name) => (name in known ? known[String(name)] : deaf())});

/** @param {string} name  @param {import('./landing.js').Landing} landing */
export async function startDemo(name, landing) {
    if (name.startsWith('landing')) return demoLanding(name, landing);
    await loadLooks();
    const tendLater = await loadLater();
    const call = SCREENS[name] ?? SCREENS['primer'];
    const track = picture('#5b7083', '#2f6f6a').getVideoTracks()[0] ?? null;
    const remotes = new Map([RIVERA, ANA].map(p => [p.id, picture('#8b98a5', '#f0f3f5')]));
    const visit = new Proxy(deaf(), {
        get: (_, key) =>
            /** @type {any} */ ({
                call,
                remotes,
                on: () => () => undefined,
                deps: {
                    clock: {now: () => 0, wall: () => Date.now(), repeat: () => 0, cancel: () => undefined},
                    media: withDeaf({
                        tracks: {video: track, audio: null},
                        chosen: {micId: '', cameraId: '', speakerId: ''},
                        on: () => () => undefined,
                    }),
                    peers: withDeaf({byId: new Map()}),
                    signaling: withDeaf({on: () => () => undefined}),
                },
            })[key] ?? (() => undefined),
    });
    if (call?.host) await addTexts([ADMIT_TEXTS]);
    const ui = draws(visit, landing);
    ui.letIn = id => letIn(ui, id);
    ui.host = HOST_PARTS;
    tendLater(ui);
    const pressed = (new URLSearchParams(location.search).get('press') ?? '').split(',').filter(Boolean);
    for (const [i, what] of pressed.entries())
        setTimeout(() => find(`[data-do="${what}"]`, HTMLElement).click(), 400 + 200 * i);
    setTimeout(() => shown(() => ui.steady !== null), 400 * Math.sign(pressed.length) + 200 * pressed.length);
}

/** @param {string} name  @param {import('./landing.js').Landing} landing */
function demoLanding(name, landing) {
    const {invitation = null, errorKey = ''} = LANDINGS[name] ?? {};
    landing.invitation = invitation;
    landing.opensAt = landing.deps.clock.wall() + (invitation?.opensInS ?? 0) * 1000;
    landing.errorKey = errorKey;
    landing.draw();
    shown();
}

/** Tests wait until everything is drawn: also the parts drawn a frame later, and the pictures. @param {() => boolean} [isWhole] all parts are there */
function shown(isWhole = () => true) {
    const lacksPicture = () =>
        [...document.querySelectorAll('video')].some(video => video.srcObject && video.readyState < 2);
    const finish = () => document.body.setAttribute('data-demo', 'shown');
    const look = () => {
        if (!isWhole() || lacksPicture()) setTimeout(look, 20);
        else requestAnimationFrame(() => requestAnimationFrame(finish));
    };
    requestAnimationFrame(() => requestAnimationFrame(look));
}
