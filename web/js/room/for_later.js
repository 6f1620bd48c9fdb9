// The part that comes later (later.js): its pieces, and the steps when it is there. core/later_fetch.js decides when it comes.
import {makeLaterFetch} from '../core/later_fetch.js';
import {loadPictures} from '../ui/looks.js';
import {clock, part} from '../ui/page.js';
import {addTexts, t} from '../ui/texts.js';

/** @typedef {import('../ui/ui.js').Ui} Ui */

/** @type {import('../ui/texts.js').Source} */
const TEXTS = {
    en: () => import('../../lang/en/later.json'),
    ar: () => import('../../lang/ar/later.json'),
};

/** Code, texts and pictures: nothing of it is shown before all are here. */
export async function loadLater() {
    const [{tendLater}] = await Promise.all([
        part(() => import('./later.js')),
        addTexts([TEXTS]),
        loadPictures(__ICONS_LATER__),
    ]);
    return tendLater;
}

/** Fetches it when it is time, and gives it to `ui`. @param {import('../core/visit.js').Visit} visit  @param {Ui} ui
 *  @returns {() => unknown} fetches it now */
export function forLater(visit, ui) {
    /** the call as the person was last told of it */
    let told = visit.call;
    /** @type {ReturnType<Awaited<ReturnType<typeof loadLater>>> | null} */
    let later = null;
    const tell = () => {
        later?.tell(told, visit.call);
        if (later) told = visit.call;
    };
    const fetching = makeLaterFetch({
        clock,
        async load() {
            later = (await loadLater())(ui);
            tell();
            ui.redraw();
            return later.parts;
        },
        failed(code) {
            const key = `error.${code}`;
            ui.laterTrouble = t(key) === key ? 'error.unknown' : key;
            ui.redraw();
        },
    });
    ui.withLater = run => (ui.later ? run(ui.later) : void fetching.fetchNow().then(run));
    visit.on('change', ({now}) => {
        fetching.moved(now);
        queueMicrotask(tell); // after the effects of the change: the first offer does not wait for a chime
    });
    return fetching.fetchNow;
}
