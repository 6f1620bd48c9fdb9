// How far a name can be trusted.
import {html, nothing} from 'lit/html.js';
import {icon} from './icon.js';
import {t} from './texts.js';

/** @typedef {import('../core/protocol.js').Participant} Participant */

/** Where a name comes from decides how far to trust it. @param {Participant} p */
export const origin = p => html`
    ${p.kind === 'guest' && p.name_from === 'self' ? html`<span class="small muted">${t('people.name_self')}</span>` : nothing}
    ${p.same_invitation ? html`<span class="chip warn">${icon('triangle-alert')}${t('people.same_invitation')}</span>` : nothing}
`;
