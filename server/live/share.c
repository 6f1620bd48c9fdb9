#include "live/share.h"

/* The least cost of a line, however short: so there are never too many. */
#define LINE_COST (KEPT_BYTES_MAX / KEPT_LINES_MAX + 1)

static bool is_meant(const struct kept_line *line)
{
    return line->own && line->waiting;
}

/* The newest line not yet shared out; NULL: none. `*at` is its index. */
static const struct kept_line *newest(const struct share *s, uint16_t *at)
{
    for (*at = s->from; *at > 0;)
        if (is_meant(&s->of->lines[--*at]))
            return &s->of->lines[*at];
    return NULL;
}

static size_t cost_of(const struct kept_line *line)
{
    return line->said->len > LINE_COST ? line->said->len : LINE_COST;
}

/* The share that would be smallest after one more line gets it; NULL: no lines are left. */
static struct share *poorest(struct share *all, size_t count, uint16_t *at, size_t *cost)
{
    struct share *best = NULL;
    uint16_t i;

    for (struct share *s = all; s < all + count; s++) {
        const struct kept_line *line = s->done ? NULL : newest(s, &i);

        s->done = !line;
        if (!line || (best && s->cost + cost_of(line) >= best->cost + *cost))
            continue;
        best = s;
        *at = i;
        *cost = cost_of(line);
    }
    return best;
}

void share_out(struct share *all, size_t count, size_t max_bytes)
{
    size_t left = max_bytes, cost = 0;
    uint16_t at = 0;
    struct share *s;

    for (s = all; s < all + count; s++)
        s->from = s->of->count;
    while ((s = poorest(all, count, &at, &cost)) != NULL) {
        s->done = cost > left; /* nor are older lines passed on without it */
        if (s->done)
            continue;
        s->from = at;
        s->cost += cost;
        left -= cost;
    }
}

static struct kept_line *first(struct share *s)
{
    while (s->from < s->of->count && !is_meant(&s->of->lines[s->from]))
        s->from++;
    return s->from < s->of->count ? &s->of->lines[s->from] : NULL;
}

struct share *share_next(struct share *all, size_t count, struct kept_line **line)
{
    struct share *next = NULL;

    for (struct share *s = all; s < all + count; s++) {
        struct kept_line *its = first(s);

        if (!its || (next && its->at_ms >= (*line)->at_ms))
            continue;
        next = s;
        *line = its;
    }
    if (next)
        next->from++;
    return next;
}
