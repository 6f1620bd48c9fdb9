/* watchdog.h - tells systemd that the server is alive (WatchdogSec of its unit), but only when that is proven: each shard's loop has
 * turned, those of TLS too, and HTTP has accepted a connection of our own. An unconditional timer would keep up a server that answers nobody.
 * On the main thread. */
#ifndef APP_WATCHDOG_H
#define APP_WATCHDOG_H

#include <stdbool.h>
#include <stdint.h>
#include "http/http_server.h"
#include "live/hub.h"
#include "tls/tls.h"

/* How often to beat: a third of WATCHDOG_USEC; 0: nobody watches this process. */
int64_t watchdog_every_ms(void);
/* Checks, and beats when everything is alive; otherwise logs the part that is not. Blocks at most 3 s. `tls` NULL: none. */
bool watchdog_beat(struct hub *hub, struct http_server *http, const struct tls *tls);

#endif
