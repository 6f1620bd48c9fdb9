// The part that comes last: what a call needs for as long as it lasts, and no screen before it.
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
    adapted.recall();
    await addTexts([TEXTS]);
    ui.steady = {
        notes: call => pausedNote(call, () => adapted.resume()),
        items: (call, item) =>
            item('less-data', 'signal-low', lowKey(call), () => adapted.setLow(!visit.call.sending.low)),
    };
    ui.redraw();
}
