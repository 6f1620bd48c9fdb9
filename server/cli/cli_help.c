#include "cli/cli_help.h"

#include <stdio.h>
#include <string.h>

#define WIDTH 100 /* terminal columns that help is formatted for */
#define HELP_COLUMN 28

/* `left` in its own column, then `text` in lines that fit. */
static void entry(struct buf *out, const char *left, const char *text)
{
    size_t column = HELP_COLUMN;

    buf_printf(out, "  %-*s", HELP_COLUMN - 2, left);
    if (strlen(left) + 2 >= HELP_COLUMN)
        buf_printf(out, "\n%*s", HELP_COLUMN, "");
    while (*text) {
        size_t len = strcspn(text, " ");

        if (column > HELP_COLUMN && column + 1 + len > WIDTH) {
            buf_printf(out, "\n%*s", HELP_COLUMN, "");
            column = HELP_COLUMN;
        } else if (column > HELP_COLUMN) {
            buf_add_text(out, " ");
            column++;
        }
        buf_add(out, text, len);
        column += len;
        text += len;
        text += strspn(text, " ");
    }
    buf_add_text(out, "\n");
}

void help_overview(const struct command *table, struct buf *out)
{
    char left[80];

    buf_add_text(out, "parlour - video visits on your own server\n\nUsage: parlour COMMAND [WORDS] [--OPTION "
                      "VALUE]...\n\nCommands:\n");
    for (const struct command *command = table; command->name; command++) {
        snprintf(left, sizeof left, "%s%s%s", command->name, *command->words ? " " : "", command->words);
        entry(out, left, command->help);
    }
    buf_add_text(out, "\n`parlour help COMMAND` tells more. Every command takes --config FILE and --data DIR.\n"
                      "Exit status: 0 done, 1 failed, 2 wrong use.\n");
}

bool help_group(const struct command *table, const char *first, struct buf *out)
{
    size_t len = strlen(first);
    bool found = false;
    char left[80];

    for (const struct command *command = table; command->name; command++) {
        if (strncmp(command->name, first, len) != 0 || command->name[len] != ' ')
            continue;
        if (!found)
            buf_printf(out, "Usage: parlour %s WORD ...\n\n", first);
        found = true;
        snprintf(left, sizeof left, "%s%s%s", command->name, *command->words ? " " : "", command->words);
        entry(out, left, command->help);
    }
    if (found)
        buf_printf(out, "\n`parlour help %s WORD` tells more.\n", first);
    return found;
}

static void option_entry(struct buf *out, const struct config_option *option)
{
    char left[80], facts[700], variable[64];
    size_t n;

    config_option_variable(option, variable);
    if (option->where & ON_COMMAND_LINE)
        snprintf(left, sizeof left, "--%s %s", option->name, option->value);
    else
        snprintf(left, sizeof left, "%s=%s", variable, option->value);
    n = (size_t)snprintf(facts, sizeof facts, "%s", option->help);
    if (option->type == OPTION_LIST)
        n += (size_t)snprintf(facts + n, sizeof facts - n, " Repeatable.");
    if (option->type == OPTION_INT)
        n += (size_t)snprintf(facts + n, sizeof facts - n, " %lld to %lld %s.", (long long)option->min,
                              (long long)option->max, option->unit);
    if (option->type == OPTION_CHOICE)
        n += (size_t)snprintf(facts + n, sizeof facts - n, " One of %s.", option->choices);
    if (*option->fallback)
        snprintf(facts + n, sizeof facts - n, " [%s]", option->fallback);
    entry(out, left, facts);
}

void help_command(const struct command *command, struct buf *out)
{
    char left[80];

    buf_printf(out, "Usage: parlour %s%s%s%s\n\n%s\n", command->name, *command->words ? " " : "", command->words,
               command->flags || command->takes_options ? " [OPTIONS]" : "", command->help);
    if (command->flags)
        buf_add_text(out, "\nOptions of this command:\n");
    for (const struct command_flag *flag = command->flags; flag && flag->name; flag++) {
        snprintf(left, sizeof left, "--%s%s%s", flag->name, flag->value ? " " : "", flag->value ? flag->value : "");
        entry(out, left, flag->help);
    }
    if (!command->takes_options) {
        buf_add_text(out, "\nLike every command, it takes --config FILE and --data DIR.\n");
        return;
    }
    buf_add_text(
        out, "\nOptions (in a file as `name = value`, in the environment as PARLOUR_NAME; the command line wins):\n");
    for (const struct config_option *option = CONFIG_OPTIONS; option->name; option++)
        option_entry(out, option);
}

/* ---- manual page ---- */

/* roff reads '-' as a hyphen, '\' as the escape and a line's first '.' or '\'' as a request. */
static void roff(struct buf *out, const char *text)
{
    if (*text == '.' || *text == '\'')
        buf_add_text(out, "\\&");
    for (; *text; text++) {
        if (*text == '-')
            buf_add_text(out, "\\-");
        else if (*text == '\\')
            buf_add_text(out, "\\e");
        else
            buf_add(out, text, 1);
    }
}

static void manual_entry(struct buf *out, const char *bold, const char *value, const char *text)
{
    buf_add_text(out, ".TP\n\\fB");
    roff(out, bold);
    buf_add_text(out, "\\fR");
    if (value && *value) {
        buf_add_text(out, " \\fI");
        roff(out, value);
        buf_add_text(out, "\\fR");
    }
    buf_add_text(out, "\n");
    roff(out, text);
    buf_add_text(out, "\n");
}

static void manual_commands(const struct command *table, struct buf *out)
{
    char name[80];

    buf_add_text(out, ".SH COMMANDS\n");
    for (const struct command *command = table; command->name; command++) {
        manual_entry(out, command->name, command->words, command->help);
        if (!command->flags)
            continue;
        buf_add_text(out, ".RS\n");
        for (const struct command_flag *flag = command->flags; flag->name; flag++) {
            snprintf(name, sizeof name, "--%s", flag->name);
            manual_entry(out, name, flag->value, flag->help);
        }
        buf_add_text(out, ".RE\n");
    }
}

static void manual_option(struct buf *out, const struct config_option *option)
{
    char name[80], variable[64], facts[300] = "";

    config_option_variable(option, variable);
    snprintf(name, sizeof name, "%s%s", option->where & ON_COMMAND_LINE ? "--" : "",
             option->where & ON_COMMAND_LINE ? option->name : variable);
    manual_entry(out, name, option->value, option->help);
    if (option->type == OPTION_INT)
        snprintf(facts, sizeof facts, "From %lld to %lld %s. ", (long long)option->min, (long long)option->max,
                 option->unit);
    if (option->type == OPTION_CHOICE)
        snprintf(facts, sizeof facts, "One of %s. ", option->choices);
    if (option->type == OPTION_LIST)
        snprintf(facts, sizeof facts, "Repeatable. ");
    roff(out, facts);
    if (*option->fallback) {
        buf_add_text(out, "Default: ");
        roff(out, option->fallback);
        buf_add_text(out, ".");
    }
    buf_add_text(out, *facts || *option->fallback ? "\n" : "");
}

static const char FILES[] =
    ".SH FILES\n"
    ".TP\n\\fI/etc/parlour/parlour.conf\\fR\nOptions of an installed parlour, one \\fIname = value\\fR a line; # "
    "begins a remark.\n"
    ".TP\n\\fIDATA/parlour.db\\fR\nThe database. Copy it with \\fBparlour backup\\fR only, never while it is in use.\n"
    ".TP\n\\fIDATA/master.key\\fR\nSeals the secrets in the database. A backup leaves it out: keep a copy of it "
    "elsewhere.\n"
    ".TP\n\\fIDATA/setup\\-code\\fR\nOpens the setup page while there is no account.\n"
    ".TP\n\\fIDATA/control.sock\\fR\nOther commands reach the running server through it.\n";
static const char STATUS[] =
    ".SH EXIT STATUS\n"
    "0 done, 1 failed, 2 wrong use. Results go to standard output, words for people to standard error.\n";

void help_manual(const struct command *table, struct buf *out)
{
    buf_add_text(
        out,
        ".\\\" Made by `parlour config show --man` from the tables of commands and options.\n"
        ".TH PARLOUR 1 \"\" \"Parlour " PARLOUR_VERSION "\" \"User Commands\"\n"
        ".SH NAME\nparlour \\- video visits on your own server\n"
        ".SH SYNOPSIS\n\\fBparlour\\fR \\fICOMMAND\\fR [\\fIWORDS\\fR] [\\fB\\-\\-\\fIOPTION\\fR \\fIVALUE\\fR]...\n"
        ".SH DESCRIPTION\nOne program that serves the pages, keeps the waiting rooms and connects the people of a "
        "practice.\n"
        "Commands that need the database ask the running server; without one they open it themselves.\n");
    manual_commands(table, out);
    buf_add_text(out, ".SH OPTIONS\nEach may stand in a file, in the environment (PARLOUR_ and the name in capitals, "
                      "with _ for \\-) or on the\n"
                      "command line; the last of these wins. Lists are repeated or separated by commas.\n");
    for (const struct config_option *option = CONFIG_OPTIONS; option->name; option++)
        manual_option(out, option);
    buf_add_text(out, FILES);
    buf_add_text(out, STATUS);
}
