/* json_fields.h - reads members of a JSON object by a table of fields, so that handlers begin with checked facts.
 * Works on jansson values; knows nothing about the program. Any thread. */
#ifndef UTIL_JSON_FIELDS_H
#define UTIL_JSON_FIELDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include "util/err.h"

enum field_type {
    FIELD_TEXT,  /* UTF-8 text; min/max count bytes; control characters refused */
    FIELD_LINES, /* as FIELD_TEXT, line breaks and tabs allowed */
    FIELD_BOOL,
    FIELD_INT,    /* whole number within min..max */
    FIELD_TIME,   /* RFC 3339 text */
    FIELD_CHOICE, /* one of `choices`, separated by '|' */
    FIELD_OBJECT,
    FIELD_LIST, /* array of at most `max` elements */
};

/* One allowed member. A table ends with a zero entry. */
struct field {
    const char *name; /* member name */
    enum field_type type;
    bool required; /* absent is an error */
    bool nullable; /* null is allowed and means "not set" */
    /* A field of the contract that this version does not support: any value but null, false or `choices` is not_available. */
    bool later;
    int64_t min;         /* least length or value */
    int64_t max;         /* greatest length or value; 0: text ≤ 200 bytes, numbers unbounded */
    const char *choices; /* "a|b|c" for FIELD_CHOICE; for `later`: the only value allowed */
    const char *help;    /* one sentence for openapi.json */
};

/* Checks `object` against the table: unknown members are refused (code "unknown_field") when `strict`, wrong ones with
 * err_field(); `later` ones with ERR_INVALID, code "not_available". */
MUST_CHECK enum err_code json_fields_check(const json_t *object, const struct field *fields, bool strict,
                                           struct err *e);

/* Readers for checked objects: the default when the member is absent or null. Text is borrowed from the object. */
const char *json_text(const json_t *object, const char *name, const char *fallback);
bool json_bool(const json_t *object, const char *name, bool fallback);
int64_t json_int(const json_t *object, const char *name, int64_t fallback);
int64_t json_time_ms(const json_t *object, const char *name, int64_t fallback);
bool json_has(const json_t *object, const char *name); /* present and not null */
/* Present, perhaps null: lets a PATCH tell "leave" from "clear". */
bool json_given(const json_t *object, const char *name);

/* Parses one JSON object: duplicates refused, depth limited by `max_depth` (the object itself is 1), trailing bytes refused.
 * The caller json_decref()s. ERR_INVALID, code "invalid_json". */
MUST_CHECK enum err_code json_parse_object(const char *bytes, size_t len, int max_depth, json_t **out, struct err *e);

#endif
