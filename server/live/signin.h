/* signin.h - the sign-in behind a dashboard or a host's seat: noted as in use, and checked again. Nothing announces a
 * sign-in that expires or becomes idle. On the shard's thread; reads and writes are jobs for the store's. */
#ifndef LIVE_SIGNIN_H
#define LIVE_SIGNIN_H

#include <stdbool.h>
#include "live/live_shard.h"

/* Checks whether the sign-in is still valid and, if `used`, notes that it is in use. If it is not, its dashboards close (4401) a
 * moment later; seats stay: people in a call finish it. False: no job can be started now. */
bool signin_look(struct live_shard *shard, const char *session_id, bool used);

#endif
