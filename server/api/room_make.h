/* room_make.h - a new room, the same for a browser as for the command line. Plain blocking code with the caller's
 * store handle: HTTP workers, the control socket's thread, a command without a server. After the commit the caller tells the
 * live rooms (hub_room_changed). */
#ifndef API_ROOM_MAKE_H
#define API_ROOM_MAKE_H

#include <stdint.h>
#include "domain/room_rules.h"
#include "domain/user.h"
#include "util/err.h"

struct store;

/* Fills *r with the contract's defaults, a new id and its owner; name and slug stay "". */
void room_make_begin(struct room_rules *rules, const struct user *owner, int64_t now_ms);

/* Inside a write: stores the room; without a slug it gets one from its name, with a number or letters if that is taken.
 * ERR_CONFLICT "slug_taken" (field `slug`) for a requested slug; ERR_INVALID with the field; then nothing is stored. */
MUST_CHECK enum err_code room_make_store(struct store *s, struct room_rules *rules, struct err *e);

#endif
