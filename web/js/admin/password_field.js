/* A field for a new password, with a hint about its strength. */
import {html} from 'lit/html.js';
import {t} from '../ui/texts.js';
import {PASSWORD_MIN, passwordStrength} from './form_errors.js';
import {passwordField} from './forms.js';

/** @typedef {import('./types.js').App} App */

/** How many of the meter's four bars are lit. */
const BARS = {empty: 0, short: 1, weak: 1, fair: 2, good: 3, strong: 4};

/** @param {App} app  @param {string} form  @param {string} [label] */
export function newPasswordField(app, form, label = t('field.password')) {
    const typed = String(app.state.ui[`typed-${form}`] ?? '');
    const strength = passwordStrength(typed);
    const missing = Math.max(0, PASSWORD_MIN - [...typed].length);

    return passwordField(app, form, {
        name: 'password',
        label,
        hint: t('password.hint', {n: PASSWORD_MIN}),
        required: true,
        minlength: PASSWORD_MIN,
        maxlength: 128,
        autocomplete: 'new-password',
        onInput: value => app.ui({[`typed-${form}`]: value}),
        after: html`
            <div class="strength is-${strength}">
                <span class="bars" aria-hidden="true">${[1, 2, 3, 4].map(n => html`<i class=${n <= BARS[strength] ? 'lit' : ''}></i>`)}</span>
                <span class="small" aria-live="polite">${strength === 'short' ? t('password.missing', {n: missing}) : t(`password.${strength}`)}</span>
            </div>`,
    });
}
