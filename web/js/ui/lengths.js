// Texts that are longer than the server takes: nothing is cut, the page says how many characters fit.
import {nothing} from 'lit/html.js';
import {fitting} from '../core/protocol.js';
import {t} from './texts.js';
import {wrongBelow} from './wrong.js';

/** @typedef {import('./ui.js').Ui} Ui */

/** Whether a text can be sent; if not, that is shown below its field, which gets the focus. @param {Ui} ui  @param {HTMLTextAreaElement} field  @param {number} bytes */
export function fitsInto(ui, field, bytes) {
    const fits = fitting(field.value.trim(), bytes);
    ui.long = fits ? {id: field.id, fits} : null;
    if (fits) field.focus();
    ui.redraw();
    return !fits;
}

/** A text that is short enough again is no longer wrong. @param {Ui} ui  @param {number} bytes */
export const shortened = (ui, bytes) => (/** @type {Event} */ e) => {
    if (!ui.long || fitting(/** @type {HTMLTextAreaElement} */ (e.currentTarget).value.trim(), bytes)) return;
    ui.long = null;
    ui.redraw();
};

/** @param {Ui} ui  @param {string} id of a field */
export const isLong = (ui, id) => ui.long?.id === id;

/** The message below it, as `<id>-wrong`. @param {Ui} ui  @param {string} id of a field */
export const tooLong = (ui, id) =>
    isLong(ui, id) ? wrongBelow(`${id}-wrong`, t('error.too_long', {max: ui.long?.fits ?? 0})) : nothing;
