// The quality of the connection, in the header of the call.
import {html, nothing} from 'lit/html.js';
import {t} from '../../ui/texts.js';
import {mark} from './mark.js';
import {ORDER} from './slice.js';

/** @typedef {import('../../core/call.js').Call} Call */

/** The word of the other side for what it receives from us. @param {Call} call  @param {string} id */
const theirs = (call, id) => ORDER.find(w => w === call.people.find(p => p.id === id)?.status.quality);

/** The worst of the connections, seen from either side, as icon and word; whose side that is, for people who ask. @param {Call} call */
export function quality(call) {
    const live = Object.keys(call.quality).filter(id => call.peers[id]?.state === 'live');
    const ours = live.map(id => call.quality[id]);
    const worst = ORDER.find(w => ours.includes(w) || live.some(id => theirs(call, id) === w));
    if (!worst) return nothing;
    const other = ours.includes(worst) ? undefined : call.people.find(p => theirs(call, p.id) === worst);
    const whose = other ? t('quality.theirs', {name: other.name}) : '';
    return html`<span class="quality ${worst}" title=${whose || nothing}>${mark(worst)}${
        whose ? html`<span class="visually-hidden">${whose}</span>` : nothing
    }</span>`;
}

/** In the list of people. @param {Call} call  @param {string} id  @returns {string} empty: not known now */
export function qualityWords(call, id) {
    const word = call.peers[id]?.state === 'live' && call.quality[id];
    if (!word) return '';
    const there = theirs(call, id);
    return there ? t('quality.both', {here: t(`quality.${word}`), there: t(`quality.${there}`)}) : t(`quality.${word}`);
}
