// Short messages about the last event. They cover no button: on the stage the parts below them move down, and
// while a dialog is open they stand in it, since the page is behind it.
import {repeat} from 'lit/directives/repeat.js';
import {html} from 'lit/html.js';
import {icon} from './icon.js';
import {t} from './texts.js';

/** A person who sees the list of waiting guests need not be told about them. @param {import('../core/call.js').Call} call */
export const toasts = call => html`<div class="toasts">
    ${repeat(
        call.toasts.filter(x => !x.waits || call.panel !== 'people'),
        x => x.id,
        x =>
            html`<p class="toast ${x.kind}">${icon(x.kind === 'warn' ? 'circle-alert' : 'info')}<span>${t(x.key, x.params)}</span></p>`,
    )}
</div>`;
