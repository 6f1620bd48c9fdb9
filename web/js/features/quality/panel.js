// The quality of the connection, in the header of the call.
import {html, nothing} from 'lit/html.js';
import {icon} from '../../ui/icon.js';
import {t} from '../../ui/texts.js';
import {ORDER} from './slice.js';

/** @typedef {import('../../core/call.js').Call} Call */

const PICTURES = {poor: 'signal-low', fair: 'signal-medium', good: 'signal-high'};

/** The worst of the connections, as icon and word. @param {Call} call */
export function quality(call) {
    const words = Object.keys(call.quality)
        .filter(id => call.peers[id]?.state === 'live')
        .map(id => call.quality[id]);
    const worst = ORDER.find(w => words.includes(w));
    if (!worst) return nothing;
    return html`<span class="quality ${worst}">${icon(PICTURES[worst])}<span>${t(`quality.${worst}`)}</span></span>`;
}

/** In the list of people. @param {Call} call  @param {string} id  @returns {string} empty: not known now */
export function qualityWords(call, id) {
    const word = call.peers[id]?.state === 'live' && call.quality[id];
    return word ? t(`quality.${word}`) : '';
}
