// The call in a small window above other programs: with buttons where the browser can, otherwise the picture alone.

import {inside, micLooks} from '../../core/call.js';
import {make} from '../../ui/dom.js';
import {t} from '../../ui/texts.js';
import {streamOf} from '../../ui/videos.js';
import pipCss from './pip.css?text';

/** @typedef {import('../../ui/ui.js').Ui} Ui */

export const canPopOut = () => 'documentPictureInPicture' in window || document.pictureInPictureEnabled === true;

/** @param {Ui} ui */
export async function popOut(ui) {
    try {
        if (window.documentPictureInPicture) await openWindow(window.documentPictureInPicture, ui);
        else await firstRemote()?.requestPictureInPicture();
    } catch (e) {
        ui.visit.deps.log.note('pip', {error: e instanceof Error ? e.name : ''});
        ui.visit.toast('toast.pip_failed');
    }
}

const firstRemote = () => /** @type {HTMLVideoElement | null} */ (document.querySelector('video[data-person]'));

/** Its own pictures of the same streams: the page's elements and the sound stay where they are.
 *  @param {DocumentPictureInPicture} pip  @param {Ui} ui */
async function openWindow(pip, ui) {
    const win = await pip.requestWindow({width: 360, height: 270});
    const sheet = new /** @type {any} */ (win).CSSStyleSheet();
    sheet.replaceSync(pipCss);
    win.document.adoptedStyleSheets = [sheet];
    win.document.documentElement.dir = document.documentElement.dir;
    const other = make('video', {autoplay: true, playsinline: true});
    const self = make('video', {autoplay: true, playsinline: true, class: 'self'});
    const mic = make('button', {type: 'button'});
    const end = make('button', {type: 'button', class: 'end'}, t('control.leave'));
    other.muted = true;
    self.muted = true;
    mic.onclick = () => ui.visit.toggleMic();
    end.onclick = () => {
        win.close();
        ui.visit.leave();
    };
    win.document.body.append(other, self, make('div', {class: 'bar'}, mic, end));

    const draw = () => {
        const now = ui.visit.call;
        if (now.phase !== 'incall') return win.close();
        const [first] = inside(now);
        const track = ui.visit.deps.media.tracks.video;
        const looks = micLooks(now);
        show(other, (first && ui.visit.remotes.get(first.id)) ?? null); // muted: the voice comes from the page
        show(self, track && streamOf(track));
        mic.textContent = t(looks === 'off' ? 'pip.unmute' : 'pip.mute');
        mic.ariaBusy = String(looks === 'opening');
    };
    const stops = [ui.visit.on('change', draw), ui.visit.on('remote', draw)];
    win.addEventListener('pagehide', () => stops.forEach(stop => void stop()));
    draw();
}

/** @param {HTMLVideoElement} video  @param {MediaStream | null} stream */
function show(video, stream) {
    if (video.srcObject !== stream) video.srcObject = stream;
}
