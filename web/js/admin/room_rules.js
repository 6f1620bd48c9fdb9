/* The rules of a room as its form holds them, and back. Pure. */

/** @typedef {import('./conflict.js').Fields} Fields */

/** The switches, in the order of the form: a new one needs its three texts (`room.rule.…`, its hint, `room.field.…`) and nothing else here. */
export const ROOM_SWITCHES = /** @type {const} */ (['waiting_room', 'locked', 'guests_may_stay', 'relay_only']);

/** The fields of the form, in its order. A PIN is never shown again: the field only says what happens to it. */
const RULE_NAMES = /** @type {const} */ ([
    'name',
    'slug',
    'access',
    ...ROOM_SWITCHES,
    'max_participants',
    'consent_text',
    'cohosts',
]);

/** @param {Record<string, any>} room  @returns {Fields} */
export function rulesOf(room) {
    const rules = /** @type {Fields} */ (Object.fromEntries(RULE_NAMES.map(name => [name, room[name] ?? ''])));

    // the server keeps a number beyond what is possible now for later; the form shows the number in force
    if (room['capacity_max']) rules['max_participants'] = Math.min(room['max_participants'], room['capacity_max']);
    return rules;
}

/**
 * The values of the form, with the API's types.
 * @param {Record<string, any>} values of readForm()  @returns {Fields}
 */
export function rulesFromForm(values) {
    const rules = rulesOf(values);

    rules['max_participants'] = Number(values['max_participants']);
    rules['cohosts'] = values['cohosts'] ?? [];
    return rules;
}

/**
 * The PIN's part of a change: a new one, none any more (null), or no change.
 * @param {Record<string, any>} values  @returns {Fields}
 */
export function pinChange(values) {
    if (values['pin_off'] === true) return {pin: null};
    return values['pin'] ? {pin: values['pin']} : {};
}
