#include "http/http_language.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "util/str.h"

#define WEIGHT_FULL 1000

/* One element of Accept-Language. */
struct wish {
    const char *range; /* "ar" of "ar-EG"; "*": any */
    size_t len;
    int weight; /* thousandths; 0: refused */
};

/* The weight behind an element, ";q=0.7", as thousandths; an unreadable weight counts as absent. */
static int weight_of(const char *params, size_t len)
{
    const char *q = memmem(params, len, "q=", 2), *end = params + len;
    int weight = 0, digit = 100;

    if (!q || q + 2 == end || q[2] != '0')
        return WEIGHT_FULL;
    q += 3;
    if (q < end && *q == '.')
        q++;
    for (; q < end && isdigit((unsigned char)*q) && digit > 0; q++, digit /= 10)
        weight += digit * (*q - '0');
    return weight;
}

/* The next element of the list; false at its end. */
static bool next_wish(const char **list, struct wish *out)
{
    size_t len;

    *list += strspn(*list, " \t,");
    len = strcspn(*list, ",");
    if (len == 0)
        return false;
    out->range = *list;
    out->len = strcspn(*list, " \t;-,");
    out->weight = weight_of(*list + out->len, len - out->len);
    *list += len;
    return true;
}

/* How much the browser wants this language: its own element counts, "*" only without one. */
static int wanted(const char *accepted, const char *language, size_t len)
{
    int any = 0, own = -1;
    struct wish w;

    while (next_wish(&accepted, &w))
        if (w.len == len && strncasecmp(w.range, language, len) == 0)
            own = w.weight > own ? w.weight : own;
        else if (w.len == 1 && *w.range == '*')
            any = w.weight;
    return own >= 0 ? own : any;
}

/* The value of our cookie when it could name a language. */
static bool chosen(const struct http_head *head, char to[HTTP_LANGUAGE_SIZE])
{
    size_t len;
    const char *value = http_head_cookie(head, HTTP_LANGUAGE_COOKIE, &len);

    return value && len > 0 && strspn(value, "abcdefghijklmnopqrstuvwxyz") >= len &&
           str_copy_n(to, HTTP_LANGUAGE_SIZE, value, len);
}

void http_language_pick(const struct http_head *head, const char *offered, char to[HTTP_LANGUAGE_SIZE])
{
    const char *accepted = http_head_find(head, "Accept-Language");
    int most = -1;

    if (chosen(head, to))
        return;
    str_copy(to, HTTP_LANGUAGE_SIZE, "en");
    while (*offered) {
        size_t len = strcspn(offered, ",");
        int weight = wanted(accepted ? accepted : "", offered, len);

        if (weight > most && str_copy_n(to, HTTP_LANGUAGE_SIZE, offered, len))
            most = weight;
        offered += len + (offered[len] == ',');
    }
}
