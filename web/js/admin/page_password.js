/* A one-time link, handed over by an administrator, sets a password. */
import {html} from 'lit/html.js';
import {t} from '../ui/texts.js';
import {codeFromText, codeOfPage} from './codes.js';
import {formNotice, inputField, onSubmit, submitButton} from './forms.js';
import {newPasswordField} from './password_field.js';
import {follow} from './pieces.js';
import {enter} from './session.js';

/** @typedef {import('./types.js').App} App */

const FORM = 'password';

/** @type {import('./types.js').Page} */
export const passwordPage = {
    title: 'password.title',
    view: app => (app.state.ui['done'] ? doneView(app) : passwordForm(app)),
};

/** @param {App} app */
function passwordForm(app) {
    const code = codeOfPage(history);

    return html`
        <form class="stack" novalidate @submit=${onSubmit(app, FORM, values => setPassword(app, values))}>
            <div class="stack tight">
                <h1 id="page-title" tabindex="-1">${t('password.title')}</h1>
                <p class="muted">${t('password.text')}</p>
            </div>
            ${formNotice(app, FORM)}
            ${
                code
                    ? html`<input type="hidden" name="code" .value=${code}>`
                    : inputField(app, FORM, {
                          name: 'code',
                          label: t('password.code'),
                          hint: t('password.code_hint'),
                          required: true,
                          dir: 'ltr',
                      })
            }
            ${newPasswordField(app, FORM, t('field.new_password'))}
            ${submitButton(app, FORM, t('password.submit'), 'large wide')}
        </form>`;
}

/** The answer names the account, so the person can be signed in with the password they just chose. @param {App} app  @param {Record<string, string>} values */
async function setPassword(app, values) {
    const password = values['password'];
    const {email} = await app.api.post('/password', {code: codeFromText(values['code'] ?? ''), password});

    history.replaceState(null, '', location.pathname);
    try {
        const {user} = await app.api.post('/session', {email, password});

        await enter(app, user, '/app');
        app.toast(t('password.done'));
    } catch {
        app.ui({done: true}); // the password is set all the same: they go to the sign-in page
    }
}

/** @param {App} app */
const doneView = app => html`
    <div class="stack">
        <h1 id="page-title" tabindex="-1">${t('password.done')}</h1>
        <p>${t('password.done_text')}</p>
        <a class="button primary large wide" href="/signin" @click=${follow(app, '/signin')}>${t('signin.title')}</a>
    </div>`;
