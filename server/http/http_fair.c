#include "http/http_fair.h"

#include <stdio.h>

#include "http/http_exchange.h"
#include "util/ip.h"
#include "util/mem.h"
#include "util/recent.h"
#include "util/str.h"

#define HALF_MS 60000 /* half-life of a failure's weight */
#define FAILURE 16    /* weight of one failure: nothing is left of it after five minutes */

/* What is known about one site, or one known device. */
struct http_site_record {
    struct recent_item item; /* held by the exchanges in the line or at work */
    int64_t at_ms;           /* monotonic: when `failures` was right */
    uint32_t failures;
    uint32_t strange; /* 1: not a known device */
    uint32_t running; /* at work */
    uint32_t ahead;   /* while the line is walked: exchanges of the site further ahead */
};

struct http_fair {
    struct list line; /* exchanges that wait, oldest first */
    struct recent sites;
    size_t waiting, max_waiting;
};

struct http_fair *http_fair_new(size_t max_waiting, size_t max_sites)
{
    struct http_fair *f = mem_new(sizeof *f);

    list_init(&f->line);
    recent_init(&f->sites, max_sites, sizeof(struct http_site_record));
    f->max_waiting = max_waiting;
    return f;
}

void http_fair_free(struct http_fair *f)
{
    if (!f)
        return;
    recent_clear(&f->sites);
    mem_free(f);
}

static void write_key(char key[RECENT_KEY_SIZE], const struct http_exchange *x)
{
    char site[IP_SITE_SIZE];

    if (x->known_as)
        snprintf(key, RECENT_KEY_SIZE, "device %s", x->known_as);
    else if (ip_site(x->request.address, site))
        str_copy(key, RECENT_KEY_SIZE, site);
    else
        str_copy(key, RECENT_KEY_SIZE, x->request.address);
}

static struct http_site_record *enter(struct http_fair *f, const struct http_exchange *x)
{
    char key[RECENT_KEY_SIZE];
    struct http_site_record *site;

    write_key(key, x);
    site = recent_touch(&f->sites, key);
    site->strange = x->known_as ? 0 : 1;
    site->item.held++;
    return site;
}

static uint32_t failures_now(struct http_site_record *site, int64_t mono_ms)
{
    int64_t halves = (mono_ms - site->at_ms) / HALF_MS;

    if (site->failures == 0) {
        site->at_ms = mono_ms;
    } else if (halves > 0) {
        site->failures = halves < 32 ? site->failures >> halves : 0;
        site->at_ms += halves * HALF_MS;
    }
    return site->failures;
}

/* Finds the best or the worst place of the line. Each exchange of a site ranks as if those ahead of it will fail. */
static struct http_exchange *find(struct http_fair *f, bool worst, int64_t mono_ms)
{
    struct http_exchange *found = NULL;
    uint64_t found_weight = 0;
    struct list *it, *tmp;

    list_each(it, tmp, &f->line) list_entry(it, struct http_exchange, link)->site->ahead = 0;
    list_each(it, tmp, &f->line)
    {
        struct http_exchange *x = list_entry(it, struct http_exchange, link);
        struct http_site_record *site = x->site;
        uint64_t weight =
            failures_now(site, mono_ms) + (uint64_t)FAILURE * (site->running + site->ahead++) + site->strange;

        if (!found || (worst ? weight >= found_weight : weight < found_weight)) {
            found = x;
            found_weight = weight;
        }
    }
    return found;
}

static void leave_line(struct http_fair *f, struct http_exchange *x)
{
    list_remove(&x->link);
    f->waiting--;
}

struct http_exchange *http_fair_add(struct http_fair *f, struct http_exchange *x, int64_t mono_ms)
{
    struct http_exchange *last;

    x->site = enter(f, x);
    list_add_tail(&f->line, &x->link);
    if (++f->waiting <= f->max_waiting)
        return NULL;
    last = find(f, true, mono_ms);
    leave_line(f, last);
    last->site->item.held--;
    last->site = NULL;
    return last;
}

struct http_exchange *http_fair_take(struct http_fair *f, int64_t mono_ms)
{
    struct http_exchange *x = find(f, false, mono_ms);

    if (x) {
        leave_line(f, x);
        x->site->running++;
    }
    return x;
}

void http_fair_done(struct http_fair *f, struct http_site_record *site, bool failed, int64_t mono_ms)
{
    (void)f;
    site->running--;
    site->item.held--;
    if (failed && failures_now(site, mono_ms) < UINT32_MAX / 2)
        site->failures += FAILURE;
}

size_t http_fair_waiting(const struct http_fair *f)
{
    return f->waiting;
}
