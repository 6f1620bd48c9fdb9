/* lookalike.h - do two names look the same to a reader? Pure. Any thread.
 *
 * Names are compared by what is left when everything goes that a reader overlooks: case, accents, blanks, signs; letters of
 * other alphabets and styles become those they are taken for (Unicode Technical Standard 39, §4: skeletons), digits and signs
 * in the place of letters become these ("R1vera", "$mith"), and i, l and 1 are one. Two alike names may be two people's:
 * it only says that a reader could take one for the other. Doubled letters count: "Ana" is not "Anna". */
#ifndef DOMAIN_LOOKALIKE_H
#define DOMAIN_LOOKALIKE_H

#include <stdbool.h>
#include <stdint.h>

/* A character and where the text that it is taken for begins in LOOKALIKE_TEXT; sorted by `point`.
 * The tables are written by deploy/make_lookalikes.c while Parlour is built. */
struct lookalike {
    uint32_t point;
    uint16_t text;
};
extern const struct lookalike LOOKALIKES[];
extern const int LOOKALIKE_COUNT;
extern const char LOOKALIKE_TEXT[]; /* UTF-8, each skeleton with its NUL */

/* Valid UTF-8 of at most NAME_SIZE bytes each. */
bool lookalike_names(const char *a, const char *b);

#endif
