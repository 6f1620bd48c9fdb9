/* pace.h - how fast one client may send: messages and bytes a second with a burst, and messages that other people hear at once.
 * A client beyond it is warned once, then its messages are dropped, then it is cut. Pure; one thread at a time. */
#ifndef WS_PACE_H
#define WS_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* It carries over from one connection of a client to the next. */
struct pace {
    double tokens, byte_tokens, chat_tokens; /* what may still be sent within the rate */
    int64_t refilled_ms;                     /* monotonic */
    int dropped;                             /* messages over the rate since it last kept to it */
    bool told;                               /* warned that it is too fast */
};

struct pace_rate {
    int per_s, burst; /* messages */
};

enum pace_verdict {
    PACE_OK,
    PACE_TOO_FAST, /* warn it, and set `told` */
    PACE_DROP,     /* already warned */
    PACE_FLOODING,
};

void pace_init(struct pace *pace, const struct pace_rate *rate, int64_t now_ms);
/* A message of `len` bytes arrived. now_ms: monotonic. */
enum pace_verdict pace_take(struct pace *pace, const struct pace_rate *rate, size_t len, int64_t now_ms);
/* May it send something that other people hear? True counts it. */
bool pace_chat_allowed(struct pace *pace);

#endif
