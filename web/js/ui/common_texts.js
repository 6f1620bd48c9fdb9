// The catalogue every page has.
/** @type {import('./texts.js').Source} */
export const COMMON = {
    en: () => import('../../lang/en/common.json'),
    ar: () => import('../../lang/ar/common.json'),
};
