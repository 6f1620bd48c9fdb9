// News of the devices over the pictures, each with its button, and the button for a phone's other camera.
import {html, nothing} from 'lit/html.js';
import {camLooks} from '../../core/call.js';
import {icon} from '../../ui/icon.js';
import {t} from '../../ui/texts.js';
import {flip} from './flip.js';

/** @typedef {import('../../core/call.js').Call} Call */
/** @typedef {import('../../core/visit.js').Visit} Visit */

/** @param {Call} call  @param {import('./watch.js').DeviceWatch} watch  @param {Visit} visit */
export function deviceNews(call, watch, visit) {
    if (!call.talking && !call.offers.length) return nothing;
    return html`<div class="trouble" data-news>
        ${
            call.talking
                ? note(
                      'mic-off',
                      'talking',
                      t('talking.muted'),
                      button('unmute', 'talking.unmute', () => visit.toggleMic()),
                  )
                : nothing
        }
        ${call.offers.map(offer =>
            note(
                picture(offer),
                'offer',
                t(offer.back ? 'offer.back' : 'offer.new', {label: offer.label}),
                html`${button('use-device', 'offer.use', () => watch.accept(offer))}
                ${button('not-now', 'offer.no', () => watch.dismiss(offer))}`,
            ),
        )}
    </div>`;
}

/** @param {import('./slice.js').Offer} offer */
const picture = ({ids}) => (ids.micId ? 'mic' : ids.cameraId ? 'video' : 'volume-2');

/** @param {string} picture  @param {string} name  @param {string} words  @param {unknown} buttons */
const note = (picture, name, words, buttons) => html`<div class="notice news" role="status" data-news=${name}>
    ${icon(picture)}<p>${words}</p><div class="row">${buttons}</div>
</div>`;

/** @param {string} name  @param {string} key  @param {() => unknown} run */
const button = (name, key, run) => html`<button class="button" data-do=${name} @click=${run}>${t(key)}</button>`;

/** On phones with more than one camera. A press on it moves nothing. @param {Call} call  @param {Visit} visit */
export function flipButton(call, visit) {
    if (camLooks(call) === 'off' || call.local.cameras.length < 2 || !matchMedia('(pointer: coarse)').matches)
        return nothing;
    const busy = camLooks(call) === 'opening';
    return html`<button type="button" class="flip" data-do="flip" aria-busy=${busy ? 'true' : nothing} aria-label=${t('control.flip')}
        @pointerdown=${(/** @type {Event} */ e) => e.stopPropagation()}
        @click=${() => busy || flip(visit.deps.media, call.local.cameras)}>${icon('switch-camera')}</button>`;
}
