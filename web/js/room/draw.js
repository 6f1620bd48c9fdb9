// Draws the screen of the present state, and does the work after a drawing: focus, pictures, dialogs, announcements.
import {render} from 'lit/html.js';
import {stateName} from '../core/call.js';
import {drawnPhase, wantsLater} from '../ui/awaited.js';
import {showDialog} from '../ui/call_dialog.js';
import {find} from '../ui/dom.js';
import {followLevel} from '../ui/mic_meter.js';
import {moveFocus, movePanelFocus, screen} from '../ui/screens.js';
import {newUi} from '../ui/ui.js';
import {onPicture, tendVideos} from '../ui/videos.js';
import {forLater} from './for_later.js';

/** @typedef {import('../core/visit.js').Visit} Visit */
/** @typedef {import('../ui/ui.js').Ui} Ui */

/** Screens on which something counts. */
const COUNTING = ['waiting', 'incall', 'problem', 'ended'];

/**
 * Draws after every change, at most once a frame, and every second while something counts.
 * @param {Visit} made  @param {import('./landing.js').Landing} landing  @param {() => void} [afterwards] runs after a drawing
 */
export function draws(made, landing, afterwards) {
    const root = find('#app', HTMLElement);
    let due = false;
    const schedule = () => {
        if (due) return;
        due = true;
        requestAnimationFrame(draw);
        setTimeout(draw, 100); // a page in the background gets no frames
    };
    const ui = newUi(made, schedule);
    const fetchLater = forLater(made, ui);
    const drawn = drawing(root, ui);
    function draw() {
        if (!due) return;
        due = false;
        landing.show(made.call.phase === 'landing');
        drawn();
        if (wantsLater(made.call, ui)) fetchLater();
        afterwards?.();
    }
    followLevel(root, ui);
    onPicture(root, fetchLater);
    made.on('change', ({now, before}) => {
        ui.onChange(before, now);
        schedule();
    });
    made.on('remote', schedule);
    setInterval(() => COUNTING.includes(made.call.phase) && schedule(), 1000);
    schedule();
    return ui;
}

/** One drawing, and the focus where it belongs after it. @param {HTMLElement} root  @param {Ui} ui */
function drawing(root, ui) {
    let before = {phase: '', panel: shownPanel(ui), problem: ui.visit.call.problem};
    return () => {
        const {call} = ui.visit;
        document.body.dataset['state'] = stateName(call);
        document.body.dataset['cause'] = call.cause;
        root.hidden = call.phase === 'landing';
        render(screen(call, ui), root);
        tendVideos(root, call, ui);
        ui.later?.followChat(root);
        showDialog(root);
        ui.later?.settleSelf(root);
        const now = {phase: drawnPhase(call, ui), panel: shownPanel(ui), problem: call.problem};
        const refused = now.problem !== null && now.problem !== before.problem;
        if (now.phase !== before.phase || refused) moveFocus(root, call.phase);
        else if (now.panel !== before.panel) movePanelFocus(root, before.panel, now.panel);
        before = now;
    };
}

/** @param {Ui} ui */
const shownPanel = ui => (ui.later ? ui.visit.call.panel : '');
