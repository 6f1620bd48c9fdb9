// The page's language: chosen once at start, changed by the person, kept in this browser.
import {LANGUAGES, makeTranslate, pickLanguage} from '../core/i18n.js';
import {setPageLanguage} from './dom.js';

/** @typedef {import('../core/i18n.js').Catalogue} Catalogue */
/** @typedef {import('../core/i18n.js').Language} Language */
/** @typedef {Record<Language, () => Promise<{default: Catalogue}>>} Source  one catalogue in each language, fetched on demand */

const KEY = 'parlour.lang';

/** @type {Language} */
let language = 'en';
/** @type {Catalogue[]} */
let catalogues = [];
/** @type {import('../core/i18n.js').Translate} */
let translate = key => key;

/** The text for `key`. @type {import('../core/i18n.js').Translate} */
export const t = (key, params) => translate(key, params);

export const currentLanguage = () => language;

/** What the person chose here before, else what the browser says. @param {readonly string[]} [offered] */
export function preferredLanguage(offered) {
    let chosen = null;
    try {
        chosen = localStorage.getItem(KEY);
    } catch {
        // storage is switched off: the browser's own languages do
    }
    return pickLanguage([chosen, ...navigator.languages], offered);
}

/** Fetches the catalogues of `lang` and makes it the page's language. @param {Language} lang  @param {Source[]} sources */
export async function loadTexts(lang, sources) {
    const loaded = await Promise.all(sources.map(s => s[lang]()));
    language = lang;
    catalogues = loaded.map(m => m.default);
    translate = makeTranslate(lang, ...catalogues);
    setPageLanguage(lang, LANGUAGES[lang].dir);
}

/** Adds catalogues to those loaded, in the page's language. @param {Source[]} sources */
export async function addTexts(sources) {
    const loaded = await Promise.all(sources.map(s => s[language]()));
    catalogues.push(...loaded.map(m => m.default));
    translate = makeTranslate(language, ...catalogues);
}

/** @param {Language} lang */
export function rememberLanguage(lang) {
    try {
        localStorage.setItem(KEY, lang);
    } catch {
        // not kept, then; the page still changes
    }
}
