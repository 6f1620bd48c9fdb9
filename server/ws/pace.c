#include "ws/pace.h"

#define BYTES_PER_MESSAGE 5243 /* 256 KiB a second at 50 messages a second */
#define CHATS_PER_S 5
#define FLOOD_DROPS 200 /* dropped without a pause: the client ignores the warning */

void pace_init(struct pace *pace, const struct pace_rate *rate, int64_t now_ms)
{
    *pace = (struct pace){
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

enum pace_verdict pace_take(struct pace *pace, const struct pace_rate *rate, size_t len, int64_t now_ms)
{
    double seconds = (double)(now_ms - pace->refilled_ms) / 1000, per_s = rate->per_s, burst = rate->burst;

    pace->refilled_ms = now_ms;
    pace->tokens = refill(pace->tokens, per_s, burst, seconds);
    pace->byte_tokens = refill(pace->byte_tokens, per_s * BYTES_PER_MESSAGE, burst * BYTES_PER_MESSAGE, seconds);
    pace->chat_tokens = refill(pace->chat_tokens, CHATS_PER_S, CHATS_PER_S, seconds);
    if (pace->tokens >= 1 && pace->byte_tokens >= (double)len) {
        pace->tokens -= 1;
        pace->byte_tokens -= (double)len;
        if (pace->tokens > burst / 2) {
            pace->told = false;
            pace->dropped = 0;
        }
        return PACE_OK;
    }
    if (++pace->dropped > FLOOD_DROPS)
        return PACE_FLOODING;
    return pace->told ? PACE_DROP : PACE_TOO_FAST;
}

bool pace_chat_allowed(struct pace *pace)
{
    if (pace->chat_tokens < 1)
        return false;
    pace->chat_tokens -= 1;
    return true;
}
