/* The catalogue of these pages; the call also uses the one of the question before a guest is let in. */
/** @type {import('../ui/texts.js').Source} */
export const ADMIN_TEXTS = {
    en: () => import('../../lang/en/admin.json'),
    ar: () => import('../../lang/ar/admin.json'),
};
