/* Guests who came by a dead link and ask for a new one, until a colleague has answered. The server decides who sees them. */

import {repeat} from 'lit/directives/repeat.js';
import {html, nothing} from 'lit/html.js';
import {formatWhen} from '../core/i18n.js';
import {icon} from '../ui/icon.js';
import {currentLanguage, t} from '../ui/texts.js';
import {notify} from './alerts.js';
import {confirmFirst} from './dialog.js';
import {linkAvatar, linkChip, linkName, renewLink} from './invitations.js';
import {rowKeys} from './pieces.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./types.js').Invitation} Invitation */

const PATH = '/invitations/asked';

/** @param {App} app  @returns {Invitation[]} the longest wait first */
const askedFor = app => app.state.data[PATH]?.value ?? [];

/** Fetches them again, and announces new ones. The first picture is not news. @param {App} app */
export async function refreshAsked(app) {
    const before = app.state.data[PATH]?.value && new Set(askedFor(app).map(i => i.id));

    await app.loadList(PATH, {unattended: true});
    const fresh = before ? askedFor(app).filter(i => !before.has(i.id)) : [];
    if (fresh.length === 0) return;
    app.toast(t('asked.news', {n: fresh.length}));
    notify(t('asked.news', {n: fresh.length}), '');
}

/** @param {App} app */
export function askedSection(app) {
    const items = askedFor(app);

    if (items.length === 0) return nothing;
    return html`
        <section aria-labelledby="asked-title">
            <h2 id="asked-title">${t('asked.title')} <span class="count">${items.length}</span></h2>
            <ul class="rows" @keydown=${rowKeys}>${repeat(
                items,
                i => i.id,
                i => askedRow(app, i),
            )}</ul>
        </section>`;
}

/** @param {App} app  @param {Invitation} i */
function askedRow(app, i) {
    const at = formatWhen(currentLanguage(), new Date(i.asked_at ?? ''), new Date(app.state.nowMs));
    const room = app.state.dashboard.rooms.find(r => r.id === i.room)?.name ?? '';

    return html`
        <li class="item" data-row tabindex="0" aria-label=${linkName(i)}>
            <div class="item-main">
                ${linkAvatar(i)}
                <div class="grow">
                    <p class="item-name"><bdi>${linkName(i)}</bdi> ${linkChip(i)}</p>
                    <p class="muted small">${room && html`<bdi>${room}</bdi> · `}${t('asked.at', {time: at})}</p>
                </div>
                <div class="row actions">
                    <button class="button primary" type="button" data-do="renew-link" @click=${() => renewLink(app, i)}>${icon('refresh-cw')}${t('links.renew')}</button>
                    <button class="button" type="button" data-do="dismiss-asked" @click=${() => dismiss(app, i)}>${icon('x')}${t('asked.dismiss')}</button>
                </div>
            </div>
        </li>`;
}

/** @param {App} app  @param {Invitation} i */
async function dismiss(app, i) {
    const sure = await confirmFirst(app, {
        title: t('asked.dismiss_ask', {name: linkName(i)}),
        text: t('asked.dismiss_text'),
        action: t('asked.dismiss'),
    });
    const done = sure && (await app.attempt(() => app.api.post(`/invitations/${i.id}/dismiss`)));

    if (done) app.dropItem(PATH, i.id);
}
