// The pieces that every question is made of.
import {html} from 'lit/html.js';
import {t} from './texts.js';

/** @param {Event} e */
export const shut = e => /** @type {Element} */ (e.currentTarget).closest('dialog')?.close();

/** Closes the dialog, then does it. @param {() => void} run */
export const shutAnd = run => (/** @type {Event} */ e) => {
    shut(e);
    run();
};

/** @param {string} key  @param {Record<string, string | number>} [params] */
export const title = (key, params) => html`<h2 id="dialog-title">${t(key, params)}</h2>`;

export const cancelButton = (key = 'cancel') =>
    html`<button type="button" class="button" data-do="cancel" @click=${shut}>${t(key)}</button>`;

/** A question with one answer that acts. @param {{title: unknown, body: unknown, verb: string, danger?: boolean,
 *  do: string, cancel?: string, run: (data: FormData, form: HTMLFormElement) => boolean | void}} q `run`: false keeps it open */
export const question = q => html`<form
    method="dialog"
    class="stack"
    novalidate
    @submit=${(/** @type {SubmitEvent} */ e) => {
        const form = /** @type {HTMLFormElement} */ (e.currentTarget);
        if (q.run(new FormData(form), form) === false) e.preventDefault();
    }}
>
    ${q.title} ${q.body}
    <div class="dialog-actions">
        ${cancelButton(q.cancel)}
        <button class="button ${q.danger ? 'danger' : 'primary'}" data-do=${q.do}>${q.verb}</button>
    </div>
</form>`;
