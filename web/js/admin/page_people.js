/* The accounts of the practice, for administrators. */

import {repeat} from 'lit/directives/repeat.js';
import {html, nothing} from 'lit/html.js';
import {ApiError} from '../core/api.js';
import {icon} from '../ui/icon.js';
import {t} from '../ui/texts.js';
import {closeDialog, confirmFirst} from './dialog.js';
import {formNotice, inputField, onSubmit, selectField, submitButton} from './forms.js';
import {showLink} from './link_dialog.js';
import {may} from './may.js';
import {
    avatar,
    chip,
    emptyState,
    loaded,
    matchesSearch,
    nothingFound,
    pageHead,
    rowKeys,
    searchField,
} from './pieces.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./types.js').User} User */

const FORM = 'person';
const ROLES = /** @type {const} */ (['host', 'desk', 'admin']);
const SEARCH_FROM = 6;

/** @type {import('./types.js').Page} */
export const peoplePage = {
    title: 'people.title',
    enter: app => {
        if (may(app.state.me, 'administer')) app.loadList('/users');
    },
    view: app =>
        may(app.state.me, 'administer')
            ? html`
                ${pageHead(t('people.title'), t('people.text'), addButton(app))}
                ${loaded(
                    app,
                    app.state.data['/users'],
                    () => app.loadList('/users'),
                    users => userList(app, users),
                )}`
            : html`${pageHead(t('people.title'))}${emptyState('lock', t('people.admins_only'), t('people.admins_only_text'))}`,
};

/** @param {App} app */
const addButton = app => html`
    <button class="button primary" type="button" data-do="add-person" @click=${() => openAdd(app)}>${icon('user-plus')}${t('people.add')}</button>`;

/** @param {App} app  @param {User[]} users */
function userList(app, users) {
    const found = users.filter(u => matchesSearch(app, [u.name, u.email, t(`role.${u.role}`)]));

    return html`
        ${users.length >= SEARCH_FROM ? searchField(app, t('people.search')) : nothing}
        ${
            found.length
                ? html`<ul class="rows" @keydown=${rowKeys}>${repeat(
                      found,
                      u => u.id,
                      u => userRow(app, u),
                  )}</ul>`
                : nothingFound(app)
        }
        ${users.length === 1 ? html`<p class="muted">${t('people.alone')}</p>` : nothing}`;
}

/** @type {Record<string, {kind: 'ok' | 'warn' | 'danger', icon: string}>} */
const STATES = {
    active: {kind: 'ok', icon: 'circle-check'},
    invited: {kind: 'warn', icon: 'hourglass'},
    disabled: {kind: 'danger', icon: 'ban'},
};

/** @param {App} app  @param {User} u */
function userRow(app, u) {
    const state = STATES[u.state ?? 'active'];
    const self = u.id === app.state.me?.id;

    return html`
        <li class="item ${u.state === 'disabled' ? 'off' : ''}" data-row tabindex="0" aria-label=${u.name}>
            <div class="item-main">
                ${avatar(u.name)}
                <div class="grow">
                    <p class="item-name"><bdi>${u.name}</bdi> ${self ? html`<span class="muted">(${t('you')})</span>` : nothing}
                        ${state ? chip(t(`people.state.${u.state ?? 'active'}`), state.kind, state.icon) : nothing}</p>
                    <p class="muted small"><bdi dir="ltr">${u.email}</bdi></p>
                </div>
                ${self ? html`<div class="row actions"><span class="chip">${t(`role.${u.role}`)}</span></div>` : userActions(app, u)}
            </div>
        </li>`;
}

/** @param {App} app  @param {User} u */
const userActions = (app, u) => html`
    <div class="row actions">
        <label><span class="visually-hidden">${t('people.role_of', {name: u.name})}</span>
            <select class="select" @change=${(/** @type {Event} */ e) => changeRole(app, u, e)}>
                ${ROLES.map(r => html`<option value=${r} ?selected=${r === u.role} .selected=${r === u.role}>${t(`role.${r}`)}</option>`)}
            </select></label>
        ${u.state === 'disabled' ? nothing : html`<button class="button" type="button" data-do="new-password-link" @click=${() => newLink(app, u)}>${icon('key')}${t('people.link')}</button>`}
        ${
            u.state === 'disabled'
                ? html`<button class="button" type="button" data-do="enable" @click=${() => setDisabled(app, u, false)}>${icon('user-check')}${t('people.enable')}</button>`
                : html`<button class="button" type="button" data-do="disable" @click=${() => disable(app, u)}>${icon('user-x')}${t('people.disable')}</button>`
        }
    </div>`;

/** @param {App} app */
function openAdd(app) {
    app.openDialog(
        t('people.add'),
        close => html`
            <form class="stack" novalidate @submit=${onSubmit(app, FORM, values => add(app, values))}>
                ${formNotice(app, FORM)}
                ${inputField(app, FORM, {name: 'name', label: t('people.name'), hint: t('setup.name_hint'), required: true, maxlength: 64})}
                ${inputField(app, FORM, {name: 'email', label: t('field.email'), type: 'email', required: true, maxlength: 254, inputmode: 'email', dir: 'ltr'})}
                ${selectField(app, FORM, {name: 'role', label: t('people.role'), value: 'host', options: ROLES.map(r => [r, t(`people.role.${r}`)])})}
                <p class="muted small">${t('people.add_text')}</p>
                <div class="dialog-actions">
                    <button class="button" type="button" @click=${close}>${t('cancel')}</button>
                    ${submitButton(app, FORM, t('people.add_submit'))}
                </div>
            </form>`,
    );
}

/** @param {App} app  @param {Record<string, string>} values */
async function add(app, values) {
    const made = await app.api.post('/users', values);

    app.putItem('/users', {...made, link: undefined});
    closeDialog();
    await showPersonLink(app, made, made);
}

/** @param {App} app  @param {User} user  @param {{link: string, link_expires_at: string, reach: string}} answer */
const showPersonLink = (app, user, answer) =>
    showLink(app, {
        title: t('people.link_for', {name: user.name}),
        text: t('people.link_text'),
        facts: {
            kind: user.state === 'active' ? 'password' : 'account',
            url: answer.link,
            name: user.name,
            practice: app.state.practice.practice,
            until: answer.link_expires_at,
            email: user.email,
            zone: app.state.me?.timezone,
        },
        reach: answer.reach,
        qr: t('link.qr_colleague', {name: user.name}),
    });

/** @param {App} app  @param {User} u */
async function newLink(app, u) {
    const sure = await confirmFirst(app, {
        title: t('people.link_ask', {name: u.name}),
        text: t('people.link_ask_text'),
        action: t('people.link_make'),
        danger: false,
    });
    const answer = sure && (await app.attempt(() => app.api.post(`/users/${u.id}/link`)));

    if (answer) await showPersonLink(app, u, answer);
}

/**
 * Saves a change of an account. If a colleague changed it meanwhile, the list is fetched again with a message.
 * @param {App} app  @param {User} u  @param {Record<string, unknown>} change  @returns {Promise<User | undefined>}
 */
async function patch(app, u, change) {
    try {
        const saved = await app.api.patch(`/users/${u.id}`, change, {ifMatch: u.etag});

        app.putItem('/users', saved);
        return saved;
    } catch (error) {
        if (error instanceof ApiError && app.signedOutBy(error)) return undefined;
        app.toast(error instanceof ApiError && error.code === 'changed' ? t('people.changed') : app.errorText(error), {
            kind: 'danger',
        });
        app.loadList('/users');
        return undefined;
    }
}

/** @param {App} app  @param {User} u  @param {Event} event */
async function changeRole(app, u, event) {
    const select = /** @type {HTMLSelectElement} */ (event.target);
    const saved = await patch(app, u, {role: select.value});

    if (!saved) {
        select.value = u.role;
        return;
    }
    app.toast(t('people.role_changed', {name: u.name, role: t(`role.${saved.role}`)}), {
        undo: () => patch(app, saved, {role: u.role}),
    });
}

/** @param {App} app  @param {User} u */
async function disable(app, u) {
    const sure = await confirmFirst(app, {
        title: t('people.disable_ask', {name: u.name}),
        text: t('people.disable_text'),
        action: t('people.disable'),
    });

    if (sure) await setDisabled(app, u, true);
}

/** @param {App} app  @param {User} u  @param {boolean} disabled */
async function setDisabled(app, u, disabled) {
    const saved = await patch(app, u, {disabled});

    if (!saved) return;
    const words = disabled
        ? 'people.disabled'
        : saved.state === 'invited'
          ? 'people.enabled_invited'
          : 'people.enabled';

    app.toast(t(words, {name: u.name}), {
        undo: () => patch(app, saved, {disabled: !disabled}),
    });
}
