// Words that are longer than the server takes: nothing is cut, it is said how many characters fit.
import {html, nothing} from 'lit/html.js';
import {fitting} from '../core/protocol.js';
import {icon} from './icon.js';
import {t} from './texts.js';

/** @typedef {import('./ui.js').Ui} Ui */

/** Whether a text can be sent; if not, it is said below its field, which gets the focus. @param {Ui} ui  @param {HTMLTextAreaElement} field  @param {number} bytes */
export function fitsInto(ui, field, bytes) {
    ui.fits = fitting(field.value.trim(), bytes);
    if (ui.fits) field.focus();
    ui.redraw();
    return !ui.fits;
}

/** What is short enough again is not wrong any more. @param {Ui} ui  @param {number} bytes */
export const shortened = (ui, bytes) => (/** @type {Event} */ e) => {
    if (!ui.fits || fitting(/** @type {HTMLTextAreaElement} */ (e.currentTarget).value.trim(), bytes)) return;
    ui.fits = 0;
    ui.redraw();
};

/** @param {Ui} ui  @param {string} id */
export const tooLong = (ui, id) =>
    ui.fits
        ? html`<p class="wrong" id=${id} role="alert">${icon('circle-alert')}<span>${t('error.too_long', {max: ui.fits})}</span></p>`
        : nothing;
