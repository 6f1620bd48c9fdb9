/* The actions that the server allows: with a room, and in the practice. No rule stands here: an action it does not list is not offered.
 * Pure. */

/** @param {{may?: readonly string[]} | null | undefined} of a room, or the user of the page  @param {string} deed by the names of domain/permission.h */
export const may = (of, deed) => of?.may?.includes(deed) ?? false;
