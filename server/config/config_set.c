/* Values: finding an option, setting it in its form, showing it, dropping it. Reading them from their sources is in config_read.c; rules
 * between options are in config_check.c. */
#include "config/config_set.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "util/mem.h"
#include "util/str.h"

#define VARIABLE_PREFIX "PARLOUR_"

void config_problem_add(struct config_report *report, const char *option, const char *text, ...)
{
    struct config_problem *problem;
    va_list ap;

    if (report->count == CONFIG_PROBLEMS_MAX)
        return;
    problem = &report->items[report->count++];
    problem->option = option;
    va_start(ap, text);
    vsnprintf(problem->text, sizeof problem->text, text, ap);
    va_end(ap);
}

const struct config_option *config_option_find(const char *name)
{
    char dashed[64];

    if (!str_copy(dashed, sizeof dashed, name))
        return NULL;
    for (char *p = dashed; *p; p++)
        if (*p == '_')
            *p = '-';
    for (const struct config_option *option = CONFIG_OPTIONS; option->name; option++)
        if (strcmp(option->name, dashed) == 0)
            return option;
    return NULL;
}

void config_option_variable(const struct config_option *option, char to[64])
{
    snprintf(to, 64, VARIABLE_PREFIX "%s", option->name);
    for (char *p = to; *p; p++)
        *p = *p == '-' ? '_' : *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
}

static size_t option_index(const struct config_option *option)
{
    return (size_t)(option - CONFIG_OPTIONS);
}

static void *member(struct config *config, const struct config_option *option)
{
    return (char *)config + option->offset;
}

static const void *member_read(const struct config *config, const struct config_option *option)
{
    return (const char *)config + option->offset;
}

static void free_text(char *text)
{
    if (text)
        mem_wipe(text, strlen(text)); /* some of them are secrets; wiping the others does no harm */
    mem_free(text);
}

static void clear_list(struct config_list *list)
{
    for (size_t i = 0; list->items[i]; i++) {
        free_text(list->items[i]);
        list->items[i] = NULL;
    }
}

static bool valid_choice(const char *choices, const char *value)
{
    size_t len = strlen(value);

    if (strchr(value, '|')) /* "a|b" is not a choice, although the list contains it */
        return false;
    for (const char *p = choices; p; p = strchr(p, '|') ? strchr(p, '|') + 1 : NULL)
        if (strncmp(p, value, len) == 0 && (p[len] == '|' || p[len] == '\0') && len > 0)
            return true;
    return false;
}

/* One value of a list. Messages do not repeat secrets. */
void config_add_to_list(struct config *config, const struct config_option *option, char *value,
                        const struct config_origin *from, struct config_report *report)
{
    struct config_list *list = member(config, option);
    size_t n = 0;

    while (list->items[n])
        n++;
    if (option->valid && !option->valid(value))
        config_problem_add(report, option->name, "%s: \"%s\" is not a valid %s. Write %s.", from->text,
                           option->secret ? "…" : value, option->name, option->remedy);
    else if (n == CONFIG_LIST_MAX)
        config_problem_add(report, option->name, "%s: more than %d values for %s.", from->text, CONFIG_LIST_MAX,
                           option->name);
    else
        list->items[n] = mem_copy_text(value);
}

char *config_trimmed(char *text)
{
    size_t len;

    text += strspn(text, " \t\r");
    for (len = strlen(text); len > 0 && strchr(" \t\r", text[len - 1]); len--)
        text[len - 1] = '\0';
    return text;
}

/* "a, b" adds two. A later source begins a new list; the same source continues it. */
static void set_list(struct config *config, const struct config_option *option, char *values,
                     const struct config_origin *from, struct config_report *report)
{
    char *rest = values, *value;

    if (config->sources[option_index(option)] != from->source)
        clear_list(member(config, option));
    while ((value = strsep(&rest, ",")) != NULL) {
        value = config_trimmed(value);
        if (*value)
            config_add_to_list(config, option, value, from, report);
    }
}

void config_set_text(struct config *config, const struct config_option *option, const char *value)
{
    char **text = member(config, option);

    free_text(*text);
    *text = *value ? mem_copy_text(value) : NULL;
}

static void set_int(struct config *config, const struct config_option *option, const char *value,
                    const struct config_origin *from, struct config_report *report)
{
    int64_t n;

    if (!str_to_i64(value, option->min, option->max, &n))
        config_problem_add(report, option->name,
                           "%s: \"%.60s\" does not fit %s. Write a whole number from %lld to %lld (%s).", from->text,
                           value, option->name, (long long)option->min, (long long)option->max, option->unit);
    else
        *(int64_t *)member(config, option) = n;
}

void config_set_value(struct config *config, const struct config_option *option, const char *text,
                      const struct config_origin *from, struct config_report *report)
{
    char copy[CONFIG_VALUE_MAX_BYTES];
    char *value;

    if (!str_copy(copy, sizeof copy, text)) {
        config_problem_add(report, option->name, "%s: the value of %s is longer than %d bytes.", from->text,
                           option->name, CONFIG_VALUE_MAX_BYTES - 1);
        return;
    }
    value = config_trimmed(copy);
    switch (option->type) {
    case OPTION_LIST: set_list(config, option, value, from, report); break;
    case OPTION_INT: set_int(config, option, value, from, report); break;
    case OPTION_CHOICE:
        if (valid_choice(option->choices, value))
            config_set_text(config, option, value);
        else
            config_problem_add(report, option->name, "%s: \"%.60s\" is not a %s. Write one of %s.", from->text, value,
                               option->name, option->choices);
        break;
    case OPTION_TEXT:
        if (*value && option->valid && !option->valid(value))
            config_problem_add(report, option->name, "%s: \"%.120s\" is not a valid %s. Write %s.", from->text, value,
                               option->name, option->remedy);
        else
            config_set_text(config, option, value);
        break;
    }
    config->sources[option_index(option)] = from->source;
    mem_wipe(copy, sizeof copy);
}

void config_clear(struct config *config)
{
    for (const struct config_option *option = CONFIG_OPTIONS; option->name; option++) {
        if (option->type == OPTION_LIST)
            clear_list(member(config, option));
        else if (option->type != OPTION_INT)
            config_set_text(config, option, "");
    }
    memset(config, 0, sizeof *config);
}

void config_value_text(const struct config *config, const struct config_option *option, struct buf *out)
{
    const void *at = member_read(config, option);

    if (option->type == OPTION_INT) {
        buf_printf(out, "%lld", (long long)*(const int64_t *)at);
    } else if (option->type == OPTION_LIST) {
        const struct config_list *list = at;

        for (size_t i = 0; list->items[i]; i++)
            buf_printf(out, "%s%s", i > 0 ? "," : "", option->secret ? "(set)" : list->items[i]);
    } else if (*(char *const *)at) {
        buf_add_text(out, *(char *const *)at);
    }
}

enum config_source config_value_source(const struct config *config, const struct config_option *option)
{
    return config->sources[option_index(option)];
}

const char *config_source_name(enum config_source source)
{
    static const char *const NAMES[] = { "default", "file", "environment", "command line" };

    return NAMES[source];
}
