/* Forms: fields with their label, hint and error, and sending without losing what was typed. All mistakes
 * are shown at once, each beside its field, and go as soon as they are corrected. The browser's own bubbles never show. */

import {ifDefined} from 'lit/directives/if-defined.js';
import {html, nothing} from 'lit/html.js';
import {ApiError} from '../core/api.js';
import {icon} from '../ui/icon.js';
import {t} from '../ui/texts.js';
import {formError, localProblem} from './form_errors.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./types.js').FormState} FormState */
/**
 * @typedef {object} FieldSpec
 * @property {string} name member of the API's body
 * @property {string} label
 * @property {string} [hint]
 * @property {string} [type]
 * @property {string} [value] what the field starts with
 * @property {boolean} [suggested] the value is a suggestion: it is selected on focus, so that typing replaces it
 * @property {string} [autocomplete]
 * @property {boolean} [required]
 * @property {number} [minlength]
 * @property {number} [maxlength] in characters; exceeding it is reported, so that nothing pasted is cut off in silence
 * @property {number} [min]
 * @property {number} [max]
 * @property {string} [pattern]
 * @property {string} [inputmode]
 * @property {'ltr' | 'auto'} [dir]
 * @property {string} [placeholder]
 * @property {(value: string) => void} [onInput]
 * @property {import('./types.js').View} [after] drawn below the control
 * @property {import('./types.js').View} [beside] drawn at the end of the control
 */

/** @type {FormState} */
const QUIET = {busy: false, errors: []};

/** @param {App} app  @param {string} form  @returns {FormState} */
const formState = (app, form) => app.state.forms[form] ?? QUIET;

/** @param {App} app  @param {string} form  @param {FormState} state */
function setForm(app, form, state) {
    app.update(s => ({forms: {...s.forms, [form]: state}}));
}

/** @param {string} key  */
const has = key => t(key) !== key;

/** @param {App} app  @param {string} form  @param {string} name */
function errorOf(app, form, name) {
    const error = formState(app, form).errors.find(e => e.field === name);

    return error ? t(error.key, error.values) : '';
}

/**
 * Removes a message from a field as soon as it no longer holds; an objection of the server goes with the first
 * change of that field.
 * @param {App} app  @param {string} form  @param {Event} event
 */
function mended(app, form, event) {
    const c = event.target;
    const {busy, errors} = formState(app, form);
    const shown = isTextControl(c) ? errors.find(e => e.field === c.name) : undefined;

    if (!shown || !isTextControl(c) || problemOf(c)?.code === shown.values['code']) return;
    setForm(app, form, {busy, errors: errors.filter(e => e !== shown)});
}

/**
 * The frame of a field: label, hint, control, error, joined by ids for assistive technology.
 * @param {App} app  @param {string} form  @param {FieldSpec} f
 * @param {(ids: {id: string, described: string, invalid: 'true' | 'false'}) => import('./types.js').View} control
 */
function framed(app, form, f, control) {
    const id = `${form}-${f.name}`;
    const wrong = errorOf(app, form, f.name);
    const described = [f.hint ? `${id}-hint` : '', wrong ? `${id}-wrong` : ''].filter(Boolean).join(' ');

    return html`
        <div class="field" @input=${(/** @type {Event} */ e) => mended(app, form, e)}>
            <label for=${id}>${f.label}${f.required ? nothing : html` <span class="muted optional">${t('optional')}</span>`}</label>
            ${f.hint ? html`<p class="hint" id="${id}-hint">${f.hint}</p>` : nothing}
            ${control({id, described, invalid: wrong ? 'true' : 'false'})}
            ${wrong ? html`<p class="wrong" id="${id}-wrong">${icon('circle-alert')}<span>${wrong}</span></p>` : nothing}
            ${f.after ?? nothing}
        </div>`;
}

/**
 * Selects a suggestion that nobody has changed yet. A press of the mouse would set the cursor afterwards and clear the selection.
 * @param {HTMLInputElement} field  @param {string} [suggestion]
 */
function markSuggestion(field, suggestion) {
    if (!suggestion || field.value !== suggestion) return;
    field.select();
    field.addEventListener('mouseup', e => e.preventDefault(), {once: true});
}

/** One line of text. @param {App} app  @param {string} form  @param {FieldSpec} f */
export const inputField = (app, form, f) =>
    framed(
        app,
        form,
        f,
        a => html`
            <div class="control" dir=${ifDefined(f.dir === 'ltr' ? 'ltr' : undefined)}>
                <input class="input" id=${a.id} name=${f.name} type=${f.type ?? 'text'} .value=${f.value ?? ''}
                    autocomplete=${/** @type {any} */ (f.autocomplete ?? 'off')} ?required=${f.required}
                    minlength=${ifDefined(f.minlength)} data-max=${ifDefined(f.maxlength)} min=${ifDefined(f.min)} max=${ifDefined(f.max)}
                    pattern=${ifDefined(f.pattern)} inputmode=${ifDefined(/** @type {any} */ (f.inputmode))} dir=${ifDefined(f.dir)}
                    placeholder=${ifDefined(f.placeholder)} spellcheck="false" autocapitalize=${f.type === 'email' ? 'none' : 'sentences'}
                    aria-invalid=${a.invalid} aria-describedby=${ifDefined(a.described || undefined)}
                    @focus=${(/** @type {FocusEvent} */ e) => f.suggested && markSuggestion(/** @type {HTMLInputElement} */ (e.target), f.value)}
                    @input=${(/** @type {InputEvent} */ e) => f.onInput?.(/** @type {HTMLInputElement} */ (e.target).value)}>
                ${f.beside ?? nothing}
            </div>`,
    );

/** Several lines. @param {App} app  @param {string} form  @param {FieldSpec} f */
export const textField = (app, form, f) =>
    framed(
        app,
        form,
        f,
        a => html`
            <textarea class="input" id=${a.id} name=${f.name} rows="5" .value=${f.value ?? ''} data-max=${ifDefined(f.maxlength)} dir="auto"
                aria-invalid=${a.invalid} aria-describedby=${ifDefined(a.described || undefined)}></textarea>`,
    );

/**
 * @param {App} app  @param {string} form  @param {FieldSpec & {options: readonly (readonly [value: string, label: string])[]}} f
 */
export const selectField = (app, form, f) =>
    framed(
        app,
        form,
        {...f, required: true},
        a => html`
            <select class="select" id=${a.id} name=${f.name} aria-invalid=${a.invalid} aria-describedby=${ifDefined(a.described || undefined)}>
                ${f.options.map(([value, label]) => html`<option value=${value} ?selected=${value === f.value}>${label}</option>`)}
            </select>`,
    );

/** @param {string} form  @param {{name: string, label: string, hint?: string, checked: boolean}} f */
export const checkField = (form, f) => html`
    <div class="check">
        <input type="checkbox" id="${form}-${f.name}" name=${f.name} .checked=${f.checked} aria-describedby="${form}-${f.name}-hint">
        <div>
            <label class="label" for="${form}-${f.name}">${f.label}</label>
            <p class="muted small" id="${form}-${f.name}-hint">${f.hint ?? ''}</p>
        </div>
    </div>`;

/** A password with a switch to see it. @param {App} app  @param {string} form  @param {FieldSpec} f */
export function passwordField(app, form, f) {
    const seen = app.state.ui[`seen-${form}-${f.name}`] ?? false;

    return inputField(app, form, {
        ...f,
        type: seen ? 'text' : 'password',
        dir: 'ltr',
        beside: html`
            <button class="button quiet see" type="button" aria-pressed=${seen ? 'true' : 'false'}
                @click=${() => app.ui({[`seen-${form}-${f.name}`]: !seen})}>
                ${icon(seen ? 'eye-off' : 'eye')}<span>${t(seen ? 'password.hide' : 'password.show')}</span>
            </button>`,
    });
}

/** The error that belongs to no field, above the button. @param {App} app  @param {string} form */
export function formNotice(app, form) {
    const error = formState(app, form).errors.find(e => !e.field);

    if (!error) return nothing;
    return html`<div class="notice danger" role="alert" tabindex="-1">${icon('circle-alert')}<span>${t(error.key, error.values)}</span></div>`;
}

/** @param {App} app  @param {string} form  @param {string} label  @param {string} [extra] */
export function submitButton(app, form, label, extra = '') {
    const {busy} = formState(app, form);

    return html`<button class="button primary ${extra}" type="submit" aria-disabled=${busy ? 'true' : 'false'}>
        ${busy ? html`<span class="spinner" aria-hidden="true"></span>` : nothing}${label}
    </button>`;
}

/** The values of a form: texts, and for every box whether it is ticked. @param {HTMLFormElement} el */
export function readForm(el) {
    /** @type {Record<string, any>} */
    const values = {};

    for (const c of el.elements) {
        if (c instanceof HTMLInputElement && c.type === 'checkbox' && c.name) {
            if (c.value === 'on') values[c.name] = c.checked;
            else values[c.name] = [...(values[c.name] ?? []), ...(c.checked ? [c.value] : [])];
        } else if (isTextControl(c) && c.name) {
            values[c.name] = c.value;
        }
    }
    return values;
}

/** @param {unknown} c  @returns {c is HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} */
const isTextControl = c =>
    c instanceof HTMLInputElement || c instanceof HTMLTextAreaElement || c instanceof HTMLSelectElement;

/** @param {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} c */
const problemOf = c =>
    localProblem({
        name: c.name,
        value: c.value,
        type: c.type,
        required: c.required,
        validity: c.validity,
        minlength: c instanceof HTMLInputElement ? c.minLength : 0,
        maxlength: Number(c.dataset['max'] ?? 0),
        min: c.getAttribute('min') ?? '',
        max: c.getAttribute('max') ?? '',
    });

/** All mistakes before anything is sent, in the order of the fields. @param {HTMLFormElement} el */
const localProblems = el =>
    [...el.elements].filter(isTextControl).flatMap(c => (c.name && c.type !== 'checkbox' ? (problemOf(c) ?? []) : []));

/** @param {HTMLFormElement} el */
const fieldNames = el => [
    ...new Set(
        [...el.elements]
            .filter(c => c.getAttribute('type') !== 'hidden')
            .map(c => c.getAttribute('name') ?? '')
            .filter(Boolean),
    ),
];

/** Brings the reader to the mistake. @param {HTMLFormElement} el  @param {string | null} field */
function focusError(el, field) {
    requestAnimationFrame(() => {
        const target = field ? el.elements.namedItem(field) : el.querySelector('[role="alert"]');
        if (target instanceof HTMLElement) target.focus();
    });
}

/**
 * The listener for a form: checks, sends, and shows an objection of the server beside the field it names. The fields
 * are never redrawn, so nothing typed is lost.
 * @param {App} app  @param {string} form
 * @param {(values: Record<string, any>) => Promise<void>} send
 * @returns {(event: SubmitEvent) => Promise<void>}
 */
export const onSubmit = (app, form, send) => async event => {
    const el = /** @type {HTMLFormElement} */ (event.currentTarget);

    event.preventDefault();
    if (formState(app, form).busy) return;
    const local = localProblems(el);
    if (local.length > 0) return showProblems(app, form, el, local);
    setForm(app, form, {busy: true, errors: []});
    try {
        await send(readForm(el));
        setForm(app, form, QUIET);
    } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        setForm(app, form, QUIET);
        if (!app.signedOutBy(error)) {
            showProblems(app, form, el, [{code: error.code, field: error.field, retry_after_s: error.retryAfterS}]);
        }
    }
};

/** @param {App} app  @param {string} form  @param {HTMLFormElement} el  @param {import('./form_errors.js').Problem[]} problems */
function showProblems(app, form, el, problems) {
    const errors = problems.map(p => formError(p, fieldNames(el), has));

    setForm(app, form, {busy: false, errors});
    focusError(el, errors[0]?.field ?? null);
}
