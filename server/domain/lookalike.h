/* lookalike.h - do two names look the same to a reader? Pure. Any thread.
 *
 * Names are compared without everything that a reader overlooks: case, accents, blanks, signs; letters of other
 * alphabets and styles become the letters they resemble (Unicode Technical Standard 39, §4: skeletons), digits and signs in
 * place of letters become those letters ("R1vera", "$mith"), and i, l and 1 are one. Two similar names may belong to two people:
 * the result only says that a reader could confuse them. Doubled letters count: "Ana" is not "Anna". */
#ifndef DOMAIN_LOOKALIKE_H
#define DOMAIN_LOOKALIKE_H

#include <stdbool.h>
#include <stdint.h>

/* A character and the offset in LOOKALIKE_TEXT of the text that it resembles; sorted by `point`.
 * deploy/make_lookalikes.c writes the tables while Parlour is built. */
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
