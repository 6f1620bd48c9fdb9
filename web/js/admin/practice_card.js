/* Name and phone number of the practice, as guests see them. For administrators. */
import {html} from 'lit/html.js';
import {ApiError} from '../core/api.js';
import {t} from '../ui/texts.js';
import {changedFields} from './conflict.js';
import {formNotice, inputField, onSubmit, submitButton} from './forms.js';
import {loaded} from './pieces.js';

/** @typedef {import('./types.js').App} App */

const FORM = 'practice';
const PATH = '/settings';

/** @param {App} app */
export const practiceCard = app => html`
    <section class="card stack" aria-labelledby="practice-title">
        <h2 id="practice-title">${t('practice.title')}</h2>
        ${loaded(
            app,
            app.state.data[PATH],
            () => app.load(PATH),
            settings => practiceForm(app, settings),
        )}
    </section>`;

/** @param {App} app  @param {{practice: string, phone: string | null, etag: string}} settings */
const practiceForm = (app, settings) => html`
    <form class="stack" novalidate @submit=${onSubmit(app, FORM, values => save(app, settings, values))}>
        ${formNotice(app, FORM)}
        <div class="columns two">
            ${inputField(app, FORM, {name: 'practice', label: t('setup.practice'), hint: t('setup.practice_hint'), required: true, maxlength: 64, autocomplete: 'organization', value: settings.practice})}
            ${inputField(app, FORM, {name: 'phone', label: t('practice.phone'), hint: t('practice.phone_hint'), type: 'tel', maxlength: 63, dir: 'ltr', value: settings.phone ?? ''})}
        </div>
        <div>${submitButton(app, FORM, t('save'))}</div>
    </form>`;

/** @param {App} app  @param {{practice: string, phone: string | null, etag: string}} settings  @param {Record<string, string>} values */
async function save(app, settings, values) {
    const change = changedFields(settings, {practice: values['practice'], phone: values['phone'] || null});

    if (Object.keys(change).length === 0) return app.toast(t('room.unchanged'));
    try {
        const saved = await app.api.patch(PATH, change, {ifMatch: settings.etag});

        app.setData(PATH, {status: 'ready', value: saved});
        app.update(s => ({practice: {...s.practice, practice: saved.practice, phone: saved.phone}}));
        app.toast(t('account.saved'));
    } catch (error) {
        if (error instanceof ApiError && error.code === 'changed') await app.load(PATH);
        throw error;
    }
}
