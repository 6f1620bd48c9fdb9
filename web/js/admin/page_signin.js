/* Signing in: e-mail and password. */
import {html} from 'lit/html.js';
import {ApiError} from '../core/api.js';
import {t} from '../ui/texts.js';
import {formNotice, inputField, onSubmit, passwordField, submitButton} from './forms.js';
import {enter} from './session.js';

/** @typedef {import('./types.js').App} App */

const FORM = 'signin';

/** @type {import('./types.js').Page} */
export const signinPage = {
    title: 'signin.title',
    view: app => html`
        <form class="stack" novalidate @submit=${onSubmit(app, FORM, values => signIn(app, values))}>
            <div class="stack tight">
                <h1 id="page-title" tabindex="-1">${t('signin.title')}</h1>
                <p class="muted">${t('signin.text')}</p>
            </div>
            ${formNotice(app, FORM)}
            ${inputField(app, FORM, {name: 'email', label: t('field.email'), type: 'email', required: true, maxlength: 254, autocomplete: 'username', inputmode: 'email', dir: 'ltr'})}
            ${passwordField(app, FORM, {name: 'password', label: t('field.password'), required: true, maxlength: 128, autocomplete: 'current-password'})}
            ${submitButton(app, FORM, t('signin.submit'), 'large wide')}
            <details>
                <summary>${t('signin.forgot')}</summary>
                <p class="muted">${t('signin.forgot_text')}</p>
            </details>
            <p class="muted small">${t('signin.guest')}</p>
        </form>`,
};

/** @param {App} app  @param {Record<string, string>} values */
async function signIn(app, values) {
    const {user, mfa_due} = await app.api.post('/session', values);

    if (mfa_due) throw new ApiError({status: 403, code: 'mfa_due'}); // nothing else would answer: report it here
    await enter(app, user, app.wantedPath());
}
