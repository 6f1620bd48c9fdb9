/* metrics.h - metrics for /metrics in OpenMetrics text. Counters and histograms are lock-free; gauges are read at exposition.
 * Any thread. */
#ifndef OBSERVE_METRICS_H
#define OBSERVE_METRICS_H

#include <stdint.h>
#include "util/buf.h"

enum metric_counter {
    METRIC_HTTP_REQUESTS,
    METRIC_HTTP_REFUSED,
    METRIC_SIGN_IN_OK,
    METRIC_SIGN_IN_FAILED,
    METRIC_JOINS,
    METRIC_ADMITS,
    METRIC_STORE_COMMITS,
    METRIC_STORE_FAILED,
    METRIC_PASSWORD_HASHES,
    METRIC_COUNTERS
};
enum metric_histogram { METRIC_HTTP_SECONDS, METRIC_COMMIT_SECONDS, METRIC_HISTOGRAMS };

void metrics_count(enum metric_counter what, int64_t by);
int64_t metrics_value(enum metric_counter what);
void metrics_observe(enum metric_histogram what, double seconds);
/* `parlour_NAME VALUE` for metrics kept elsewhere (gauges); call it between metrics_expose() and metrics_end(). */
void metrics_gauge(struct buf *out, const char *name, const char *help, double value);
/* The same for counters kept elsewhere; "_total" is added to `name`. */
void metrics_counter(struct buf *out, const char *name, const char *help, int64_t value);
void metrics_expose(struct buf *out); /* counters and histograms */
void metrics_end(struct buf *out);    /* "# EOF" */

#endif
