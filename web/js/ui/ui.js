// What only this screen knows and nobody else needs: an open dialog, a typed line, whether the sound was heard.
// Everything that a reload or the server must know is in the call (core/call.js), not here.

/** @typedef {import('../core/call.js').Call} Call */
/** @typedef {(ui: Ui, call: Call) => unknown} DialogView */

/**
 * @typedef {object} Ui
 * @property {import('../core/visit.js').Visit} visit
 * @property {() => void} redraw
 * @property {DialogView | null} dialog
 * @property {(view: DialogView) => void} open shows a dialog; focus goes back to where it was afterwards
 * @property {() => void} close
 * @property {'' | 'played' | 'yes' | 'no'} heard the test sound
 * @property {boolean} hideSelf
 * @property {boolean} hideTrouble the person has read what is wrong with a device
 * @property {boolean} menu the "More" menu is open
 * @property {boolean} needsTap the browser refuses to play sound without a press
 * @property {boolean} copied
 * @property {string} personMenu id of the person whose menu is open
 * @property {(before: Call, now: Call) => void} onChange
 */

/** @param {import('../core/visit.js').Visit} visit  @param {() => void} redraw  @returns {Ui} */
export function newUi(visit, redraw) {
    /** @type {Ui} */
    const ui = {
        visit,
        redraw,
        dialog: null,
        heard: '',
        hideSelf: false,
        hideTrouble: false,
        menu: false,
        needsTap: false,
        copied: false,
        personMenu: '',
        open(view) {
            ui.dialog = view;
            ui.menu = false;
            ui.personMenu = '';
            redraw();
        },
        close() {
            ui.dialog = null;
            redraw();
        },
        onChange(before, now) {
            if (before.local.silent !== now.local.silent) ui.hideTrouble = false;
            if (before.phase === now.phase) return;
            ui.dialog = null;
            ui.menu = false;
        },
    };
    return ui;
}
