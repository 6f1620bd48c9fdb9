// The texts of a page or part: those of lang/, and those that the features add to them.
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const LANG = fileURLToPath(new URL('lang/', import.meta.url));
const FEATURES = fileURLToPath(new URL('js/features/', import.meta.url));

/** @param {string} path */
const read = path => JSON.parse(readFileSync(path, 'utf8'));

/** The names of the catalogues, without a language: `common`, `guest`, … */
export const CATALOGUES = readdirSync(join(LANG, 'en')).map(file => file.slice(0, -'.json'.length));

/** The texts of each feature that has some, by catalogue.
 *  @param {string} lang  @returns {{feature: string, texts: Record<string, Record<string, unknown>>}[]} */
export const featureTexts = lang =>
    readdirSync(FEATURES)
        .sort()
        .filter(feature => existsSync(join(FEATURES, feature, `${lang}.json`)))
        .map(feature => ({feature, texts: read(join(FEATURES, feature, `${lang}.json`))}));

/** Throws for a text that stands in two places. @param {string} lang  @param {string} name of the catalogue  @returns {Record<string, unknown>} */
export function readCatalogue(lang, name) {
    const all = read(join(LANG, lang, `${name}.json`));
    for (const {feature, texts} of featureTexts(lang))
        for (const [key, text] of Object.entries(texts[name] ?? {})) {
            if (key in all) throw new Error(`${feature}: ${key} stands in ${name} already`);
            all[key] = text;
        }
    return all;
}
