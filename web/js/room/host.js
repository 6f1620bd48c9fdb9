// The part for hosts: the question before two guests meet, the guest who has left, the next step after a visit.
// Fetched when it is known that this is a host (for_hosts.js).
import {makeChecks} from '../core/checked.js';
import {makeErrands} from '../core/errand.js';
import {HostWay} from '../core/host_way.js';
import {ADMIT_TEXTS} from '../ui/admit_question.js';
import {askToLetIn, letIn, tellMissed} from '../ui/call_admit.js';
import {HOST_PARTS} from '../ui/host_parts.js';
import {clock, kept, keptInTab} from '../ui/page.js';
import {addTexts} from '../ui/texts.js';
import './later.js'; // a host has it from the beginning; and shared code lies in the same few files
import {followNext} from './next.js';

/** Ends after which a host wants the next guest, and not an explanation. */
const GOES_ON = new Set(['left', 'ended', 'expired']);
/** Ends that the host made: a host who came from Today is taken back there. */
const BACK_TO_TODAY = new Set(['left', 'ended']);

/** @param {import('../core/visit.js').Visit} visit */
export const hostWay = visit =>
    new HostWay(visit, {
        errands: makeErrands({storage: keptInTab, wall: clock.wall}),
        checks: makeChecks({storage: kept, wall: clock.wall}),
    });

/**
 * @param {import('../core/visit.js').Visit} visit  @param {import('../ui/ui.js').Ui} ui
 * @param {import('./for_hosts.js').Ways} ways
 */
export function tendHost(visit, ui, {openSocket, today}) {
    /** @type {() => void} */
    let stop = () => undefined;
    const show = () =>
        ui.withLater(() => {
            ui.host = HOST_PARTS;
            ui.redraw();
        });
    addTexts([ADMIT_TEXTS]).then(show, show); // these screens need the texts, and the style of the later part
    return {
        letIn: (/** @type {string} */ id) => letIn(ui, id),
        meets: (/** @type {string} */ id, /** @type {boolean} */ refused) => askToLetIn(ui, id, refused),
        missed: (/** @type {string} */ name) => tellMissed(ui, name),
        /** The visit is in another phase. @param {import('../core/call.js').Call} now */
        moved(now) {
            stop();
            stop = () => undefined;
            if (now.phase !== 'ended' || !GOES_ON.has(now.cause)) return;
            if (visit.today && BACK_TO_TODAY.has(now.cause)) return today(); // it shows the next guest waiting
            const {api, clock} = visit.deps;
            stop = followNext({api, clock, open: openSocket, on: people => visit.dispatch({type: 'next', people})});
        },
    };
}
