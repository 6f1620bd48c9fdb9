/* command.h - a command, and the things that it may use while it runs. It runs in the process that was started, or, when it
 * needs the database and a server runs, inside that server: the same function, so it reads and writes only through
 * its call. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "app/control.h"
#include "config/config.h"
#include "domain/audit.h"
#include "live/hub.h"
#include "store/store.h"

#define COMMAND_WORDS_MAX 2
#define COMMAND_FLAGS_MAX 8
#define COMMAND_PASSWORD_MAX 1024 /* bytes read from standard input */

/* Exit status of the process. */
enum cli_status { CLI_DONE = 0, CLI_FAILED = 1, CLI_WRONG_USE = 2 };

struct command_flag {
    const char *name;  /* without dashes */
    const char *value; /* name of the value in help; NULL: a switch */
    const char *help;
    bool needed;
    const char *choices; /* "a|b|c", the allowed values; NULL any */
};

/* The typed words and flags, checked against the command's row. Borrowed texts. */
struct command_args {
    const char *words[COMMAND_WORDS_MAX];
    size_t word_count;
    struct {
        const char *name, *value;
    } flags[COMMAND_FLAGS_MAX];
    size_t flag_count;
    const char *password; /* line from standard input; NULL without --password-stdin */
};

enum command_runs {
    COMMAND_HERE,  /* in this process, without the database */
    COMMAND_STORE, /* with the database: inside the running server, or here under the lock */
};

struct command;

struct command_call {
    const struct command *command;
    const struct command *table; /* all commands, for help */
    const struct command_args *args;
    const struct config *config;   /* of the process the command runs in */
    struct store *store;           /* COMMAND_STORE: its own handle; otherwise NULL */
    const struct err *store_error; /* .examines: why there is no store */
    const struct config_report
        *problems;           /* .examines, in the process that was started: what is wrong with its options */
    int64_t clock_offset_ms; /* wall clock minus boot clock when the server started; 0: no server runs */
    struct hub *hub;         /* NULL: no server runs */
    const struct control_output *output;
    int64_t now_ms; /* wall clock */
};

struct command {
    const char *name;  /* "user add" */
    const char *words; /* "EMAIL", "[FILE]"; "" none */
    size_t min_words, max_words;
    const struct command_flag *flags; /* NULL, or ends with a zero entry */
    enum command_runs runs;
    bool takes_options;  /* help lists the option table */
    bool without_config; /* runs even with invalid options: version, help */
    bool stays;          /* runs until told to end, so it keeps no power of root: serve */
    bool
        examines; /* COMMAND_STORE: also runs with wrong options, and when the database cannot be opened: without a store */
    bool begins; /* COMMAND_STORE: creates a missing database; other commands report that it is missing */
    enum cli_status (*run)(struct command_call *call);
    /* COMMAND_STORE with a file as its result. Both run in the process that was started, with its rights: `check` before `run`,
     * `keep` with the file from `run` (the caller closes it). */
    enum cli_status (*check)(struct command_call *call);
    enum cli_status (*keep)(struct command_call *call, int fd);
    const char *help; /* one sentence */
};

/* The row of a table that ends with a zero entry; NULL when there is none. */
const struct command *command_find(const struct command *table, const char *name);

/* NULL when the flag was not given; "" for a switch that was. */
const char *command_flag(const struct command_call *call, const char *name);
bool command_wants_json(const struct command_call *call);

/* Results, words for people, JSON (takes the reference) with a line break. */
void say(const struct command_call *call, const char *fmt, ...) PRINTF_LIKE(2, 3);
void tell(const struct command_call *call, const char *fmt, ...) PRINTF_LIKE(2, 3);
void say_json(const struct command_call *call, json_t *value);
void say_text(const struct command_call *call, const char *text, size_t len);
/* Prints the reason and returns CLI_FAILED. */
enum cli_status command_failed(const struct command_call *call, const struct err *e);

/* Adds a row to the record, inside a write; the actor is "cli". `object` an id or "". */
MUST_CHECK enum err_code command_audit(struct command_call *call, enum audit_action action, const char *object,
                                       const char *facts, const char *detail, struct err *e);

#endif
