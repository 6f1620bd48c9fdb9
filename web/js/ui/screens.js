// Which screen belongs to which phase. Each is a pure function of the call's state.
import {html, nothing} from 'lit/html.js';
import {waitingScreen} from '../features/waiting/panel.js';
import {awaited} from './awaited.js';
import {dialogView} from './call_dialog.js';
import {checkScreen} from './check.js';
import {frame} from './frame.js';
import {primerScreen} from './primer.js';
import {stageScreen} from './stage.js';
import {t} from './texts.js';

/** @typedef {import('../core/call.js').Call} Call */
/** @typedef {import('./ui.js').Ui} Ui */

/** @type {Record<import('../core/call.js').Phase, (call: Call, ui: Ui) => unknown>} */
const SCREENS = {
    landing: () => nothing,
    primer: primerScreen,
    check: checkScreen,
    connecting: connectingScreen,
    waiting: waitingScreen,
    incall: stageScreen,
    ended: (call, ui) => (ui.later?.endedScreen ?? awaitedScreen)(call, ui),
    problem: (call, ui) => (ui.later?.problemScreen ?? awaitedScreen)(call, ui),
};

/** @param {Call} call  @param {Ui} ui */
export const screen = (call, ui) => html`${SCREENS[call.phase](call, ui)}${dialogView(ui, call)}`;

/** @param {Call} call  @param {Ui} ui */
function connectingScreen(call, ui) {
    return frame(
        call,
        ui,
        html`<section class="card narrow center stack">
            <div class="spinner big" aria-hidden="true"></div>
            <h1 tabindex="-1">${t('connecting.title')}</h1>
            <p class="muted">${t('connecting.text')}</p>
        </section>`,
    );
}

/** Shown while the screen itself is being fetched. @param {Call} call  @param {Ui} ui */
function awaitedScreen(call, ui) {
    const reload = html`<button class="button wide" data-do="reload" @click=${() => location.reload()}>${t('retry')}</button>`;
    return frame(
        call,
        ui,
        html`<section class="card narrow center stack">
            <h1 tabindex="-1">${t('connecting.title')}</h1>
            ${awaited(ui)} ${ui.laterTrouble ? reload : nothing}
        </section>`,
    );
}

/** A panel that opens takes the focus; one that closes gives it back to the button that opened it.
 *  @param {HTMLElement} root  @param {Call['panel']} before  @param {Call['panel']} now */
export function movePanelFocus(root, before, now) {
    // On a phone a field that takes the focus brings up the keyboard, over the lines to read.
    const write = now === 'chat' && !matchMedia('(pointer: coarse)').matches;
    const wanted = write ? '#chat-text' : now ? '[data-do="close-panel"]' : `.call-bar [data-do="${before}"]`;
    const target = root.querySelector(wanted) ?? root.querySelector('[data-do="more"]');
    if (target instanceof HTMLElement) target.focus({preventScroll: true});
}

/** A new screen is read from its heading on; in the call, from the controls; a form that was refused, from the field to correct.
 *  @param {HTMLElement} root  @param {string} phase */
export function moveFocus(root, phase) {
    const mend = root.querySelector('[data-mend]');
    if (mend instanceof HTMLElement) {
        mend.focus({preventScroll: true});
        return mend.scrollIntoView({block: 'center'});
    }
    const target = root.querySelector(phase === 'incall' ? '[data-do=mic]' : 'h1');
    if (target instanceof HTMLElement) target.focus({preventScroll: true});
    if (phase !== 'incall') scrollTo(0, 0);
}
