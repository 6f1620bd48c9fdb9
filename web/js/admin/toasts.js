/* Short messages about actions. They cover no button: toasts shown while a dialog is open stand in it, since the
 * page is behind it; on the page they stand where there are no buttons, below or above, and add space at its end, so that
 * everything can be scrolled out from under them; the button just pressed moves out by itself. */

import {repeat} from 'lit/directives/repeat.js';
import {html, nothing} from 'lit/html.js';
import {icon} from '../ui/icon.js';
import {t} from '../ui/texts.js';

/** @typedef {import('./types.js').App} App */

/** On the page all toasts, in the dialog only those since it was opened: both count with the same numbers. @param {App} app */
export const toastList = app => html`
    <div class="toasts">
        ${repeat(
            app.state.toasts.filter(x => x.id > (app.state.dialog?.id ?? 0)),
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

/** The elements of a page that can be pressed. */
const CONTROLS = 'main :is(a, button, input, select, textarea, summary)';

/** The toasts that were placed last, and the controls beside them. */
let shown = '';

/** The element pressed last: not every browser gives a pressed button the focus. @type {Element | null} */
let pressed = null;

/** @param {Event} event */
export const rememberPress = event => {
    pressed =
        event.target instanceof Element ? event.target.closest('button, a, input, select, textarea, label') : null;
};

/** Finds a place for the toasts that are shown; called after each drawing. @param {import('./types.js').State} state */
export function placeToasts(state) {
    const controls = state.toasts.length ? [...document.querySelectorAll(CONTROLS)] : [];
    const now = [state.dialog?.id, controls.length, ...state.toasts.map(x => x.id)].join(' '); // a page that fills moves them too

    if (now === shown) return;
    shown = now;
    const list = /** @type {HTMLElement | null} */ (document.querySelector('.toasts'));

    if (!list) return;
    if (!state.dialog) placeOnPage(list, controls);
    for (const element of [pressed, document.activeElement]) {
        if (element?.isConnected && covers(list, element)) element.scrollIntoView({block: 'nearest'});
    }
}

/** Below, where the eye expects them; above, below the head of the page, where that covers less. @param {HTMLElement} list  @param {Element[]} controls */
function placeOnPage(list, controls) {
    const root = document.documentElement;
    const covered = () => controls.filter(c => covers(list, c)).length;

    list.classList.remove('above');
    const taken = list.childElementCount ? Math.ceil(innerHeight - list.getBoundingClientRect().top) : 0;
    root.style.setProperty('--toasts', `${taken}px`);
    const below = taken ? covered() : 0;

    if (!below) return;
    const head = document.querySelector('header')?.getBoundingClientRect();
    // on a wide window the head stands beside the page
    root.style.setProperty('--toasts-top', `${head && head.width >= innerWidth ? Math.max(0, head.bottom) : 0}px`);
    list.classList.add('above');
    if (covered() >= below) list.classList.remove('above');
}

/** @param {Element} list  @param {Element} element */
function covers(list, element) {
    const a = element.getBoundingClientRect();

    return [...list.children].some(toast => {
        const b = toast.getBoundingClientRect();
        return a.height > 0 && a.bottom > b.top && a.top < b.bottom && a.right > b.left && a.left < b.right;
    });
}
