// The menu of the call's "More" button.
import {html, nothing} from 'lit/html.js';
import {canPopOut, popOut} from '../features/pip/window.js';
import {showDevices, showKeys} from './device_dialogs.js';
import {icon} from './icon.js';
import {t} from './texts.js';

/** @param {import('../core/call.js').Call} call  @param {import('./ui.js').Ui} ui */
export function moreMenu(call, ui) {
    /** @param {string} name  @param {string} picture  @param {string} key  @param {() => void} run */
    const item = (name, picture, key, run) => {
        const press = () => {
            ui.menu = false;
            run();
            ui.redraw();
        };
        return html`<button class="menu-item" data-do=${name} @click=${press}>${icon(picture)}<span>${t(key)}</span></button>`;
    };
    const toggleSelf = () => {
        ui.hideSelf = !ui.hideSelf;
    };
    return html`<div class="menu" data-menu>
        ${item('devices', 'settings', 'check.devices', () => showDevices(ui))}
        ${canPopOut() ? item('pip', 'picture-in-picture-2', 'control.pip', () => popOut(ui)) : nothing}
        ${item('hide-self', ui.hideSelf ? 'eye' : 'eye-off', ui.hideSelf ? 'control.show_self' : 'control.hide_self', toggleSelf)}
        ${call.host ? nothing : item('people', 'users', 'control.people', () => ui.visit.dispatch({type: 'panel', panel: 'people'}))}
        ${ui.steady?.items(call, item)}
        ${item('keys', 'keyboard', 'keys.title', () => showKeys(ui))}
    </div>`;
}
