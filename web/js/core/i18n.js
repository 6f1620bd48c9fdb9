// Texts: flat catalogues (`key: text`, or `key: {one, other, …}` for counted things), one file per language and page.
// Pure: catalogues and language come in from outside; js/ui/texts.js holds the one of the page.

/** @typedef {string | Record<string, string>} Text */
/** @typedef {Record<string, Text>} Catalogue */
/** @typedef {Record<string, string | number>} Params */
/** @typedef {(key: string, params?: Params) => string} Translate */

/** Languages we speak, by the name each gives itself; `dir` is the writing direction. */
export const LANGUAGES = /** @type {const} */ ({
    en: {name: 'English', dir: 'ltr'},
    ar: {name: 'العربية', dir: 'rtl'},
});
/** @typedef {keyof typeof LANGUAGES} Language */

/** @param {string} text  @param {Params} params */
function fill(text, params) {
    return text.replace(/\{(\w+)\}/g, (whole, name) => String(params[name] ?? whole));
}

/**
 * A translator over catalogues, the later ones winning. A missing key shows as the key: ugly, but seen by tests.
 * In counted texts `{n}` is written in the language's own digits.
 * @param {string} lang  @param {...Catalogue} catalogues  @returns {Translate}
 */
export function makeTranslate(lang, ...catalogues) {
    const all = /** @type {Catalogue} */ (Object.assign({}, ...catalogues));
    const plural = new Intl.PluralRules(lang);
    const number = new Intl.NumberFormat(lang);

    return (key, params = {}) => {
        const text = all[key];
        if (text === undefined) return key;
        if (typeof text === 'string') return fill(text, params);
        const n = Number(params['n'] ?? 0);
        const form = text[plural.select(n)] ?? text['other'] ?? key;
        return fill(form, {...params, n: number.format(n)});
    };
}

/** A number or code that reads from left to right in every language, and stays on one line. @param {string} s */
export const isolate = s => `\u2066${s.replaceAll(' ', '\u00a0')}\u2069`;

/** Clock time, in the reader's own zone. @param {string} lang  @param {Date} at */
export const formatTime = (lang, at) => new Intl.DateTimeFormat(lang, {hour: 'numeric', minute: '2-digit'}).format(at);

/** @param {string} lang  @param {Date} at */
export const formatDate = (lang, at) =>
    new Intl.DateTimeFormat(lang, {weekday: 'long', day: 'numeric', month: 'long'}).format(at);

/** "Today 14:30" when it is today, otherwise the date with the time. @param {string} lang @param {Date} at @param {Date} now */
export function formatWhen(lang, at, now) {
    const days = Math.round((startOfDay(at) - startOfDay(now)) / 86_400_000);
    const near = Math.abs(days) <= 1 ? new Intl.RelativeTimeFormat(lang, {numeric: 'auto'}).format(days, 'day') : '';
    const day = near ? near[0]?.toLocaleUpperCase(lang) + near.slice(1) : formatDate(lang, at);
    return `${day}${lang === 'ar' ? '،' : ','} ${formatTime(lang, at)}`;
}

/** @param {Date} d */
const startOfDay = d => new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();

/** Elapsed time as 12:04 or 1:02:03. @param {number} ms */
export function formatElapsed(ms) {
    const s = Math.max(0, Math.floor(ms / 1000));
    const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
    const h = Math.floor(s / 3600);
    const minutes = h ? `${h}:${two(Math.floor(s / 60) % 60)}` : String(Math.floor(s / 60));
    return `${minutes}:${two(s % 60)}`;
}
