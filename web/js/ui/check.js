// The device check: see and hear yourself, choose devices, say your name, then come in.
import {html, nothing} from 'lit/html.js';
import {camLooks, micLooks} from '../core/call.js';
import {asSeen} from '../core/names.js';
import {avatar} from './avatar.js';
import {OFF} from './controls.js';
import {deviceChoice, deviceNews} from './device_parts.js';
import {frame} from './frame.js';
import {icon} from './icon.js';
import {micMeter} from './mic_meter.js';
import {cookiesWork} from './page.js';
import {soundTest} from './sound_test.js';
import {t} from './texts.js';
import {selfVideo} from './videos.js';
import {wrongBelow} from './wrong.js';

/** @typedef {import('../core/call.js').Call} Call */
/** @typedef {import('./ui.js').Ui} Ui */

/** @param {Call} call  @param {Ui} ui */
export const checkScreen = (call, ui) =>
    frame(
        call,
        ui,
        html`<section class="card check-card" aria-labelledby="check-title">
            <h1 id="check-title" tabindex="-1">${t('check.title')}</h1>
            <div class="check-notes stack">
                ${cookiesWork() ? nothing : html`<p class="notice warn">${t('no_cookies.guest')}</p>`}
                ${deviceNews(call, ui)}
            </div>
            <div class="check-look stack">
                ${preview(call, ui)} ${micMeter(call)} ${soundTest(call, ui)}
                ${deviceChoice(ui, later => later.devicePickers(call, ui))}
            </div>
            <form class="check-form stack" novalidate @submit=${(/** @type {SubmitEvent} */ e) => submit(e, ui)}
                @input=${(/** @type {Event} */ e) => forgive(e, ui)}>
                ${nameField(call, ui)} ${pinField(call, ui)} ${consentField(call, ui)}
                <button class="button primary large wide" data-do="enter" ?disabled=${call.busy}>
                    <span>${t(call.host ? 'check.enter_host' : 'check.enter')}</span>${icon('arrow-right', 'mirrored')}
                </button>
                ${call.invitation ? backButton(ui) : nothing}
            </form>
        </section>`,
    );

/** @param {Ui} ui */
const backButton = ui =>
    html`<button type="button" class="button quiet wide" data-do="back" @click=${(/** @type {Event} */ e) => goBack(e, ui)}>
        ${icon('arrow-left', 'mirrored')}<span>${t('back')}</span>
    </button>`;

/** A name typed already need not be typed again. @param {Event} e  @param {Ui} ui */
function goBack(e, ui) {
    const form = /** @type {HTMLButtonElement} */ (e.currentTarget).form;
    ui.visit.dispatch({type: 'name', name: String(form && new FormData(form).get('name'))});
    ui.visit.dispatch({type: 'go', phase: 'landing'});
}

/** @param {Call} call  @param {Ui} ui */
export function preview(call, ui) {
    const cam = camLooks(call);
    return html`<div class="preview stage-theme">
        ${cam === 'on' ? selfVideo(ui) : html`<div class="no-picture">${cam === 'opening' ? opening() : avatar(call.name)}</div>`}
        <div class="preview-bar">
            ${toggle('mic', micLooks(call), () => ui.visit.toggleMic())}
            ${toggle('cam', cam, () => ui.visit.toggleCam())}
            ${ui.steady?.flipButton(call, ui)}
        </div>
    </div>`;
}

/** In place of a picture that is about to come. */
export const opening = () =>
    html`<div class="opening"><div class="spinner big"></div><span aria-hidden="true">${t('control.opening')}</span></div>`;

/** @param {'mic' | 'cam'} which  @param {import('../core/call.js').Looks} looks  @param {() => void} press */
function toggle(which, looks, press) {
    const on = looks !== 'off';
    const names = {mic: ['mic', 'mic-off'], cam: ['video', 'video-off']}[which];
    return html`<button type="button" class="round ${on ? '' : 'off'}" data-do=${which} aria-pressed=${on}
        aria-busy=${looks === 'opening' ? 'true' : nothing} @click=${press}>
        ${icon(names[on ? 0 : 1] ?? '')}<span class="visually-hidden">${t(`control.${which}`)} ${looks === 'on' ? nothing : t(on ? 'control.opening' : OFF[which])}</span>
    </button>`;
}

/** @type {Record<string, string>} */
const NAME_FAULTS = {
    name_taken: 'join.name_taken',
    name_claims_role: 'join.name_claims_role',
    name_required: 'join.name_missing',
};

/** @param {Call} call  @param {Ui} ui */
function nameField(call, ui) {
    const missing = ui.missing.includes('name');
    const refused = call.problem?.field === 'name' || call.problem?.code.startsWith('name_');
    const wrong = missing || refused;
    if (call.nameFixed && !wrong)
        return html`<p class="coming-as">${t('check.you_are')} <strong><bdi>${call.name}</bdi></strong><input type="hidden" name="name" .value=${call.name} /></p>`;
    const fieldFault = missing ? 'join.name_missing' : (NAME_FAULTS[call.problem?.code ?? ''] ?? 'join.name_bad');
    return html`<div class="field">
        <label for="name">${t('check.name')}</label>
        <input id="name" name="name" class="input" autocomplete="name" required dir="auto" .defaultValue=${call.name}
            ?data-mend=${refused} aria-invalid=${wrong ? 'true' : 'false'} aria-describedby="name-hint ${wrong ? 'name-wrong' : ''}" />
        <p class="hint" id="name-hint">${t('check.name_hint')}</p>
        ${wrong ? wrongBelow('name-wrong', t(fieldFault)) : nothing}
    </div>`;
}

/** @param {Call} call  @param {Ui} ui */
function pinField(call, ui) {
    const missing = ui.missing.includes('pin');
    const refused = call.problem?.code === 'wrong_pin' || call.problem?.field === 'pin';
    const asked = refused || call.problem?.code === 'pin_required';
    const wrong = missing || refused;
    if (!call.invitation?.pinRequired && !asked) return nothing;
    return html`<div class="field">
        <label for="pin">${t('check.pin')}</label>
        <input id="pin" name="pin" class="input pin" required inputmode="numeric" autocomplete="one-time-code" dir="ltr"
            ?data-mend=${asked} aria-invalid=${wrong ? 'true' : 'false'} aria-describedby="pin-hint ${wrong ? 'pin-wrong' : ''}" />
        <p class="hint" id="pin-hint">${t('check.pin_hint')}</p>
        ${wrong ? wrongBelow('pin-wrong', t(missing ? 'join.pin_missing' : 'join.wrong_pin')) : nothing}
    </div>`;
}

/** A guest who ticked it and was refused for another reason need not tick it again. @param {Call} call  @param {Ui} ui */
function consentField(call, ui) {
    const {consent} = call;
    if (!consent) return nothing;
    const asked = call.problem?.code.startsWith('consent_') ?? false;
    const missing = ui.missing.includes('consent');
    return html`<fieldset class="stack tight">
        <legend class="label">${t('check.consent')}</legend>
        <div class="consent" tabindex="0" ?data-mend=${asked} role="region" aria-label=${t('check.consent')} dir="auto">${consent.text}</div>
        <label class="check"><input type="checkbox" name="consent" value=${consent.version} ?checked=${ui.visit.seat.consent === consent.version} required
            aria-invalid=${missing ? 'true' : 'false'} aria-describedby=${missing ? 'consent-missing' : nothing} /><span>${t('check.agree')}</span></label>
        ${missing ? wrongBelow('consent-missing', t('join.consent_missing')) : nothing}
        ${call.problem?.code === 'consent_outdated' ? wrongBelow('consent-wrong', t('join.consent_outdated')) : nothing}
    </fieldset>`;
}

/** All missing fields are reported at once, below each field and in the page's own words. @param {SubmitEvent} e  @param {Ui} ui */
function submit(e, ui) {
    e.preventDefault();
    const form = /** @type {HTMLFormElement} */ (e.currentTarget);
    const data = new FormData(form);
    const text = (/** @type {string} */ name) => String(data.get(name) ?? '');
    ui.missing = ['name', 'pin', 'consent'].filter(name => form.elements.namedItem(name) && !asSeen(text(name)));
    const [first] = ui.missing;
    if (!first) return ui.visit.seat.enter({name: text('name'), pin: text('pin'), consent: text('consent')});
    const field = form.elements.namedItem(first);
    if (field instanceof HTMLElement) field.focus();
    ui.redraw();
}

/** A field that is being corrected is no longer wrong. @param {Event} e  @param {Ui} ui */
function forgive(e, ui) {
    const {name} = /** @type {HTMLInputElement} */ (e.target);
    if (!ui.missing.includes(name)) return;
    ui.missing = ui.missing.filter(m => m !== name);
    ui.redraw();
}
