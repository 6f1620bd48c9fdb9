#include "app/watchdog.h"

#include <stdlib.h>
#include <unistd.h>

#include "app/process.h"
#include "observe/log.h"
#include "util/str.h"

#define LOOP_TURNED_MS 3000 /* a shard's loop turns twenty times a second, one of TLS four times */
#define ANSWER_MS 3000
#define USEC_MAX (3600 * INT64_C(1000000))

int64_t watchdog_every_ms(void)
{
    const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
    int64_t period_us, of;

    if (!usec || !str_to_i64(usec, 3000, USEC_MAX, &period_us))
        return 0;
    if (pid && (!str_to_i64(pid, 1, INT32_MAX, &of) || of != getpid()))
        return 0;
    return period_us / 3000;
}

bool watchdog_beat(struct hub *hub, struct http_server *http, const struct tls *tls)
{
    const char *stuck = !hub_alive(hub, LOOP_TURNED_MS)   ? "signaling"
                        : !tls_alive(tls, LOOP_TURNED_MS) ? "tls"
                        : !http_answers(http, ANSWER_MS)  ? "http"
                                                          : NULL;

    if (stuck)
        log_event(LOG_ERROR, "app.stuck", "part=%s", stuck);
    else
        process_notify("WATCHDOG=1");
    return !stuck;
}
