/* dispatch.h - what arrives on a connection, from bytes to its effect: pace, form, who may send it, handler, as one table.
 * On the shard's thread. */
#ifndef SIGNALING_DISPATCH_H
#define SIGNALING_DISPATCH_H

#include "signaling/peer.h"

/* One whole text message. The connection may be closing afterwards; it is never freed here. */
void dispatch_message(struct peer *p, const char *bytes, size_t len);
/* A message that is not even taken in: too long, binary, in too many pieces. It counts as one that was sent. */
void dispatch_unreadable(struct peer *p);

#endif
