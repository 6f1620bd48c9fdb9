// The screen while the part that comes later (later_parts.js) is not there yet, and the moments when that part is wanted.
import {html} from 'lit/html.js';
import {t} from './texts.js';

/** @typedef {import('../core/call.js').Call} Call */
/** @typedef {import('./ui.js').Ui} Ui */

/** Screens that come whole with it. */
const SCREENS = new Set(['ended', 'problem']);

/** @param {import('../core/call.js').DeviceState} state */
const isOdd = state => !['on', 'off', 'asking'].includes(state);

/** A problem with a device that is open or should be. Silence is the only one that nobody notices by themselves. @param {Call['local']} local */
export const hasTrouble = ({micState, camState, mic, silent}) => (silent && mic) || isOdd(micState) || isOdd(camState);

/** Whether something that must be shown now comes with it. @param {Call} call  @param {Ui} ui */
export const wantsLater = (call, ui) =>
    ui.menu ||
    call.panel !== '' ||
    call.toasts.length > 0 ||
    ui.visit.early.length > 0 ||
    call.local.slow ||
    hasTrouble(call.local) ||
    SCREENS.has(call.phase);

/** The phase as it is drawn: another while its screen is still being fetched. @param {Call} call  @param {Ui} ui */
export const drawnPhase = ({phase}, ui) => (SCREENS.has(phase) && !ui.later ? 'awaited' : phase);

/** Shown in its place, with the reason when it cannot be fetched. @param {Ui} ui */
export const awaited = ui =>
    ui.laterTrouble
        ? html`<p class="notice warn" role="alert">${t(ui.laterTrouble)}</p>`
        : html`<div class="spinner" aria-hidden="true"></div>`;
