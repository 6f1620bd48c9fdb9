// A bar that moves with the voice, and a text for people who cannot see it.
import {html} from 'lit/html.js';
import {micLooks} from '../core/call.js';
import {Heard} from '../core/heard.js';
import {icon} from './icon.js';
import {clock} from './page.js';
import {t} from './texts.js';

const heard = new Heard(clock.now);

/** @param {import('../core/call.js').Call} call */
export function micMeter(call) {
    const looks = micLooks(call);
    const on = looks === 'on';
    const {micId} = call.local;
    if (!on) heard.forget();
    const words = (/** @type {boolean} */ works) =>
        t(looks === 'opening' ? 'control.opening' : !on ? 'mic.off' : works ? 'mic.heard' : 'mic.speak');
    // The text beside the bar follows each pause; a screen reader reads only changes.
    return html`<div class="mic-meter">
        ${icon(looks === 'off' ? 'mic-off' : 'mic')}
        <div class="bar" aria-hidden="true"></div>
        <span class="small" aria-hidden="true">${words(heard.holds(micId))}</span>
        <span class="visually-hidden" role="status">${words(heard.worked(micId))}</span>
    </div>`;
}

/** Moves the bar from now on, where one is drawn. @param {HTMLElement} root  @param {import('./ui.js').Ui} ui */
export function followLevel(root, ui) {
    ui.visit.deps.media.on('level', level => {
        const bar = root.querySelector('.mic-meter .bar');
        if (!(bar instanceof HTMLElement)) return;
        bar.style.setProperty('--level', level.toFixed(2));
        if (heard.take(level, ui.visit.call.local.micId)) ui.redraw();
    });
}
