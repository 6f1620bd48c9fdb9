#include "cli/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store_audit.h"
#include "util/buf.h"
#include "util/str.h"

#define SAY_MAX_BYTES (16 * 1024)

const struct command *command_find(const struct command *table, const char *name)
{
    for (const struct command *command = table; command->name; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

const char *command_flag(const struct command_call *call, const char *name)
{
    for (size_t i = 0; i < call->args->flag_count; i++)
        if (strcmp(call->args->flags[i].name, name) == 0)
            return call->args->flags[i].value;
    return NULL;
}

bool command_wants_json(const struct command_call *call)
{
    return command_flag(call, "json") != NULL;
}

static void print(const struct command_call *call, enum control_stream stream, const char *fmt, va_list ap)
{
    char text[SAY_MAX_BYTES];

    vsnprintf(text, sizeof text, fmt, ap);
    call->output->write(call->output->arg, stream, text, strlen(text));
}

void say(const struct command_call *call, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    print(call, CONTROL_OUT, fmt, ap);
    va_end(ap);
}

void tell(const struct command_call *call, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    print(call, CONTROL_ERR, fmt, ap);
    va_end(ap);
}

void say_text(const struct command_call *call, const char *text, size_t len)
{
    call->output->write(call->output->arg, CONTROL_OUT, text, len);
}

void say_json(const struct command_call *call, json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT);

    if (text) {
        say_text(call, text, strlen(text));
        say_text(call, "\n", 1);
    }
    free(text);
    json_decref(value);
}

enum cli_status command_failed(const struct command_call *call, const struct err *e)
{
    tell(call, "parlour: %s\n", e->detail);
    return CLI_FAILED;
}

enum err_code command_audit(struct command_call *call, enum audit_action action, const char *object, const char *facts,
                            const char *detail, struct err *e)
{
    struct audit_event event = { .action = action, .actor = "cli", .at_ms = call->now_ms };

    str_copy(event.object, sizeof event.object, object);
    str_copy(event.facts, sizeof event.facts, facts);
    str_copy(event.detail, sizeof event.detail, detail);
    return store_audit_add(call->store, &event, e);
}
