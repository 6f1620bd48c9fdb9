#include "util/token_bucket.h"

bool token_bucket_has(struct token_bucket *bucket, double per_s, double burst, int64_t mono_ms)
{
    double filled = bucket->tokens + per_s * (double)(mono_ms - bucket->filled_ms) / 1000;

    bucket->tokens = bucket->filled_ms == 0 || filled > burst ? burst : filled;
    bucket->filled_ms = mono_ms;
    return bucket->tokens >= 1;
}
