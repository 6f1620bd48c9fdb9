/* The user's account: name, language, time zone, password, and sign-ins. */

import {repeat} from 'lit/directives/repeat.js';
import {html, nothing} from 'lit/html.js';
import {formatWhen, LANGUAGES} from '../core/i18n.js';
import {icon} from '../ui/icon.js';
import {currentLanguage, t} from '../ui/texts.js';
import {deviceName} from './device_name.js';
import {formNotice, inputField, onSubmit, passwordField, selectField, submitButton} from './forms.js';
import {may} from './may.js';
import {newPasswordField} from './password_field.js';
import {chip, loaded, pageHead} from './pieces.js';
import {practiceCard} from './practice_card.js';
import {reportCard} from './report_card.js';
import {switchLanguage} from './session.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./types.js').SignIn} SignIn */

const PROFILE = 'profile';
const PASSWORD = 'own-password';

/** @type {import('./types.js').Page} */
export const accountPage = {
    title: 'account.title',
    enter(app) {
        app.load('/sessions');
        if (may(app.state.me, 'administer')) app.load('/settings');
    },
    view: app => html`
        ${pageHead(t('account.title'), app.state.me ? html`<bdi dir="ltr">${app.state.me.email}</bdi> · ${t(`role.${app.state.me.role}`)}` : nothing)}
        ${profileForm(app)}
        ${passwordForm(app)}
        <section class="card stack" aria-labelledby="sessions-title">
            <div class="stack tight">
                <h2 id="sessions-title">${t('sessions.title')}</h2>
                <p class="muted">${t('sessions.text')}</p>
            </div>
            ${loaded(
                app,
                app.state.data['/sessions'],
                () => app.load('/sessions'),
                list => sessionList(app, list.items),
            )}
        </section>
        ${may(app.state.me, 'administer') ? practiceCard(app) : nothing}
        ${may(app.state.me, 'administer') ? reportCard(app) : nothing}`,
};

/** @param {App} app */
function profileForm(app) {
    const me = app.state.me;
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

    return html`
        <section class="card" aria-labelledby="profile-title">
            <form class="stack" novalidate @submit=${onSubmit(app, PROFILE, values => saveProfile(app, values))}>
                <h2 id="profile-title">${t('account.profile')}</h2>
                ${formNotice(app, PROFILE)}
                ${inputField(app, PROFILE, {name: 'name', label: t('field.your_name'), hint: t('setup.name_hint'), required: true, maxlength: 64, autocomplete: 'name', value: me?.name})}
                <div class="columns">
                    ${selectField(app, PROFILE, {name: 'language', label: t('language'), value: me?.language || currentLanguage(), options: Object.entries(LANGUAGES).map(([code, l]) => [code, l.name])})}
                    ${selectField(app, PROFILE, {name: 'timezone', label: t('account.timezone'), value: me?.timezone || here, options: zones(me?.timezone || here)})}
                </div>
                <div>${submitButton(app, PROFILE, t('save'))}</div>
            </form>
        </section>`;
}

/** @param {string} own kept in the list even if this browser does not know it  @returns {[string, string][]} */
function zones(own) {
    const known = 'supportedValuesOf' in Intl ? Intl.supportedValuesOf('timeZone') : [];

    return [...new Set([own, 'UTC', ...known])].sort().map(z => [z, z.replaceAll('_', ' ')]);
}

/** @param {App} app  @param {Record<string, string>} values */
async function saveProfile(app, values) {
    const answer = await app.api.patch('/me', values);
    const me = answer?.user ?? answer;

    app.update(s => ({me: s.me && {...s.me, ...values, ...me}}));
    if (values['language'] !== currentLanguage()) {
        await switchLanguage(app, /** @type {import('../core/i18n.js').Language} */ (values['language']));
    }
    app.toast(t('account.saved'));
}

/** @param {App} app */
const passwordForm = app => html`
    <section class="card" aria-labelledby="password-title">
        <form class="stack" novalidate @submit=${onSubmit(app, PASSWORD, values => changePassword(app, values))}>
            <h2 id="password-title">${t('account.password')}</h2>
            ${formNotice(app, PASSWORD)}
            <input type="text" class="visually-hidden" name="username" autocomplete="username" readonly tabindex="-1" aria-hidden="true" .value=${app.state.me?.email ?? ''}>
            ${passwordField(app, PASSWORD, {name: 'current', label: t('account.current'), required: true, maxlength: 128, autocomplete: 'current-password'})}
            ${newPasswordField(app, PASSWORD, t('field.new_password'))}
            <p class="muted small">${t('account.password_text')}</p>
            <div>${submitButton(app, PASSWORD, t('account.password_submit'))}</div>
        </form>
    </section>`;

/** @param {App} app  @param {Record<string, string>} values */
async function changePassword(app, values) {
    await app.api.put('/me/password', {current: values['current'], password: values['password']});

    for (const field of document.querySelectorAll(`#${PASSWORD}-current, #${PASSWORD}-password`)) {
        if (field instanceof HTMLInputElement) field.value = '';
    }
    app.ui({[`typed-${PASSWORD}`]: ''});
    app.toast(t('account.password_done'));
    app.load('/sessions');
}

/** @param {App} app  @param {SignIn[]} items */
const sessionList = (app, items) => html`
    <ul class="rows plain">
        ${repeat(
            items,
            s => s.id,
            s => sessionRow(app, s),
        )}
    </ul>`;

/** @param {App} app  @param {SignIn} s */
function sessionRow(app, s) {
    const device = deviceName(s.agent ?? '');
    const words = device.browser
        ? t('sessions.device', {browser: device.browser, system: device.system || t('sessions.unknown_system')})
        : t('sessions.unknown');
    const time = (/** @type {string} */ at) => formatWhen(currentLanguage(), new Date(at), new Date(app.state.nowMs));

    return html`
        <li class="item">
            <div class="item-main">
                <span class="avatar" aria-hidden="true">${icon(device.phone ? 'smartphone' : 'globe')}</span>
                <div class="grow">
                    <p class="item-name">${words}</p>
                    <p class="muted small">${t('sessions.since', {time: time(s.created_at)})}${s.seen_at ? html` · ${t('sessions.seen', {time: time(s.seen_at)})}` : nothing}</p>
                </div>
                ${
                    s.current
                        ? chip(t('sessions.current'), 'ok', 'circle-check')
                        : html`<button class="button" type="button" data-do="end-session" aria-label=${t('sessions.end_named', {device: words})} @click=${() => endSession(app, s)}>${icon('log-out', 'mirrored')}${t('sessions.end')}</button>`
                }
            </div>
        </li>`;
}

/** @param {App} app  @param {SignIn} s */
async function endSession(app, s) {
    const done = await app.attempt(() => app.api.del(`/sessions/${s.id}`).then(() => true));

    if (!done) return;
    app.toast(t('sessions.ended'));
    app.load('/sessions');
}
