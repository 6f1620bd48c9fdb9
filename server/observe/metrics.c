#include "observe/metrics.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* One row per metric. */
struct figure {
    const char *name; /* without "parlour_" and "_total" */
    const char *help; /* one sentence */
};

static const struct figure COUNTERS[METRIC_COUNTERS] = {
    [METRIC_HTTP_REQUESTS] = { "http_requests", "HTTP requests that were answered." },
    [METRIC_HTTP_REFUSED] = { "http_refused", "HTTP requests refused because their framing was doubtful; the same as "
                                              "http_refused_framing." },
    [METRIC_SIGN_IN_OK] = { "sign_in", "Sign-ins with a password that succeeded." },
    [METRIC_SIGN_IN_FAILED] = { "sign_in_failed", "Sign-ins that failed." },
    [METRIC_JOINS] = { "joins", "Room tokens given out by join." },
    [METRIC_ADMITS] = { "admits", "Guests let in from a waiting room." },
    [METRIC_STORE_COMMITS] = { "store_commits", "Transactions made durable." },
    [METRIC_STORE_FAILED] = { "store_failed", "Transactions that failed and were rolled back." },
    [METRIC_PASSWORD_HASHES] = { "password_hashes", "Argon2id hashes computed." },
};
static const struct figure HISTOGRAMS[METRIC_HISTOGRAMS] = {
    [METRIC_HTTP_SECONDS] = { "http_seconds", "Time from the head of a request to the API to its answer." },
    [METRIC_COMMIT_SECONDS] = { "commit_seconds", "Time a transaction took to become durable." },
};

/* Upper bounds in seconds, also in the form of OpenMetrics ("1.0"); the last bucket is +Inf. */
static const struct {
    double seconds;
    const char *le;
} BOUNDS[] = {
    { 0.0005, "0.0005" }, { 0.001, "0.001" }, { 0.0025, "0.0025" }, { 0.005, "0.005" }, { 0.01, "0.01" },
    { 0.025, "0.025" },   { 0.05, "0.05" },   { 0.1, "0.1" },       { 0.25, "0.25" },   { 0.5, "0.5" },
    { 1, "1.0" },         { 2.5, "2.5" },     { 5, "5.0" },         { 10, "10.0" },
};
#define BOUND_COUNT (sizeof BOUNDS / sizeof *BOUNDS)

struct histogram {
    atomic_int_fast64_t buckets[BOUND_COUNT + 1]; /* not cumulative; summed at exposition */
    atomic_int_fast64_t sum_us;                   /* microseconds */
};

static atomic_int_fast64_t counters[METRIC_COUNTERS];
static struct histogram histograms[METRIC_HISTOGRAMS];

void metrics_count(enum metric_counter what, int64_t by)
{
    atomic_fetch_add_explicit(&counters[what], by, memory_order_relaxed);
}

int64_t metrics_value(enum metric_counter what)
{
    return atomic_load_explicit(&counters[what], memory_order_relaxed);
}

void metrics_observe(enum metric_histogram what, double seconds)
{
    struct histogram *histogram = &histograms[what];
    size_t i = 0;

    if (!(seconds > 0)) /* a clock that stood still; also NaN */
        seconds = 0;
    while (i < BOUND_COUNT && seconds > BOUNDS[i].seconds)
        i++;
    atomic_fetch_add_explicit(&histogram->buckets[i], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&histogram->sum_us, (int64_t)(seconds * 1e6), memory_order_relaxed);
}

static void describe(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# TYPE parlour_%s %s\n# HELP parlour_%s %s\n", name, type, name, help);
}

void metrics_gauge(struct buf *out, const char *name, const char *help, double value)
{
    describe(out, name, "gauge", help);
    buf_printf(out, "parlour_%s %.17g\n", name, value);
}

void metrics_counter(struct buf *out, const char *name, const char *help, int64_t value)
{
    describe(out, name, "counter", help);
    buf_printf(out, "parlour_%s_total %lld\n", name, (long long)value);
}

static void expose_histogram(struct buf *out, const struct figure *figure, struct histogram *histogram)
{
    long long count = 0;

    describe(out, figure->name, "histogram", figure->help);
    for (size_t i = 0; i <= BOUND_COUNT; i++) {
        count += (long long)atomic_load_explicit(&histogram->buckets[i], memory_order_relaxed);
        if (i < BOUND_COUNT)
            buf_printf(out, "parlour_%s_bucket{le=\"%s\"} %lld\n", figure->name, BOUNDS[i].le, count);
        else
            buf_printf(out, "parlour_%s_bucket{le=\"+Inf\"} %lld\n", figure->name, count);
    }
    buf_printf(out, "parlour_%s_sum %.6f\n", figure->name,
               (double)atomic_load_explicit(&histogram->sum_us, memory_order_relaxed) / 1e6);
    buf_printf(out, "parlour_%s_count %lld\n", figure->name, count);
}

void metrics_expose(struct buf *out)
{
    for (int i = 0; i < METRIC_COUNTERS; i++)
        metrics_counter(out, COUNTERS[i].name, COUNTERS[i].help, metrics_value((enum metric_counter)i));
    for (int i = 0; i < METRIC_HISTOGRAMS; i++)
        expose_histogram(out, &HISTOGRAMS[i], &histograms[i]);
}

void metrics_end(struct buf *out)
{
    buf_add_text(out, "# EOF\n");
}
