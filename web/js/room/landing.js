// The landing page of an invitation. Small and without a library: it is all that is fetched before the first press.
// It fills the elements that room.html holds already, so that there is something to read before any script runs.

import {ApiError} from '../core/api.js';
import {lookUp} from '../core/entry.js';
import {formatTime, formatWhen, isolate} from '../core/i18n.js';
import {find, make} from '../ui/dom.js';
import {changeLanguage, currentLanguage, t} from '../ui/texts.js';

/** @typedef {import('../core/invitation.js').Invitation} Invitation */

/** Guests may come in this long before the appointment. */
const EARLY_MS = 30 * 60_000;
const AGAIN_MS = 20_000;
/** Beyond this a clock time says more than a number of minutes. */
const COUNTDOWN_MAX_MIN = 60;

/**
 * @typedef {object} LandingDeps
 * @property {import('../core/api.js').Api} api
 * @property {string} code
 * @property {() => Promise<unknown>} warm fetches the call ahead of the press
 * @property {(invitation: Invitation | null) => Promise<void>} go
 * @property {{id: string, name: string}[]} languages
 */

export class Landing {
    /** @param {LandingDeps} deps */
    constructor(deps) {
        this.deps = deps;
        /** @type {Invitation | null} */
        this.invitation = null;
        this.asked = false;
        this.errorKey = '';
        this.root = find('#landing', HTMLElement);
        this.button = find('#l-go', HTMLButtonElement);
        this.listen();
    }

    /** @param {boolean} visible */
    show(visible) {
        this.root.hidden = !visible;
    }

    async start() {
        this.show(true);
        this.draw();
        if (!this.deps.code) this.errorKey = 'landing.no_code';
        else await this.lookUp();
        this.draw();
        setInterval(() => this.tick(), AGAIN_MS);
    }

    listen() {
        const on = (/** @type {string} */ id, /** @type {() => void} */ run) =>
            find(id, HTMLElement).addEventListener('click', run);
        on('#l-go', () => this.go());
        on('#l-new', () => this.askNew());
        on('#l-ics', () => this.calendar());
        on('#l-retry', () => this.retry());
        for (const early of ['pointerenter', 'touchstart', 'focus'])
            this.button.addEventListener(early, () => this.deps.warm(), {once: true, passive: true});
        find('#l-language', HTMLSelectElement).addEventListener('change', e => this.changeLanguage(e));
    }

    async lookUp() {
        this.errorKey = '';
        try {
            this.invitation = await lookUp(this.deps.api, this.deps.code);
        } catch (e) {
            const code = e instanceof ApiError ? e.code : 'unknown';
            const status = e instanceof ApiError ? e.status : 0;
            this.errorKey = status === 404 || status === 422 ? 'landing.not_found' : `error.${code}`;
            if (t(this.errorKey) === this.errorKey) this.errorKey = 'error.unknown';
        }
    }

    async go() {
        this.button.disabled = true;
        this.button.setAttribute('aria-busy', 'true');
        try {
            await this.deps.go(this.invitation);
        } catch {
            this.errorKey = 'error.network'; // the call itself could not be fetched
        }
        this.button.removeAttribute('aria-busy');
        this.draw();
    }

    async retry() {
        await this.lookUp();
        this.draw();
    }

    /** The minutes pass; an early invitation becomes valid while the page is open. */
    async tick() {
        if (this.root.hidden) return;
        if (this.invitation?.state === 'early' && !(this.opensIn() > 0)) await this.lookUp();
        this.draw();
    }

    async askNew() {
        try {
            await this.deps.api.post('/invitations/request-new', {code: this.deps.code});
            this.asked = true;
        } catch {
            this.errorKey = 'error.network';
        }
        this.draw();
    }

    async calendar() {
        try {
            const text = await this.deps.api.post('/invitations/ics', {code: this.deps.code});
            const url = URL.createObjectURL(new Blob([text], {type: 'text/calendar'}));
            make('a', {href: url, download: 'visit.ics'}).click();
            setTimeout(() => URL.revokeObjectURL(url), 10_000);
        } catch {
            this.errorKey = 'error.network';
            this.draw();
        }
    }

    /** @param {Event} e */
    async changeLanguage(e) {
        const lang = /** @type {import('../core/i18n.js').Language} */ (
            /** @type {HTMLSelectElement} */ (e.currentTarget).value
        );
        await changeLanguage(lang);
        this.draw();
    }

    // ---- drawing ----

    opensIn() {
        return Date.parse(this.invitation?.startsAt ?? '') - EARLY_MS - Date.now();
    }

    draw() {
        const i = this.invitation;
        for (const el of this.root.parentElement?.querySelectorAll('[data-t]') ?? [])
            el.textContent = t(/** @type {HTMLElement} */ (el).dataset['t'] ?? '');
        this.drawLanguages(i?.languages ?? []);
        this.drawNotice();
        const gone = i !== null && ['expired', 'used', 'revoked'].includes(i.state);
        this.button.disabled = i?.state !== 'valid';
        this.button.hidden = gone || this.errorKey !== '';
        find('#l-new', HTMLElement).hidden = !gone || this.asked;
        find('#l-retry', HTMLElement).hidden = !this.errorKey.startsWith('error.');
        find('#l-promises', HTMLElement).hidden = gone || this.errorKey !== '';
        find('#l-ics', HTMLElement).hidden = !i?.startsAt || gone;
        find('#l-card', HTMLElement).setAttribute('aria-busy', String(i === null && !this.errorKey));
        if (i) this.drawInvitation(i);
    }

    /** @param {Invitation} i */
    drawInvitation(i) {
        find('#l-practice', HTMLElement).textContent = i.practice;
        document.title = t('landing.page_title', {practice: i.practice});
        if (i.hostName) find('#l-title', HTMLElement).textContent = t('landing.with', {host: i.hostName});
        this.drawWhen(i.startsAt);
        if (i.phone) {
            const href = `tel:${i.phone.replace(/[^+\d]/g, '')}`;
            find('#l-phone', HTMLElement).replaceChildren(
                make('a', {class: 'help', href}, t('help.phone', {phone: isolate(i.phone)})),
            );
        }
    }

    /** @param {string} startsAt */
    drawWhen(startsAt) {
        const el = find('#l-when', HTMLElement);
        el.hidden = !startsAt;
        if (!startsAt) return;
        const at = new Date(startsAt);
        const lang = currentLanguage();
        const minutes = Math.ceil((at.getTime() - Date.now()) / 60_000);
        const soon = minutes > 0 && minutes <= COUNTDOWN_MAX_MIN;
        const count = soon ? ` · ${t('landing.starts_in', {n: minutes})}` : '';
        el.replaceChildren(formatWhen(lang, at, new Date()), make('small', {}, t('landing.your_time') + count));
    }

    drawNotice() {
        const [kind, words] = this.notice();
        const box = find('#l-notice', HTMLElement);
        if (box.textContent === words) return;
        box.replaceChildren(...(words ? [make('p', {class: `notice ${kind}`}, words)] : []));
    }

    /** @returns {[string, string]} kind and words of what must be said now */
    notice() {
        const i = this.invitation;
        if (this.errorKey) return ['warn', t(this.errorKey)];
        if (!i) return ['', t('landing.loading')];
        if (this.asked) return ['ok', t('landing.asked')];
        if (i.state === 'early') return ['', this.earlyWords(i)];
        if (i.state !== 'valid') return ['warn', t(`landing.${i.state}`)];
        const begun = i.startsAt && Date.parse(i.startsAt) <= Date.now();
        return begun ? ['ok', t('landing.started')] : ['', ''];
    }

    /** @param {Invitation} i */
    earlyWords(i) {
        if (!i.startsAt) return t('landing.early');
        const minutes = Math.max(1, Math.ceil(this.opensIn() / 60_000));
        if (minutes <= COUNTDOWN_MAX_MIN) return t('landing.opens_in', {n: minutes});
        const from = new Date(Date.parse(i.startsAt) - EARLY_MS);
        return t('landing.opens_at', {time: formatTime(currentLanguage(), from)});
    }

    /** @param {string[]} offered by the practice; empty: all we have */
    drawLanguages(offered) {
        const select = find('#l-language', HTMLSelectElement);
        const list = this.deps.languages.filter(l => offered.length === 0 || offered.includes(l.id));
        if (select.childElementCount !== list.length)
            select.replaceChildren(...list.map(l => make('option', {value: l.id, lang: l.id}, l.name)));
        select.value = currentLanguage();
    }
}
