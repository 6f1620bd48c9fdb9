/* Shows a link to pass on: a whole message to send, the link alone, a QR code to scan. */

import {until} from 'lit/directives/until.js';
import {html, nothing} from 'lit/html.js';
import {formatWhen, LANGUAGES} from '../core/i18n.js';
import {icon} from '../ui/icon.js';
import {drawQr} from '../ui/qr.js';
import {currentLanguage, t} from '../ui/texts.js';
import {linkMessage} from './link_message.js';
import {messageTexts} from './message_texts.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./types.js').Invitation} Invitation */
/** @typedef {import('../core/i18n.js').Language} Language */
/**
 * @typedef {object} Link
 * @property {string} title
 * @property {string} text a note for the person who passes it on
 * @property {import('./link_message.js').LinkFacts} facts
 * @property {string} [reach] who can open it, as the server judges: `anywhere`, `network`, `machine`, `insecure`
 * @property {string} qr the text under the QR code
 */

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
    await showInvitation(app, made, t('visit.title', {name: room.name}));
}

/** @param {App} app  @param {Invitation} i with its url  @param {string} title */
export function showInvitation(app, i, title) {
    const {practice, me} = app.state;
    const early = i.not_before && Date.parse(i.not_before) > app.clock.wall();

    return showLink(app, {
        title,
        text: t(i.max_uses === 1 ? 'visit.text' : 'links.text_many'),
        facts: {
            kind: 'visit',
            url: i.url ?? '',
            name: i.guest_name,
            from: i.host_name,
            practice: practice.practice,
            phone: practice.phone,
            opensAt: early ? i.not_before : null,
            until: i.expires_at,
            several: i.max_uses > 1,
            zone: me?.timezone,
        },
        reach: i.reach,
        qr: t('link.qr'),
    });
}

/** @param {App} app  @param {Link} link */
export async function showLink(app, link) {
    const picture = drawQr(link.facts.url, t('link.qr_of', {title: link.title}));
    const offered = /** @type {Language[]} */ (
        (app.state.practice.languages ?? []).filter(lang => lang in LANGUAGES && lang !== currentLanguage())
    );
    const texts = await messageTexts([currentLanguage(), ...offered]);

    app.ui({linkLanguage: undefined});
    app.openDialog(link.title, close => linkView(app, link, picture, texts, close));
}

/**
 * @param {App} app  @param {Link} link  @param {Promise<import('./types.js').View>} picture
 * @param {[Language, import('../core/i18n.js').Translate][]} texts  @param {() => void} close
 */
function linkView(app, link, picture, texts, close) {
    const {url, until: untilAt} = link.facts;
    const chosen = texts.find(([lang]) => lang === app.state.ui['linkLanguage']) ?? texts[0];
    const message = chosen ? linkMessage(chosen[1], chosen[0], link.facts) : {subject: '', text: url};

    return html`
        ${reachNotice(link)}
        <p>${link.text}</p>
        ${untilAt ? html`<p class="muted small with-icon">${icon('clock')} ${t('link.until', {time: formatWhen(currentLanguage(), new Date(untilAt), app.clock.date())})}</p>` : nothing}
        ${messageField(app, message.text, chosen?.[0] ?? currentLanguage(), texts)}
        <div class="row link-actions">
            <button class="button primary" type="button" data-do="copy-message" @click=${() => copy(app, typedMessage(), '#link-message', t('link.message_copied'))}>${icon('copy')}${t('link.copy_message')}</button>
            ${
                'share' in navigator
                    ? html`<button class="button" type="button" @click=${() => navigator.share({text: typedMessage(), title: message.subject}).catch(() => {})}>${icon('external-link')}${t('link.share')}</button>`
                    : nothing
            }
            <a class="button" href="mailto:" data-do="mail-message" @click=${(/** @type {Event} */ e) => addressMail(e, message.subject)}>${icon('mail')}${t('link.mail')}</a>
        </div>
        <div class="field">
            <label for="link-url">${t('link.label')}</label>
            <input class="input" id="link-url" readonly dir="ltr" .value=${url} @focus=${(/** @type {Event} */ e) => /** @type {HTMLInputElement} */ (e.target).select()}>
            <div><button class="button quiet" type="button" data-do="copy-link" @click=${() => copy(app, url, '#link-url', t('link.copied'))}>${icon('link')}${t('link.copy')}</button></div>
        </div>
        <figure class="qr">${until(picture, html`<span class="spinner"></span>`)}<figcaption class="muted small">${link.qr}</figcaption></figure>
        <div class="dialog-actions"><button class="button" type="button" @click=${close}>${t('link.done')}</button></div>`;
}

/** A link that does not work where it is meant to is marked, with the remedy. @param {Link} link */
const reachNotice = link =>
    link.reach && link.reach !== 'anywhere'
        ? html`<div class="notice warn" role="note" data-reach=${link.reach}>${icon('triangle-alert')}<div class="stack tight"><p>${t(`link.reach.${link.reach}`, {host: new URL(link.facts.url).host})}</p><p>${t('link.reach_remedy')} <code dir="ltr">--public-url https://…</code></p></div></div>`
        : nothing;

/**
 * The message to send, which can be read and changed first; in the language of the guest.
 * @param {App} app  @param {string} text  @param {Language} lang  @param {[Language, unknown][]} texts
 */
const messageField = (app, text, lang, texts) => html`
    <div class="field">
        <div class="row spread">
            <label class="label" for="link-message">${t('link.message')}</label>
            ${
                texts.length > 1
                    ? html`<label><span class="visually-hidden">${t('link.language')}</span>
                          <select class="select narrow" @change=${(/** @type {Event} */ e) => app.ui({linkLanguage: /** @type {HTMLSelectElement} */ (e.target).value})}>
                              ${texts.map(([code]) => html`<option value=${code} lang=${code} ?selected=${code === lang}>${LANGUAGES[code].name}</option>`)}
                          </select></label>`
                    : nothing
            }
        </div>
        <textarea class="input message" id="link-message" rows="9" lang=${lang} dir=${LANGUAGES[lang].dir} .value=${text}></textarea>
    </div>`;

/** The message as it stands in the field. */
const typedMessage = () =>
    /** @type {HTMLTextAreaElement | null} */ (document.querySelector('#link-message'))?.value ?? '';

/** The mail program gets the text of the field at the moment of the press. @param {Event} event  @param {string} subject */
function addressMail(event, subject) {
    const body = encodeURIComponent(typedMessage().replace(/\r?\n/g, '\r\n'));

    /** @type {HTMLAnchorElement} */ (event.currentTarget).href =
        `mailto:?subject=${encodeURIComponent(subject)}&body=${body}`;
}

/** @param {App} app  @param {string} text  @param {string} selector of the field that holds it  @param {string} done */
async function copy(app, text, selector, done) {
    try {
        await navigator.clipboard.writeText(text);
        app.toast(done);
    } catch {
        /** @type {HTMLInputElement | HTMLTextAreaElement | null} */ (document.querySelector(selector))?.select();
        app.toast(t('link.copy_failed'), {kind: 'danger'});
    }
}
