// Questions before something that cannot be undone, and small windows over the call.

import {html, nothing} from 'lit/html.js';
import {hosts, inside} from '../core/call.js';
import {deviceNotes} from './device_notes.js';
import {devicePickers, soundTest} from './device_pickers.js';
import {icon} from './icon.js';
import {t} from './texts.js';
import {toasts} from './toasts.js';

/** @typedef {import('../core/call.js').Call} Call */
/** @typedef {import('../core/protocol.js').Participant} Participant */
/** @typedef {import('./ui.js').Ui} Ui */

/** The open dialog, if there is one; the browser keeps the focus inside and gives it back. @param {Ui} ui  @param {Call} call */
export const dialogView = (ui, call) =>
    ui.dialog
        ? html`<dialog aria-labelledby="dialog-title" @close=${ui.close}>${ui.dialog(ui, call)}${toasts(call)}</dialog>`
        : nothing;

/** After a drawing: a dialog can be shown only once it is in the page. @param {ParentNode} root */
export function showDialog(root) {
    const dialog = root.querySelector('dialog');
    if (dialog && !dialog.open) dialog.showModal();
}

/** @param {Event} e */
const shut = e => /** @type {Element} */ (e.currentTarget).closest('dialog')?.close();

/** Closes the dialog, then does it. @param {() => void} run */
const shutAnd = run => (/** @type {Event} */ e) => {
    shut(e);
    run();
};

/** @param {string} key  @param {Record<string, string | number>} [params] */
const title = (key, params) => html`<h2 id="dialog-title">${t(key, params)}</h2>`;

const cancelButton = (key = 'cancel') =>
    html`<button type="button" class="button" data-do="cancel" @click=${shut}>${t(key)}</button>`;

/** A question with one answer that does something. @param {{title: unknown, body: unknown, verb: string, danger?: boolean,
 *  do: string, cancel?: string, run: (data: FormData) => void}} q */
const question = q => html`<form
    method="dialog"
    class="stack"
    @submit=${(/** @type {SubmitEvent} */ e) => {
        q.run(new FormData(/** @type {HTMLFormElement} */ (e.currentTarget)));
    }}
>
    ${q.title} ${q.body}
    <div class="dialog-actions">
        ${cancelButton(q.cancel)}
        <button class="button ${q.danger ? 'danger' : 'primary'}" data-do=${q.do}>${q.verb}</button>
    </div>
</form>`;

/** Words for the person concerned. @param {string} key */
const textField = key => html`<div class="field">
    <label for="dialog-text">${t(key)}</label>
    <textarea id="dialog-text" name="text" class="input" maxlength="500" dir="auto"></textarea>
</div>`;

const blockField = () =>
    html`<label class="check"><input type="checkbox" name="block" /><span>${t('dialog.block')}</span></label>`;

/** @param {FormData} data */
const answers = data => ({text: String(data.get('text') ?? '').trim(), block: data.get('block') !== null});

/** @param {Ui} ui  @param {Participant} p */
export const askDeny = (ui, p) =>
    ui.open(() =>
        question({
            title: title('dialog.deny', {name: p.name}),
            body: html`<p>${t('dialog.deny_text')}</p>${textField('dialog.reason')}${blockField()}`,
            verb: t('people.deny'),
            danger: true,
            do: 'confirm-deny',
            run: data => ui.visit.decide('deny', p.id, answers(data)),
        }),
    );

/** @param {Ui} ui  @param {Participant} p */
export const askHold = (ui, p) =>
    ui.open(() =>
        question({
            title: title('dialog.hold', {name: p.name}),
            body: html`<p>${t('dialog.hold_text')}</p>${textField('dialog.message')}`,
            verb: t('people.hold'),
            do: 'confirm-hold',
            run: data => ui.visit.decide('hold', p.id, answers(data)),
        }),
    );

/** @param {Ui} ui  @param {Participant} p */
export const askRemove = (ui, p) =>
    ui.open(() =>
        question({
            title: title('dialog.remove', {name: p.name}),
            body: html`<p>${t('dialog.remove_text')}</p>${textField('dialog.reason')}${blockField()}`,
            verb: t('people.remove'),
            danger: true,
            do: 'confirm-remove',
            run: data => ui.visit.decide('remove', p.id, answers(data)),
        }),
    );

/** Leaving gives up the place, so it is asked. A host has two verbs, never one. @param {Ui} ui */
export const askLeave = ui => ui.open((_, call) => (call.host ? hostLeaves(ui, call) : guestLeaves(ui, call)));

/** @param {Ui} ui  @param {Call} call */
const guestLeaves = (ui, call) =>
    question({
        title: title(call.phase === 'waiting' ? 'dialog.leave_waiting' : 'dialog.leave'),
        body: html`<p>${t(call.phase === 'waiting' ? 'dialog.leave_waiting_text' : 'dialog.leave_text')}</p>`,
        verb: t('control.leave'),
        danger: true,
        cancel: 'dialog.stay',
        do: 'confirm-leave',
        run: () => ui.visit.leave(),
    });

/** @param {Ui} ui  @param {Call} call */
function hostLeaves(ui, call) {
    const guests = inside(call).filter(p => p.role !== 'host').length;
    const otherHosts = hosts(call).length > 0;
    const what =
        guests === 0 ? 'dialog.host_leave_alone' : otherHosts ? 'dialog.host_leave_others' : 'dialog.host_leave_text';
    return html`<div class="stack">
        ${title('dialog.host_leave')}
        <button class="choice" data-do="confirm-leave" @click=${shutAnd(() => ui.visit.leave())}>
            ${icon('log-out', 'mirrored')}<span><strong>${t('control.leave')}</strong><br /><span class="small">${t(what)}</span></span>
        </button>
        <button class="choice danger" data-do="confirm-end" @click=${shutAnd(() => ui.visit.endForAll())}>
            ${icon('phone-off')}<span><strong>${t('control.end')}</strong><br /><span class="small">${t('dialog.end_text')}</span></span>
        </button>
        <div class="dialog-actions">${cancelButton('dialog.stay')}</div>
    </div>`;
}

/** @param {Ui} ui */
export const showDevices = ui =>
    ui.open(
        (_, call) => html`<div class="stack">
            ${title('check.devices')} ${deviceNotes(call, ui)} ${devicePickers(call, ui)} ${soundTest(call, ui)}
            <div class="dialog-actions"><button class="button primary" data-do="close" @click=${shut}>${t('close')}</button></div>
        </div>`,
    );

/** @type {[string, string][]} */
const KEYS = [
    ['M', 'keys.mic'],
    ['V', 'keys.cam'],
    ['C', 'keys.chat'],
    ['P', 'keys.people'],
    ['?', 'keys.list'],
    ['Esc', 'keys.close'],
];

/** @param {Ui} ui */
export const showKeys = ui =>
    ui.open(
        () => html`<div class="stack">
            ${title('keys.title')}
            <dl class="keys">${KEYS.map(([k, text]) => html`<div><dt><kbd>${k}</kbd></dt><dd>${t(text)}</dd></div>`)}</dl>
            <p class="small muted">${t('keys.self_view')}</p>
            <div class="dialog-actions"><button class="button primary" data-do="close" @click=${shut}>${t('close')}</button></div>
        </div>`,
    );
