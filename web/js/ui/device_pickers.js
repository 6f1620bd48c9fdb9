// Choosing camera, microphone and speaker, and trying the speaker.
import {html, nothing} from 'lit/html.js';
import {playChime} from './chime.js';
import {icon} from './icon.js';
import {t} from './texts.js';

/** @typedef {import('../core/call.js').Call} Call */
/** @typedef {import('./ui.js').Ui} Ui */

/** Whether this browser lets a page choose where sound comes out. */
const canChooseSpeaker = () => 'setSinkId' in HTMLMediaElement.prototype;

/** @param {Call} call  @param {Ui} ui */
export function devicePickers(call, ui) {
    const {cameras, mics, speakers, cameraId, micId, speakerId} = call.local;
    return html`<div class="stack tight pickers">
        ${picker(ui, 'cameraId', 'pick.camera', cameras, cameraId)}
        ${picker(ui, 'micId', 'pick.mic', mics, micId)}
        ${canChooseSpeaker() && speakers.length ? picker(ui, 'speakerId', 'pick.speaker', speakers, speakerId) : nothing}
    </div>`;
}

/** @param {Ui} ui  @param {'cameraId' | 'micId' | 'speakerId'} which  @param {string} key  @param {import('../core/call.js').Device[]} list  @param {string} chosen
 *  @param {string} [place] where another one for the same kind may be on the page */
export function picker(ui, which, key, list, chosen, place = 'pick') {
    const change = (/** @type {Event} */ e) =>
        ui.visit.deps.media.choose(which, /** @type {HTMLSelectElement} */ (e.currentTarget).value);
    return html`<div class="field">
        <label for="${place}-${which}">${t(key)}</label>
        <select id="${place}-${which}" class="select" @change=${change} ?disabled=${list.length === 0}>
            ${list.length === 0 ? html`<option>${t('pick.none')}</option>` : nothing}
            ${list.map(
                (d, n) =>
                    html`<option value=${d.id} ?selected=${d.id === chosen}>${d.label || t('pick.unnamed', {n: n + 1})}</option>`,
            )}
        </select>
    </div>`;
}

/** @param {Call} call  @param {Ui} ui */
export async function playSound(call, ui) {
    await playChime(call.local.speakerId);
    ui.heard = 'played';
    ui.redraw();
}

/** The question after the sound, and the effect of the answer. @param {Ui} ui */
export function soundAnswers(ui) {
    const say = (/** @type {'yes' | 'no'} */ heard) => () => {
        ui.heard = heard;
        ui.redraw();
    };
    if (ui.heard === 'yes') return html`<span class="chip ok">${icon('check')}${t('sound.ok')}</span>`;
    if (ui.heard === 'no') return html`<span class="small">${t('sound.help')}</span>`;
    if (ui.heard !== 'played') return nothing;
    return html`<span>${t('sound.heard')}</span>
        <button class="button quiet" @click=${say('yes')}>${t('yes')}</button>
        <button class="button quiet" @click=${say('no')}>${t('no')}</button>`;
}
