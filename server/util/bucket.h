/* bucket.h - so much may be taken at once, and it refills with time (a token bucket). Pure; one thread at a time. */
#ifndef UTIL_BUCKET_H
#define UTIL_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

/* A zeroed one is full. Whoever takes subtracts from `tokens`. */
struct bucket {
    double tokens;
    int64_t filled_ms; /* monotonic; 0 never used */
};

/* Fills it up to now and says whether there is one to take. */
bool bucket_has(struct bucket *b, double per_s, double burst, int64_t mono_ms);

#endif
