/* The head of the pages before the dashboard, and of /check: the mark and the name of the practice. */
import {html} from 'lit/html.js';
import {t} from '../ui/texts.js';

/** @param {string} practice its name; empty: not told  @param {number} [size] of the mark, in CSS pixels */
export const doorBrand = (practice, size = 48) => html`
    <header class="door-brand">
        <img src="/favicon.svg" alt="" width=${size} height=${size}>
        <p>${practice || t('app.name')}</p>
    </header>`;
