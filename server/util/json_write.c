#include "util/json_write.h"

#include "util/clock.h"

void json_write_string(struct buf *buf, const char *text)
{
    const char *plain = text;

    buf_add(buf, "\"", 1);
    for (const char *p = text;; p++) {
        unsigned char c = (unsigned char)*p;

        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
            continue;
        buf_add(buf, plain, (size_t)(p - plain));
        plain = p + 1;
        if (c == '\0')
            break;
        if (c == '"' || c == '\\')
            buf_printf(buf, "\\%c", c);
        else
            buf_printf(buf, "\\u%04x", c);
    }
    buf_add(buf, "\"", 1);
}

void json_write_text(struct buf *buf, const char *name, const char *text)
{
    buf_printf(buf, ",\"%s\":", name);
    json_write_string(buf, text);
}

void json_write_bool(struct buf *buf, const char *name, bool value)
{
    buf_printf(buf, ",\"%s\":%s", name, value ? "true" : "false");
}

void json_write_int(struct buf *buf, const char *name, int64_t value)
{
    buf_printf(buf, ",\"%s\":%lld", name, (long long)value);
}

void json_write_time(struct buf *buf, const char *name, int64_t wall_ms)
{
    char text[CLOCK_RFC3339_SIZE];

    clock_rfc3339(text, wall_ms);
    json_write_text(buf, name, text);
}
