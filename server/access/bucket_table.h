/* bucket_table.h - requests per caller and time: a bounded table of token buckets by key (the oldest are forgotten). Any thread. */
#ifndef ACCESS_BUCKET_TABLE_H
#define ACCESS_BUCKET_TABLE_H

#include <stddef.h>
#include <stdint.h>
#include "util/err.h"

struct bucket_table;

struct bucket_table *bucket_table_new(size_t max_keys);
void bucket_table_free(struct bucket_table *t);
/* Takes `cost` from the bucket of (kind, key), which refills by `per_hour` an hour to at most `burst`.
 * ERR_LIMIT "too_many_requests" with retry_after_s. cost 0 only asks whether there is a token;
 * a negative cost refunds a request that turned out not to count. */
MUST_CHECK enum err_code bucket_table_take(struct bucket_table *t, int kind, const char *key, int cost,
                                           int64_t per_hour, int64_t burst, int64_t mono_ms, struct err *e);

#endif
