// A problem with a field, shown below it and read out at once. A field names it with aria-describedby.
import {html} from 'lit/html.js';
import {icon} from './icon.js';

/** @param {string} id  @param {string} words */
export const wrongBelow = (id, words) =>
    html`<span class="wrong" id=${id} role="alert">${icon('circle-alert')}<span>${words}</span></span>`;
