/* tls_pump.h - one thread of TLS: accepts, and gives its connections their turns. Handshakes are the costly part: one a round, after all
 * the others have had theirs, so that a crowd that comes back does not disturb calls. Inside tls/ only. */
#ifndef TLS_TLS_PUMP_H
#define TLS_TLS_PUMP_H

#include "tls/tls_parts.h"

struct tls_pump;

/* `parts` is borrowed. */
MUST_CHECK enum err_code tls_pump_start(struct tls_parts *parts, struct tls_pump **out, struct err *e);
/* Ends when its connections have ended, or at until_ms (monotonic). Does not wait. */
void tls_pump_end_by(struct tls_pump *pump, int64_t until_ms);
void tls_pump_free(struct tls_pump *pump);               /* joins the thread */
int64_t tls_pump_turned_ms(const struct tls_pump *pump); /* when its loop turned last, monotonic */

#endif
