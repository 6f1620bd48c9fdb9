// links: signaling
/* The envelope scanner against jansson: they must agree on what is accepted and on what the members hold. */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "signaling/envelope.h"
#include "tests/fuzz/must.h"
#include "util/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* The bounds that are ours: depth and members of an object. */
static bool within_bounds(const json_t *value, int depth)
{
    const char *key;
    json_t *child;
    size_t i;

    if (!json_is_object(value) && !json_is_array(value))
        return true;
    if (depth > ENVELOPE_DEPTH || json_object_size(value) > ENVELOPE_KEYS)
        return false;
    json_array_foreach(value, i, child) if (!within_bounds(child, depth + 1)) return false;
    json_object_foreach((json_t *)value, key, child) if (!within_bounds(child, depth + 1)) return false;
    return true;
}

/* Numbers of hundreds of digits are ours to refuse. */
static bool has_endless_number(const uint8_t *bytes, size_t len)
{
    size_t run = 0;

    for (size_t i = 0; i < len; i++) {
        run = bytes[i] && strchr("0123456789+-.eE", bytes[i]) ? run + 1 : 0;
        if (run >= 300)
            return true;
    }
    return false;
}

static void same_value(struct span span, const json_t *expected)
{
    json_t *value;
    char text[4096];

    MUST((span.at != NULL) == (expected != NULL));
    if (!expected)
        return;
    value = json_loadb(span.at, span.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
    MUST(value && json_equal(value, expected));
    json_decref(value);
    if (json_is_string(expected) && json_string_length(expected) < sizeof text) {
        MUST(envelope_text(span, text, sizeof text));
        MUST(strcmp(text, json_string_value(expected)) == 0);
    } else if (!json_is_string(expected)) {
        MUST(!envelope_text(span, text, sizeof text));
    }
    MUST(envelope_is_object(span) == json_is_object(expected));
}

static void same_count(struct span span, const json_t *expected)
{
    int64_t n;

    same_value(span, expected);
    if (envelope_count(span, &n))
        MUST(json_is_integer(expected) && json_integer_value(expected) == n);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct envelope e;
    json_error_t error;
    char *copy = malloc(len); /* exactly as long, so that reading beyond is seen */
    json_t *tree;
    enum envelope_fault fault;

    if (len > ENVELOPE_MAX || has_endless_number(bytes, len)) {
        free(copy);
        return 0;
    }
    memcpy(copy, bytes, len);
    fault = envelope_scan(copy, len, &e);
    tree = json_loadb(copy, len, JSON_REJECT_DUPLICATES, &error);
    /* jansson overlooks a NUL after a number; nothing that holds one is JSON */
    if (tree && (!json_is_object(tree) || !within_bounds(tree, 1) || memchr(bytes, 0, len))) {
        json_decref(tree);
        tree = NULL;
    }
    MUST((fault == ENVELOPE_OK) == (tree != NULL));
    if (fault == ENVELOPE_NOT_UTF8)
        MUST(!str_is_utf8(copy, len));
    if (tree) {
        same_value(e.type, json_object_get(tree, "type"));
        same_value(e.to, json_object_get(tree, "to"));
        same_value(e.data, json_object_get(tree, "data"));
        same_count(e.to_instance, json_object_get(tree, "to_instance"));
        same_count(e.n, json_object_get(tree, "n"));
    }
    json_decref(tree);
    free(copy);
    return 0;
}
