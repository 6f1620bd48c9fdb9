/* From an objection of the server or the field to a message beside the right field. Pure: it only picks a key of the catalogue. */

/** @typedef {{code: string, field?: string, detail?: string, retry_after_s?: number, limits?: {min: string | number, max: string | number}}} Problem */
/** @typedef {{field: string | null, key: string, values: Record<string, string | number>}} FormError */

/**
 * The place of an error and its text. The most specific text wins: code with field, then the code
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

    return {field, key, values: {code: problem.code, ...waitValues(problem.retry_after_s ?? 0), ...problem.limits}};
}

/** The browser's objections to a field, as codes of ours. */
const VALIDITY = /** @type {const} */ ([
    ['badInput', 'malformed'],
    ['valueMissing', 'required'],
    ['typeMismatch', 'malformed'],
    ['patternMismatch', 'malformed'],
    ['rangeUnderflow', 'out_of_range'],
    ['rangeOverflow', 'out_of_range'],
    ['stepMismatch', 'malformed'],
]);

/**
 * The problem of a field before it is sent, or null. Blanks alone count as empty, except in a password; the
 * browser checks a length only if a person typed the text, not if a password manager did.
 * @param {{name: string, value: string, type: string, required: boolean, validity: Partial<ValidityState>, minlength: number,
 *   maxlength: number, min: string, max: string}} c
 * @returns {Problem | null}
 */
export function localProblem(c) {
    const length = [...c.value].length;
    const told = VALIDITY.find(([flag]) => c.validity[flag])?.[1];

    if (c.required && c.type !== 'password' && !told && c.value.trim() === '') return {code: 'required', field: c.name};
    if (told) return {code: told, field: c.name, limits: {min: c.min, max: c.max}};
    if (length > 0 && c.minlength > length) return {code: 'too_short', field: c.name};
    if (c.maxlength > 0 && length > c.maxlength)
        return {code: 'too_long', field: c.name, limits: {min: c.minlength, max: c.maxlength}};
    return null;
}

/**
 * A wait as people say it: seconds up to a minute and a half, then minutes, always rounded up.
 * @param {number} waitS  @returns {{seconds: number, minutes: number}}
 */
export function waitValues(waitS) {
    return {seconds: Math.max(1, Math.ceil(waitS)), minutes: Math.max(1, Math.ceil(waitS / 60))};
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
