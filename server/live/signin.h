/* signin.h - the sign-in behind a dashboard or a host's seat: noted as in use, and looked at again. Nobody tells of a sign-in that
 * ends by its age or because it was left alone. On the shard's thread; what is read and written is a job for the store's. */
#ifndef LIVE_SIGNIN_H
#define LIVE_SIGNIN_H

#include <stdbool.h>
#include "live/live_shard.h"

/* Looks whether the sign-in is still good and, if `used`, notes that it is in use. The dashboards of one that is not close (4401) a
 * moment later; seats stay: who is in a call finishes it. False: no job can be given now. */
bool signin_look(struct live_shard *f, const char *session_id, bool used);

#endif
