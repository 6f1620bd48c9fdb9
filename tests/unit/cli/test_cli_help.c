#include "cli/cli_help.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "tests/support/check.h"
#include "util/file.h"
#include "util/str.h"

static struct buf text = { .max = 1 << 20 };

static bool has(const char *words)
{
    return strstr(buf_text(&text), words) != NULL;
}

/* This file lies three folders below the root of the sources. */
static void check_generated(const char *name)
{
    char path[PATH_MAX] = __FILE__;
    struct buf file = { .max = 1 << 20 };

    for (int i = 0; i < 4; i++)
        *strrchr(path, '/') = '\0';
    CHECK(strlen(path) + 50 < sizeof path);
    strcat(path, name);
    CHECK_INT(file_read(path, &file, NULL), ERR_OK);
    if (!CHECK(strcmp(buf_text(&file), buf_text(&text)) == 0))
        printf("    %s is old: print it again with `parlour config show`\n", name);
    buf_clear(&file);
}

static void the_overview_names_each_command(void)
{
    buf_reset(&text);
    help_overview(COMMANDS, &text);
    for (const struct command *c = COMMANDS; c->name; c++)
        CHECK(has(c->name));
    CHECK(has("2 wrong use"));
}

static void help_of_serve_lists_each_option(void)
{
    char line[100];

    buf_reset(&text);
    help_command(command_find(COMMANDS, "serve"), &text);
    for (const struct config_option *o = CONFIG_OPTIONS; o->name; o++) {
        snprintf(line, sizeof line, "--%s %s", o->name, o->value);
        CHECK(has(line) == !!(o->where & ON_COMMAND_LINE));
    }
    CHECK(has("PARLOUR_TURN_SECRET="));
}

static void help_of_a_command_lists_its_flags(void)
{
    buf_reset(&text);
    help_command(command_find(COMMANDS, "user add"), &text);
    CHECK(has("--name NAME") && has("--password-stdin") && has("parlour user add EMAIL"));
}

static void the_manual_page_in_deploy_is_the_printed_one(void)
{
    buf_reset(&text);
    help_manual(COMMANDS, &text);
    CHECK(has(".TH PARLOUR 1"));
    for (const char *line = buf_text(&text); line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
        CHECK(line[0] != '\'');
    check_generated("/deploy/parlour.1");
}

static void the_sample_file_in_deploy_is_the_printed_one(void)
{
    buf_reset(&text);
    config_sample(&text);
    check_generated("/deploy/parlour.conf.sample");
}

static void the_command_table_is_complete(void)
{
    for (const struct command *c = COMMANDS; c->name; c++) {
        CHECK(c->run && c->help && c->words && c->min_words <= c->max_words && c->max_words <= COMMAND_WORDS_MAX);
        CHECK(command_find(COMMANDS, c->name) == c);
        for (const struct command_flag *f = c->flags; f && f->name; f++) {
            const struct config_option *o = config_option_find(f->name);

            CHECK(f->help != NULL);
            CHECK(!o || !(o->where & ON_COMMAND_LINE)); /* the name would mean two things */
        }
    }
    CHECK(command_find(COMMANDS, "user") == NULL && command_find(COMMANDS, "") == NULL);
}

static const struct check_test TESTS[] = {
    TEST(the_overview_names_each_command),
    TEST(help_of_serve_lists_each_option),
    TEST(help_of_a_command_lists_its_flags),
    TEST(the_manual_page_in_deploy_is_the_printed_one),
    TEST(the_sample_file_in_deploy_is_the_printed_one),
    TEST(the_command_table_is_complete),
    { 0 },
};

int main(int argc, char **argv)
{
    int failed = check_run(TESTS, argc, argv);

    buf_clear(&text);
    return failed;
}
