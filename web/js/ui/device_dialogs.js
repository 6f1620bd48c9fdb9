// Small windows over the call: the devices, and the keyboard shortcuts.
import {html} from 'lit/html.js';
import {deviceNotes} from './device_notes.js';
import {devicePickers} from './device_pickers.js';
import {shut, title} from './question.js';
import {soundTest} from './sound_test.js';
import {t} from './texts.js';

/** @typedef {import('./ui.js').Ui} Ui */

/** @param {Ui} ui */
export const showDevices = ui =>
    ui.open(
        (_, call) => html`<div class="stack">
            ${title('check.devices')} ${deviceNotes(call, ui)} ${devicePickers(call, ui)} ${soundTest(call, ui)}
            <div class="dialog-actions"><button class="button primary" data-do="close" @click=${shut}>${t('close')}</button></div>
        </div>`,
    );

/** @type {[string, string][]} */
const KEYS = [
    ['M', 'keys.mic'],
    ['V', 'keys.cam'],
    ['C', 'keys.chat'],
    ['P', 'keys.people'],
    ['?', 'keys.list'],
    ['Esc', 'keys.close'],
];

/** @param {Ui} ui */
export const showKeys = ui =>
    ui.open(
        () => html`<div class="stack">
            ${title('keys.title')}
            <dl class="keys">${KEYS.map(([k, text]) => html`<div><dt><kbd>${k}</kbd></dt><dd>${t(text)}</dd></div>`)}</dl>
            <p class="small muted">${t('keys.self_view')}</p>
            <div class="dialog-actions"><button class="button primary" data-do="close" @click=${shut}>${t('close')}</button></div>
        </div>`,
    );
