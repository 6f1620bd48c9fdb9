#include "util/str.h"

#include <string.h>

bool str_copy_n(char *to, size_t size, const char *from, size_t len)
{
    if (len >= size || memchr(from, 0, len)) {
        to[0] = '\0';
        return false;
    }
    memcpy(to, from, len);
    to[len] = '\0';
    return true;
}

bool str_copy(char *to, size_t size, const char *from)
{
    return str_copy_n(to, size, from, strlen(from));
}

bool str_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool str_starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool str_ends(const char *text, const char *suffix)
{
    size_t t = strlen(text), s = strlen(suffix);

    return t >= s && memcmp(text + t - s, suffix, s) == 0;
}

uint64_t str_hash(const void *bytes, size_t len)
{
    const unsigned char *p = bytes;
    uint64_t h = 0xcbf29ce484222325u;

    for (size_t i = 0; i < len; i++)
        h = (h ^ p[i]) * 0x100000001b3u;
    return h;
}

bool str_to_i64(const char *text, int64_t min, int64_t max, int64_t *out)
{
    bool negative = text[0] == '-';
    const char *p = text + negative;
    int64_t value = 0;

    if (*p == '\0')
        return false;
    for (; *p; p++) {
        int64_t digit = *p - '0';

        if (digit < 0 || digit > 9 || __builtin_mul_overflow(value, (int64_t)10, &value))
            return false;
        if (negative ? __builtin_sub_overflow(value, digit, &value) : __builtin_add_overflow(value, digit, &value))
            return false;
    }
    if (value < min || value > max)
        return false;
    *out = value;
    return true;
}

char *str_put_u64(char *to, uint64_t n)
{
    char digits[20];
    size_t len = 0;

    do
        digits[sizeof digits - ++len] = (char)('0' + n % 10);
    while ((n /= 10) > 0);
    memcpy(to, digits + sizeof digits - len, len);
    return to + len;
}

/* How many continuation bytes follow `lead`, and the smallest code point that needs them; -1: not a lead byte. */
static int lead_length(unsigned char lead, uint32_t *point, uint32_t *least)
{
    if (lead < 0x80)
        return *point = lead, *least = 0, 0;
    if ((lead & 0xe0) == 0xc0)
        return *point = lead & 0x1fu, *least = 0x80, 1;
    if ((lead & 0xf0) == 0xe0)
        return *point = lead & 0x0fu, *least = 0x800, 2;
    if ((lead & 0xf8) == 0xf0)
        return *point = lead & 0x07u, *least = 0x10000, 3;
    return -1;
}

bool str_is_utf8(const char *bytes, size_t len)
{
    const unsigned char *p = (const unsigned char *)bytes, *end = p + len;
    uint32_t point, least;

    while (p < end) {
        int more = lead_length(*p++, &point, &least);

        if (more < 0 || end - p < more)
            return false;
        for (; more > 0; more--, p++) {
            if ((*p & 0xc0) != 0x80)
                return false;
            point = point << 6 | (*p & 0x3fu);
        }
        if (point < least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
            return false;
    }
    return true;
}

uint32_t str_next_codepoint(const char **text)
{
    const unsigned char *p = (const unsigned char *)*text;
    uint32_t point = 0, least;
    int more;

    if (*p == 0)
        return 0;
    more = lead_length(*p++, &point, &least);
    for (; more > 0 && *p; more--)
        point = point << 6 | (*p++ & 0x3fu);
    *text = (const char *)p;
    return point;
}

size_t str_codepoints(const char *text)
{
    size_t n = 0;

    while (str_next_codepoint(&text))
        n++;
    return n;
}

static const char URL64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char STD64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char LOW32[] = "abcdefghijklmnopqrstuvwxyz234567";
static const char LOW16[] = "0123456789abcdef";

/* Packs bytes into characters of `bits` bits each, high bits first. */
static size_t encode(char *to, const unsigned char *from, size_t len, const char *alphabet, unsigned bits)
{
    uint32_t acc = 0;
    unsigned have = 0;
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        acc = acc << 8 | from[i];
        for (have += 8; have >= bits; have -= bits)
            to[n++] = alphabet[acc >> (have - bits) & ((1u << bits) - 1)];
    }
    if (have > 0)
        to[n++] = alphabet[acc << (bits - have) & ((1u << bits) - 1)];
    to[n] = '\0';
    return n;
}

size_t str_base64url(char *to, const void *bytes, size_t len)
{
    return encode(to, bytes, len, URL64, 6);
}

size_t str_base64(char *to, const void *bytes, size_t len)
{
    size_t n = encode(to, bytes, len, STD64, 6);

    while (n % 4)
        to[n++] = '=';
    to[n] = '\0';
    return n;
}

size_t str_base32(char *to, const void *bytes, size_t len)
{
    return encode(to, bytes, len, LOW32, 5);
}

size_t str_hex(char *to, const void *bytes, size_t len)
{
    return encode(to, bytes, len, LOW16, 4);
}

static bool decode(const char *text, size_t text_len, unsigned char *to, size_t size, size_t *len, const char *alphabet,
                   unsigned bits)
{
    uint32_t acc = 0;
    unsigned have = 0;
    size_t n = 0;

    for (size_t i = 0; i < text_len; i++) {
        const char *at = text[i] ? strchr(alphabet, text[i]) : NULL;

        if (!at)
            return false;
        acc = acc << bits | (uint32_t)(at - alphabet);
        have += bits;
        if (have >= 8) {
            if (n == size)
                return false;
            have -= 8;
            to[n++] = (unsigned char)(acc >> have);
        }
    }
    *len = n;
    return have < bits && (acc & ((1u << have) - 1)) == 0;
}

bool str_from_base64url(const char *text, size_t text_len, void *to, size_t size, size_t *len)
{
    return decode(text, text_len, to, size, len, URL64, 6);
}

bool str_from_base32(const char *text, size_t text_len, void *to, size_t size, size_t *len)
{
    return decode(text, text_len, to, size, len, LOW32, 5);
}

bool str_from_hex(const char *text, size_t text_len, void *to, size_t size, size_t *len)
{
    return decode(text, text_len, to, size, len, LOW16, 4);
}
