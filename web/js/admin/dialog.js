/* The one dialog of the page, and the questions it asks. The browser's own <dialog> keeps the focus inside, closes on
 * Escape and gives the focus back to what opened it. */

import {keyed} from 'lit/directives/keyed.js';
import {html, nothing} from 'lit/html.js';
import {icon} from '../ui/icon.js';
import {t} from '../ui/texts.js';
import {toastList} from './toasts.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./types.js').View} View */

/** The dialog's place in the page. @param {App} app */
export const dialogHost = app => {
    const {dialog} = app.state;

    return keyed(
        dialog?.id ?? 0,
        dialog
            ? html`
                <dialog class="app-dialog" aria-labelledby="dialog-title" @close=${() => app.dialogClosed(dialog.id)} @click=${closeOnBackdrop}>
                    <div class="dialog-body">
                        <header class="dialog-head">
                            <h2 id="dialog-title" tabindex="-1" autofocus>${typeof dialog.label === 'string' ? dialog.label : dialog.label()}</h2>
                            <button class="button quiet square" type="button" aria-label=${t('close')} @click=${() => closeDialog()}>${icon('x')}</button>
                        </header>
                        ${dialog.view(closeDialog)}
                    </div>
                    ${toastList(app)}
                </dialog>`
            : nothing,
    );
};

/** Closing the element tells the app through its `close` event, so both ways out are one. */
export function closeDialog() {
    document.querySelector('dialog')?.close();
}

/** A press beside the dialog closes it. @param {MouseEvent} event */
function closeOnBackdrop(event) {
    const dialog = /** @type {HTMLDialogElement} */ (event.currentTarget);
    const typed = [...dialog.querySelectorAll('input, textarea')].some(
        i => i instanceof HTMLInputElement && !i.readOnly && i.type !== 'checkbox' && i.value !== i.defaultValue,
    );

    if (event.target === dialog && !typed) dialog.close();
}

/** Opens what was drawn; called after each drawing. With a keyboard one can type at once; on a phone the screen keyboard would rise over the dialog. */
export function showDialog() {
    const dialog = document.querySelector('dialog');

    if (!dialog || dialog.open) return;
    dialog.showModal();
    if (!matchMedia('(pointer: coarse)').matches)
        /** @type {HTMLElement | null} */ (dialog.querySelector('form .input'))?.focus();
}

/**
 * Asks before an action that cannot be undone.
 * @param {App} app
 * @param {{title: string, text: string, action: string, more?: View, danger?: boolean}} question
 * @returns {Promise<boolean>}
 */
export function confirmFirst(app, question) {
    return new Promise(resolve => {
        let answer = false;

        app.openDialog(
            question.title,
            close => html`
                <p>${question.text}</p>
                ${question.more ?? nothing}
                <div class="dialog-actions">
                    <button class="button" type="button" @click=${close}>${t('cancel')}</button>
                    <button class="button ${question.danger === false ? 'primary' : 'danger'}" type="button"
                        @click=${() => {
                            answer = true;
                            close();
                        }}>${question.action}</button>
                </div>`,
            () => resolve(answer),
        );
    });
}
