// A name as it is seen: invisible characters that come with pasted text are removed, blanks become single spaces.
// The server does the same and decides (server/domain/visible.h); this lets the page show the name that others will see.

/** Joiners and variation selectors may shape the character before them, so they stay inside a name. */
const UNSEEN = /(?!\u200c|\u200d|[\ufe00-\ufe0f])[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\ufffc]/gu;
const AT_AN_END = /^(?: |\u200c|\u200d|[\ufe00-\ufe0f])+|(?: |\u200c|\u200d)+$/g;

/** @param {string} text */
export const asSeen = text =>
    text
        .replace(UNSEEN, '')
        .replace(/[\s\u2800]+/g, ' ')
        .replace(AT_AN_END, '')
        .normalize('NFC');
