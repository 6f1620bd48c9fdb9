#include "ws/pace.h"

#define BYTES_PER_MESSAGE 5243 /* 256 KiB a second at 50 messages a second */
#define CHATS_PER_S 5
#define FLOOD_DROPS 200 /* dropped without a pause: the client ignores the warning */

void pace_init(struct pace *p, const struct pace_rate *rate, int64_t now_ms)
{
    *p = (struct pace){
        .tokens = rate->burst,
        .byte_tokens = (double)rate->burst * BYTES_PER_MESSAGE,
        .chat_tokens = CHATS_PER_S,
        .refilled_ms = now_ms,
    };
}

static double refill(double tokens, double rate, double burst, double seconds)
{
    double filled = tokens + rate * seconds;

    return filled > burst ? burst : filled;
}

enum pace_verdict pace_take(struct pace *p, const struct pace_rate *rate, size_t len, int64_t now_ms)
{
    double seconds = (double)(now_ms - p->refilled_ms) / 1000, per_s = rate->per_s, burst = rate->burst;

    p->refilled_ms = now_ms;
    p->tokens = refill(p->tokens, per_s, burst, seconds);
    p->byte_tokens = refill(p->byte_tokens, per_s * BYTES_PER_MESSAGE, burst * BYTES_PER_MESSAGE, seconds);
    p->chat_tokens = refill(p->chat_tokens, CHATS_PER_S, CHATS_PER_S, seconds);
    if (p->tokens >= 1 && p->byte_tokens >= (double)len) {
        p->tokens -= 1;
        p->byte_tokens -= (double)len;
        if (p->tokens > burst / 2) {
            p->told = false;
            p->dropped = 0;
        }
        return PACE_OK;
    }
    if (++p->dropped > FLOOD_DROPS)
        return PACE_FLOODING;
    return p->told ? PACE_DROP : PACE_TOO_FAST;
}

bool pace_chat_allowed(struct pace *p)
{
    if (p->chat_tokens < 1)
        return false;
    p->chat_tokens -= 1;
    return true;
}
