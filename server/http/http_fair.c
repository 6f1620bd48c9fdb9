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
    struct http_fair *fair = mem_new(sizeof *fair);

    list_init(&fair->line);
    recent_init(&fair->sites, max_sites, sizeof(struct http_site_record));
    fair->max_waiting = max_waiting;
    return fair;
}

void http_fair_free(struct http_fair *fair)
{
    if (!fair)
        return;
    recent_clear(&fair->sites);
    mem_free(fair);
}

static void write_key(char key[RECENT_KEY_SIZE], const struct http_exchange *exchange)
{
    char site[IP_SITE_SIZE];

    if (exchange->known_as)
        snprintf(key, RECENT_KEY_SIZE, "device %s", exchange->known_as);
    else if (ip_site(exchange->request.address, site))
        str_copy(key, RECENT_KEY_SIZE, site);
    else
        str_copy(key, RECENT_KEY_SIZE, exchange->request.address);
}

static struct http_site_record *enter(struct http_fair *fair, const struct http_exchange *exchange)
{
    char key[RECENT_KEY_SIZE];
    struct http_site_record *site;

    write_key(key, exchange);
    site = recent_touch(&fair->sites, key);
    site->strange = exchange->known_as ? 0 : 1;
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
static struct http_exchange *find(struct http_fair *fair, bool worst, int64_t mono_ms)
{
    struct http_exchange *found = NULL;
    uint64_t found_weight = 0;
    struct list *it, *tmp;

    list_each(it, tmp, &fair->line) list_entry(it, struct http_exchange, link)->site->ahead = 0;
    list_each(it, tmp, &fair->line)
    {
        struct http_exchange *exchange = list_entry(it, struct http_exchange, link);
        struct http_site_record *site = exchange->site;
        uint64_t weight =
            failures_now(site, mono_ms) + (uint64_t)FAILURE * (site->running + site->ahead++) + site->strange;

        if (!found || (worst ? weight >= found_weight : weight < found_weight)) {
            found = exchange;
            found_weight = weight;
        }
    }
    return found;
}

static void leave_line(struct http_fair *fair, struct http_exchange *exchange)
{
    list_remove(&exchange->link);
    fair->waiting--;
}

struct http_exchange *http_fair_add(struct http_fair *fair, struct http_exchange *exchange, int64_t mono_ms)
{
    struct http_exchange *last;

    exchange->site = enter(fair, exchange);
    list_add_tail(&fair->line, &exchange->link);
    if (++fair->waiting <= fair->max_waiting)
        return NULL;
    last = find(fair, true, mono_ms);
    leave_line(fair, last);
    last->site->item.held--;
    last->site = NULL;
    return last;
}

struct http_exchange *http_fair_take(struct http_fair *fair, int64_t mono_ms)
{
    struct http_exchange *exchange = find(fair, false, mono_ms);

    if (exchange) {
        leave_line(fair, exchange);
        exchange->site->running++;
    }
    return exchange;
}

void http_fair_done(struct http_fair *fair, struct http_site_record *site, bool failed, int64_t mono_ms)
{
    (void)fair;
    site->running--;
    site->item.held--;
    if (failed && failures_now(site, mono_ms) < UINT32_MAX / 2)
        site->failures += FAILURE;
}

size_t http_fair_waiting(const struct http_fair *fair)
{
    return fair->waiting;
}
