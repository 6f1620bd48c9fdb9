// links: ws
/* The envelope scanner against jansson: they must accept the same messages and read the same members. */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/must.h"
#include "util/str.h"
#include "ws/envelope.h"

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

static const char *digits(const char *at, const char *end)
{
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at;
}

/* A whole number by RFC 8259 §6; `end` is where it ends. */
static bool is_number(const char *at, const char *end)
{
    const char *from;

    at += at < end && *at == '-';
    from = at;
    at = at < end && *at == '0' ? at + 1 : digits(at, end);
    if (at == from)
        return false;
    if (at < end && *at == '.') {
        from = ++at;
        if ((at = digits(at, end)) == from)
            return false;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        at += at < end && (*at == '+' || *at == '-');
        from = at;
        if ((at = digits(at, end)) == from)
            return false;
    }
    return at == end;
}

/* jansson keeps numbers in 64 bits and refuses what is larger; we relay them unread. So that both see the same message, a sound
 * number that jansson does not take becomes a 1 with blanks, at the same place. */
static void shrink_numbers(char *bytes, size_t len)
{
    static const char OF_NUMBERS[] = "0123456789+-.eE";
    bool in_text = false;

    for (size_t i = 0; i < len; i++) {
        size_t to = i;
        json_t *number;

        if (bytes[i] == '"')
            in_text = !in_text;
        else if (in_text && bytes[i] == '\\')
            i++;
        if (in_text)
            continue;
        while (to < len && bytes[to] && strchr(OF_NUMBERS, bytes[to]))
            to++;
        if (to == i)
            continue;
        number = json_loadb(bytes + i, to - i, JSON_DECODE_ANY, NULL);
        if (!number && is_number(bytes + i, bytes + to)) {
            memset(bytes + i, ' ', to - i);
            bytes[i] = '1';
        }
        json_decref(number);
        i = to - 1;
    }
}

/* The same message as it was scanned and as jansson has read it. */
struct both {
    const char *scanned, *read;
};

static void same_value(struct span span, const json_t *expected, struct both b)
{
    json_t *value;
    char text[4096];

    MUST((span.at != NULL) == (expected != NULL));
    if (!expected)
        return;
    value = json_loadb(b.read + (span.at - b.scanned), span.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
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

static void same_count(struct span span, const json_t *expected, struct both b)
{
    int64_t n;

    same_value(span, expected, b);
    if (envelope_count(span, &n))
        MUST(json_is_integer(expected) && json_integer_value(expected) == n);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct envelope e;
    json_error_t error;
    char *copy = malloc(len); /* exactly as long, so that the sanitizer sees reading beyond */
    char *shrunk = malloc(len);
    json_t *tree;
    enum envelope_fault fault;

    if (len <= ENVELOPE_MAX) {
        memcpy(copy, bytes, len);
        memcpy(shrunk, bytes, len);
        shrink_numbers(shrunk, len);
        fault = envelope_scan(copy, len, &e);
        tree = json_loadb(shrunk, len, JSON_REJECT_DUPLICATES, &error);
        /* jansson overlooks a NUL after a number; nothing that holds one is JSON */
        if (tree && (!json_is_object(tree) || !within_bounds(tree, 1) || memchr(bytes, 0, len))) {
            json_decref(tree);
            tree = NULL;
        }
        MUST((fault == ENVELOPE_OK) == (tree != NULL));
        if (fault == ENVELOPE_NOT_UTF8)
            MUST(!str_is_utf8(copy, len));
        if (tree) {
            struct both b = { copy, shrunk };

            same_value(e.type, json_object_get(tree, "type"), b);
            same_value(e.to, json_object_get(tree, "to"), b);
            same_value(e.data, json_object_get(tree, "data"), b);
            same_count(e.to_instance, json_object_get(tree, "to_instance"), b);
            same_count(e.n, json_object_get(tree, "n"), b);
        }
        json_decref(tree);
    }
    free(shrunk);
    free(copy);
    return 0;
}
