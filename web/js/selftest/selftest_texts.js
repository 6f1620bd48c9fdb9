// The catalogue of the self test: for its page, and for those who read a report.
/** @type {import('../ui/texts.js').Source} */
export const SELFTEST_TEXTS = {
    en: () => import('../../lang/en/selftest.json'),
    ar: () => import('../../lang/ar/selftest.json'),
};
