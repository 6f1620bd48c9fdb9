// Letting a guest in during the call: at once, or after the question when they would meet another or are not there.
import {html} from 'lit/html.js';
import {mustAsk, toAsk} from '../core/admitting.js';
import {inside, waitingPeople} from '../core/call.js';
import {ADMIT_TEXTS, admitBody, admitTitle} from './admit_question.js';
import {shut, title} from './question.js';
import {addTexts, hasTexts, t} from './texts.js';

/** @typedef {import('../core/call.js').Call} Call */
/** @typedef {import('./ui.js').Ui} Ui */

/** @param {Ui} ui  @param {string} id of a waiting guest */
export function letIn(ui, id) {
    const {call} = ui.visit;
    const guest = call.people.find(p => p.id === id);
    if (!guest) return;
    if (mustAsk(toAsk(guest, call.people))) askToLetIn(ui, id);
    else ui.visit.decide('admit', id);
}

/** The question follows what happens while it is open. @param {Ui} ui  @param {string} id
 *  @param {boolean} [refused] the server knew that they would meet another guest, also with the same link */
export const askToLetIn = (ui, id, refused = false) =>
    withHostTexts(ui, () => ui.open((_, call) => question(ui, call, id, refused)));

/** The texts that only hosts need: fetched as soon as it is known that this is a host, so that they are there in time; and once
 *  more when needed, if that failed. @param {Ui} ui  @param {() => void} then */
function withHostTexts(ui, then) {
    if (hasTexts(ADMIT_TEXTS)) then();
    else addTexts([ADMIT_TEXTS]).then(then, () => ui.visit.toast('refused.other'));
}

/** @param {Ui} ui  @param {Call} call  @param {string} id  @param {boolean} refused */
function question(ui, call, id, refused) {
    const guest = waitingPeople(call).find(p => p.id === id);
    if (!guest) return alreadySettled(call, id);
    const asked = toAsk(refused ? {...guest, same_invitation: false} : guest, call.people);
    const q = {guest, ...asked, same: guest.same_invitation === true, nowMs: ui.visit.deps.clock.wall()};
    const run = (/** @type {'' | 'beside' | 'instead'} */ how) => {
        ui.visit.decide('admit', id, {how});
        ui.close();
    };
    return html`<div class="stack">
        <h2 id="dialog-title" tabindex="-1" autofocus>${admitTitle(q)}</h2>
        ${admitBody({...q, letIn: run, close: shut})}
    </div>`;
}

/** Says in the empty room that the guest whom the host came for is gone. @param {Ui} ui  @param {string} name */
export const tellMissed = (ui, name) => withHostTexts(ui, () => ui.open(() => missed(ui, name)));

/** @param {Ui} ui  @param {string} name */
const missed = (ui, name) => html`<div class="stack" data-dialog="missed">
    ${title('admit.left', {name})}
    <p>${t('admit.left_text')}</p>
    <div class="dialog-actions">
        <button class="button" data-do="close" @click=${shut}>${t('admit.stay')}</button>
        <button class="button primary" data-do="back-to-today" @click=${() => ui.visit.leave()}>${t(ui.visit.today ? 'admit.today' : 'control.leave')}</button>
    </div>
</div>`;

/** Another host has decided meanwhile, or the guest has left. @param {Call} call  @param {string} id */
const alreadySettled = (call, id) => html`<div class="stack">
    ${title(inside(call).some(p => p.id === id) ? 'admit.done' : 'refused.not_found')}
    <div class="dialog-actions"><button class="button primary" data-do="close" @click=${shut}>${t('close')}</button></div>
</div>`;
