/* nfc.h - text in its composed form (Unicode Normalization Form C), so that text that looks the same is the same. Any thread. */
#ifndef DOMAIN_NFC_H
#define DOMAIN_NFC_H

#include <stdbool.h>
#include <stddef.h>

#define NFC_GROWTH 3 /* composed UTF-8 is at most this many times as long as its source (Unicode Standard Annex 15) */

/* False when `from` is not UTF-8 or the result and its NUL do not fit into `size`; then `to` is empty. */
bool nfc_text(const char *from, char *to, size_t size);

#endif
