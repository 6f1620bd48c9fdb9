// The self-view in a corner of the call. The later part (self_position.js) moves it.
import {html, nothing} from 'lit/html.js';
import {camLooks, micLooks} from '../core/call.js';
import {avatar} from './avatar.js';
import {opening} from './check.js';
import {icon} from './icon.js';
import {t} from './texts.js';
import {selfVideo} from './videos.js';

/** @param {import('../core/call.js').Call} call  @param {import('./ui.js').Ui} ui */
export function selfView(call, ui) {
    if (ui.hideSelf) return nothing;
    const cam = camLooks(call);
    return html`<div class="self-view" tabindex="0" role="group" aria-label=${t('self.label')} aria-describedby="self-help"
        @keydown=${ui.later?.nudgeSelf} @pointerdown=${ui.later?.dragSelf}>
        ${cam === 'on' ? selfVideo(ui) : html`<div class="no-picture">${cam === 'opening' ? opening() : avatar(call.name)}</div>`}
        ${micLooks(call) !== 'off' ? nothing : html`<span class="self-muted">${icon('mic-off')}<span>${t('self.muted')}</span></span>`}
        ${ui.steady?.flipButton(call, ui)}
        <span id="self-help" class="visually-hidden">${t('keys.self_view')}</span>
    </div>`;
}
