// The devices on the calm pages: their problems, and the list to choose from. Both come with the later part.
import {html, nothing} from 'lit/html.js';
import {awaited, hasTrouble} from './awaited.js';
import {icon} from './icon.js';
import {t} from './texts.js';

/** @typedef {import('./ui.js').Ui} Ui */

/** @param {import('../core/call.js').Call} call  @param {Ui} ui */
export function deviceNews(call, ui) {
    if (ui.later) return [ui.steady?.deviceNews(call, ui), ui.later.deviceNotes(call, ui)];
    const wanted = call.phase === 'check' ? ui.laterTrouble : ''; // in the waiting room the chat reports it
    return wanted || hasTrouble(call.local) || call.local.slow ? awaited(ui) : nothing;
}

/** @param {Ui} ui  @param {(later: import('./ui.js').LaterParts) => unknown} content */
export const deviceChoice = (ui, content) => html`<details @toggle=${() => ui.withLater(ui.redraw)}>
    <summary>${icon('settings')}<span class="grow">${t('check.devices')}</span>${icon('chevron-down', 'chevron')}</summary>
    ${ui.later ? content(ui.later) : awaited(ui)}
</details>`;
