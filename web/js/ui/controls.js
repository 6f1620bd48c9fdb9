// The bar under the call: the same few buttons in the same places, each with its label under the icon.
import {html, nothing} from 'lit/html.js';
import {camLooks, micLooks, waitingHere} from '../core/call.js';
import {askLeave} from './call_dialog.js';
import {icon} from './icon.js';
import {t} from './texts.js';

/** @typedef {import('../core/call.js').Call} Call */
/** @typedef {import('./ui.js').Ui} Ui */

/** @param {Call} call  @param {Ui} ui */
export function controls(call, ui) {
    const open = (/** @type {Call['panel']} */ panel) => () =>
        ui.visit.dispatch({type: 'panel', panel: call.panel === panel ? '' : panel});
    const waiting = call.host ? waitingHere(call).length : 0;
    return html`<footer class="call-bar" aria-label=${t('control.bar')}>
        ${device('mic', micLooks(call), ['mic', 'mic-off'], () => ui.visit.toggleMic())}
        ${device('cam', camLooks(call), ['video', 'video-off'], () => ui.visit.toggleCam())}
        ${button('chat', 'message-square', 'control.chat', {...opens(call.panel === 'chat', ui), count: call.unread, run: open('chat')})}
        ${call.host ? button('people', 'users', 'control.people', {...opens(call.panel === 'people', ui), count: waiting, run: open('people')}) : nothing}
        <div class="more">
            ${button('more', 'ellipsis', 'control.more', {...opens(ui.menu, ui), run: () => toggleMenu(ui)})}
            ${ui.menu ? ui.later?.moreMenu(call, ui) : nothing}
        </div>
        <span class="bar-gap"></span>
        ${button('leave', 'phone-off', 'control.leave', {danger: true, run: () => askLeave(ui)})}
    </footer>`;
}

/** The look of a button that opens a panel: busy while the panel is still being fetched. @param {boolean} open  @param {Ui} ui */
const opens = (open, ui) => (open && !ui.later ? {busy: true} : {expanded: open});

/** The text for a device that is off. */
export const OFF = {mic: 'self.muted', cam: 'control.cam_off'};

/** @param {'mic' | 'cam'} name  @param {import('../core/call.js').Looks} looks  @param {[string, string]} pictures of on and off  @param {() => void} run */
function device(name, looks, pictures, run) {
    const off = looks === 'off';
    return button(name, pictures[off ? 1 : 0], `control.${name}`, {
        pressed: !off,
        off: off && OFF[name],
        opening: looks === 'opening',
        busy: looks === 'opening',
        run,
    });
}

/**
 * @param {string} name  @param {string} picture  @param {string} key
 * @param {{run: () => void, pressed?: boolean, opening?: boolean, busy?: boolean, expanded?: boolean, off?: string | false, danger?: boolean, count?: number}} o
 * A word for its state takes the place of its name, and both are read aloud.
 */
function button(name, picture, key, o) {
    const state = o.opening ? 'control.opening' : o.off;
    return html`<button
        class="control ${o.off ? 'off' : ''} ${o.danger ? 'danger' : ''}"
        data-do=${name}
        aria-pressed=${o.pressed ?? nothing}
        aria-busy=${o.busy ? 'true' : nothing}
        aria-expanded=${o.expanded ?? nothing}
        @click=${o.run}
    >
        <span class="control-icon">${icon(picture)}${o.count ? html`<span class="count" aria-hidden="true">${o.count}</span>` : nothing}</span>
        ${state ? html`<span class="visually-hidden">${t(key)}</span>` : nothing}
        <span class="control-word">${t(state || key)}</span>
        ${o.count ? html`<span class="visually-hidden">${t(`${key}_count`, {n: o.count})}</span>` : nothing}
    </button>`;
}

/** @param {Ui} ui */
function toggleMenu(ui) {
    ui.menu = !ui.menu;
    ui.redraw();
}
