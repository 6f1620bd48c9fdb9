/* log.h - structured logs, one line per event, on standard error, as text or JSON. Never a name, e-mail, token, code, chat
 * text, SDP or whole address: pass ids and numbers. Any thread. */
#ifndef OBSERVE_LOG_H
#define OBSERVE_LOG_H

#include <stdbool.h>
#include "util/err.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG, LOG_LEVELS };

void log_start(enum log_level level, bool json);
bool log_enabled(enum log_level level);
bool log_level_from_name(const char *name, enum log_level *level); /* "error", "warn", "info", "debug" */
/* `event` is a stable name ("http.request"); `fields` formats "key=value key=value" (values without blanks or quoted by the
 * caller with %s of ids). Lines are cut at 1 KiB. */
void log_event(enum log_level level, const char *event, const char *fields, ...) PRINTF_LIKE(3, 4);

#endif
