/* token_bucket.h - requests per caller and time: token buckets in a bounded table (the oldest are forgotten). Any thread. */
#ifndef ACCESS_TOKEN_BUCKET_H
#define ACCESS_TOKEN_BUCKET_H

#include <stddef.h>
#include <stdint.h>
#include "util/err.h"

struct token_buckets;

struct token_buckets *token_buckets_new(size_t max_keys);
void token_buckets_free(struct token_buckets *l);
/* Takes `cost` from the bucket of (kind, key), which refills by `per_hour` an hour to at most `burst`.
 * ERR_LIMIT "too_many_requests" with retry_after_s. cost 0 only asks whether there is a token;
 * a negative cost refunds a request that turned out not to count. */
MUST_CHECK enum err_code token_bucket_take(struct token_buckets *l, int kind, const char *key, int cost,
                                           int64_t per_hour, int64_t burst, int64_t mono_ms, struct err *e);

#endif
