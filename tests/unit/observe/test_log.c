#include "observe/log.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check.h"

static char line[8192];

/* Runs `LOG` with standard error in a file and keeps what it wrote. */
#define CAPTURE(LOG)                                                                                                   \
    do {                                                                                                               \
        FILE *file = tmpfile();                                                                                        \
        int before = dup(STDERR_FILENO);                                                                               \
        dup2(fileno(file), STDERR_FILENO);                                                                             \
        LOG;                                                                                                           \
        dup2(before, STDERR_FILENO);                                                                                   \
        close(before);                                                                                                 \
        rewind(file);                                                                                                  \
        line[fread(line, 1, sizeof line - 1, file)] = '\0';                                                            \
        fclose(file);                                                                                                  \
    } while (0)

static void a_text_line_has_time_level_event_and_fields(void)
{
    log_start(LOG_INFO, false);
    CAPTURE(log_event(LOG_WARN, "store.slow", "took_ms=%d id=%s", 12, "abc"));
    CHECK(strncmp(line, "20", 2) == 0);
    CHECK(strstr(line, "Z warn store.slow took_ms=12 id=abc\n") != NULL);
}

static void a_json_line_is_one_object(void)
{
    json_t *entry;

    log_start(LOG_INFO, true);
    CAPTURE(log_event(LOG_INFO, "http.request", "status=200 path=\"/a b\" note ms=3"));
    entry = json_loads(line, 0, NULL);
    CHECK_STR(json_string_value(json_object_get(entry, "event")), "http.request");
    CHECK_STR(json_string_value(json_object_get(entry, "level")), "info");
    CHECK_STR(json_string_value(json_object_get(entry, "status")), "200");
    CHECK_STR(json_string_value(json_object_get(entry, "path")), "/a b");
    CHECK_STR(json_string_value(json_object_get(entry, "text")), "note");
    CHECK_STR(json_string_value(json_object_get(entry, "ms")), "3");
    CHECK(json_object_get(entry, "time") != NULL);
    json_decref(entry);
}

static void values_cannot_break_out_of_their_line(void)
{
    json_t *entry;

    log_start(LOG_INFO, false);
    CAPTURE(log_event(LOG_INFO, "x", "a=%s", "1\n2026 error forged\x1b[31m"));
    CHECK(strchr(line, '\n') == line + strlen(line) - 1);
    CHECK(strchr(line, '\x1b') == NULL);
    log_start(LOG_INFO, true);
    CAPTURE(log_event(LOG_INFO, "x", "a=%s", "q\\\",\"level\":\"error"));
    entry = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    CHECK(entry != NULL);
    CHECK_STR(json_string_value(json_object_get(entry, "level")), "info");
    json_decref(entry);
}

static void long_lines_are_cut(void)
{
    char value[3000];
    json_t *entry;

    memset(value, '"', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    log_start(LOG_INFO, false);
    CAPTURE(log_event(LOG_INFO, "x", "a=%s", value));
    CHECK(strlen(line) < 1200 && line[strlen(line) - 1] == '\n');
    memset(value, '\\', sizeof value - 1);
    log_start(LOG_INFO, true);
    CAPTURE(log_event(LOG_INFO, "x", "a=%s", value));
    entry = json_loads(line, 0, NULL);
    CHECK(entry != NULL);
    json_decref(entry);
}

static void less_important_lines_are_left_out(void)
{
    enum log_level level;

    log_start(LOG_WARN, false);
    CAPTURE(log_event(LOG_INFO, "x", NULL));
    CHECK_STR(line, "");
    CAPTURE(log_event(LOG_ERROR, "x", NULL));
    CHECK(strstr(line, "error x\n") != NULL);
    CHECK(!log_enabled(LOG_DEBUG) && log_enabled(LOG_WARN));
    CHECK(log_level_from_name("debug", &level) && level == LOG_DEBUG);
    CHECK(!log_level_from_name("loud", &level));
}

static const struct check_test TESTS[] = {
    TEST(a_text_line_has_time_level_event_and_fields), TEST(a_json_line_is_one_object),
    TEST(values_cannot_break_out_of_their_line),       TEST(long_lines_are_cut),
    TEST(less_important_lines_are_left_out),           { 0 },
};
CHECK_MAIN(TESTS)
