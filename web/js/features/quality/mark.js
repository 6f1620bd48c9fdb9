// A word of quality as icon and word: the same in the call and on the dashboard.
import {html} from 'lit/html.js';
import {icon} from '../../ui/icon.js';
import {t} from '../../ui/texts.js';

const PICTURES = {poor: 'signal-low', fair: 'signal-medium', good: 'signal-high'};

/** @param {import('./judge.js').Word} word */
export const mark = word => html`${icon(PICTURES[word])}<span>${t(`quality.${word}`)}</span>`;
