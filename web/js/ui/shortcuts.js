// Single keys during a call; never while the person types, never together with other keys.
import {showKeys} from './device_dialogs.js';
import {isTyping} from './dom.js';

/** @typedef {import('../core/visit.js').Visit} Visit */
/** @typedef {import('./ui.js').Ui} Ui */

/** By the key's meaning, or by its place for keyboards of other scripts. @type {Record<string, string>} */
const BY_CODE = {KeyM: 'm', KeyV: 'v', KeyC: 'c', KeyP: 'p'};

/** @type {Record<string, (visit: Visit, ui: Ui) => void>} */
const ACTIONS = {
    m: visit => visit.toggleMic(),
    v: visit => visit.toggleCam(),
    c: visit => panel(visit, 'chat'),
    p: visit => panel(visit, 'people'),
    '?': (_, ui) => showKeys(ui),
};

/** A key was pressed in the call. @param {KeyboardEvent} e  @param {Ui} ui */
export function onKey(e, ui) {
    const {visit} = ui;
    if (visit.call.phase !== 'incall' || ui.dialog || e.ctrlKey || e.altKey || e.metaKey || e.repeat) return;
    if (e.key === 'Escape') return closeTop(visit, ui);
    if (isTyping(e.target)) return;
    const action = ACTIONS[e.key.toLowerCase()] ?? ACTIONS[BY_CODE[e.code] ?? ''];
    if (!action) return;
    e.preventDefault();
    action(visit, ui);
}

/** A press beside an open menu closes it. @param {Ui} ui */
export function closeMenusOutside(ui) {
    document.addEventListener('pointerdown', e => {
        const at = e.target instanceof Element ? e.target : null;
        if (!(ui.menu || ui.personMenu) || at?.closest('.more, .person-menu, [data-do="person-menu"]')) return;
        ui.menu = false;
        ui.personMenu = '';
        // After the press has done its work: an element drawn anew in between would not be pressed.
        setTimeout(ui.redraw, 150);
    });
}

/** @param {Visit} visit  @param {'chat' | 'people'} name */
function panel(visit, name) {
    visit.dispatch({type: 'panel', panel: visit.call.panel === name ? '' : name});
}

/** @param {Visit} visit  @param {Ui} ui */
function closeTop(visit, ui) {
    if (ui.menu || ui.personMenu) {
        ui.menu = false;
        ui.personMenu = '';
        ui.redraw();
    } else if (visit.call.panel) {
        visit.dispatch({type: 'panel', panel: ''});
    }
}
