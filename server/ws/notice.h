/* notice.h - the two messages that are about the connection itself: `error` and `bye`. Each returns one reference. Any thread. */
#ifndef WS_NOTICE_H
#define WS_NOTICE_H

#include <stdint.h>
#include "ws/payload.h"

/* `of` NULL, `n` 0: without. `n` is the client's number of what it answers; of a gap the one that is expected. */
struct payload *notice_error(const char *code, const char *detail, const char *of, int64_t n);
/* retry_ms 0, text NULL: without. */
struct payload *notice_bye(const char *reason, int retry_ms, const char *text);

#endif
