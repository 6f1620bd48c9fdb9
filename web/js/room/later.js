// The part that a visit needs only after the first picture, or when something is wrong: fetched by for_later.js.
import laterCss from '../../css/later.css?text';
import {Written} from '../features/chat/written.js';
import {Tended} from '../features/recovery/tended.js';
import {announcements} from '../ui/announcer.js';
import {attend, awakeAgain, keepAwake} from '../ui/attention.js';
import {find} from '../ui/dom.js';
import {LATER_PARTS} from '../ui/later_parts.js';
import {addLooks} from '../ui/looks.js';
import {clock, part} from '../ui/page.js';
import {closeMenusOutside} from '../ui/shortcuts.js';
import {t} from '../ui/texts.js';
import {followView} from '../ui/viewport.js';
import './start.js'; // it is there already; so shared code lies in the same few files

/** @typedef {import('../core/call.js').Call} Call */

const AGAIN_MS = 10_000;

/** Shows it from now on. @param {import('../ui/ui.js').Ui} ui */
export function tendLater(ui) {
    addLooks(laterCss);
    ui.later = LATER_PARTS;
    ui.laterTrouble = '';
    ui.visit.add(new Written(ui.visit), new Tended(ui.visit));
    fetchSteady(ui);
    closeMenusOutside(ui);
    followView(() => ui.visit.call.phase === 'incall');
    document.addEventListener('visibilitychange', () => document.hidden || awakeAgain());
    return {
        parts: LATER_PARTS,
        /** Announces changes to a person who does not look. @param {Call} before  @param {Call} now */
        tell(before, now) {
            if (before === now) return;
            announce(before, now);
            attend(before, now);
            keepAwake(now);
        },
    };
}

/** What lasts as long as the call comes last. @param {import('../ui/ui.js').Ui} ui */
function fetchSteady(ui) {
    part(() => import('./steady.js')).then(
        m => m.tendSteady(ui),
        () => clock.after(() => fetchSteady(ui), AGAIN_MS),
    );
}

/** @param {Call} before  @param {Call} now */
function announce(before, now) {
    for (const {key, params, urgent} of announcements(before, now)) {
        const region = find(urgent ? '#urgent' : '#polite', HTMLElement);
        // A repeated text would not be read again, so each announcement is a line of its own.
        region.replaceChildren(document.createTextNode(t(key, params)));
    }
}
