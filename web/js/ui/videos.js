// Pictures and voices: the stream of each element, the chosen speaker, and browsers that require a press before sound.
import {html} from 'lit/html.js';

/** @typedef {import('../core/call.js').Call} Call */
/** @typedef {import('./ui.js').Ui} Ui */

/** @type {WeakMap<MediaStreamTrack, MediaStream>} a stream object per track, so that drawing again restarts nothing */
const streams = new WeakMap();

/** @param {MediaStreamTrack} track */
export function streamOf(track) {
    let stream = streams.get(track);
    if (!stream) {
        stream = new MediaStream([track]);
        streams.set(track, stream);
    }
    return stream;
}

/** The stream an element must play, as its property `stream`; tendVideos() makes it play. @param {MediaStreamTrack | null | undefined} track */
const played = track => (track ? streamOf(track) : null);

/** An element as it is drawn here. @typedef {HTMLMediaElement & {stream?: MediaStream | null}} Player */

/** Our own picture, as in a mirror, except from a camera that looks away from us; without sound. @param {Ui} ui */
export function selfVideo(ui) {
    const track = ui.visit.deps.media.tracks.video;
    const outward = track?.getSettings().facingMode === 'environment';
    return html`<video class="self-video ${outward ? 'outward' : ''}" data-self autoplay playsinline .muted=${true} .stream=${played(track)}></video>`;
}

/**
 * Picture and sound of another person, each in an element of its own: one element for both stays silent as long as no
 * picture comes, and some people have no camera.
 * @param {Ui} ui  @param {string} id  @param {string} label
 */
export function remoteMedia(ui, id, label) {
    const stream = ui.visit.remotes.get(id);
    const [picture] = stream?.getVideoTracks() ?? [];
    const [sound] = stream?.getAudioTracks() ?? [];
    return html`<video data-person=${id} autoplay playsinline aria-label=${label} .muted=${true} .stream=${played(picture)}></video>
        <audio data-voice=${id} autoplay .stream=${played(sound)}></audio>`;
}

/** Those of the last drawing. @type {Set<Player>} */
let shown = new Set();

/** After each drawing: gives each element its stream, sends sound to the chosen speaker, starts what did not start by itself, and takes the stream from elements that have left
 *  the page: an element holds its last frame until it is collected, cameras have few to lend, and without one nothing is sent.
 *  @param {HTMLElement} root  @param {Call} call  @param {Ui} ui */
export function tendVideos(root, call, ui) {
    const before = shown;
    shown = new Set(mediaIn(root));
    for (const el of before) if (!shown.has(el)) el.srcObject = null;
    for (const el of shown) {
        play(el, el.stream ?? null);
        const voice = el.dataset['voice'] !== undefined;
        if (voice) useSpeaker(el, call.local.speakerId, ui);
        if (el.paused && el.srcObject && !el.dataset['asked']) start(el, voice, ui);
    }
}

/** Runs it when a picture of another person is there. @param {HTMLElement} root  @param {() => void} run */
export function onPicture(root, run) {
    const look = (/** @type {Event} */ e) =>
        e.target instanceof HTMLVideoElement && e.target.dataset['person'] && run();
    root.addEventListener('loadeddata', look, true); // it does not bubble
}

/** @param {ParentNode} root  @returns {NodeListOf<Player>} */
const mediaIn = root => root.querySelectorAll('video, audio');

/** Sets only a different stream: setting the same one would stop picture and sound and start them again.
 *  @param {HTMLMediaElement} el  @param {MediaStream | null} stream */
function play(el, stream) {
    if (el.srcObject !== stream) el.srcObject = stream;
}

/** The elements that are changing their speaker. @type {WeakSet<HTMLMediaElement>} */
const changing = new WeakSet();

/** One change at a time: an older one that ends late would override the last choice.
 *  @param {HTMLMediaElement} el  @param {string} speakerId  @param {Ui} ui */
async function useSpeaker(el, speakerId, ui) {
    if (!el.setSinkId || (el.dataset['speaker'] ?? '') === speakerId || changing.has(el)) return;
    changing.add(el);
    el.dataset['speaker'] = speakerId;
    await el.setSinkId(speakerId).catch(() => undefined); // gone meanwhile: the default goes on playing
    changing.delete(el);
    ui.redraw();
}

/** @param {HTMLMediaElement} el  @param {boolean} voice  @param {Ui} ui */
function start(el, voice, ui) {
    el.dataset['asked'] = '1'; // one try at a time: the outcome comes later than the next drawing
    el.play().then(
        () => delete el.dataset['asked'],
        e => {
            delete el.dataset['asked'];
            if (voice && e.name === 'NotAllowedError' && !ui.needsTap) {
                ui.needsTap = true;
                ui.redraw();
            }
        },
    );
}

/** The press that browsers wait for. @param {Ui} ui */
export function playAll(ui) {
    ui.needsTap = false;
    for (const el of mediaIn(document)) el.play().catch(() => undefined);
    ui.redraw();
}
