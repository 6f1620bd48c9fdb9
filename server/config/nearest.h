/* nearest.h - how far apart two names are, for "did you mean". Pure. */
#ifndef CONFIG_NEAREST_H
#define CONFIG_NEAREST_H

#include <stdbool.h>

/* Insertions, deletions, replacements and swaps of neighbours between two names of at most 63 characters; 99 for longer ones. */
int nearest_distance(const char *a, const char *b);
/* Close enough to be a typing error, for a name of this length. */
bool nearest_is_slip(const char *wanted, const char *known);

#endif
