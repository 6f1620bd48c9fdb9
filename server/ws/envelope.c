#include "ws/envelope.h"

#include <string.h>

/* A member's name in an object that is still open, to find duplicates. */
struct key {
    uint32_t hash;  /* of the decoded name */
    uint32_t start; /* where the text begins, after the quote */
    uint32_t len;   /* as written */
};

struct scan {
    const char *start, *at, *end;
    enum envelope_fault fault;
    int depth;
    size_t keys; /* names of all open objects */
    struct key key[ENVELOPE_DEPTH * ENVELOPE_KEYS];
};

static bool fail(struct scan *s, enum envelope_fault fault)
{
    s->fault = fault;
    return false;
}

static void skip_blanks(struct scan *s)
{
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\n' || *s->at == '\t' || *s->at == '\r'))
        s->at++;
}

static bool is_digit(const struct scan *s)
{
    return s->at < s->end && *s->at >= '0' && *s->at <= '9';
}

/* ---- texts ---- */

/* Eight bytes at a time while there is no quote, backslash, control character or byte of a longer sequence among them. */
static void skip_plain(struct scan *s)
{
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;

    while (s->end - s->at >= 8) {
        uint64_t w, quote, slash;

        memcpy(&w, s->at, 8);
        quote = w ^ (ones * '"');
        slash = w ^ (ones * '\\');
        w = ((w - ones * 0x20) | w | ((quote - ones) & ~quote) | ((slash - ones) & ~slash)) & tops;
        if (w) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
            /* the lowest mark is exact: a borrow only comes from a byte marked itself */
            s->at += __builtin_ctzll(w) / 8;
#endif
            return;
        }
        s->at += 8;
    }
}

static bool continuation(const struct scan *s, int i)
{
    return s->end - s->at > i && ((unsigned char)s->at[i] & 0xc0) == 0x80;
}

/* One sequence of two to four bytes, RFC 3629: shortest form, no surrogates, nothing above U+10FFFF. */
static bool scan_utf8(struct scan *s)
{
    unsigned char a = (unsigned char)*s->at, b = s->end - s->at > 1 ? (unsigned char)s->at[1] : 0;
    int more = a < 0xe0 ? 1 : a < 0xf0 ? 2 : 3;

    if (a < 0xc2 || a > 0xf4)
        return fail(s, ENVELOPE_NOT_UTF8);
    if ((a == 0xe0 && b < 0xa0) || (a == 0xed && b > 0x9f) || (a == 0xf0 && b < 0x90) || (a == 0xf4 && b > 0x8f))
        return fail(s, ENVELOPE_NOT_UTF8);
    for (int i = 1; i <= more; i++)
        if (!continuation(s, i))
            return fail(s, ENVELOPE_NOT_UTF8);
    s->at += more + 1;
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The value of the four digits after \u, or -1. */
static int32_t hex4(const char *at, const char *end)
{
    int32_t value = 0;

    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = hex_value(at[i]);

        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

static bool is_high(int32_t unit)
{
    return unit >= 0xd800 && unit <= 0xdbff;
}

static bool is_low(int32_t unit)
{
    return unit >= 0xdc00 && unit <= 0xdfff;
}

/* After "\u": a unit that is neither NUL nor a lone surrogate. */
static bool scan_unit(struct scan *s)
{
    int32_t unit = hex4(s->at, s->end);

    if (unit <= 0 || is_low(unit))
        return fail(s, ENVELOPE_BROKEN);
    s->at += 4;
    if (!is_high(unit))
        return true;
    if (s->end - s->at < 6 || s->at[0] != '\\' || s->at[1] != 'u' || !is_low(hex4(s->at + 2, s->end)))
        return fail(s, ENVELOPE_BROKEN);
    s->at += 6;
    return true;
}

static bool scan_escape(struct scan *s)
{
    s->at++;
    if (s->at == s->end)
        return fail(s, ENVELOPE_BROKEN);
    if (*s->at == 'u') {
        s->at++;
        return scan_unit(s);
    }
    if (*s->at == '\0' || !strchr("\"\\/bfnrt", *s->at))
        return fail(s, ENVELOPE_BROKEN);
    s->at++;
    return true;
}

/* At the opening quote; ends after the closing one. */
static bool scan_text(struct scan *s)
{
    s->at++;
    for (;;) {
        unsigned char c;

        skip_plain(s);
        if (s->at == s->end)
            return fail(s, ENVELOPE_BROKEN);
        c = (unsigned char)*s->at;
        if (c == '"') {
            s->at++;
            return true;
        }
        if (c < 0x20)
            return fail(s, ENVELOPE_BROKEN);
        if (c == '\\' ? !scan_escape(s) : c >= 0x80 && !scan_utf8(s))
            return false;
        if (c != '\\' && c < 0x80)
            s->at++;
    }
}

/* ---- decoding of scanned texts ---- */

static size_t put_utf8(char to[4], uint32_t c)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (char)(0xc0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        to[0] = (char)(0xe0 | c >> 12);
        to[1] = (char)(0x80 | (c >> 6 & 0x3f));
        to[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    to[0] = (char)(0xf0 | c >> 18);
    to[1] = (char)(0x80 | (c >> 12 & 0x3f));
    to[2] = (char)(0x80 | (c >> 6 & 0x3f));
    to[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

/* The next character of a scanned text as bytes in `out`; moves *at on. */
static size_t decode_next(const char **at, const char *end, char out[4])
{
    static const char FROM[] = "bfnrt", TO[] = "\b\f\n\r\t";
    const char *p = *at, *named;
    uint32_t unit;

    if (*p != '\\') {
        out[0] = *p;
        *at = p + 1;
        return 1;
    }
    if (p[1] != 'u') {
        named = strchr(FROM, p[1]);
        out[0] = named ? TO[named - FROM] : p[1];
        *at = p + 2;
        return 1;
    }
    unit = (uint32_t)hex4(p + 2, end);
    *at = p + 6;
    if (is_high((int32_t)unit)) {
        unit = 0x10000 + ((unit - 0xd800) << 10) + ((uint32_t)hex4(p + 8, end) - 0xdc00);
        *at = p + 12;
    }
    return put_utf8(out, unit);
}

static uint32_t hash_text(const char *at, const char *end)
{
    uint32_t hash = 2166136261u; /* FNV-1a; a collision only costs a comparison */
    char out[4];

    while (at < end) {
        size_t len;

        if (*at != '\\') { /* nearly always */
            hash = (hash ^ (unsigned char)*at++) * 16777619u;
            continue;
        }
        len = decode_next(&at, end, out);
        for (size_t i = 0; i < len; i++)
            hash = (hash ^ (unsigned char)out[i]) * 16777619u;
    }
    return hash;
}

/* Are two written texts equal when decoded? Compared byte by byte, because an escape may stand for several bytes. */
static bool same_text(const char *a, const char *a_end, const char *b, const char *b_end)
{
    char x[4], y[4];
    size_t xn = 0, yn = 0, xi = 0, yi = 0;

    while (a < a_end && b < b_end && *a == *b && *a != '\\') { /* nearly always up to the end of one text */
        a++;
        b++;
    }
    for (;;) {
        if (xi == xn) {
            xn = a < a_end ? decode_next(&a, a_end, x) : 0;
            xi = 0;
        }
        if (yi == yn) {
            yn = b < b_end ? decode_next(&b, b_end, y) : 0;
            yi = 0;
        }
        if (xn == 0 || yn == 0)
            return xn == yn;
        if (x[xi++] != y[yi++])
            return false;
    }
}

/* ---- numbers and words ---- */

static bool scan_digits(struct scan *s)
{
    if (!is_digit(s))
        return fail(s, ENVELOPE_BROKEN);
    while (is_digit(s))
        s->at++;
    return true;
}

static bool scan_whole(struct scan *s)
{
    if (s->at < s->end && *s->at == '0') {
        s->at++;
        return !is_digit(s) || fail(s, ENVELOPE_BROKEN);
    }
    return scan_digits(s);
}

/* Any number of RFC 8259 §6, however large: relayed numbers are not stored here. */
static bool scan_number(struct scan *s)
{
    if (*s->at == '-')
        s->at++;
    if (!scan_whole(s))
        return false;
    if (s->at < s->end && *s->at == '.') {
        s->at++;
        if (!scan_digits(s))
            return false;
    }
    if (s->at < s->end && (*s->at == 'e' || *s->at == 'E')) {
        s->at++;
        if (s->at < s->end && (*s->at == '+' || *s->at == '-'))
            s->at++;
        if (!scan_digits(s))
            return false;
    }
    return true;
}

static bool scan_word(struct scan *s, const char *word)
{
    size_t len = strlen(word);

    if ((size_t)(s->end - s->at) < len || memcmp(s->at, word, len) != 0)
        return fail(s, ENVELOPE_BROKEN);
    s->at += len;
    return true;
}

/* ---- values ---- */

static bool scan_value(struct scan *s, struct envelope *top);

/* Notes the name just read; false when this object already has it or has too many. `base`: its object's first key. */
static bool note_key(struct scan *s, size_t base, const char *start, const char *end)
{
    struct key k = { hash_text(start, end), (uint32_t)(start - s->start), (uint32_t)(end - start) };

    if (s->keys - base >= ENVELOPE_KEYS)
        return fail(s, ENVELOPE_BROKEN);
    for (size_t i = base; i < s->keys; i++) {
        const char *other = s->start + s->key[i].start;

        if (s->key[i].hash == k.hash && same_text(start, end, other, other + s->key[i].len))
            return fail(s, ENVELOPE_BROKEN);
    }
    s->key[s->keys++] = k;
    return true;
}

/* The span for this top-level member, or NULL. */
static struct span *wanted(struct envelope *top, const char *start, const char *end)
{
    const struct {
        const char *name;
        struct span *span;
    } members[] = {
        { "type", &top->type }, { "to", &top->to }, { "data", &top->data }, { "to_instance", &top->to_instance },
        { "n", &top->n },
    };

    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (same_text(start, end, members[i].name, members[i].name + strlen(members[i].name)))
            return members[i].span;
    return NULL;
}

static bool scan_member(struct scan *s, size_t base, struct envelope *top)
{
    const char *start = s->at + 1;
    struct span *span;

    if (s->at == s->end || *s->at != '"')
        return fail(s, ENVELOPE_BROKEN);
    if (!scan_text(s) || !note_key(s, base, start, s->at - 1))
        return false;
    span = top ? wanted(top, start, s->at - 1) : NULL;
    skip_blanks(s);
    if (s->at == s->end || *s->at != ':')
        return fail(s, ENVELOPE_BROKEN);
    s->at++;
    skip_blanks(s);
    start = s->at;
    if (!scan_value(s, NULL))
        return false;
    if (span)
        *span = (struct span){ start, (size_t)(s->at - start) };
    return true;
}

/* The members or elements after the opening bracket, up to and including the closing one. */
static bool scan_list(struct scan *s, char close, struct envelope *top)
{
    size_t base = s->keys;

    if (++s->depth > ENVELOPE_DEPTH)
        return fail(s, ENVELOPE_BROKEN);
    s->at++;
    skip_blanks(s);
    if (s->at < s->end && *s->at == close) {
        s->at++;
        s->depth--;
        return true;
    }
    for (;;) {
        skip_blanks(s);
        if (!(close == '}' ? scan_member(s, base, top) : scan_value(s, NULL)))
            return false;
        skip_blanks(s);
        if (s->at == s->end || (*s->at != ',' && *s->at != close))
            return fail(s, ENVELOPE_BROKEN);
        if (*s->at++ == close)
            break;
    }
    s->depth--;
    s->keys = base;
    return true;
}

/* Recursion is bounded by ENVELOPE_DEPTH. */
static bool scan_value(struct scan *s, struct envelope *top)
{
    if (s->at == s->end)
        return fail(s, ENVELOPE_BROKEN);
    switch (*s->at) {
    case '{': return scan_list(s, '}', top);
    case '[': return scan_list(s, ']', NULL);
    case '"': return scan_text(s);
    case 't': return scan_word(s, "true");
    case 'f': return scan_word(s, "false");
    case 'n': return scan_word(s, "null");
    default: return (*s->at == '-' || is_digit(s)) ? scan_number(s) : fail(s, ENVELOPE_BROKEN);
    }
}

enum envelope_fault envelope_scan(const char *bytes, size_t len, struct envelope *out)
{
    struct scan s; /* not zeroed: the key table is large and only its first `keys` entries are read */

    *out = (struct envelope){ 0 };
    s.start = s.at = bytes;
    s.end = bytes + len;
    s.fault = ENVELOPE_OK;
    s.depth = 0;
    s.keys = 0;
    if (len > ENVELOPE_MAX)
        return ENVELOPE_BROKEN;
    skip_blanks(&s);
    if (s.at == s.end || *s.at != '{')
        return ENVELOPE_BROKEN;
    if (!scan_value(&s, out))
        return s.fault;
    skip_blanks(&s);
    return s.at == s.end ? ENVELOPE_OK : ENVELOPE_BROKEN;
}

bool envelope_text(struct span value, char *to, size_t size)
{
    const char *at, *end;
    size_t used = 0;
    char out[4];

    to[0] = '\0';
    if (!value.at || value.at[0] != '"')
        return false;
    at = value.at + 1;
    end = value.at + value.len - 1;
    while (at < end) {
        size_t len = decode_next(&at, end, out);

        if (used + len >= size) {
            to[0] = '\0';
            return false;
        }
        memcpy(to + used, out, len);
        used += len;
    }
    to[used] = '\0';
    return true;
}

bool envelope_count(struct span value, int64_t *out)
{
    int64_t n = 0;

    if (!value.at || value.len == 0 || value.len > 15)
        return false;
    for (size_t i = 0; i < value.len; i++) {
        if (value.at[i] < '0' || value.at[i] > '9')
            return false;
        n = n * 10 + (value.at[i] - '0');
    }
    *out = n;
    return true;
}

bool envelope_is_object(struct span value)
{
    return value.at && value.at[0] == '{';
}
