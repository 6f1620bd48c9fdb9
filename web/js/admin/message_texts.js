/* The catalogue of the messages that go with links: in every language, since their reader may speak another than the page's. */
import {makeTranslate} from '../core/i18n.js';
import {part} from '../ui/page.js';

/** @typedef {import('../core/i18n.js').Language} Language */
/** @typedef {import('../core/i18n.js').Translate} Translate */

/** @type {import('../ui/texts.js').Source} */
const MESSAGE_TEXTS = {
    en: () => import('../../lang/en/message.json'),
    ar: () => import('../../lang/ar/message.json'),
};

/** @param {Language[]} languages  @returns {Promise<[Language, Translate][]>} those that could be fetched */
export async function messageTexts(languages) {
    const loaded = await Promise.allSettled(
        languages.map(
            async lang => /** @type {const} */ ([lang, makeTranslate(lang, (await part(MESSAGE_TEXTS[lang])).default)]),
        ),
    );

    return loaded.flatMap(l => (l.status === 'fulfilled' ? [[l.value[0], l.value[1]]] : []));
}
