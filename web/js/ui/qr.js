// A link as a QR code.
import {html, svg} from 'lit/html.js';
import {part} from './page.js';
import {t} from './texts.js';

/** The library is fetched when the first code is drawn; without it a text is shown. @param {string} url  @param {string} label */
export async function drawQr(url, label) {
    const library = await part(() => import('uqr')).catch(() => null);
    if (!library) return html`<p class="small">${t('qr.failed')}</p>`;
    const {data, size} = library.encode(url, {ecc: 'M', border: 2});
    const dark = data.flatMap((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : '')));

    return html`<svg viewBox="0 0 ${size} ${size}" role="img" aria-label=${label} shape-rendering="crispEdges">
        ${svg`<rect width=${size} height=${size} fill="#fff"></rect><path d=${dark.join('')} fill="#000"></path>`}
    </svg>`;
}
