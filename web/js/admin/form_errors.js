/* From the server's problem to words beside the right field. Pure: it only picks a key of the catalogue. */

/** @typedef {{code: string, field?: string, detail?: string, retry_after_s?: number}} Problem */
/** @typedef {{field: string | null, key: string, values: Record<string, string | number>}} FormError */

/**
 * Where an error belongs and which text says it. The most particular text wins: code with field, then the code
 * alone; a field that this form does not show falls back to the form as a whole, so no error is ever silent.
 * @param {Problem} problem
 * @param {readonly string[]} fields names of the fields on the page
 * @param {(key: string) => boolean} has whether the catalogue knows a key
 * @returns {FormError}
 */
export function formError(problem, fields, has) {
    const field = problem.field && fields.includes(problem.field) ? problem.field : null;
    const wanted = [`error.${problem.code}.${problem.field}`, `error.${problem.code}`, field ? 'error.invalid' : ''];
    const key = wanted.find(k => k && has(k)) ?? 'error.unknown';

    return {field, key, values: {code: problem.code, ...waitValues(problem.retry_after_s ?? 0)}};
}

/**
 * A wait as people say it: seconds up to a minute and a half, then minutes, always rounded up.
 * @param {number} wait_s  @returns {{seconds: number, minutes: number}}
 */
export function waitValues(wait_s) {
    return {seconds: Math.max(1, Math.ceil(wait_s)), minutes: Math.max(1, Math.ceil(wait_s / 60))};
}

/** The length below which the server refuses a password. */
export const PASSWORD_MIN = 15;

/** How good a password looks from its length and variety; a hint, not a gate (the server decides). */
const STRENGTHS = /** @type {const} */ ([
    {from: 24, variety: 8, strength: 'strong'},
    {from: 18, variety: 7, strength: 'good'},
    {from: PASSWORD_MIN, variety: 5, strength: 'fair'},
]);

/**
 * @param {string} password  @returns {'empty' | 'short' | 'weak' | 'fair' | 'good' | 'strong'}
 */
export function passwordStrength(password) {
    const length = [...password].length;
    const variety = new Set(password.toLowerCase()).size;

    if (length === 0) return 'empty';
    if (length < PASSWORD_MIN) return 'short';
    return STRENGTHS.find(s => length >= s.from && variety >= s.variety)?.strength ?? 'weak';
}
