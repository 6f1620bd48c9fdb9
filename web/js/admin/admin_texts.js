/* The catalogue of these pages; that of the question before somebody is let in is the call's as well. */
/** @type {import('../ui/texts.js').Source} */
export const ADMIN_TEXTS = {
    en: () => import('../../lang/en/admin.json'),
    ar: () => import('../../lang/ar/admin.json'),
};
