// Short words about what just happened. They keep nobody from pressing: on the stage what stands below them moves down, and
// inside an open dialog they stand in it, since all else is behind it.
import {repeat} from 'lit/directives/repeat.js';
import {html} from 'lit/html.js';
import {icon} from './icon.js';
import {t} from './texts.js';

/** Who sees the list of those who wait need not be told of them. @param {import('../core/call.js').Call} call */
export const toasts = call => html`<div class="toasts">
    ${repeat(
        call.toasts.filter(x => !x.waits || call.panel !== 'people'),
        x => x.id,
        x =>
            html`<p class="toast ${x.kind}">${icon(x.kind === 'warn' ? 'circle-alert' : 'info')}<span>${t(x.key, x.params)}</span></p>`,
    )}
</div>`;
