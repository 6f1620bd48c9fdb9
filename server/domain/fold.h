/* fold.h - letters that mean the same: case and accents. Pure.
 * Small on purpose: Latin, Greek and Cyrillic; every other letter stays unchanged. */
#ifndef DOMAIN_FOLD_H
#define DOMAIN_FOLD_H

#include <stdint.h>

/* Lower case without accents: "É" → "e", "Ж" → "ж"; full width forms become ASCII. */
uint32_t fold_letter(uint32_t point);

#endif
