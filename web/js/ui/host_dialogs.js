// The questions to a host before an action that cannot be undone.
import {html, nothing} from 'lit/html.js';
import {hosts, inside} from '../core/call.js';
import {HOST_TEXT_MAX_BYTES} from '../core/protocol.js';
import {icon} from './icon.js';
import {fitsInto, isLong, shortened, tooLong} from './lengths.js';
import {cancelButton, question, shutAnd, title} from './question.js';
import {t} from './texts.js';

/** @typedef {import('../core/call.js').Call} Call */
/** @typedef {import('../core/protocol.js').Participant} Participant */
/** @typedef {import('../core/host_verbs.js').HostVerb} HostVerb */
/** @typedef {import('./ui.js').Ui} Ui */

/** The field for a message to the person concerned. @param {Ui} ui  @param {HostVerb} verb */
const textField = (ui, verb) => html`<div class="field">
    <label for="dialog-text">${t('ask.text')}</label>
    <textarea id="dialog-text" name="text" class="input" dir="auto" placeholder=${t(`ask.${verb.name}_text`)}
        aria-invalid=${isLong(ui, 'dialog-text') ? 'true' : 'false'} aria-describedby=${isLong(ui, 'dialog-text') ? 'dialog-text-wrong' : nothing}
        @input=${shortened(ui, HOST_TEXT_MAX_BYTES)}></textarea>
    ${tooLong(ui, 'dialog-text')}
</div>`;

const blockField = () =>
    html`<label class="check"><input type="checkbox" name="block" /><span>${t('ask.block')}</span></label>`;

/** Sends the answers, unless the text is too long: then the question stays. @param {Ui} ui  @param {Participant} p  @param {HostVerb} verb */
const decided = (ui, p, verb) => (/** @type {FormData} */ data, /** @type {HTMLFormElement} */ form) => {
    const field = /** @type {HTMLTextAreaElement | null} */ (form.elements.namedItem('text'));
    if (field && !fitsInto(ui, field, HOST_TEXT_MAX_BYTES)) return false;
    ui.visit.decide(verb.type, p.id, {...verb.more, text: field?.value.trim() ?? '', block: data.has('block')});
    return true;
};

/** @param {Ui} ui  @param {Participant} p  @param {HostVerb} verb */
export const askVerb = (ui, p, verb) =>
    ui.open(() =>
        question({
            title: title(`ask.${verb.name}`, {name: p.name}),
            body: html`<p>${t(`ask.${verb.name}_then`)}</p>${verb.text ? textField(ui, verb) : nothing}${verb.block ? blockField() : nothing}`,
            verb: t(`verb.${verb.name}`),
            danger: verb.danger ?? false,
            do: `confirm-${verb.name}`,
            run: decided(ui, p, verb),
        }),
    );

/** @param {Ui} ui */
const endChoice =
    ui => html`<button class="choice danger" data-do="confirm-end" @click=${shutAnd(() => ui.visit.decide('end'))}>
            ${icon('phone-off')}<span><strong>${t('control.end')}</strong><br /><span class="small">${t('dialog.end_text')}</span></span>
        </button>`;

/** @param {Ui} ui  @param {Call} call */
export function hostLeaves(ui, call) {
    const guests = inside(call).filter(p => p.role !== 'host').length;
    const otherHosts = hosts(call).length > 0;
    const what =
        guests === 0 ? 'dialog.host_leave_alone' : otherHosts ? 'dialog.host_leave_others' : 'dialog.host_leave_text';
    return html`<div class="stack">
        ${title('dialog.host_leave')}
        <button class="choice" data-do="confirm-leave" @click=${shutAnd(() => ui.visit.leave())}>
            ${icon('log-out', 'mirrored')}<span><strong>${t('control.leave')}</strong><br /><span class="small">${t(what)}</span></span>
        </button>
        ${call.may.includes('end') ? endChoice(ui) : nothing}
        <div class="dialog-actions">${cancelButton('dialog.stay')}</div>
    </div>`;
}
