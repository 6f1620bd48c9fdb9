// A person without a picture: the first letters of their name on a quiet disc.
import {html} from 'lit/html.js';
import {icon} from './icon.js';

/** At most two letters; names without letters give none. @param {string} name */
export function initialsOf(name) {
    const words = name
        .trim()
        .split(/\s+/)
        .filter(w => /\p{L}/u.test(w));
    const first = words[0];
    const last = words.length > 1 ? words.at(-1) : undefined;
    return [first, last]
        .map(w => (w ? (/\p{L}/u.exec(w)?.[0] ?? '') : ''))
        .join(/\p{Script=Arabic}/u.test(name) ? '\u200c' : '') // keeps the two Arabic letters from joining
        .toLocaleUpperCase();
}

/** @param {string} name */
export const initials = name =>
    html`<div class="initials" aria-hidden="true">${initialsOf(name) || icon('user')}</div>`;
