#include "config/config.h"

#include <stdlib.h>
#include <string.h>

#define WIDTH 100

/* Wraps `text` into comment lines. */
static void remark(struct buf *out, const char *text)
{
    size_t column = 0;

    while (*text) {
        size_t len = strcspn(text, " ");

        if (column > 0 && column + 1 + len > WIDTH) {
            buf_add_text(out, "\n");
            column = 0;
        }
        buf_add_text(out, column == 0 ? "# " : " ");
        buf_add(out, text, len);
        column += len + (column == 0 ? 2 : 1);
        text += len;
        text += strspn(text, " ");
    }
    buf_add_text(out, "\n");
}

static void facts(struct buf *out, const struct config_option *option)
{
    if (option->type == OPTION_INT)
        buf_printf(out, "# From %lld to %lld %s.\n", (long long)option->min, (long long)option->max, option->unit);
    if (option->type == OPTION_CHOICE)
        buf_printf(out, "# One of %s.\n", option->choices);
    if (option->type == OPTION_LIST)
        buf_add_text(out, "# May be given several times.\n");
}

void config_sample(struct buf *out)
{
    buf_add_text(out, "# Parlour. Every option with its default; remove the # to change one.\n"
                      "# The environment (PARLOUR_ and the name in capitals) and the command line override this file.\n"
                      "# `parlour config check` checks the whole. Printed by `parlour config show --sample`.\n");
    for (const struct config_option *option = CONFIG_OPTIONS; option->name; option++) {
        if (!(option->where & IN_FILE))
            continue;
        buf_add_text(out, "\n");
        remark(out, option->help);
        facts(out, option);
        buf_printf(out, "#%s = %s\n", option->name, *option->fallback ? option->fallback : option->value);
    }
}
