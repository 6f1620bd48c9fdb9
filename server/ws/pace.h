/* pace.h - how fast one client may send: messages and bytes a second with a burst, and what other people hear at once. Whoever goes
 * beyond is told once, then dropped, then cut. Pure; one thread at a time. */
#ifndef WS_PACE_H
#define WS_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A client takes it along from one connection to the next. */
struct pace {
    double tokens, byte_tokens, chat_tokens; /* what may still be sent before it is too fast */
    int64_t refilled_ms;                     /* monotonic */
    int dropped;                             /* messages over the rate since it last kept to it */
    bool told;                               /* that it is too fast */
};

struct pace_rate {
    int per_s, burst; /* messages */
};

enum pace_verdict {
    PACE_OK,
    PACE_TOO_FAST, /* tell it, and set `told` */
    PACE_DROP,     /* told already */
    PACE_FLOODING,
};

void pace_init(struct pace *p, const struct pace_rate *rate, int64_t now_ms);
/* A message of `len` bytes arrived. now_ms: monotonic. */
enum pace_verdict pace_take(struct pace *p, const struct pace_rate *rate, size_t len, int64_t now_ms);
/* May it say something that other people hear? True counts it. */
bool pace_chat_allowed(struct pace *p);

#endif
