/* token_bucket.h - a token bucket: a number of tokens at once, refilled with time. Pure; one thread at a time. */
#ifndef UTIL_TOKEN_BUCKET_H
#define UTIL_TOKEN_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

/* A zeroed one is full. Callers that take subtract from `tokens`. */
struct token_bucket {
    double tokens;
    int64_t filled_ms; /* monotonic; 0 never used */
};

/* Refills it up to now and says whether there is a token. */
bool token_bucket_has(struct token_bucket *bucket, double per_s, double burst, int64_t mono_ms);

#endif
