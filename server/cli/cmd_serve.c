/* serve, migrate, version, help. */
#include "cli/cmd.h"

#include <stdio.h>

#include "app/app.h"
#include "cli/cli_help.h"
#include "cli/remote.h"
#include "observe/log.h"
#include "util/buf.h"
#include "util/str.h"

#define HELP_MAX_BYTES (256 * 1024)

enum cli_status cmd_serve(struct command_call *c)
{
    struct config_report report = { .count = 0 };
    enum log_level level = LOG_INFO;
    struct err e = { 0 };

    config_check(c->config, &report);
    for (size_t i = 0; i < report.count; i++)
        tell(c, "parlour: %s\n", report.items[i].text);
    if (report.count > 0)
        return CLI_WRONG_USE;
    log_level_from_name(c->config->log_level, &level);
    log_start(level, str_equal(c->config->log_format, "json"));
    return app_serve(c->config, c->table, remote_run, &e) == ERR_OK ? CLI_DONE : command_failed(c, &e);
}

enum cli_status cmd_migrate(struct command_call *c)
{
    struct store_db *db = NULL;
    struct err e = { 0 };

    if (store_db_open(c->config->data, c->now_ms, &db, &e) != ERR_OK)
        return command_failed(c, &e);
    store_db_close(db);
    tell(c, "The database in %s is at this version.\n", c->config->data);
    return CLI_DONE;
}

enum cli_status cmd_version(struct command_call *c)
{
    say(c, "parlour %s\n", PARLOUR_VERSION);
    return CLI_DONE;
}

/* "help user add" comes as two words. */
static const struct command *command_of_words(const struct command_call *c)
{
    const struct command_args *args = c->args;
    char name[64];

    snprintf(name, sizeof name, "%s%s%s", args->words[0], args->word_count > 1 ? " " : "",
             args->word_count > 1 ? args->words[1] : "");
    return command_find(c->table, name);
}

enum cli_status cmd_help(struct command_call *c)
{
    struct buf text = { .max = HELP_MAX_BYTES };
    const struct command *about = c->args->word_count > 0 ? command_of_words(c) : NULL;
    enum cli_status status = CLI_DONE;

    if (about)
        help_command(about, &text);
    else if (c->args->word_count == 0)
        help_overview(c->table, &text);
    else if (!help_group(c->table, c->args->words[0], &text)) {
        tell(c, "parlour: there is no command \"%.40s\". `parlour help` lists them.\n", c->args->words[0]);
        status = CLI_WRONG_USE;
    }
    say_text(c, buf_text(&text), text.len);
    buf_clear(&text);
    return status;
}
