#include "ws/notice.h"

#include "util/json_write.h"

#define NOTICE_MAX (64 * 1024) /* fits the longest text of a host with every character escaped */

/* Members are added with a comma before each; the first one's is dropped here. */
static struct payload *finish(const char *type, struct buf *b)
{
    struct payload *payload;

    buf_consume(b, 1);
    buf_add(b, "}", 1);
    payload = payload_from(type, b);
    buf_clear(b);
    return payload;
}

struct payload *notice_error(const char *code, const char *detail, const char *of, int64_t n)
{
    struct buf b = { .max = NOTICE_MAX };

    json_write_text(&b, "code", code);
    json_write_text(&b, "detail", detail);
    if (of)
        json_write_text(&b, "of", of);
    if (n > 0)
        json_write_int(&b, "n", n);
    return finish("error", &b);
}

struct payload *notice_bye(const char *reason, int retry_ms, const char *text)
{
    struct buf b = { .max = NOTICE_MAX };

    json_write_text(&b, "reason", reason);
    if (retry_ms > 0)
        json_write_int(&b, "retry_ms", retry_ms);
    if (text)
        json_write_text(&b, "text", text);
    return finish("bye", &b);
}

struct payload *notice_pong(void)
{
    struct buf b = { .max = NOTICE_MAX };

    json_write_text(&b, "of", "ping");
    return finish("pong", &b);
}
