// On a host's end page: the guests waiting, for how long, and the way to the first of them.
import {html, nothing} from 'lit/html.js';
import {icon} from './icon.js';
import {t} from './texts.js';
import {waitedWords} from './waited.js';

const SHOWN = 3;

/** @param {import('../core/call.js').Call} call  @param {import('./ui.js').Ui} ui */
export function nextGuests(call, ui) {
    const [first] = call.next;
    if (!first) return nothing;
    const more = call.next.length - SHOWN;
    return html`<section class="stack tight next-guests" aria-labelledby="next-title">
        <h2 id="next-title">${t('next.waiting', {n: call.next.length})}</h2>
        <ul class="people-list">
            ${call.next.slice(0, SHOWN).map(
                p => html`<li class="row spread"><strong><bdi>${p.name}</bdi></strong>
                    <span class="small muted">${waitedWords(p, ui.visit.deps.clock.wall())}${p.room.id === call.room?.id ? '' : html` · <bdi>${p.room.name}</bdi>`}</span></li>`,
            )}
        </ul>
        ${more > 0 ? html`<p class="small muted">${t('next.more', {n: more})}</p>` : nothing}
        <button class="button primary large wide" data-do="admit-next" @click=${() => ui.visit.way?.goOnWith(first)}>
            ${icon('door-open')}<span>${t('people.admit_name', {name: first.name})}</span>
        </button>
    </section>`;
}
