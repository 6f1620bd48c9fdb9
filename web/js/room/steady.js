// The part that comes last: what a visit needs for as long as it lasts, and no screen before it.
import {LineWatch, ready} from '../core/line_watch.js';
import {Adapted} from '../features/adaptation/adapted.js';
import {lowKey, pausedNote} from '../features/adaptation/panel.js';
import {Measured} from '../features/quality/measured.js';
import {kept} from '../ui/page.js';
import {addTexts} from '../ui/texts.js';

/** @type {import('../ui/texts.js').Source} */
const TEXTS = {
    en: () => import('../../lang/en/steady.json'),
    ar: () => import('../../lang/ar/steady.json'),
};

/** @param {import('../ui/ui.js').Ui} ui */
export async function tendSteady(ui) {
    const {visit} = ui;
    const adapted = new Adapted(visit, kept);
    visit.add(adapted, new Measured(visit));
    watchLine(visit);
    adapted.recall();
    await addTexts([TEXTS]);
    ui.steady = {
        notes: call => pausedNote(call, () => adapted.resume()),
        items: (call, item) =>
            item('less-data', 'signal-low', lowKey(call), () => adapted.setLow(!visit.call.sending.low)),
    };
    ui.redraw();
}

/** Media show whether a call's line works; a person who waits, or is alone, has only this. What the browser says of the network is believed
 *  at once; where it is wrong, the next welcome says so. @param {import('../core/visit.js').Visit} visit */
function watchLine(visit) {
    const {signaling, peers} = visit.deps;
    const watch = new LineWatch(signaling, {reach: ready, quiet: () => !document.hidden && !peers.byId.size});
    const offline = (/** @type {boolean} */ offline) => visit.dispatch({type: 'offline', offline});
    const {connection} = /** @type {any} */ (navigator);
    addEventListener('offline', () => {
        offline(true);
        signaling.distrust();
    });
    addEventListener('online', () => offline(false));
    connection?.addEventListener?.('change', () => watch.doubt());
    document.addEventListener('visibilitychange', () => document.hidden || watch.doubt());
}
