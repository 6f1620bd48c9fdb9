// One picture of the sprite. It says nothing to a screen reader: the words stand beside it.
import {html} from 'lit/html.js';

/** @param {string} name a file of icons/  @param {string} [extra] more classes */
export const icon = (name, extra = '') =>
    html`<svg class="icon ${extra}" aria-hidden="true" focusable="false"><use href="${__ICONS__}#${name}"></use></svg>`;
