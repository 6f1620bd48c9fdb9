// The video elements: which stream each shows, the chosen speaker, and browsers that want a press before sound.
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

/** Our own picture, as in a mirror; without sound. @param {Ui} ui */
export function selfVideo(ui) {
    const track = ui.visit.deps.media.tracks.video;
    return html`<video class="self-video" data-self autoplay playsinline .muted=${true} .srcObject=${track ? streamOf(track) : null}></video>`;
}

/** @param {Ui} ui  @param {string} id  @param {string} label */
export function remoteVideo(ui, id, label) {
    return html`<video data-person=${id} autoplay playsinline aria-label=${label} .srcObject=${ui.visit.remotes.get(id) ?? null}></video>`;
}

/** After each drawing: sends sound to the chosen speaker and starts what did not start by itself.
 *  @param {HTMLElement} root  @param {Call} call  @param {Ui} ui */
export function tendVideos(root, call, ui) {
    for (const video of root.querySelectorAll('video')) {
        const remote = video.dataset['person'] !== undefined;
        if (remote) useSpeaker(video, call.local.speakerId);
        if (video.paused && video.srcObject && !video.dataset['asked']) start(video, remote, ui);
    }
}

/** @param {HTMLVideoElement} video  @param {string} speakerId */
function useSpeaker(video, speakerId) {
    if (!video.setSinkId || video.dataset['speaker'] === speakerId) return;
    video.dataset['speaker'] = speakerId;
    video.setSinkId(speakerId).catch(() => undefined); // gone meanwhile: the default goes on playing
}

/** @param {HTMLVideoElement} video  @param {boolean} remote  @param {Ui} ui */
function start(video, remote, ui) {
    video.dataset['asked'] = '1'; // one try at a time: the outcome comes later than the next drawing
    video.play().then(
        () => delete video.dataset['asked'],
        e => {
            delete video.dataset['asked'];
            if (remote && e.name === 'NotAllowedError' && !ui.needsTap) {
                ui.needsTap = true;
                ui.redraw();
            }
        },
    );
}

/** The press that browsers wait for. @param {Ui} ui */
export function playAll(ui) {
    ui.needsTap = false;
    for (const video of document.querySelectorAll('video')) video.play().catch(() => undefined);
    ui.redraw();
}
