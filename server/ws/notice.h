/* notice.h - the messages about the connection itself: `error`, `bye` and `pong`. Each returns one reference. Any thread. */
#ifndef WS_NOTICE_H
#define WS_NOTICE_H

#include <stdint.h>
#include "ws/payload.h"

/* `of` NULL, `n` 0: left out. `n` is the client's number of the message it answers; for a gap, the expected number. */
struct payload *notice_error(const char *code, const char *detail, const char *of, int64_t n);
/* retry_ms 0, text NULL: left out. */
struct payload *notice_bye(const char *reason, int retry_ms, const char *text);
struct payload *notice_pong(void);

#endif
