/* handover.h - an accepted WebSocket upgrade leaves libmicrohttpd: the descriptor is duplicated, the original closed by MHD
 * (needs MHD_USE_TURBO, which skips shutdown(); a test proves it). RFC 6455 §4.2. On an MHD thread. */
#ifndef HTTP_HANDOVER_H
#define HTTP_HANDOVER_H

#include <stdbool.h>

#define HANDOVER_KEY_SIZE 25 /* Sec-WebSocket-Key: 24 characters and NUL */

/* A copy of the descriptor, close-on-exec, without Nagle and cork; -1 when no descriptor is left. */
int handover_duplicate(int fd);
/* 24 characters of base64 that decode to 16 bytes. */
bool handover_key_valid(const char *key);

#endif
