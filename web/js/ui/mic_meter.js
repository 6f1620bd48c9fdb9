// A bar that moves with the voice, and words for those who cannot see it.

import {ref} from 'lit/directives/ref.js';
import {html} from 'lit/html.js';
import {micLooks} from '../core/call.js';
import {icon} from './icon.js';
import {t} from './texts.js';

/** Above this we are sure that a voice or at least a room was heard. */
const HEARD = 0.25;

/** @type {(() => void) | null} */
let stop = null;
let heard = false;

/** @param {import('../core/call.js').Call} call  @param {import('./ui.js').Ui} ui */
export function micMeter(call, ui) {
    const looks = micLooks(call);
    const on = looks === 'on';
    const follow = (/** @type {Element | undefined} */ el) => {
        stop?.();
        stop = null;
        if (!(el instanceof HTMLElement)) return;
        stop = ui.visit.deps.media.on('level', level => {
            el.style.setProperty('--level', level.toFixed(2));
            if (level > HEARD && !heard) {
                heard = true;
                ui.redraw();
            }
        });
    };
    if (!on) heard = false;
    const words =
        looks === 'opening' ? t('control.opening') : !on ? t('mic.off') : heard ? t('mic.heard') : t('mic.speak');
    return html`<div class="mic-meter">
        ${icon(looks === 'off' ? 'mic-off' : 'mic')}
        <div class="bar" aria-hidden="true" ${ref(follow)}></div>
        <span class="small" role="status">${words}</span>
    </div>`;
}
