// The amber bar: a connection is interrupted, and the effect of that now. core/outage.js decides its text.
import {html, nothing} from 'lit/html.js';
import {outage} from '../core/outage.js';
import {icon} from './icon.js';
import {t} from './texts.js';

/** @param {import('../core/call.js').Call} call  @param {import('./ui.js').Ui} ui */
export function linkBar(call, ui) {
    const {bar, hurry} = outage(call, ui.visit.deps.clock.now());
    if (!bar) return nothing;
    return html`<section class="link-bar" data-bar="reconnecting" aria-label=${t('say.reconnecting')}>
        ${icon('wifi-off')}<span>${t(bar.key, bar.params)}</span>
        ${hurry ? html`<button class="button" data-do="try-now" @click=${() => ui.visit.tryNow()}>${t('link.try_now')}</button>` : nothing}
    </section>`;
}
