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

enum cli_status cmd_serve(struct command_call *call)
{
    struct config_report report = { .count = 0 };
    enum log_level level = LOG_INFO;
    struct err e = { 0 };

    config_check(call->config, &report);
    for (size_t i = 0; i < report.count; i++)
        tell(call, "parlour: %s\n", report.items[i].text);
    if (report.count > 0)
        return CLI_WRONG_USE;
    log_level_from_name(call->config->log_level, &level);
    log_start(level, str_equal(call->config->log_format, "json"));
    return app_serve(call->config, call->table, remote_run, &e) == ERR_OK ? CLI_DONE : command_failed(call, &e);
}

enum cli_status cmd_migrate(struct command_call *call)
{
    struct store_db *db = NULL;
    struct err e = { 0 };

    if (store_db_open(call->config->data, call->now_ms, &db, &e) != ERR_OK)
        return command_failed(call, &e);
    store_db_close(db);
    tell(call, "The database in %s is at this version.\n", call->config->data);
    return CLI_DONE;
}

enum cli_status cmd_version(struct command_call *call)
{
    say(call, "parlour %s\n", PARLOUR_VERSION);
    return CLI_DONE;
}

/* "help user add" comes as two words. */
static const struct command *command_of_words(const struct command_call *call)
{
    const struct command_args *args = call->args;
    char name[64];

    snprintf(name, sizeof name, "%s%s%s", args->words[0], args->word_count > 1 ? " " : "",
             args->word_count > 1 ? args->words[1] : "");
    return command_find(call->table, name);
}

enum cli_status cmd_help(struct command_call *call)
{
    struct buf text = { .max = HELP_MAX_BYTES };
    const struct command *about = call->args->word_count > 0 ? command_of_words(call) : NULL;
    enum cli_status status = CLI_DONE;

    if (about)
        help_command(about, &text);
    else if (call->args->word_count == 0)
        help_overview(call->table, &text);
    else if (!help_group(call->table, call->args->words[0], &text)) {
        tell(call, "parlour: there is no command \"%.40s\". `parlour help` lists them.\n", call->args->words[0]);
        status = CLI_WRONG_USE;
    }
    say_text(call, buf_text(&text), text.len);
    buf_clear(&text);
    return status;
}
