// The slot of each person on the stage.

/**
 * Everybody stays in their first slot, also when a person before them leaves: their picture and sound go on.
 * @param {string[]} ids by slot; new people are added  @param {import('./call.js').Person[]} people  @returns {(import('./call.js').Person | undefined)[]} by slot; nobody: it is empty
 */
export function slots(ids, people) {
    for (const {id} of people) if (!ids.includes(id)) ids.push(id);
    return ids.map(id => people.find(p => p.id === id));
}
