// After the visit: how it ended, and the way back if there is one.
import {html, nothing} from 'lit/html.js';
import {frame} from './frame.js';
import {icon} from './icon.js';
import {t} from './texts.js';

/** By the reason that ended it: the picture, and whether coming back is offered; to a host also when the visit was ended, since the
 *  next guest may wait already. @type {Record<string, {icon: string, back: string, hostBack?: string}>} */
const ENDINGS = {
    left: {icon: 'circle-check', back: 'ended.rejoin'},
    ended: {icon: 'circle-check', back: '', hostBack: 'ended.to_room'},
    expired: {icon: 'clock', back: 'ended.rejoin'},
    denied: {icon: 'info', back: ''},
    removed: {icon: 'info', back: ''},
    replaced: {icon: 'external-link', back: 'ended.here'},
};

/** @param {import('../core/call.js').Call} call  @param {import('./ui.js').Ui} ui */
export function endedScreen(call, ui) {
    const ending = ENDINGS[call.cause] ?? {icon: 'info', back: 'ended.rejoin'};
    const back = (call.host && ending.hostBack) || ending.back;
    return frame(
        call,
        ui,
        html`<section class="card narrow stack center" data-ended=${call.cause}>
            <div class="pictures" aria-hidden="true">${icon(ending.icon)}</div>
            <h1 tabindex="-1">${t(`ended.${call.cause}.title`)}</h1>
            <p>${t(call.host ? `ended.${call.cause}.host` : `ended.${call.cause}.text`)}</p>
            ${ui.host?.nextGuests(call, ui)}
            ${
                back
                    ? html`<button class="button ${call.next.length ? '' : 'primary large'} wide" data-do="rejoin" @click=${() => ui.visit.seat.rejoin()}>
                      ${icon('log-in', 'mirrored')}<span>${t(back)}</span>
                  </button>`
                    : nothing
            }
            ${call.host ? html`<a class="button wide" href="/app">${icon('layout-dashboard')}<span>${t('ended.dashboard')}</span></a>` : nothing}
            ${call.host ? nothing : html`<p class="small muted">${t('ended.close_page')}</p>`}
        </section>`,
    );
}
