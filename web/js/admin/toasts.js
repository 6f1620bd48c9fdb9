/* Short words about what was done. They never keep anybody from pressing: inside an open dialog they stand in it, since
 * all else is behind it; on the page they make room at its end, and what was just pressed moves out from under them. */

import {repeat} from 'lit/directives/repeat.js';
import {html, nothing} from 'lit/html.js';
import {icon} from '../ui/icon.js';
import {t} from '../ui/texts.js';

/** @typedef {import('./types.js').App} App */

/** @param {App} app */
export const toastList = app => html`
    <div class="toasts">
        ${repeat(
            app.state.toasts,
            x => x.id,
            x => toastView(app, x),
        )}
    </div>`;

/** @param {App} app  @param {import('./types.js').Toast} toast */
const toastView = (app, toast) => html`
    <div class="toast ${toast.kind}" role=${toast.kind === 'danger' ? 'alert' : 'status'}>
        ${icon(toast.kind === 'danger' ? 'circle-alert' : 'circle-check')}
        <span class="grow">${toast.text}</span>
        ${
            toast.undo
                ? html`<button class="button quiet" type="button" data-do="undo" @click=${() => {
                      app.dropToast(toast.id);
                      toast.undo?.();
                  }}>${icon('undo-2', 'mirrored')}${t('undo')}</button>`
                : nothing
        }
        <button class="button quiet square" type="button" aria-label=${t('close')} @click=${() => app.dropToast(toast.id)}>${icon('x')}</button>
    </div>`;

/** The toasts that room was made for last. */
let shown = '';

/** What was pressed last: not every browser gives a pressed button the focus. @type {Element | null} */
let pressed = null;

/** @param {Event} event */
export const rememberPress = event => {
    pressed =
        event.target instanceof Element ? event.target.closest('button, a, input, select, textarea, label') : null;
};

/** Makes room for the toasts that stand on the page; called after each drawing. @param {import('./types.js').State} state */
export function clearOfToasts(state) {
    const ids = state.dialog ? '' : state.toasts.map(x => x.id).join(' ');

    if (ids === shown) return;
    shown = ids;
    const list = ids ? document.querySelector('.toasts') : null;
    const taken = list ? Math.ceil(innerHeight - list.getBoundingClientRect().top) : 0;

    document.documentElement.style.setProperty('--toasts', `${taken}px`);
    if (!list) return;
    for (const element of [pressed, document.activeElement]) {
        if (element?.isConnected && covered(element, list)) element.scrollIntoView({block: 'nearest'});
    }
}

/** @param {Element} element  @param {Element} list */
function covered(element, list) {
    const [a, b] = [element.getBoundingClientRect(), list.getBoundingClientRect()];

    return a.height > 0 && a.bottom > b.top && a.top < b.bottom && a.right > b.left && a.left < b.right;
}
