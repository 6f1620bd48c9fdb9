// What is said about a person in the line or in the call.
import {html, nothing} from 'lit/html.js';
import {icon} from './icon.js';
import {t} from './texts.js';

/** @typedef {import('../core/protocol.js').Participant} Participant */

/** @param {{since: string}} p  @param {number} now by the server's clock */
export function waitedWords(p, now) {
    const minutes = Math.floor((now - (Date.parse(p.since) || now)) / 60_000);
    return minutes < 1 ? t('people.just_came') : t('people.waits', {n: minutes});
}

/** Where a name comes from decides how far to trust it. @param {Participant} p */
export const origin = p => html`
    ${p.kind === 'guest' && p.name_from === 'self' ? html`<span class="small muted">${t('people.name_self')}</span>` : nothing}
    ${p.same_invitation ? html`<span class="chip warn">${icon('triangle-alert')}${t('people.same_invitation')}</span>` : nothing}
`;
