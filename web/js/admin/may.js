/* What the server says that may be done: with a room, and in the practice. No rule stands here: what it does not say is not offered.
 * Pure. */

/**
 * @typedef {'admit' | 'hold' | 'deny' | 'return' | 'remove' | 'chat' | 'end' | 'invite' | 'enter' | 'edit'} RoomDeed
 * @typedef {'create' | 'administer'} PracticeDeed
 */

/** @param {{may?: readonly string[]} | null | undefined} of a room, or the user of the page  @param {RoomDeed | PracticeDeed} deed */
export const may = (of, deed) => of?.may?.includes(deed) ?? false;
