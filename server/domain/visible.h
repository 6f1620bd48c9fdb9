/* visible.h - the visible part of a text: a pasted name may bring invisible marks, which are removed. Pure. Any thread.
 *
 * Taken out: marks of direction (U+200E, U+202A…, U+2066…, U+061C), byte order marks, soft hyphens, blanks without width and
 * all other characters that Unicode calls ignorable. Every blank, tab and line break becomes one space; none is left at either end.
 * Kept: U+200C and U+200D where they change the appearance (Unicode Standard Annex 31, §2.3): between letters of a script that
 * joins them, after a virama, inside an emoji; and variation selectors after something. */
#ifndef DOMAIN_VISIBLE_H
#define DOMAIN_VISIBLE_H

#include <stdbool.h>
#include <stddef.h>

/* Writes the visible part of valid UTF-8; `to` holds `size` bytes. False when it does not fit; `to` is empty then. */
bool visible_text(const char *from, char *to, size_t size);

#endif
