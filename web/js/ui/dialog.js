// Questions before something that cannot be undone, and small windows over the call.

import {html, nothing} from 'lit/html.js';
import {deviceNotes} from './device_notes.js';
import {devicePickers, soundTest} from './device_pickers.js';
import {question, shut, title} from './question.js';
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

/** Leaving gives up the place, so it is asked. A host has two verbs, never one. @param {Ui} ui */
export const askLeave = ui => ui.open((_, call) => (call.host && ui.host?.leaves(ui, call)) || guestLeaves(ui, call));

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
