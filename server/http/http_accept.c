#include "http/http_accept.h"

#include <string.h>
#include <strings.h>

/* Is the weight behind a list element zero (";q=0", ";q=0.000")? */
static bool weight_is_zero(const char *params, size_t len)
{
    const char *end = params + len;

    for (const char *p = params; p + 2 < end; p++)
        if ((p[0] == 'q' || p[0] == 'Q') && p[1] == '=') {
            p += 2;
            while (p < end && (*p == '0' || *p == '.'))
                p++;
            return p == end || *p < '1' || *p > '9';
        }
    return false;
}

/* The element `name` of a comma-separated list: 1 taken, 0 refused by its weight, -1 not there. */
static int list_takes(const char *list, const char *name)
{
    size_t name_len = strlen(name);

    while (*list) {
        size_t len, token;

        list += strspn(list, " \t,");
        len = strcspn(list, ",");
        token = strcspn(list, " \t;,");
        if (token == name_len && strncasecmp(list, name, token) == 0)
            return !weight_is_zero(list + token, len - token);
        list += len;
    }
    return -1;
}

bool http_accepts_coding(const char *accept_encoding, enum http_coding coding)
{
    static const char *const NAMES[CODINGS] = { "identity", "gzip", "br" };
    int taken;

    if (coding == CODING_IDENTITY)
        return true; /* there is no other form to fall back to */
    if (!accept_encoding)
        return false;
    taken = list_takes(accept_encoding, NAMES[coding]);
    if (taken < 0)
        taken = list_takes(accept_encoding, "*");
    return taken == 1;
}

bool http_accepts_html(const char *accept)
{
    return accept && list_takes(accept, "text/html") == 1;
}

/* Length of the text between the quotes, without a coding's suffix. */
static size_t bare_length(const char *text)
{
    size_t len = strcspn(text, "\"");

    if (len > 3 && (strncmp(text + len - 3, "-br", 3) == 0 || strncmp(text + len - 3, "-gz", 3) == 0))
        len -= 3;
    return len;
}

bool http_etag_known(const char *if_none_match, const char *etag)
{
    size_t len = bare_length(etag + 1);

    if (!if_none_match)
        return false;
    if (strcmp(if_none_match, "*") == 0)
        return true;
    for (const char *p = if_none_match; (p = strchr(p, '"')) != NULL;) {
        p++;
        if (bare_length(p) == len && strncmp(p, etag + 1, len) == 0)
            return true;
        p += strcspn(p, "\"");
        p += *p == '"';
    }
    return false;
}
