// The landing page of an invitation. Small and without a library: nothing else is fetched before the first press.
// It fills the elements that room.html holds already, so that there is something to read before any script runs.

import {ApiError} from '../core/api.js';
import {askForNew, lookUp} from '../core/entry.js';
import {formatWhen} from '../core/i18n.js';
import {find, make} from '../ui/dom.js';
import {cookiesWork} from '../ui/page.js';
import {changeLanguage, currentLanguage, t} from '../ui/texts.js';

/** @typedef {import('../core/invitation.js').Invitation} Invitation */

const AGAIN_MS = 20_000;
/** When it should be open and the server has not confirmed that, or was not reached. */
const ANY_MOMENT_MS = 1_000;
/** Beyond this a clock time says more than a number of minutes. */
const COUNTDOWN_MAX_MIN = 60;

/**
 * @typedef {object} LandingDeps
 * @property {import('../core/api.js').Api} api
 * @property {import('../core/clock.js').Clock} clock
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
        /** when it opens, by the server's clock */
        this.opensAt = 0;
        this.asked = false;
        this.errorKey = '';
        this.languageTrouble = '';
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
        this.wait();
    }

    listen() {
        const on = (/** @type {string} */ id, /** @type {() => void} */ run) =>
            find(id, HTMLElement).addEventListener('click', run);
        on('#l-go', () => this.go());
        on('#l-new', () => this.askNew());
        on('#l-retry', () => this.retry());
        for (const early of ['pointerenter', 'touchstart', 'focus'])
            this.button.addEventListener(early, () => this.deps.warm(), {once: true, passive: true});
        find('#l-language', HTMLSelectElement).addEventListener('change', e => this.changeLanguage(e));
        document.addEventListener('visibilitychange', () => !document.hidden && this.tick(true));
    }

    async lookUp() {
        this.errorKey = '';
        try {
            this.invitation = await lookUp(this.deps.api, this.deps.code);
            this.opensAt = this.deps.clock.wall() + this.invitation.opensInS * 1000;
        } catch (e) {
            this.fail(e);
        }
    }

    /** @param {unknown} e */
    fail(e) {
        const code = e instanceof ApiError ? e.code : 'unknown';
        const status = e instanceof ApiError ? e.status : 0;
        this.errorKey = status === 404 || status === 422 ? 'landing.not_found' : `error.${code}`;
        if (t(this.errorKey) === this.errorKey) this.errorKey = 'error.unknown';
    }

    async go() {
        this.button.disabled = true;
        this.button.setAttribute('aria-busy', 'true');
        try {
            await this.deps.go(this.invitation);
        } catch (e) {
            this.fail(e); // the call itself could not be fetched
        }
        this.button.removeAttribute('aria-busy');
        this.draw();
    }

    async retry() {
        if (this.errorKey === 'error.outdated') return location.reload();
        await this.lookUp();
        this.draw();
    }

    /** The minutes pass; the moment in which it opens is not missed. */
    wait() {
        const opensIn = this.opensIn();
        const due = this.invitation?.state === 'early' ? ANY_MOMENT_MS : AGAIN_MS;
        const ms = opensIn > 0 ? Math.min(AGAIN_MS, opensIn) : due;
        this.deps.clock.after(() => this.tick().finally(() => this.wait()), ms);
    }

    /** An early invitation becomes valid while the page is open. @param {boolean} [back] the page is visible again: clocks may have stood still */
    async tick(back = false) {
        if (this.root.hidden) return;
        if (this.invitation?.state === 'early' && (back || !(this.opensIn() > 0))) await this.lookUp();
        this.draw();
    }

    /** It may work again meanwhile: then the guest comes in instead of asking. */
    async askNew() {
        try {
            await askForNew(this.deps.api, this.deps.code);
            this.asked = true;
        } catch (e) {
            if (e instanceof ApiError && e.code === 'invitation_works') await this.lookUp();
            else this.fail(e);
        }
        this.draw();
    }

    /** @param {Event} e */
    async changeLanguage(e) {
        const lang = /** @type {import('../core/i18n.js').Language} */ (
            /** @type {HTMLSelectElement} */ (e.currentTarget).value
        );
        this.languageTrouble = await changeLanguage(lang);
        this.draw();
    }

    /** The practice of this page, as the server has put it there. */
    practice() {
        return {
            name: find('#l-practice', HTMLElement).textContent ?? '',
            phone: find('#l-phone', HTMLElement).dataset['phone'] ?? '',
        };
    }

    // ---- drawing ----

    opensIn() {
        return this.opensAt - this.deps.clock.wall();
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
        find('#l-home', HTMLElement).hidden =
            this.errorKey !== 'landing.not_found' && this.errorKey !== 'landing.no_code';
        const check = find('#l-check', HTMLAnchorElement);
        check.hidden = gone || this.errorKey !== '';
        check.hash = this.deps.code;
        find('#l-promises', HTMLElement).hidden = gone || i?.state === 'early' || this.errorKey !== '';
        find('#l-card', HTMLElement).setAttribute('aria-busy', String(i === null && !this.errorKey));
        if (i) this.drawInvitation(i);
    }

    /** @param {Invitation} i */
    drawInvitation(i) {
        document.title = t('landing.page_title', {practice: i.practice});
        if (i.hostName) find('#l-title', HTMLElement).textContent = t('landing.with', {host: i.hostName});
        this.drawWhen(i);
    }

    /** The time from which the guest can come in. @param {Invitation} i */
    drawWhen(i) {
        const el = find('#l-when', HTMLElement);
        el.hidden = i.state !== 'early';
        if (el.hidden) return;
        const when = formatWhen(currentLanguage(), new Date(i.notBefore), this.deps.clock.date());
        el.replaceChildren(when, make('small', {}, t('landing.your_time')));
    }

    drawNotice() {
        const [kind, words] = this.notice();
        const box = find('#l-notice', HTMLElement);
        if (box.textContent === words) return;
        box.replaceChildren(...(words ? [make('p', {class: `notice ${kind}`}, words)] : []));
    }

    /** @returns {[string, string]} kind and text of the message to show now */
    notice() {
        const i = this.invitation;
        if (this.errorKey || this.languageTrouble) return ['warn', t(this.errorKey || this.languageTrouble)];
        if (!i) return ['', t('landing.loading')];
        if (this.asked) return ['ok', t('landing.asked')];
        if (i.state === 'early') return ['', this.earlyWords()];
        if (i.state === 'valid') return ['warn', cookiesWork() ? '' : t('no_cookies.guest')];
        return ['warn', t(`landing.${i.state}`)];
    }

    earlyWords() {
        const minutes = Math.max(1, Math.ceil(this.opensIn() / 60_000));
        return minutes <= COUNTDOWN_MAX_MIN ? t('landing.opens_in', {n: minutes}) : t('landing.opens_at');
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
