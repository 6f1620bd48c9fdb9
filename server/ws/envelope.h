/* envelope.h - one scan of a message: is it strict JSON, and where are its `type`, `to`, `to_instance`, `n` and `data`?
 * One pass, no allocation, no tree: relayed data is never parsed further. RFC 8259, stricter as PROTOCOL.md says: an object,
 * at most ENVELOPE_DEPTH deep, ENVELOPE_KEYS members an object, no member twice in one object (compared decoded), no NUL and no
 * lone surrogate in texts. Numbers may be of any size. It agrees with jansson on all of this (tests/fuzz/fuzz_envelope.c), except
 * for numbers too large for any reader.
 * Pure. Any thread. */
#ifndef WS_ENVELOPE_H
#define WS_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ENVELOPE_MAX 65536 /* bytes of a message */
#define ENVELOPE_DEPTH 16  /* the message itself is 1 */
#define ENVELOPE_KEYS 64   /* members of one object */

/* A value as written in the message, quotes included; at == NULL: absent. */
struct span {
    const char *at;
    size_t len;
};

struct envelope {
    struct span type, to, data; /* any JSON value each */
    struct span to_instance, n;
};

enum envelope_fault { ENVELOPE_OK, ENVELOPE_NOT_UTF8, ENVELOPE_BROKEN };

/* Spans point into `bytes`. NOT_UTF8: a byte sequence that no text frame may hold (close 1007); BROKEN: any other fault. */
enum envelope_fault envelope_scan(const char *bytes, size_t len, struct envelope *out);

/* The decoded text of a string value. False when absent, not a string, or longer than size - 1; then `to` is "". */
bool envelope_text(struct span value, char *to, size_t size);
/* A whole number ≥ 0. False when absent or anything else. */
bool envelope_count(struct span value, int64_t *out);
bool envelope_is_object(struct span value);

#endif
