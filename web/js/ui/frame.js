// The calm page around all screens but the call: practice above, help below.
import {html, nothing} from 'lit/html.js';
import {isolate, LANGUAGES} from '../core/i18n.js';
import {icon} from './icon.js';
import {changeLanguage, currentLanguage, t} from './texts.js';

/** @typedef {import('../core/call.js').Call} Call */
/** @typedef {import('./ui.js').Ui} Ui */

/** @param {Call} call  @param {Ui} ui  @param {unknown} content */
export const frame = (call, ui, content) => html`<div class="page">
    <header class="page-head">
        <p class="brand"><img src="/favicon.svg" alt="" width="28" height="28"><span>${call.practice.name || call.room?.name || ''}</span></p>
        ${languagePicker(ui)}
    </header>
    ${ui.languageTrouble ? html`<p class="notice warn page-notice" role="alert">${t(ui.languageTrouble)}</p>` : nothing}
    <main id="main" class="page-main" tabindex="-1">${content}</main>
    <footer class="page-foot">${call.host ? nothing : phoneHelp(call)}</footer>
</div>`;

/** A host belongs to the practice and need not phone it. @param {Call} call */
function phoneHelp(call) {
    const {phone} = call.practice;
    if (!phone) return nothing;
    return html`<a class="help" href="tel:${phone.replace(/[^+\d]/g, '')}">${icon('phone')}<span>${t('help.phone', {phone: isolate(phone)})}</span></a>`;
}

/** @param {Ui} ui */
function languagePicker(ui) {
    const change = async (/** @type {Event} */ e) => {
        const select = /** @type {HTMLSelectElement} */ (e.currentTarget);
        ui.languageTrouble = await changeLanguage(/** @type {import('../core/i18n.js').Language} */ (select.value));
        select.value = currentLanguage(); // the old one, when the other could not be loaded
        ui.redraw();
    };
    return html`<label class="language"
        ><span class="visually-hidden">${t('language')}</span>${icon('languages')}
        <select class="select" @change=${change}>
            ${Object.entries(LANGUAGES).map(
                ([id, {name}]) =>
                    html`<option value=${id} lang=${id} ?selected=${id === currentLanguage()}>${name}</option>`,
            )}
        </select></label
    >`;
}
