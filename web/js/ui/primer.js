// Before the browser asks for camera and microphone: the purpose, and the way to go on without.
import {html} from 'lit/html.js';
import {frame} from './frame.js';
import {icon} from './icon.js';
import {t} from './texts.js';

/** @param {import('../core/call.js').Call} call  @param {import('./ui.js').Ui} ui */
export const primerScreen = (call, ui) =>
    frame(
        call,
        ui,
        html`<section class="card narrow stack primer">
            <div class="pictures" aria-hidden="true">${icon('video')}${icon('mic')}</div>
            <h1 tabindex="-1">${t('primer.title')}</h1>
            <p>${call.host ? t('primer.why_host') : t('primer.why')}</p>
            <p class="muted">${t('primer.browser_asks')}</p>
            <div class="stack tight">
                <button class="button primary large wide" data-do="allow" @click=${() => ui.visit.askDevices()}>
                    ${icon('camera')}<span>${t('primer.allow')}</span>
                </button>
                <button class="button wide" data-do="mic-only" @click=${() => ui.visit.askDevices(['audio'])}>
                    ${icon('mic')}<span>${t('primer.mic_only')}</span>
                </button>
                <button class="button quiet wide" data-do="listen-only" @click=${() => ui.visit.askDevices([])}>
                    <span>${t('primer.listen_only')}</span>
                </button>
            </div>
            <p class="small muted row private">${icon('shield-check')}<span class="grow">${t(call.host ? 'primer.private_host' : 'primer.private')}</span></p>
        </section>`,
    );
