// A bar that moves with the voice, and words for those who cannot see it.

import {ref} from 'lit/directives/ref.js';
import {html} from 'lit/html.js';
import {micLooks} from '../core/call.js';
import {Heard} from '../core/heard.js';
import {icon} from './icon.js';
import {clock} from './page.js';
import {t} from './texts.js';

/** @type {(() => void) | null} */
let stop = null;
const heard = new Heard(clock.now);

/** @param {import('../core/call.js').Call} call  @param {import('./ui.js').Ui} ui */
export function micMeter(call, ui) {
    const looks = micLooks(call);
    const on = looks === 'on';
    const {micId} = call.local;
    const follow = (/** @type {Element | undefined} */ el) => {
        stop?.();
        stop = null;
        if (!(el instanceof HTMLElement)) return;
        stop = ui.visit.deps.media.on('level', level => {
            el.style.setProperty('--level', level.toFixed(2));
            if (heard.take(level, micId)) ui.redraw();
        });
    };
    if (!on) heard.forget();
    const words = (/** @type {boolean} */ works) =>
        t(looks === 'opening' ? 'control.opening' : !on ? 'mic.off' : works ? 'mic.heard' : 'mic.speak');
    // The words beside the bar follow each pause; a screen reader says only what is new.
    return html`<div class="mic-meter">
        ${icon(looks === 'off' ? 'mic-off' : 'mic')}
        <div class="bar" aria-hidden="true" ${ref(follow)}></div>
        <span class="small" aria-hidden="true">${words(heard.holds(micId))}</span>
        <span class="visually-hidden" role="status">${words(heard.worked(micId))}</span>
    </div>`;
}
