// The part that comes last: what a visit needs for as long as it lasts, and no screen before it.
import steadyCss from '../../css/steady.css?text';
import {LineWatch, ready} from '../core/line_watch.js';
import {Adapted} from '../features/adaptation/adapted.js';
import {lowKey, pausedNote} from '../features/adaptation/panel.js';
import {deviceNews, flipButton} from '../features/devices/panel.js';
import {DeviceWatch} from '../features/devices/watch.js';
import {Measured} from '../features/quality/measured.js';
import {addLooks} from '../ui/looks.js';
import {kept} from '../ui/page.js';
import {addTexts} from '../ui/texts.js';
import './later.js'; // it is there already; so shared code lies in the same few files

/** @type {import('../ui/texts.js').Source} */
const TEXTS = {
    en: () => import('../../lang/en/steady.json'),
    ar: () => import('../../lang/ar/steady.json'),
};

/** A second capture ends the first on iOS, in every browser there; an iPad says that it is a Mac. */
const oneCapture = () =>
    /iphone|ipad/i.test(navigator.userAgent) || (/mac/i.test(navigator.platform) && navigator.maxTouchPoints > 1);

/** @param {import('../core/visit.js').Visit} visit */
const watchDevices = visit =>
    new DeviceWatch(visit, {
        onShown: run => document.addEventListener('visibilitychange', () => document.hidden || run()),
        hidden: () => document.hidden,
        oneCapture: oneCapture(),
    });

/** @param {import('../ui/ui.js').Ui} ui */
export async function tendSteady(ui) {
    const {visit} = ui;
    const adapted = new Adapted(visit, kept);
    const watch = watchDevices(visit);
    visit.add(adapted, new Measured(visit), watch);
    watchLine(visit);
    adapted.recall();
    addEventListener('pagehide', () => visit.ending());
    await addTexts([TEXTS]);
    addLooks(steadyCss);
    ui.steady = {
        notes: call => [pausedNote(call, () => adapted.resume()), deviceNews(call, watch, visit)],
        items: (call, item) =>
            item('less-data', 'signal-low', lowKey(call), () => adapted.setLow(!visit.call.sending.low)),
        deviceNews: call => deviceNews(call, watch, visit),
        flipButton: call => flipButton(call, visit),
    };
    ui.redraw();
}

/** Media show whether a call's line works; a person who waits, or is alone, has only this. What the browser says of the network is believed
 *  at once. Where it is wrong, the next welcome says so, until the line is lost again. @param {import('../core/visit.js').Visit} visit */
function watchLine(visit) {
    const {signaling, peers} = visit.deps;
    const watch = new LineWatch(signaling, {reach: ready, quiet: () => !document.hidden && !peers.byId.size});
    const believe = () => visit.dispatch({type: 'offline', offline: !navigator.onLine});
    const gone = () => {
        believe();
        signaling.distrust();
    };
    const {connection} = /** @type {any} */ (navigator);
    addEventListener('offline', gone);
    addEventListener('online', believe);
    signaling.on('link', ({state}) => state === 'lost' && believe());
    connection?.addEventListener?.('change', () => watch.doubt());
    document.addEventListener('visibilitychange', () => document.hidden || watch.doubt());
    if (!navigator.onLine) gone(); // it went before this part came
}
