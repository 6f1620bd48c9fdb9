/* Showing a link that somebody is to be given: to copy, to scan, to send with the own mail program. */

import {until} from 'lit/directives/until.js';
import {html, nothing} from 'lit/html.js';
import {formatWhen} from '../core/i18n.js';
import {icon} from '../ui/icon.js';
import {drawQr} from '../ui/qr.js';
import {currentLanguage, t} from '../ui/texts.js';

/** @typedef {import('./types.js').App} App */

/** How long a link made by one tap can be used. */
const VISIT_LINK_S = 24 * 3600;

/**
 * Makes a link for one visit in `room` and shows it: no questions.
 * @param {App} app  @param {{id: string, name: string}} room
 */
export async function newVisitLink(app, room) {
    const made = await app.attempt(() =>
        app.api.post(
            `/rooms/${room.id}/invitations`,
            {max_uses: 1, expires_in_s: VISIT_LINK_S},
            {idempotencyKey: crypto.randomUUID()},
        ),
    );

    if (!made) return;
    app.putItem(`/rooms/${room.id}/invitations`, made);
    showLink(app, {
        title: t('visit.title', {name: room.name}),
        text: t('visit.text'),
        url: made.url,
        until: made.expires_at,
        subject: t('visit.mail_subject'),
    });
}

/**
 * @param {App} app
 * @param {{title: string, text: string, url: string, until?: string, subject: string}} link
 */
export function showLink(app, link) {
    const picture = drawQr(link.url, t('link.qr_of', {title: link.title}));

    app.openDialog(
        link.title,
        close => html`
            <p>${link.text}</p>
            <label class="field"><span class="label">${t('link.label')}</span>
                <input class="input" readonly dir="ltr" .value=${link.url} @focus=${(/** @type {Event} */ e) => /** @type {HTMLInputElement} */ (e.target).select()}></label>
            ${link.until ? html`<p class="muted small with-icon">${icon('clock')} ${t('link.until', {time: formatWhen(currentLanguage(), new Date(link.until), app.clock.date())})}</p>` : nothing}
            <div class="row link-actions">
                <button class="button primary" type="button" data-do="copy" @click=${() => copy(app, link.url)}>${icon('copy')}${t('link.copy')}</button>
                ${
                    'share' in navigator
                        ? html`<button class="button" type="button" @click=${() => navigator.share({url: link.url, title: link.subject}).catch(() => {})}>${icon('external-link')}${t('link.share')}</button>`
                        : nothing
                }
                <a class="button" href="mailto:?subject=${encodeURIComponent(link.subject)}&body=${encodeURIComponent(`${link.url}\n`)}">${icon('mail')}${t('link.mail')}</a>
            </div>
            <figure class="qr">${until(picture, html`<span class="spinner"></span>`)}<figcaption class="muted small">${t('link.qr')}</figcaption></figure>
            <div class="dialog-actions"><button class="button" type="button" @click=${close}>${t('link.done')}</button></div>`,
    );
}

/** @param {App} app  @param {string} url */
export async function copy(app, url) {
    try {
        await navigator.clipboard.writeText(url);
        app.toast(t('link.copied'));
    } catch {
        const field = document.querySelector('dialog input[readonly]');

        if (field instanceof HTMLInputElement) field.select();
        app.toast(t('link.copy_failed'), {kind: 'danger'});
    }
}
