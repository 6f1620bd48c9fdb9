// The dialog over the call, and the question before leaving.

import {html, nothing} from 'lit/html.js';
import {question, title} from './question.js';
import {t} from './texts.js';

/** @typedef {import('../core/call.js').Call} Call */
/** @typedef {import('../core/protocol.js').Participant} Participant */
/** @typedef {import('./ui.js').Ui} Ui */

/** The open dialog, if there is one; the browser keeps the focus inside and gives it back. @param {Ui} ui  @param {Call} call */
export const dialogView = (ui, call) =>
    ui.dialog
        ? html`<dialog aria-labelledby="dialog-title" @close=${ui.close}>${ui.dialog(ui, call)}${ui.later?.toasts(call)}</dialog>`
        : nothing;

/** After a drawing: a dialog can be shown only once it is in the page. @param {ParentNode} root */
export function showDialog(root) {
    const dialog = root.querySelector('dialog');
    if (dialog && !dialog.open) dialog.showModal();
}

/** Leaving gives up the place, so there is a question. A host has two buttons, never one. @param {Ui} ui */
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
