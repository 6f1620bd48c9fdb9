/* json_write.h - members of a JSON object, added to a buffer one after another. The buffer notes when it is full. Pure. */
#ifndef UTIL_JSON_WRITE_H
#define UTIL_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>
#include "util/buf.h"

/* A string value, quoted and escaped; `text` is UTF-8. */
void json_write_string(struct buf *buf, const char *text);

/* `,"name":value`: always with a comma before it. `name` needs no escape. */
void json_write_text(struct buf *buf, const char *name, const char *text);
void json_write_bool(struct buf *buf, const char *name, bool value);
void json_write_int(struct buf *buf, const char *name, int64_t value);
/* As RFC 3339 text; wall clock. */
void json_write_time(struct buf *buf, const char *name, int64_t wall_ms);

#endif
