#include "cli/remote.h"

#include <string.h>

#include "app/app_services.h"
#include "config/nearest.h"
#include "observe/log.h"
#include "util/clock.h"
#include "util/str.h"

json_t *remote_request(const struct command *command, const struct command_args *args)
{
    json_t *words = json_array(), *flags = json_object(), *request;
    int failed = 0;

    for (size_t i = 0; i < args->word_count; i++)
        failed |= json_array_append_new(words, json_string(args->words[i]));
    for (size_t i = 0; i < args->flag_count; i++)
        failed |= json_object_set_new(flags, args->flags[i].name, json_string(args->flags[i].value));
    request = json_pack("{s:s,s:o,s:o,s:s*}", "command", command->name, "words", words, "flags", flags, "password",
                        args->password);
    if (failed) {
        json_decref(request);
        return NULL;
    }
    return request;
}

/* Borrows from the request. False when its form is not that of remote_request(). */
static bool read_request(const json_t *request, struct command_args *args)
{
    const json_t *words = json_object_get(request, "words"), *flags = json_object_get(request, "flags");
    const json_t *value;
    const char *name;

    memset(args, 0, sizeof *args);
    args->password = json_string_value(json_object_get(request, "password"));
    if (!json_is_array(words) || !json_is_object(flags) || json_array_size(words) > COMMAND_WORDS_MAX ||
        json_object_size(flags) > COMMAND_FLAGS_MAX)
        return false;
    for (size_t i = 0; i < json_array_size(words); i++)
        if (!(args->words[args->word_count++] = json_string_value(json_array_get(words, i))))
            return false;
    json_object_foreach((json_t *)(uintptr_t)flags, name, value)
    {
        args->flags[args->flag_count].name = name;
        if (!(args->flags[args->flag_count++].value = json_string_value(value)))
            return false;
    }
    return true;
}

static const struct command_flag *find_flag(const struct command *command, const char *name)
{
    for (const struct command_flag *flag = command->flags; flag && flag->name; flag++)
        if (strcmp(flag->name, name) == 0)
            return flag;
    return NULL;
}

static enum err_code unknown_flag(const struct command *command, const char *name, struct err *e)
{
    const struct config_option *known = config_option_find(name);
    char variable[64];

    if (known && !(known->where & ON_COMMAND_LINE)) {
        config_option_variable(known, variable);
        return err_set(e, ERR_INVALID, "unknown_flag",
                       "on a command line every user of the machine could read --%s. Set %s in the environment", name,
                       variable);
    }
    for (const struct command_flag *flag = command->flags; flag && flag->name; flag++)
        if (nearest_is_slip(name, flag->name))
            return err_set(e, ERR_INVALID, "unknown_flag", "%s does not take --%.40s. Did you mean --%s?",
                           command->name, name, flag->name);
    for (const struct config_option *option = CONFIG_OPTIONS; option->name; option++)
        if ((option->where & ON_COMMAND_LINE) && nearest_is_slip(name, option->name))
            return err_set(e, ERR_INVALID, "unknown_flag", "there is no option --%.40s. Did you mean --%s?", name,
                           option->name);
    return err_set(e, ERR_INVALID, "unknown_flag", "%s does not take --%.40s. `parlour help %s` says what it takes",
                   command->name, name, command->name);
}

static const char *value_of(const struct command_args *args, const char *flag)
{
    for (size_t i = 0; i < args->flag_count; i++)
        if (strcmp(args->flags[i].name, flag) == 0)
            return args->flags[i].value;
    return NULL;
}

static bool takes(const struct command_flag *flag, const char *value)
{
    size_t len = strlen(value);

    for (const char *p = flag->choices; p; p = strchr(p, '|') ? strchr(p, '|') + 1 : NULL)
        if (strcspn(p, "|") == len && strncmp(p, value, len) == 0)
            return true;
    return false;
}

static enum err_code check_values(const struct command *command, const struct command_args *args, struct err *e)
{
    for (const struct command_flag *flag = command->flags; flag && flag->name; flag++) {
        const char *value = value_of(args, flag->name);

        if (!value && flag->needed)
            return err_set(e, ERR_INVALID, "missing", "--%s is needed: parlour %s %s", flag->name, command->name,
                           command->words);
        if (value && flag->choices && !takes(flag, value))
            return err_set(e, ERR_INVALID, "bad_value", "--%s takes %s, not \"%.40s\"", flag->name, flag->choices,
                           value);
    }
    return ERR_OK;
}

enum err_code command_check_args(const struct command *command, const struct command_args *args, struct err *e)
{
    for (size_t i = 0; i < args->flag_count; i++)
        if (!find_flag(command, args->flags[i].name))
            return unknown_flag(command, args->flags[i].name, e);
    if (args->word_count < command->min_words || args->word_count > command->max_words)
        return err_set(e, ERR_INVALID, "wrong_words", "this command is written: parlour %s%s%s%s", command->name,
                       *command->words ? " " : "", command->words,
                       args->word_count > command->max_words && command->max_words > 0
                           ? ". Put quotes around a name with blanks"
                           : "");
    return check_values(command, args, e);
}

static int refuse(const struct control_output *output, const char *why)
{
    output->write(output->arg, CONTROL_ERR, why, strlen(why));
    return CLI_FAILED;
}

int remote_run(void *arg, const json_t *request, const struct control_output *output)
{
    const struct app_services *services = arg;
    const char *name = json_string_value(json_object_get(request, "command"));
    const struct command *command = name ? command_find(services->commands, name) : NULL;
    struct command_args args;
    struct command_call call = { .command = command,
                                 .table = services->commands,
                                 .args = &args,
                                 .config = services->config,
                                 .hub = services->hub,
                                 .clock_offset_ms = services->clock_offset_ms,
                                 .output = output,
                                 .now_ms = clock_wall_ms() };
    struct err e = { 0 };
    int status;

    if (!command || command->runs != COMMAND_STORE || !read_request(request, &args))
        return refuse(output, "parlour: the running server does not know this command; it may be of another version\n");
    if (command_check_args(command, &args, &e) != ERR_OK) {
        (void)command_failed(&call, &e);
        return CLI_WRONG_USE;
    }
    if (store_open(services->db, &call.store, &e) != ERR_OK) {
        if (!command->examines)
            return (int)command_failed(&call, &e);
        call.store_error = &e;
    }
    status = (int)command->run(&call);
    store_close(call.store);
    if (*output->unheard && status == CLI_DONE)
        status = CLI_FAILED;
    log_event(LOG_INFO, "control.command", "command=\"%s\" status=%d", command->name, status);
    return status;
}
