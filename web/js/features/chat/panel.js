// The conversation in writing. Text stays text: an address becomes a link by building a node, nothing is ever markup.

import {repeat} from 'lit/directives/repeat.js';
import {html, nothing} from 'lit/html.js';
import {nameOf} from '../../core/call.js';
import {formatTime} from '../../core/i18n.js';
import {CHAT_MAX_BYTES} from '../../core/protocol.js';
import {find} from '../../ui/dom.js';
import {icon} from '../../ui/icon.js';
import {fitsInto, isLong, shortened, tooLong} from '../../ui/lengths.js';
import {currentLanguage, t} from '../../ui/texts.js';
import {draftFor, isMeantFor} from './slice.js';

/** @typedef {import('../../core/call.js').Call} Call */
/** @typedef {import('../../ui/ui.js').Ui} Ui */

const ADDRESS = /(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/g;

/** @param {Call} call  @param {Ui} ui  @param {string} hint */
export const chatPanel = (call, ui, hint) => html`<div class="chat">
    <div class="chat-lines" tabindex="0" role="log" aria-live="off" aria-label=${t('chat.lines')}><ol>
        ${call.chat.length === 0 ? html`<li class="chat-empty muted">${hint}</li>` : nothing}
        ${repeat(
            call.chat,
            l => l.id,
            l => line(call, ui, l),
        )}
    </ol></div>
    ${call.host ? ui.host?.recipient(call, ui) : nothing}
    <form class="chat-form" novalidate @submit=${(/** @type {SubmitEvent} */ e) => submit(e, ui)}>
        <label class="visually-hidden" for="chat-text">${t('chat.write')}</label>
        <textarea id="chat-text" name="text" class="input" rows="1" dir="auto" placeholder=${t('chat.write')} enterkeyhint="send"
            aria-invalid=${isLong(ui, 'chat-text') ? 'true' : 'false'} aria-describedby=${isLong(ui, 'chat-text') ? 'chat-text-wrong' : nothing}
            .defaultValue=${draftFor(call)} @keydown=${sendOnEnter} @input=${(/** @type {InputEvent} */ e) => typed(e, ui)}></textarea>
        <button class="button primary square" data-do="send-chat">
            ${icon('send', 'mirrored')}<span class="visually-hidden">${t('chat.send')}</span>
        </button>
        ${tooLong(ui, 'chat-text')}
    </form>
</div>`;

/** @param {Call} call  @param {Ui} ui  @param {import('./slice.js').ChatLine} l */
function line(call, ui, l) {
    const to = l.to ? nameOf(call, l.to) : '';
    return html`<li class="chat-line ${l.mine ? 'mine' : ''}">
        <p class="chat-who">
            ${l.mine ? html`<bdi>${t('you')}</bdi>` : speaker(l)}
            ${to && l.mine ? html`<span>${t('chat.to', {name: to})}</span>` : nothing}
            <time datetime=${new Date(l.at).toISOString()}>${formatTime(currentLanguage(), new Date(l.at))}</time>
        </p>
        <p class="chat-text" dir="auto">${l.text.split(ADDRESS).map(linked)}</p>
        ${fate(call, ui, l)}
    </li>`;
}

/** The fate of our own line, unless it was simply heard. @param {Call} call  @param {Ui} ui  @param {import('./slice.js').ChatLine} l */
function fate(call, ui, l) {
    if (l.status === 'sending') return html`<p class="chat-fate" data-fate="sending">${t('chat.sending')}</p>`;
    if (l.status === 'later') {
        const [first, ...more] = l.later;
        const name = nameOf(call, first ?? '');
        return html`<p class="chat-fate" data-fate="later">${name && !more.length ? t('chat.later', {name}) : t('chat.later_some')}</p>`;
    }
    if (l.status === 'unheard') return html`<p class="chat-fate" data-fate="unheard">${t('chat.unheard')}</p>`;
    if (l.status !== 'failed') return nothing;
    const again = html`<button class="button" data-do="say-again" @click=${() => ui.visit.written?.again(l)}>${t('chat.say_again')}</button>`;
    return html`<p class="chat-fate failed" data-fate="failed">
        ${icon('circle-alert')}<span>${t('chat.failed')}</span> ${isMeantFor(call.people, l) ? again : nothing}
    </p>`;
}

/** The writer. Host and front desk answer in the same place, so the role is shown too. @param {import('./slice.js').ChatLine} l */
const speaker = l => html`<bdi>${l.name || t('chat.host')}</bdi>
    ${l.role === 'guest' ? nothing : html`<span data-role=${l.role}>· ${t(`role.${l.role}`)}</span>`}`;

/** Every second part of the split is an address. @param {string} part  @param {number} i */
const linked = (part, i) =>
    i % 2 ? html`<a href=${part} target="_blank" rel="noopener noreferrer">${part}</a>` : part;

/** @param {KeyboardEvent} e */
function sendOnEnter(e) {
    if (e.key !== 'Enter' || e.shiftKey || e.isComposing) return;
    e.preventDefault();
    /** @type {HTMLTextAreaElement} */ (e.currentTarget).form?.requestSubmit();
}

/** @param {InputEvent} e  @param {Ui} ui */
function typed(e, ui) {
    ui.visit.dispatch({type: 'draft', text: /** @type {HTMLTextAreaElement} */ (e.currentTarget).value});
    shortened(ui, CHAT_MAX_BYTES)(e);
}

/** @param {SubmitEvent} e  @param {Ui} ui */
function submit(e, ui) {
    e.preventDefault();
    const form = /** @type {HTMLFormElement} */ (e.currentTarget);
    const field = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem('text'));
    if (fitsInto(ui, field, CHAT_MAX_BYTES) && ui.visit.written?.say(field.value)) field.value = '';
}

/** Keeps the newest line in view, unless the person scrolled up to read. @param {ParentNode} root */
export function followChat(root) {
    const list = root.querySelector('.chat-lines');
    if (!(list instanceof HTMLElement)) return;
    const count = String(list.querySelectorAll('li').length);
    if (list.dataset['count'] === count) return;
    const first = list.dataset['count'] === undefined;
    list.dataset['count'] = count;
    const nearEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 160;
    if (first || nearEnd) list.scrollTop = list.scrollHeight;
}

/** On a narrow screen the conversation lies below the visible part, so its newest line is shown here as well. @param {Call} call */
export function lastWords(call) {
    const last = call.chat.at(-1);
    if (!last || last.mine) return nothing;
    return html`<button class="notice last-words" data-do="to-chat" @click=${toChat}>
        ${icon('message-square')}<span><strong>${speaker(last)}</strong> <bdi>${last.text}</bdi></span>
    </button>`;
}

function toChat() {
    find('.chat-card', HTMLElement).scrollIntoView({block: 'end'});
    find('#chat-text', HTMLElement).focus({preventScroll: true});
}
