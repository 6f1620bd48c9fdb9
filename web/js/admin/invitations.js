/* The links of a room: making, showing again, renewing, revoking. */

import {repeat} from 'lit/directives/repeat.js';
import {html, nothing} from 'lit/html.js';
import {formatWhen} from '../core/i18n.js';
import {icon} from '../ui/icon.js';
import {currentLanguage, t} from '../ui/texts.js';
import {closeDialog, confirmFirst} from './dialog.js';
import {formNotice, inputField, onSubmit, selectField, submitButton} from './forms.js';
import {newVisitLink, showInvitation} from './link_dialog.js';
import {sameWhenRepeated} from './once.js';
import {avatar, chip, emptyState, loaded, matchesSearch, nothingFound, rowKeys, searchField} from './pieces.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./types.js').Room} Room */
/** @typedef {import('./types.js').Invitation} Invitation */

const FORM = 'invitation';
const HOUR_S = 3600;
const SEARCH_FROM = 6;

/** How long a link can be used, in hours; 0: until it is revoked. */
const LIFETIMES = [24, 72, 168, 720, 0];

/** @type {Record<string, {kind: 'ok' | 'warn' | 'danger' | '', icon: string}>} */
const STATES = {
    valid: {kind: 'ok', icon: 'circle-check'},
    early: {kind: '', icon: 'clock'},
    used: {kind: '', icon: 'check'},
    expired: {kind: '', icon: 'hourglass'},
    revoked: {kind: 'danger', icon: 'ban'},
};

/** @param {Room} room */
const pathOf = room => `/rooms/${room.id}/invitations`;

/** @param {App} app  @param {Room} room */
export const invitationSection = (app, room) => html`
    <section class="card stack" aria-labelledby="links-title">
        <div class="row spread">
            <h2 id="links-title">${t('links.title')}</h2>
            <div class="row">
                <button class="button" type="button" data-do="new-link" @click=${() => openNew(app, room)}>${icon('plus')}${t('links.new')}</button>
                <button class="button primary" type="button" data-do="visit-link" @click=${() => newVisitLink(app, room)}>${icon('link')}${t('visit.new')}</button>
            </div>
        </div>
        ${loaded(
            app,
            app.state.data[pathOf(room)],
            () => app.loadList(pathOf(room)),
            items => linkList(app, room, items),
        )}
    </section>`;

/** @param {App} app  @param {Room} room  @param {Invitation[]} items */
function linkList(app, room, items) {
    const found = items.filter(i => matchesSearch(app, [i.guest_name, t(`links.state.${i.state}`)]));

    if (items.length === 0) return emptyState('link', t('links.none'), t('links.none_text'));
    return html`
        ${items.length >= SEARCH_FROM ? searchField(app, t('links.search')) : nothing}
        ${
            found.length
                ? html`<ul class="rows plain" @keydown=${rowKeys}>${repeat(
                      found,
                      i => i.id,
                      i => linkRow(app, room, i),
                  )}</ul>`
                : nothingFound(app)
        }`;
}

/** @param {Invitation} i */
export const linkName = i => i.guest_name || t('links.anyone');

/** @param {Invitation} i */
export const linkAvatar = i =>
    i.guest_name ? avatar(i.guest_name) : html`<span class="avatar" aria-hidden="true">${icon('link')}</span>`;

/** @param {Invitation} i */
export function linkChip(i) {
    const state = STATES[i.state] ?? {kind: '', icon: 'link'};

    return chip(t(`links.state.${i.state}`), state.kind, state.icon);
}

/** @param {App} app  @param {Room} room  @param {Invitation} i */
function linkRow(app, room, i) {
    const may = i.may ?? [];

    return html`
        <li class="item" data-row tabindex="0" aria-label=${linkName(i)}>
            <div class="item-main">
                ${linkAvatar(i)}
                <div class="grow">
                    <p class="item-name"><bdi>${linkName(i)}</bdi> ${linkChip(i)} ${i.asked_at ? chip(t('links.asked'), 'warn', 'bell') : nothing}</p>
                    <p class="muted small">${usesWords(i)} · ${untilWords(app, i)}</p>
                </div>
                <div class="row actions">
                    ${may.includes('show') ? html`<button class="button" type="button" data-do="show-link" @click=${() => showAgain(app, i)}>${icon('qr-code')}${t('links.show')}</button>` : nothing}
                    ${may.includes('renew') ? html`<button class="button" type="button" data-do="renew-link" @click=${() => renewLink(app, i)}>${icon('refresh-cw')}${t('links.renew')}</button>` : nothing}
                    ${may.includes('revoke') ? html`<button class="button" type="button" data-do="revoke-link" @click=${() => revoke(app, room, i)}>${icon('ban')}${t('links.revoke')}</button>` : nothing}
                </div>
            </div>
        </li>`;
}

/** @param {Invitation} i */
const usesWords = i =>
    i.max_uses === 1
        ? t(i.uses ? 'links.used_once' : 'links.unused')
        : t('links.uses', {n: i.uses ?? 0, max: i.max_uses});

/** @param {App} app  @param {Invitation} i */
const untilWords = (app, i) =>
    i.expires_at
        ? t(i.state === 'expired' ? 'links.expired_at' : 'links.until', {
              time: formatWhen(currentLanguage(), new Date(i.expires_at), new Date(app.state.nowMs)),
          })
        : t('links.for_good');

/** @param {App} app  @param {Room} room */
function openNew(app, room) {
    const request = sameWhenRepeated(bodyOf);

    app.openDialog(
        t('links.new'),
        close => html`
            <form class="stack" novalidate @submit=${onSubmit(app, FORM, values => create(app, room, request(values)))}>
                ${formNotice(app, FORM)}
                ${inputField(app, FORM, {name: 'guest_name', label: t('links.guest_name'), hint: t('links.guest_name_hint'), maxlength: 64})}
                ${selectField(app, FORM, {name: 'lifetime', label: t('links.lifetime'), value: '24', options: LIFETIMES.map(h => [String(h), t(`links.lifetime.${h}`)])})}
                ${inputField(app, FORM, {name: 'max_uses', label: t('links.max_uses'), hint: t('links.max_uses_hint'), type: 'number', required: true, min: 1, max: 100, inputmode: 'numeric', value: '1', suggested: true})}
                <div class="dialog-actions">
                    <button class="button" type="button" @click=${close}>${t('cancel')}</button>
                    ${submitButton(app, FORM, t('links.create'))}
                </div>
            </form>`,
    );
}

/** @param {Record<string, string>} values */
function bodyOf(values) {
    const hours = Number(values['lifetime']);
    const name = values['guest_name']?.trim();

    return {
        max_uses: Number(values['max_uses']),
        ...(name && {guest_name: name}),
        // By the server's clock. null: never; left out, the server would choose
        ...(hours ? {expires_in_s: hours * HOUR_S} : {expires_at: null}),
    };
}

/** @param {App} app  @param {Room} room  @param {{body: object, idempotencyKey: string}} request */
async function create(app, room, {body, idempotencyKey}) {
    const made = await app.api.post(pathOf(room), body, {idempotencyKey});

    app.putItem(pathOf(room), made);
    closeDialog();
    show(app, made);
}

/** @param {App} app  @param {Invitation} i with its url */
const show = (app, i) =>
    showInvitation(app, i, i.guest_name ? t('links.for', {name: i.guest_name}) : t('links.for_anyone'));

/** @param {App} app  @param {Invitation} i */
async function showAgain(app, i) {
    const again = await app.attempt(() => app.api.post(`/invitations/${i.id}/link`));

    if (again) show(app, {...i, ...again});
}

/** This answers the guest who asked for it. @param {App} app  @param {Invitation} i */
export async function renewLink(app, i) {
    const sure = await confirmFirst(app, {
        title: t('links.renew_ask', {name: linkName(i)}),
        text: t('links.renew_text'),
        action: t('links.renew'),
        danger: false,
    });
    const made = sure && (await app.attempt(() => app.api.post(`/invitations/${i.id}/renew`)));

    if (!made) return;
    app.putItem(`/rooms/${i.room}/invitations`, {...i, ...made});
    show(app, {...i, ...made});
}

/** @param {App} app  @param {Room} room  @param {Invitation} i */
async function revoke(app, room, i) {
    const sure = await confirmFirst(app, {
        title: t('links.revoke_ask', {name: linkName(i)}),
        text: t('links.revoke_text'),
        action: t('links.revoke'),
    });
    const done = sure && (await app.attempt(() => app.api.del(`/invitations/${i.id}`).then(() => true)));

    if (!done) return;
    app.loadList(pathOf(room)); // the server says what can be done with it now
    app.toast(t('links.revoked'));
}
