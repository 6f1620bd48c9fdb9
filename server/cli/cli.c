/* From argv to a command: words, its flags, and the options of the table; then runs it here or in the running server. */
#include "cli/cli.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "app/process.h"
#include "cli/cli_help.h"
#include "cli/commands.h"
#include "cli/remote.h"
#include "config/nearest.h"
#include "domain/crypto.h"
#include "util/buf.h"
#include "util/clock.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/str.h"

#define ARGUMENTS_MAX 64

/* The typed arguments, before their meaning is known. Borrows argv. */
struct typed {
    const char *words[ARGUMENTS_MAX];
    size_t word_count;
    struct config_flag flags[ARGUMENTS_MAX]; /* value NULL: a switch */
    size_t flag_count;
    bool help;
    bool password_stdin;
};

static bool unheard; /* standard output is full or closed */

static void write_here(void *arg, enum control_stream stream, const char *bytes, size_t len)
{
    (void)arg;
    if (fwrite(bytes, 1, len, stream == CONTROL_OUT ? stdout : stderr) < len && stream == CONTROL_OUT)
        unheard = true;
}

static int given = -1; /* the file that is the command's result */

static void give_here(void *arg, int fd)
{
    (void)arg;
    given = fd;
}
static const struct control_output HERE = { write_here, give_here, NULL, &unheard };

/* A result that was not written completely is a failure, whatever status the command returned. */
static int end_output(int status)
{
    if (fflush(stdout) == 0 && !unheard)
        return status;
    fprintf(stderr, "parlour: the answer could not be written completely; the output is cut off\n");
    return status == CLI_DONE ? CLI_FAILED : status;
}

static int wrong_use(const char *detail)
{
    fprintf(stderr, "parlour: %s\n", detail);
    return CLI_WRONG_USE;
}

/* The parser must know whether a flag takes a value before it knows the command; so a name means the same everywhere. */
static bool flag_takes_value(const char *name)
{
    for (const struct command *command = COMMANDS; command->name; command++)
        for (const struct command_flag *flag = command->flags; flag && flag->name; flag++)
            if (strcmp(flag->name, name) == 0)
                return flag->value != NULL;
    return config_option_find(name) != NULL;
}

static bool read_flag(char **argv, int *at, struct typed *typed, struct err *e)
{
    static char names[ARGUMENTS_MAX][64]; /* of "--name=value", without the value */
    const char *text = argv[*at] + 2, *equals = strchr(text, '=');
    struct config_flag *flag = &typed->flags[typed->flag_count];

    if (!str_copy_n(names[typed->flag_count], sizeof names[0], text, equals ? (size_t)(equals - text) : strlen(text))) {
        err_set(e, ERR_INVALID, "too_long", "there is no option --%.40s…", text);
        return false;
    }
    flag->name = names[typed->flag_count++];
    flag->value = equals ? equals + 1 : NULL;
    if (!equals && flag_takes_value(flag->name)) {
        if (!argv[*at + 1]) {
            err_set(e, ERR_INVALID, "value_missing", "--%s needs a value", flag->name);
            return false;
        }
        flag->value = argv[++*at];
    }
    return true;
}

static bool read_arguments(int argc, char **argv, struct typed *typed, struct err *e)
{
    bool only_words = false; /* after "--" */

    if (argc > ARGUMENTS_MAX) {
        err_set(e, ERR_INVALID, "too_many", "more than %d arguments", ARGUMENTS_MAX - 1);
        return false;
    }
    for (int i = 1; i < argc; i++) {
        if (!only_words && strcmp(argv[i], "--") == 0)
            only_words = true;
        else if (!only_words && (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0))
            typed->help = true;
        else if (!only_words && str_starts(argv[i], "--")) {
            if (!read_flag(argv, &i, typed, e))
                return false;
        } else
            typed->words[typed->word_count++] = argv[i];
    }
    return true;
}

/* "user add" before "serve"; *used is the number of words it took. */
static const struct command *find_command(const struct typed *typed, size_t *used)
{
    const struct command *found = NULL;
    char name[64];

    for (*used = typed->word_count < 2 ? typed->word_count : 2; *used > 0; --*used) {
        snprintf(name, sizeof name, "%s%s%s", typed->words[0], *used > 1 ? " " : "", *used > 1 ? typed->words[1] : "");
        found = command_find(COMMANDS, name);
        if (found)
            break;
    }
    return found;
}

static int unknown_command(const struct typed *typed)
{
    bool near = false;

    fprintf(stderr, "parlour: there is no command \"%.40s%s%.40s\".", typed->words[0], typed->word_count > 1 ? " " : "",
            typed->word_count > 1 ? typed->words[1] : "");
    for (const struct command *command = COMMANDS; command->name; command++) {
        char first[32];

        str_copy_n(first, sizeof first, command->name, strcspn(command->name, " "));
        /* Either its group was named, or a word similar to its only word. */
        if (strcmp(first, typed->words[0]) == 0 || nearest_is_slip(typed->words[0], first)) {
            fprintf(stderr, "%s%s", near ? ", " : " Did you mean: ", command->name);
            near = true;
        }
    }
    fprintf(stderr, "%s\n", near ? "?" : " `parlour help` lists them.");
    return CLI_WRONG_USE;
}

/* The command's flags go to its call, all others are options. */
static enum err_code sort_flags(const struct command *command, const struct typed *typed, struct command_args *args,
                                struct config_flag *options, size_t *option_count, struct err *e)
{
    *option_count = 0;
    for (size_t i = 0; i < typed->flag_count; i++) {
        const struct config_flag *flag = &typed->flags[i];
        const struct config_option *option = config_option_find(flag->name);
        bool own = false;

        for (const struct command_flag *known = command->flags; known && known->name; known++)
            own = own || strcmp(known->name, flag->name) == 0;
        if (option && !own && (option->where & ON_COMMAND_LINE)) {
            options[(*option_count)++] = *flag;
        } else if (args->flag_count == COMMAND_FLAGS_MAX) {
            return err_set(e, ERR_INVALID, "too_many", "too many options for %s", command->name);
        } else {
            args->flags[args->flag_count].name = flag->name;
            args->flags[args->flag_count++].value = flag->value ? flag->value : "";
        }
    }
    return command_check_args(command, args, e);
}

/* Without echo where a person types it. */
static bool read_password(char to[COMMAND_PASSWORD_MAX])
{
    struct termios before, quiet;
    bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
    char *got;

    if (terminal) {
        quiet = before;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        fprintf(stderr, "Password: ");
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    got = fgets(to, COMMAND_PASSWORD_MAX, stdin);
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fprintf(stderr, "\n");
    }
    if (got)
        to[strcspn(to, "\r\n")] = '\0';
    return got != NULL;
}

/* A mistyped folder must not become an empty practice, least of all one with a "successful" backup. */
static enum err_code check_there(const struct command_call *call, struct err *e)
{
    char path[PATH_MAX];

    if (call->command->begins ||
        (snprintf(path, sizeof path, "%s/parlour.db", call->config->data) < PATH_MAX && file_exists(path)))
        return ERR_OK;
    return err_set(e, ERR_NOT_FOUND, "no_database",
                   "there is no database in %s. Name its folder with --data, or begin one with `parlour serve`",
                   call->config->data);
}

static int run_with_store(struct command_call *call)
{
    struct store_db *db = NULL;
    struct err e = { 0 };
    int status;

    if (check_there(call, &e) != ERR_OK || store_db_open(call->config->data, call->now_ms, &db, &e) != ERR_OK ||
        store_open(db, &call->store, &e) != ERR_OK)
        call->store_error = &e;
    if (call->store_error && !call->command->examines)
        status = (int)command_failed(call, &e);
    else
        status = (int)call->command->run(call);
    store_close(call->store);
    store_db_close(db);
    return status;
}

/* The running server first: only it writes its database. */
static int run_beside_server(struct command_call *call)
{
    json_t *request = remote_request(call->command, call->args);
    struct err e = { 0 };
    int status = CLI_FAILED;
    enum err_code rc;

    if (!request)
        return wrong_use("the arguments are not text in UTF-8");
    rc = control_call(call->config->data, request, call->output, &status, &e);
    json_decref(request);
    if (rc == ERR_NOT_FOUND)
        return run_with_store(call);
    if (unheard) /* end_output() prints the message */
        return CLI_FAILED;
    return rc == ERR_OK ? status : (int)command_failed(call, &e);
}

static int keep_file(struct command_call *call)
{
    int status = CLI_FAILED;

    if (given < 0)
        fprintf(stderr, "parlour: no file came; the running server may be of another version\n");
    else
        status = (int)call->command->keep(call, given);
    if (given >= 0)
        close(given);
    given = -1;
    return status;
}

static int run_with_database(struct command_call *call)
{
    const struct command *command = call->command;
    int status = command->check ? (int)command->check(call) : CLI_DONE;

    if (status == CLI_DONE)
        status = run_beside_server(call);
    return status == CLI_DONE && command->keep ? keep_file(call) : status;
}

static int run_command(const struct command *command, struct command_args *args, const struct config *config,
                       const struct config_report *problems)
{
    struct command_call call = { .command = command,
                                 .table = COMMANDS,
                                 .args = args,
                                 .config = config,
                                 .problems = problems,
                                 .output = &HERE,
                                 .now_ms = clock_wall_ms() };
    char password[COMMAND_PASSWORD_MAX];
    struct err e = { 0 };
    int status;

    if (crypto_start(&e) != ERR_OK)
        return (int)command_failed(&call, &e);
    if (!command->without_config && config->data && !process_become_owner(config->data, !command->stays))
        return wrong_use("the data folder belongs to another user, and becoming that user failed");
    if (command_flag(&call, "password-stdin")) {
        if (!read_password(password))
            return wrong_use("--password-stdin, but there is nothing on standard input");
        args->password = password;
    }
    status = command->runs == COMMAND_STORE ? run_with_database(&call) : (int)command->run(&call);
    mem_wipe(password, sizeof password);
    return command->stays ? status : end_output(status);
}

static int run_configured(const struct command *command, struct command_args *args, const struct config_flag *options,
                          size_t option_count)
{
    static struct config_report report; /* too large for the stack of a small machine */
    struct config config;
    int status = CLI_WRONG_USE;

    config_load(options, option_count, environ, &config, &report);
    if (command->without_config)
        report.count = 0;
    for (size_t i = 0; i < report.count && !command->examines; i++)
        fprintf(stderr, "parlour: %s\n", report.items[i].text);
    if (report.count == 0 || command->examines)
        status = run_command(command, args, &config, &report);
    config_clear(&config);
    return status;
}

/* Help for a command, for a group ("user"), for everything. */
static int print_help(const struct command *command, const struct typed *typed)
{
    struct buf text = { .max = 256 * 1024 };
    int status = CLI_DONE;

    if (command)
        help_command(command, &text);
    else if (typed->word_count == 0)
        help_overview(COMMANDS, &text);
    else if (!help_group(COMMANDS, typed->words[0], &text))
        status = unknown_command(typed);
    fwrite(buf_text(&text), 1, text.len, stdout);
    buf_clear(&text);
    return status;
}

/* `parlour --version`, as people try it first. */
static void take_version(struct typed *typed)
{
    if (typed->word_count == 0 && typed->flag_count == 1 && strcmp(typed->flags[0].name, "version") == 0) {
        typed->words[typed->word_count++] = "version";
        typed->flag_count = 0;
    }
}

int cli_main(int argc, char **argv)
{
    struct config_flag options[ARGUMENTS_MAX];
    struct command_args args = { .word_count = 0 };
    struct typed t = { .word_count = 0 };
    const struct command *command;
    struct err e = { 0 };
    size_t used, option_count;

    process_harden();
    if (!read_arguments(argc, argv, &t, &e))
        return wrong_use(e.detail);
    take_version(&t);
    command = find_command(&t, &used);
    if (t.help)
        return print_help(command, &t);
    if (t.word_count == 0)
        return wrong_use("say what to do: `parlour serve`, or `parlour help` for the list");
    if (!command)
        return unknown_command(&t);
    if (t.word_count - used > COMMAND_WORDS_MAX)
        return wrong_use("too many words; put quotes around a name with blanks");
    while (used < t.word_count)
        args.words[args.word_count++] = t.words[used++];
    if (sort_flags(command, &t, &args, options, &option_count, &e) != ERR_OK)
        return wrong_use(e.detail);
    return run_configured(command, &args, options, option_count);
}
