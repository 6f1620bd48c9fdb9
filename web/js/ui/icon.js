// One picture of the sprites. It is hidden from screen readers: the text stands beside it.
import {html} from 'lit/html.js';

/** Those that a visit shows before its first picture (build.mjs finds them) lie in a sprite of their own. */
const FIRST = new Set(__ICON_NAMES__.split(' '));

/** @param {string} name a file of icons/  @param {string} [extra] more classes */
export const icon = (name, extra = '') =>
    html`<svg class="icon ${extra}" aria-hidden="true" focusable="false"><use href="${FIRST.has(name) ? __ICONS_FIRST__ : __ICONS_LATER__}#${name}"></use></svg>`;
