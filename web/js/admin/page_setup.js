/* The first visit: the code from the server's output makes the practice and its first administrator. */
import {html, nothing} from 'lit/html.js';
import {icon} from '../ui/icon.js';
import {currentLanguage, t} from '../ui/texts.js';
import {codeFromText, codeOfPage} from './codes.js';
import {formNotice, inputField, onSubmit, submitButton} from './forms.js';
import {newPasswordField} from './password_field.js';
import {follow} from './pieces.js';
import {enter} from './session.js';

/** @typedef {import('./types.js').App} App */

const FORM = 'setup';

/** @type {import('./types.js').Page} */
export const setupPage = {
    title: 'setup.title',
    view: app => (app.state.practice.set_up === false ? setupForm(app) : alreadyDone(app)),
};

/** @param {App} app */
function setupForm(app) {
    const code = codeOfPage(history);

    return html`
        <form class="stack" novalidate @submit=${onSubmit(app, FORM, values => setUp(app, values))}>
            <div class="stack tight">
                <h1 id="page-title" tabindex="-1">${t('setup.title')}</h1>
                <p class="muted">${t('setup.text')}</p>
            </div>
            ${formNotice(app, FORM)}
            ${code ? html`<input type="hidden" name="code" .value=${code}>` : codeField(app)}
            ${inputField(app, FORM, {name: 'practice', label: t('setup.practice'), hint: t('setup.practice_hint'), required: true, maxlength: 64, autocomplete: 'organization'})}
            ${inputField(app, FORM, {name: 'name', label: t('field.your_name'), hint: t('setup.name_hint'), required: true, maxlength: 64, autocomplete: 'name'})}
            ${inputField(app, FORM, {name: 'email', label: t('field.email'), type: 'email', required: true, maxlength: 254, autocomplete: 'username', inputmode: 'email', dir: 'ltr'})}
            ${newPasswordField(app, FORM)}
            ${submitButton(app, FORM, t('setup.submit'), 'large wide')}
        </form>`;
}

/** Someone opened /setup without its code: they can paste it, or the whole line the server printed. @param {App} app */
const codeField = app =>
    inputField(app, FORM, {
        name: 'code',
        label: t('setup.code'),
        hint: t('setup.code_hint'),
        required: true,
        dir: 'ltr',
    });

/** @param {App} app  @param {Record<string, string>} values */
async function setUp(app, values) {
    const body = {...values, code: codeFromText(values['code'] ?? '')};
    const {user} = await app.api.post('/setup', body);
    const language = currentLanguage();

    app.update({practice: await app.api.get('/public')});
    await enter(app, {...user, language}, '/app');
    app.toast(t('setup.done'));
}

/** @param {App} app */
const alreadyDone = app => html`
    <div class="stack">
        <h1 id="page-title" tabindex="-1">${t('setup.already')}</h1>
        <p>${t('setup.already_text')}</p>
        ${app.state.me ? nothing : html`<a class="button primary wide" href="/signin" @click=${follow(app, '/signin')}>${icon('log-in', 'mirrored')}${t('signin.title')}</a>`}
        ${app.state.me ? html`<a class="button primary wide" href="/app" @click=${follow(app, '/app')}>${t('missing.back')}</a>` : nothing}
    </div>`;
