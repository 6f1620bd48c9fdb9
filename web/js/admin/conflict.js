/* Two people edit the same thing. The server refuses the second one (412 `changed`); this module works out which
 * changes can be merged without asking and which a person has to decide. Pure. */

/** @typedef {Record<string, unknown>} Fields */
/** @typedef {{name: string, mine: unknown, theirs: unknown}} Clash */
/** @typedef {{form: Fields, taken: string[], clashes: Clash[]}} Merge */

/**
 * Equal as far as a form is concerned: absent, null and empty text are one thing, the order in a list of ids says nothing.
 * @param {unknown} a  @param {unknown} b  @returns {boolean}
 */
export function sameValue(a, b) {
    if (Array.isArray(a) && Array.isArray(b)) return JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
    return (a ?? '') === (b ?? '');
}

/**
 * The members to send: those of `form` that differ from `base`.
 * @param {Fields} base  @param {Fields} form  @returns {Fields}
 */
export function changedFields(base, form) {
    return Object.fromEntries(Object.entries(form).filter(([name, value]) => !sameValue(value, base[name])));
}

/**
 * Puts my unsaved `mine` on top of `theirs`, the state the server has now; both started from `base`.
 * Fields that only they changed are taken over, fields that only I changed stay; where both changed the same field differently
 * my value stays in the form and the field is listed as a clash, so that a person decides before saving again.
 * @param {Fields} base  @param {Fields} mine  @param {Fields} theirs  @returns {Merge}
 */
export function mergeAfterConflict(base, mine, theirs) {
    /** @type {Merge} */
    const merge = {form: {...mine}, taken: [], clashes: []};

    for (const name of Object.keys(mine)) {
        if (sameValue(theirs[name], base[name]) || sameValue(theirs[name], mine[name])) continue;
        if (sameValue(mine[name], base[name])) {
            merge.form[name] = theirs[name];
            merge.taken.push(name);
        } else {
            merge.clashes.push({name, mine: mine[name], theirs: theirs[name]});
        }
    }
    return merge;
}
