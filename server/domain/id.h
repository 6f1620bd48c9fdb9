/* id.h - the sizes of texts that every layer shares. Ids are opaque text: 26 letters of base32 (128 bits). */
#ifndef DOMAIN_ID_H
#define DOMAIN_ID_H

#include <stdint.h>

#define ID_SIZE 32    /* an id and its NUL; room for a short prefix */
#define NAME_SIZE 260 /* 64 characters of UTF-8 and NUL */
#define EMAIL_SIZE 256
#define SLUG_SIZE 64
#define HASH_BYTES 32 /* BLAKE2b-256 of a secret; only hashes are stored */

#endif
