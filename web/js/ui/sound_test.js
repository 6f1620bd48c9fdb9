// Trying the speaker: the button. Its sound and question come with the later part.
import {html} from 'lit/html.js';
import {icon} from './icon.js';
import {t} from './texts.js';

/** @param {import('../core/call.js').Call} call  @param {import('./ui.js').Ui} ui */
export const soundTest = (call, ui) => html`<div class="sound-test">
    <button class="button" data-do="play-sound" @click=${() => ui.withLater(later => later.playSound(call, ui))}>
        ${icon('volume-2')}<span>${t('sound.play')}</span>
    </button>
    <div role="status" class="row">${ui.later?.soundAnswers(ui)}</div>
</div>`;
