// The question before a guest is let in, in the call and on the dashboard: whom they would meet, and whether they are there.
import {html, nothing} from 'lit/html.js';
import {goneMinutes} from '../core/admitting.js';
import {currentLanguage, t} from './texts.js';

/** The texts of the question, which the guest's page does not need. @type {import('./texts.js').Source} */
export const ADMIT_TEXTS = {
    en: () => import('../../lang/en/admit.json'),
    ar: () => import('../../lang/ar/admit.json'),
};

/**
 * @typedef {object} AdmitQuestion
 * @property {import('../core/queue.js').Somebody} guest
 * @property {import('../core/queue.js').Somebody[]} inside the other guests
 * @property {boolean} gone the guest is away
 * @property {boolean} [same] another person came with the same one-person link
 * @property {number} nowMs wall clock
 * @property {(how: '' | 'beside' | 'instead') => void} letIn
 * @property {(e: Event) => void} close
 */

/** @param {import('../core/queue.js').Somebody[]} people */
export const names = people =>
    new Intl.ListFormat(currentLanguage(), {type: 'conjunction'}).format(people.map(p => p.name));

/** @param {Pick<AdmitQuestion, 'guest' | 'inside' | 'gone'>} q */
export function admitTitle({guest, inside, gone}) {
    if (inside.length) return t('admit.inside', {n: inside.length, names: names(inside)});
    return t(gone ? 'admit.gone' : 'admit.ask', {name: guest.name});
}

/** @param {import('../core/queue.js').Somebody} guest  @param {number} nowMs */
const goneWords = (guest, nowMs) => {
    const n = goneMinutes(guest, nowMs);
    return n < 1 ? t('admit.away_now') : t('admit.away_for', {n});
};

/** @param {AdmitQuestion} q */
export function admitBody({guest, inside, gone, same, nowMs, letIn, close}) {
    const name = guest.name;
    const lost = inside.length > 0 && inside.every(p => p.state === 'away');
    return html`
        ${inside.length ? html`<p>${t('admit.meet', {name, names: names(inside)})}</p>` : nothing}
        ${lost ? html`<p>${t('admit.lost', {n: inside.length, names: names(inside)})}</p>` : nothing}
        ${gone ? html`<p>${goneWords(guest, nowMs)}. ${t('admit.gone_text', {name})}</p>` : nothing}
        ${same ? html`<p>${t('admit.same', {name})}</p>` : nothing}
        <div class="stack">
            ${
                inside.length
                    ? html`<button type="button" class="button primary" data-do="admit-instead" @click=${() => letIn('instead')}>${t('admit.instead', {name})}</button>
                      <button type="button" class="button" data-do="admit-beside" @click=${() => letIn('beside')}>${t('admit.beside', {name})}</button>`
                    : html`<button type="button" class="button primary" data-do="admit-anyway" @click=${() => letIn('')}>${t(gone ? 'admit.anyway' : 'admit.yes', {name})}</button>`
            }
            <button type="button" class="button" data-do="not-now" @click=${close}>${t('admit.not_now')}</button>
        </div>`;
}
