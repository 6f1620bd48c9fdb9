// The amber bar: the line to the server is interrupted, since when, and what that means now.
import {html, nothing} from 'lit/html.js';
import {callDetail} from '../core/call.js';
import {icon} from './icon.js';
import {t} from './texts.js';

/** A blink of the line is not worth a word. */
const SHOW_AFTER_MS = 1_500;

/** @param {import('../core/call.js').Call} call  @param {import('./ui.js').Ui} ui */
export function linkBar(call, ui) {
    const now = ui.visit.deps.clock.now();
    const detail = call.phase === 'incall' ? callDetail(call) : '';
    if (detail === 'reconnecting') {
        const since = Math.min(...[call.linkSince, ...Object.values(call.peers).map(p => p.since)].filter(s => s > 0));
        const n = Math.max(1, Math.round((now - since) / 1000));
        return bar(t('link.reconnecting', {n}));
    }
    if (call.link !== 'lost' || now - call.linkSince < SHOW_AFTER_MS) return nothing;
    return bar(t(detail === 'live' ? 'link.lost_call_goes_on' : 'link.lost_waiting'));
}

/** @param {string} words */
const bar = words =>
    html`<section class="link-bar" data-bar="reconnecting" aria-label=${t('say.reconnecting')}>
        ${icon('wifi-off')}<span>${words}</span>
    </section>`;
