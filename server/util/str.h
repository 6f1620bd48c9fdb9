/* str.h - text helpers: bounded copies, UTF-8, encodings. Nothing here allocates. Any thread. */
#ifndef UTIL_STR_H
#define UTIL_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Copies and always terminates; false when `from` did not fit (then `to` is empty). */
bool str_copy(char *to, size_t size, const char *from);
bool str_copy_n(char *to, size_t size, const char *from, size_t len);
bool str_equal(const char *a, const char *b); /* NULL equals only NULL */
bool str_starts(const char *text, const char *prefix);
bool str_ends(const char *text, const char *suffix);
/* FNV-1a, for maps and shards; not for secrets. */
uint64_t str_hash(const void *bytes, size_t len);

/* Whole decimal number within [min, max]; false (*out unchanged) for anything else: sign, blanks, overflow. */
bool str_to_i64(const char *text, int64_t min, int64_t max, int64_t *out);
/* Decimal digits without a NUL, at most 20; returns their end. */
char *str_put_u64(char *to, uint64_t n);

/* Strict UTF-8 (RFC 3629: no overlong forms, no surrogates). */
bool str_is_utf8(const char *bytes, size_t len);
/* Next code point of valid UTF-8, *text moves on; 0 at the end. */
uint32_t str_next_codepoint(const char **text);
size_t str_codepoints(const char *text);

/* Encodings. Return the length written without the NUL; `to` must hold the named size. */
#define STR_BASE64URL_SIZE(n) (((n)*4 + 2) / 3 + 1)
#define STR_BASE64_SIZE(n) (((n) + 2) / 3 * 4 + 1)
#define STR_HEX_SIZE(n) ((n)*2 + 1)
size_t str_base64url(char *to, const void *bytes, size_t len); /* RFC 4648 §5, no padding */
size_t str_base64(char *to, const void *bytes, size_t len);    /* RFC 4648 §4, padded */
size_t str_base32(char *to, const void *bytes, size_t len);    /* RFC 4648 §6 alphabet in lower case, no padding */
size_t str_hex(char *to, const void *bytes, size_t len);
/* Decoders: false for a wrong character, wrong length, non-zero spare bits, or more than `size` bytes. */
bool str_from_base64url(const char *text, size_t text_len, void *to, size_t size, size_t *len);
bool str_from_base32(const char *text, size_t text_len, void *to, size_t size, size_t *len);
bool str_from_hex(const char *text, size_t text_len, void *to, size_t size, size_t *len);

#endif
