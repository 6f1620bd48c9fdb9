/* One button a language, each written in itself. */
import {html} from 'lit/html.js';
import {LANGUAGES} from '../core/i18n.js';
import {changeLanguage, currentLanguage, t} from '../ui/texts.js';

/** @typedef {import('../core/i18n.js').Language} Language */

/** @param {(trouble: string) => void} redraw with the key of the message why nothing changed, or an empty one */
export const languageButtons = redraw => html`
    <ul class="languages" aria-label=${t('language')}>
        ${Object.entries(LANGUAGES).map(
            ([
                code,
                l,
            ]) => html`<li><button class="button quiet" type="button" lang=${code} aria-pressed=${code === currentLanguage() ? 'true' : 'false'}
                @click=${() => changeLanguage(/** @type {Language} */ (code)).then(redraw)}>${l.name}</button></li>`,
        )}
    </ul>`;
