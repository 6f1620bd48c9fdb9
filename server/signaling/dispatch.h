/* dispatch.h - what arrives on a connection, from bytes to its effect: pace, form, who may send it, handler, as one table.
 * On the shard's thread. */
#ifndef SIGNALING_DISPATCH_H
#define SIGNALING_DISPATCH_H

#include "signaling/peer.h"

/* One whole text message. The connection may be closing afterwards; it is never freed here. */
void dispatch_message(struct peer *p, const char *bytes, size_t len);

#endif
