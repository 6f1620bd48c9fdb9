#include "observe/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/buf.h"
#include "util/clock.h"

#define LINE_MAX_BYTES 1024
/* Escaping makes a JSON line longer than its fields; this much is enough for the worst 1 KiB of them. */
#define JSON_LINE_MAX_BYTES (7 * LINE_MAX_BYTES)

static const char *const LEVEL_NAMES[LOG_LEVELS] = {
    [LOG_ERROR] = "error",
    [LOG_WARN] = "warn",
    [LOG_INFO] = "info",
    [LOG_DEBUG] = "debug",
};

static atomic_int level_now = LOG_INFO;
static atomic_bool as_json;

void log_start(enum log_level level, bool json)
{
    atomic_store(&level_now, (int)level);
    atomic_store(&as_json, json);
}

bool log_enabled(enum log_level level)
{
    return (int)level <= atomic_load_explicit(&level_now, memory_order_relaxed);
}

bool log_level_from_name(const char *name, enum log_level *level)
{
    for (int i = 0; i < LOG_LEVELS; i++) {
        if (strcmp(LEVEL_NAMES[i], name) == 0) {
            *level = (enum log_level)i;
            return true;
        }
    }
    return false;
}

/* A line break or escape sequence inside a value must not look like another line. */
static void make_one_line(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            *text = ' ';
}

static void json_escaped(struct buf *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '"' || text[i] == '\\')
            buf_add(out, "\\", 1);
        buf_add(out, text + i, 1);
    }
}

/* The end of a value: at the closing quote when it began with one, otherwise at the next blank. */
static const char *value_end(const char *value)
{
    if (*value == '"') {
        const char *quote = strchr(value + 1, '"');

        return quote ? quote + 1 : value + strlen(value);
    }
    return value + strcspn(value, " ");
}

static void json_field(struct buf *out, const char *key, size_t key_len, const char *value, size_t value_len)
{
    if (value_len >= 2 && value[0] == '"' && value[value_len - 1] == '"') {
        value++;
        value_len -= 2;
    }
    buf_add_text(out, ",\"");
    json_escaped(out, key, key_len);
    buf_add_text(out, "\":\"");
    json_escaped(out, value, value_len);
    buf_add_text(out, "\"");
}

/* "key=value key=value" as members; words without "=" become "text". */
static void json_fields(struct buf *out, const char *fields)
{
    while (*(fields += strspn(fields, " "))) {
        size_t key_len = strcspn(fields, "= ");

        if (fields[key_len] == '=') {
            const char *value = fields + key_len + 1;
            const char *end = value_end(value);

            json_field(out, fields, key_len, value, (size_t)(end - value));
            fields = end;
        } else {
            json_field(out, "text", 4, fields, key_len);
            fields += key_len;
        }
    }
}

/* One write(2) a line, so that lines of several threads do not mix. */
static void write_line(const char *line, size_t len)
{
    ssize_t n = write(STDERR_FILENO, line, len);

    (void)n; /* there is no other place to report it */
}

void log_event(enum log_level level, const char *event, const char *fields, ...)
{
    char text[LINE_MAX_BYTES] = "", at[CLOCK_RFC3339_SIZE];
    struct buf line = { .max = JSON_LINE_MAX_BYTES };
    va_list ap;

    if (!log_enabled(level))
        return;
    if (fields) {
        va_start(ap, fields);
        vsnprintf(text, sizeof text, fields, ap);
        va_end(ap);
    }
    make_one_line(text);
    clock_rfc3339(at, clock_wall_ms());
    if (atomic_load(&as_json)) {
        buf_printf(&line, "{\"time\":\"%s\",\"level\":\"%s\",\"event\":\"%s\"", at, LEVEL_NAMES[level], event);
        json_fields(&line, text);
        buf_add_text(&line, "}\n");
    } else {
        buf_printf(&line, "%s %s %s%s%s\n", at, LEVEL_NAMES[level], event, *text ? " " : "", text);
    }
    write_line(buf_text(&line), line.len);
    buf_clear(&line);
}
