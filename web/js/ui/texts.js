// The page's language: the one it was sent in, until the person chooses another, which a cookie tells the server from then on.
import {ApiError} from '../core/api.js';
import {LANGUAGES, makeTranslate} from '../core/i18n.js';
import {setPageLanguage} from './dom.js';
import {part, tellServer} from './page.js';

/** @typedef {import('../core/i18n.js').Catalogue} Catalogue */
/** @typedef {import('../core/i18n.js').Language} Language */
/** @typedef {Record<Language, () => Promise<{default: Catalogue}>>} Source  one catalogue in each language, fetched on demand */

/** The server reads it (server/http/http_language.h). */
const COOKIE = 'parlour_lang';

/** @type {Language} */
let language = 'en';
/** @type {Source[]} what this page has loaded */
let sources = [];
/** @type {import('../core/i18n.js').Translate} */
let translate = key => key;

/** The text for `key`. @type {import('../core/i18n.js').Translate} */
export const t = (key, params) => translate(key, params);

export const currentLanguage = () => language;

/** The language that the server chose for this page. */
export const sentLanguage = () => /** @type {Language} */ (document.documentElement.lang);

/** One load after the other: otherwise the later one could bring back the earlier texts. @type {Promise<unknown>} */
let last = Promise.resolve();

/** @param {() => Promise<void>} load */
function inTurn(load) {
    const turn = last.then(load, load);
    last = turn;
    return turn;
}

/** Fetches the catalogues and makes `lang` the page's language. Rejects as part() does: the language stays as it was then. @param {Language} lang  @param {Source[]} from */
export const loadTexts = (lang, from) => inTurn(() => load(lang, from));

/** @param {Language} lang  @param {Source[]} from */
async function load(lang, from) {
    const loaded = await Promise.all(from.map(s => part(s[lang])));
    language = lang;
    sources = from;
    translate = makeTranslate(lang, ...loaded.map(m => m.default));
    setPageLanguage(lang, LANGUAGES[lang].dir);
}

/** @param {Source} source */
export const hasTexts = source => sources.includes(source);

/** More catalogues, in the page's language. @param {Source[]} more */
export const addTexts = more => inTurn(() => load(language, [...sources, ...more.filter(s => !sources.includes(s))]));

/** The person chose another language. @param {Language} lang  @returns {Promise<string>} the key of the message why it stays as it was; empty: it changed */
export async function changeLanguage(lang) {
    try {
        await inTurn(() => load(lang, sources));
    } catch (e) {
        return `error.${e instanceof ApiError ? e.code : 'unknown'}`;
    }
    tellServer(COOKIE, lang);
    return '';
}
