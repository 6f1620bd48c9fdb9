#include "ws/numbers.h"

/* It is unknown whether an unreadable message had a number, so the next number may count it or not. */
enum number numbers_take(struct numbers *own, struct span written, int64_t *n)
{
    *n = 0;
    if (!written.at)
        return NUMBER_NONE;
    if (!envelope_count(written, n) || *n == 0) {
        *n = numbers_unread(own);
        return NUMBER_WRONG;
    }
    if (*n <= own->last)
        return NUMBER_KNOWN;
    if (*n > own->last + 1 + own->unread)
        return NUMBER_GAP;
    own->last = *n;
    own->unread = 0;
    return NUMBER_NEXT;
}

int64_t numbers_unread(struct numbers *own)
{
    own->unread++;
    return own->last + own->unread;
}

int64_t numbers_expected(const struct numbers *own)
{
    return own->last + 1;
}

void numbers_settle(struct numbers *own)
{
    own->last += own->unread;
    own->unread = 0;
}
