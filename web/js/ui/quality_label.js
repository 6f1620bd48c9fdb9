// The quality of the connection, in the header of the call.
import {html, nothing} from 'lit/html.js';
import {icon} from './icon.js';
import {t} from './texts.js';

/** The worst of the connections, as icon and word. @param {import('../core/call.js').Call} call */
export function quality(call) {
    const words = Object.values(call.peers).map(p => (p.state === 'live' ? p.quality : ''));
    const worst = ['poor', 'fair', 'good'].find(w => words.some(x => x === w));
    if (!worst) return nothing;
    const picture = {poor: 'signal-low', fair: 'signal-medium', good: 'signal-high'}[worst] ?? '';
    return html`<span class="quality ${worst}">${icon(picture)}<span>${t(`quality.${worst}`)}</span></span>`;
}
