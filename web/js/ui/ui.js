// The state of this screen that nothing else needs: an open dialog, a typed line, whether the sound was heard.
// Everything that a reload or the server must know is in the call (core/call.js), not here.

/** @typedef {import('../core/call.js').Call} Call */
/** @typedef {(ui: Ui, call: Call) => unknown} DialogView */
/** @typedef {(call: Call, ui: Ui) => unknown} Piece */
/** @typedef {(ui: Ui, p: import('../core/protocol.js').Participant) => unknown} PersonPiece */
/** The parts drawn only after the first picture, or when something is wrong (later_parts.js).
 *  @typedef {{chatPanel: (call: Call, ui: Ui, hint: string) => unknown, followChat: (root: ParentNode) => void, lastWords: (call: Call) => unknown, peoplePanel: Piece,
 *   moreMenu: Piece, deviceNotes: Piece, deviceTrouble: Piece, devicePickers: Piece, playSound: (call: Call, ui: Ui) => void, soundAnswers: (ui: Ui) => unknown,
 *   endedScreen: Piece, problemScreen: Piece, toasts: (call: Call) => unknown, quality: (call: Call) => unknown,
 *   onKey: (e: KeyboardEvent, ui: Ui) => void, nudgeSelf: (e: KeyboardEvent) => void, dragSelf: (e: PointerEvent) => void,
 *   settleSelf: (root: ParentNode) => void}} LaterParts */
/** What is drawn only while a call lasts (room/steady.js).
 *  @typedef {{notes: (call: Call) => unknown, items: (call: Call, item: MenuItem) => unknown, flipButton: Piece, deviceNews: Piece}} SteadyParts */
/** @typedef {(name: string, picture: string, key: string, run: () => void) => unknown} MenuItem */
/** @typedef {{nextGuests: Piece, waitingList: Piece, waitingChip: Piece, lockSwitch: Piece, firstWaits: PersonPiece, recipient: Piece, menuButton: PersonPiece, insideMenu: PersonPiece, leaves: DialogView}} HostParts */

/**
 * @typedef {object} Ui
 * @property {import('../core/visit.js').Visit} visit
 * @property {() => void} redraw
 * @property {DialogView | null} dialog
 * @property {(view: DialogView) => void} open shows a dialog; focus goes back to where it was afterwards
 * @property {() => void} close
 * @property {'' | 'played' | 'yes' | 'no'} heard the test sound
 * @property {string[]} missing names of the fields that were left empty
 * @property {{id: string, fits: number} | null} long the field whose text is too long, and how many characters of it can be sent
 * @property {boolean} hideSelf
 * @property {string[]} tiles the person in each slot of the stage
 * @property {boolean} hideTrouble the person has read the notes about a device
 * @property {boolean} menu the "More" menu is open
 * @property {boolean} needsTap the browser refuses to play sound without a press
 * @property {'' | 'yes' | 'no'} copied the link; `no`: the browser did not allow it
 * @property {'' | 'under way' | import('lit/html.js').TemplateResult} qr the link for another device to scan
 * @property {string} languageTrouble key of the message why another language could not be loaded; empty: none
 * @property {string} personMenu id of the person whose menu is open
 * @property {(id: string) => void} letIn a guest, by a host
 * @property {HostParts | null} host the part that only hosts see; null until it is there
 * @property {LaterParts | null} later the part that comes after the first picture; null until it is there
 * @property {SteadyParts | null} steady null until it is there
 * @property {string} laterTrouble key of the message why it is not there yet; empty: nothing is wrong
 * @property {(run: (later: LaterParts) => void) => void} withLater runs it with that part, which is fetched if necessary
 * @property {(before: Call, now: Call) => void} onChange
 */

/** Also when the same problem comes again: the person pressed the button again and needs an answer.
 *  @param {Call['local']} before  @param {Call['local']} now */
const isNewTrouble = (before, now) =>
    before.silent !== now.silent || before.camState !== now.camState || before.micState !== now.micState;

/** @param {import('../core/visit.js').Visit} visit  @param {() => void} redraw  @returns {Ui} */
export function newUi(visit, redraw) {
    /** @type {Ui} */
    const ui = {
        visit,
        redraw,
        dialog: null,
        heard: '',
        missing: [],
        long: null,
        hideSelf: false,
        tiles: [],
        hideTrouble: false,
        menu: false,
        needsTap: false,
        copied: '',
        qr: '',
        languageTrouble: '',
        personMenu: '',
        letIn: () => undefined,
        host: null,
        later: null,
        steady: null,
        laterTrouble: '',
        withLater: () => undefined,
        open(view) {
            ui.dialog = view;
            ui.long = null;
            ui.menu = false;
            ui.personMenu = '';
            redraw();
        },
        close() {
            ui.dialog = null;
            ui.long = null;
            redraw();
        },
        onChange(before, now) {
            if (isNewTrouble(before.local, now.local)) ui.hideTrouble = false;
            if (before.phase === now.phase) return;
            // Notes read before the call need not cover the other's picture; the one about silence may be new.
            if (before.phase === 'waiting' && now.phase === 'incall') ui.hideTrouble = !now.local.silent;
            ui.dialog = null;
            ui.menu = false;
            ui.missing = [];
            ui.long = null;
            ui.tiles = [];
        },
    };
    return ui;
}
