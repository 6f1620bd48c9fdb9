/* fold.h - letters that mean or look the same: case, accents, other alphabets' doubles. Pure.
 * Small on purpose: Latin, Greek and Cyrillic; every other letter stays what it is. */
#ifndef DOMAIN_FOLD_H
#define DOMAIN_FOLD_H

#include <stdint.h>

/* Lower case without accents: "É" → "e", "Ж" → "ж"; full width forms become ASCII. */
uint32_t fold_letter(uint32_t point);
/* As fold_letter(), and the Greek and Cyrillic letters that a reader takes for Latin ones become those. */
uint32_t fold_lookalike(uint32_t point);

#endif
