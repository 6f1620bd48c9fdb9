// The notice that our picture is paused, with the way back, and the setting in the menu.
import {html, nothing} from 'lit/html.js';
import {camLooks} from '../../core/call.js';
import {icon} from '../../ui/icon.js';
import {t} from '../../ui/texts.js';

/** @typedef {import('../../core/call.js').Call} Call */

/** @param {Call} call  @param {() => void} resume */
export const pausedNote = (call, resume) =>
    call.sending.paused && camLooks(call) === 'on'
        ? html`<div class="trouble">
              <div class="notice warn news" role="status" data-sending="paused">
                  ${icon('video-off')}<p>${t('sending.paused')}</p>
                  <button class="button" data-do="resume-picture" @click=${resume}>${t('sending.resume')}</button>
              </div>
          </div>`
        : nothing;

/** @param {Call} call */
export const lowKey = call => (call.sending.low ? 'sending.full' : 'sending.less');
