// A person without a picture: the letters of their name on a quiet disc.
import {html} from 'lit/html.js';
import {initialsOf} from '../core/initials.js';
import {icon} from './icon.js';

/** @param {string} name */
export const avatar = name => html`<div class="initials" aria-hidden="true">${initialsOf(name) || icon('user')}</div>`;
