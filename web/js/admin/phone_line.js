/* The telephone number to call for help. */
import {html, nothing} from 'lit/html.js';
import {t} from '../ui/texts.js';

/** @param {string | null | undefined} phone as the practice wrote it */
export const phoneLine = phone =>
    phone
        ? html`<p class="small"><a class="muted" href="tel:${phone.replace(/[^+\d]/g, '')}">${t('help.phone', {phone})}</a></p>`
        : nothing;
