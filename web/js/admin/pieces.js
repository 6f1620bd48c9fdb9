/* Small pieces that several pages draw. Each is a function from facts to a template. */
import {html, nothing} from 'lit/html.js';
import {initialsOf} from '../core/initials.js';
import {icon} from '../ui/icon.js';
import {t} from '../ui/texts.js';

/** @typedef {import('./types.js').View} View */
/** @typedef {import('./types.js').App} App */

/** A colour that stays with a name. @param {string} name  @returns {number} 0 to 5 */
function tint(name) {
    let sum = 0;

    for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 6;
    return sum;
}

/** @param {string} name  @param {string} [extra] */
export const avatar = (name, extra = '') =>
    html`<span class="avatar tint-${tint(name)} ${extra}" aria-hidden="true">${initialsOf(name) || icon('user')}</span>`;

/** @param {string} text  @param {'ok' | 'warn' | 'danger' | ''} [kind]  @param {string} [picture] */
export const chip = (text, kind = '', picture = '') =>
    html`<span class="chip ${kind}">${picture ? icon(picture) : nothing}${text}</span>`;

/**
 * The header of a page: its one h1 (which takes the focus after navigation), a text below, actions beside.
 * @param {string} title  @param {View | string | typeof nothing} words  @param {View | typeof nothing} actions
 */
export const pageHead = (title, words = nothing, actions = nothing) => html`
    <header class="page-head">
        <div class="grow">
            <h1 id="page-title" tabindex="-1">${title}</h1>
            ${words === nothing ? nothing : html`<p class="muted">${words}</p>`}
        </div>
        <div class="row">${actions}</div>
    </header>`;

/**
 * Shown in place of an empty list: a picture, a text, and the one action.
 * @param {string} picture  @param {string} title  @param {string} words  @param {View | typeof nothing} [action]
 */
export const emptyState = (picture, title, words, action = nothing) => html`
    <div class="empty">
        <span class="empty-picture">${icon(picture)}</span>
        <h2>${title}</h2>
        <p class="muted">${words}</p>
        ${action}
    </div>`;

/** Grey rows in the place of a list that is on its way. @param {number} [rows] */
export const skeleton = (rows = 3) => html`
    <div class="stack" role="status">
        <span class="visually-hidden">${t('loading')}</span>
        ${Array.from({length: rows}, () => html`<div class="skeleton" aria-hidden="true"></div>`)}
    </div>`;

/**
 * Draws a load: the rows, a skeleton, or the error with a way to try again.
 * @param {App} app  @param {import('./types.js').Load | undefined} load  @param {() => void} again
 * @param {(value: any) => View} view
 */
export function loaded(app, load, again, view) {
    if (!load || (load.status === 'loading' && load.value === undefined)) return skeleton();
    if (load.status === 'failed' && load.value === undefined) return failedState(app, load.error, again);
    return html`${
        load.status === 'failed'
            ? html`<div class="notice warn" role="status">
                  ${icon('triangle-alert')}<span class="grow">${app.errorText(load.error)} ${t('stale')}</span>
                  <button class="button quiet" type="button" @click=${again}>${t('retry')}</button>
              </div>`
            : nothing
    }${view(load.value)}`;
}

/** @param {App} app  @param {import('../core/api.js').ApiError | undefined} error  @param {() => void} again */
const failedState = (app, error, again) => html`
    <div class="empty" role="alert">
        <span class="empty-picture warn">${icon(error?.code === 'network' ? 'wifi-off' : 'triangle-alert')}</span>
        <h2>${t('failed.title')}</h2>
        <p class="muted">${app.errorText(error)}</p>
        ${error?.requestId ? html`<p class="muted small">${t('error.reference', {id: error.requestId})}</p>` : nothing}
        <button class="button primary" type="button" @click=${again}>${icon('refresh-cw')}${t('retry')}</button>
    </div>`;

/**
 * A field that narrows a list while one types.
 * @param {App} app  @param {string} label
 */
export const searchField = (app, label) => html`
    <label class="search">
        <span class="visually-hidden">${label}</span>
        ${icon('search')}
        <input class="input" type="search" placeholder=${label} autocomplete="off" .value=${app.state.ui['search'] ?? ''}
            @input=${(/** @type {InputEvent} */ e) => app.ui({search: /** @type {HTMLInputElement} */ (e.target).value})}>
    </label>`;

/** Whether any of `texts` contains the typed search. @param {App} app  @param {(string | undefined)[]} texts */
export function matchesSearch(app, texts) {
    const wanted = String(app.state.ui['search'] ?? '')
        .trim()
        .toLocaleLowerCase();

    return !wanted || texts.some(x => x?.toLocaleLowerCase().includes(wanted));
}

/** Shown when a search finds nothing. @param {App} app */
export const nothingFound = app => html`
    <p class="muted nothing-found" role="status">${t('search.none')}
        <button class="button quiet" type="button" @click=${() => app.ui({search: ''})}>${t('search.clear')}</button>
    </p>`;

/**
 * A link to a page of ours: followed without loading the page anew.
 * @param {App} app  @param {string} path  @returns {(event: MouseEvent) => void}
 */
export const follow = (app, path) => event => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    app.go(path);
};

/**
 * Moves the focus between the rows of a list with the arrow keys, Home and End; Tab goes into a row.
 * @param {KeyboardEvent} event
 */
export function rowKeys(event) {
    const list = /** @type {HTMLElement} */ (event.currentTarget);
    const rows = /** @type {HTMLElement[]} */ ([...list.querySelectorAll('[data-row]')]);
    const at = rows.indexOf(/** @type {HTMLElement} */ (event.target));
    const to = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1}[event.key];

    if (at < 0 || to === undefined || !rows[to]) return;
    event.preventDefault();
    rows[to].focus();
}
