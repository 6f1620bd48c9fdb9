// The problems of a camera or microphone, in words, each with its way out.
import {ref} from 'lit/directives/ref.js';
import {html, nothing} from 'lit/html.js';
import {hasTrouble} from './awaited.js';
import {picker} from './device_pickers.js';
import {icon} from './icon.js';
import {t} from './texts.js';

/** @typedef {import('../core/call.js').Call} Call */
/** @typedef {import('./ui.js').Ui} Ui */

const PROBLEMS = new Set(['denied', 'denied_system', 'in_use', 'missing', 'constraint', 'failed', 'interrupted']);
/** Problems that come to both at once are told once. */
const OF_BOTH = new Set(['denied', 'interrupted']);

/** The browser we are in, for the steps that differ; only texts depend on it. */
function browserName() {
    const ua = navigator.userAgent;
    if (/firefox|fxios/i.test(ua)) return 'firefox';
    if (/iphone|ipad/i.test(ua)) return 'ios';
    if (/safari/i.test(ua) && !/chrom|android/i.test(ua)) return 'safari';
    return 'chrome';
}

/** @param {Call} call  @param {Ui} ui */
export function deviceNotes(call, ui) {
    const {micState, camState, mic, silent, slow} = call.local;
    const both = micState === camState && OF_BOTH.has(micState);
    return html`
        ${slow ? slowNote() : nothing}
        ${both ? problemNote(ui, 'both', micState, ['audio', 'video']) : nothing}
        ${!both && PROBLEMS.has(camState) ? problemNote(ui, 'camera', camState, ['video']) : nothing}
        ${!both && PROBLEMS.has(micState) ? problemNote(ui, 'mic', micState, ['audio']) : nothing}
        ${silent && mic && micState === 'on' ? silentNote(call, ui) : nothing}
    `;
}

/** @param {Ui} ui  @param {'camera' | 'mic' | 'both'} which  @param {string} problem  @param {('audio' | 'video')[]} kinds */
function problemNote(ui, which, problem, kinds) {
    const retry = () => {
        for (const k of kinds) ui.visit.deps.media.wanted[k] = true;
        return ui.visit.deps.media.start(kinds);
    };
    return html`<div class="notice warn device-note" role="status" data-problem="${which} ${problem}">
        ${icon(which === 'mic' ? 'mic-off' : 'video-off')}
        <div class="stack tight grow">
            <p><strong>${t(`device.${which}.${problem}`)}</strong></p>
            ${problem === 'denied' ? steps() : html`<p>${t(`device.way.${problem}`)}</p>`}
            <div class="row one-way">
                ${problem === 'denied' ? browserButton(kinds, retry) : nothing}
                <button class="button" data-do="retry-device" @click=${retry}>${icon('refresh-cw')}<span>${t('retry')}</span></button>
            </div>
            <p class="small">${t(which === 'mic' ? 'device.without_mic' : which === 'both' ? 'device.without_both' : 'device.without_camera')}</p>
        </div>
    </div>`;
}

/**
 * Chrome's own button (151 and later): pressed, it asks again even after a refusal, which no script may do.
 * Its picture is not ours to use: once it has one, the permission is there and the devices are opened as always.
 * @param {('audio' | 'video')[]} kinds  @param {() => void} retry
 */
function browserButton(kinds, retry) {
    if (!('HTMLUserMediaElement' in window)) return nothing;
    const wishes = Object.fromEntries(kinds.map(kind => [kind, {}]));
    const prepare = (/** @type {any} */ el) => {
        try {
            el?.setConstraints?.(wishes);
        } catch {
            // The element is new and may change; the steps and "Try again" stand beside it.
        }
    };
    const given = (/** @type {Event} */ e) => {
        const {stream} = /** @type {{stream?: MediaStream}} */ (/** @type {unknown} */ (e.currentTarget));
        for (const track of stream?.getTracks() ?? []) track.stop();
        retry();
    };
    const type = kinds.length === 2 ? 'camera microphone' : kinds[0] === 'audio' ? 'microphone' : 'camera';
    return html`<usermedia class="browser-button" type=${type} @stream=${given} ${ref(prepare)}></usermedia>`;
}

/** The steps to allow the devices again in this browser. */
function steps() {
    const name = browserName();
    return html`<ol class="steps">
        ${[1, 2, 3].map(n => html`<li>${t(`steps.${name}.${n}`)}</li>`)}
    </ol>`;
}

const slowNote = () => html`<div class="notice" role="status">
    ${icon('info')}
    <div class="stack tight">
        <p>${t('device.slow')}</p>
        <p class="small">${t('device.slow_app')}</p>
    </div>
</div>`;

/** With the list of microphones, where none is on the screen yet. @param {Call} call  @param {Ui} ui */
const silentNote = (call, ui) => html`<div class="notice warn" role="status" data-problem="mic silent">
    ${icon('volume-x')}
    <div class="stack tight grow">
        <p><strong>${t('device.silent')}</strong></p>
        <p>${t('device.silent_way')}</p>
        ${ui.dialog ? nothing : picker(ui, 'micId', 'pick.mic', call.local.mics, call.local.micId, 'silent')}
    </div>
</div>`;

/** Over the pictures of the call. @param {Call} call  @param {Ui} ui */
export function deviceTrouble(call, ui) {
    if (ui.hideTrouble || !hasTrouble(call.local)) return nothing;
    const hide = () => {
        ui.hideTrouble = true;
        ui.redraw();
    };
    return html`<div class="trouble">
        ${deviceNotes(call, ui)}
        <button class="button" data-do="hide-trouble" @click=${hide}>${t('close')}</button>
    </div>`;
}
