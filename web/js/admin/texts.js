/* The catalogue of these pages. */
/** @type {import('../ui/texts.js').Source} */
export const ADMIN_TEXTS = {
    en: () => import('../../lang/en/admin.json'),
    ar: () => import('../../lang/ar/admin.json'),
};
