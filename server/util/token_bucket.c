#include "util/token_bucket.h"

bool token_bucket_has(struct token_bucket *b, double per_s, double burst, int64_t mono_ms)
{
    double filled = b->tokens + per_s * (double)(mono_ms - b->filled_ms) / 1000;

    b->tokens = b->filled_ms == 0 || filled > burst ? burst : filled;
    b->filled_ms = mono_ms;
    return b->tokens >= 1;
}
