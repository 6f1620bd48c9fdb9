// What stands on the screen while the part that comes later (later_parts.js) is not there yet, and when that part is wanted.
import {html} from 'lit/html.js';
import {t} from './texts.js';

/** @typedef {import('../core/call.js').Call} Call */
/** @typedef {import('./ui.js').Ui} Ui */

/** Screens that come whole with it. */
const SCREENS = new Set(['ended', 'problem']);

/** @param {import('../core/call.js').DeviceState} state */
const isOdd = state => !['on', 'off', 'asking'].includes(state);

/** Trouble with a device that is open or should be. Silence is the only one nobody notices alone. @param {Call['local']} local */
export const hasTrouble = ({micState, camState, mic, silent}) => (silent && mic) || isOdd(micState) || isOdd(camState);

/** Something that is to be seen now comes with it. @param {Call} call  @param {Ui} ui */
export const wantsLater = (call, ui) =>
    ui.menu ||
    call.panel !== '' ||
    call.toasts.length > 0 ||
    ui.visit.early.length > 0 ||
    call.local.slow ||
    hasTrouble(call.local) ||
    SCREENS.has(call.phase);

/** The phase as it is drawn: another while its screen is still to come. @param {Call} call  @param {Ui} ui */
export const drawnPhase = ({phase}, ui) => (SCREENS.has(phase) && !ui.later ? 'awaited' : phase);

/** In its place; why it does not come is said in words. @param {Ui} ui */
export const awaited = ui =>
    ui.laterTrouble
        ? html`<p class="notice warn" role="alert">${t(ui.laterTrouble)}</p>`
        : html`<div class="spinner" aria-hidden="true"></div>`;
