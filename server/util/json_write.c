#include "util/json_write.h"

#include "util/clock.h"

void json_write_string(struct buf *b, const char *text)
{
    const char *plain = text;

    buf_add(b, "\"", 1);
    for (const char *p = text;; p++) {
        unsigned char c = (unsigned char)*p;

        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
            continue;
        buf_add(b, plain, (size_t)(p - plain));
        plain = p + 1;
        if (c == '\0')
            break;
        if (c == '"' || c == '\\')
            buf_printf(b, "\\%c", c);
        else
            buf_printf(b, "\\u%04x", c);
    }
    buf_add(b, "\"", 1);
}

void json_write_text(struct buf *b, const char *name, const char *text)
{
    buf_printf(b, ",\"%s\":", name);
    json_write_string(b, text);
}

void json_write_bool(struct buf *b, const char *name, bool value)
{
    buf_printf(b, ",\"%s\":%s", name, value ? "true" : "false");
}

void json_write_int(struct buf *b, const char *name, int64_t value)
{
    buf_printf(b, ",\"%s\":%lld", name, (long long)value);
}

void json_write_time(struct buf *b, const char *name, int64_t wall_ms)
{
    char text[CLOCK_RFC3339_SIZE];

    clock_rfc3339(text, wall_ms);
    json_write_text(b, name, text);
}
