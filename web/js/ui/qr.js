// A link as a picture that a telephone reads.
import {html, svg} from 'lit/html.js';

/** The library is fetched when the first code is drawn. @param {string} url  @param {string} label */
export async function drawQr(url, label) {
    const {encode} = await import('uqr');
    const {data, size} = encode(url, {ecc: 'M', border: 2});
    const dark = data.flatMap((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : '')));

    return html`<svg viewBox="0 0 ${size} ${size}" role="img" aria-label=${label} shape-rendering="crispEdges">
        ${svg`<rect width=${size} height=${size} fill="#fff"></rect><path d=${dark.join('')} fill="#000"></path>`}
    </svg>`;
}
