/* config.h - the settings of one process: read from a file (`key = value`), the environment (PARLOUR_*) and the command
 * line; the last wins. A list from a later place replaces the whole list of an earlier one.
 * The table of options (config_options.c) defines them all; parser, help, sample file and manual page read it.
 * Plain values, made once at start by one thread and then only read; modules get the few values they need. */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "util/buf.h"
#include "util/err.h"

#define CONFIG_LIST_MAX 16
#define CONFIG_FILE_MAX_BYTES (64 * 1024)

struct config_list {
    char *items[CONFIG_LIST_MAX + 1]; /* NULL-terminated, owned */
};

/* Where the value in force came from. */
enum config_source { FROM_DEFAULT, FROM_FILE, FROM_ENVIRONMENT, FROM_COMMAND_LINE };

#define CONFIG_OPTIONS_MAX 32

/* One member per option; texts are owned and NULL when unset. */
struct config {
    char *config;     /* path of the configuration file */
    char *data;       /* data folder */
    char *public_url; /* "https://visits.example.org", no slash at the end */
    char *turn_secret_file;
    char *tls;      /* "off", "self-signed" */
    char *tls_cert; /* with its chain; listen speaks TLS when it is set */
    char *tls_key;
    char *redirect_listen;              /* "0.0.0.0:80" */
    char *web_dir;                      /* serve the client from here instead of the binary */
    char *metrics_listen;               /* "127.0.0.1:9100" */
    struct config_list listen;          /* "127.0.0.1:8080" */
    struct config_list turn_urls;       /* "turn:turn.example.org:3478?transport=udp" */
    struct config_list turn_secrets;    /* the first signs; the others stay valid in coturn */
    struct config_list trusted_proxies; /* addresses and networks */
    int64_t signal_threads;
    int64_t http_threads; /* 0: one per core */
    int64_t workers;
    int64_t max_connections;
    int64_t signal_rate; /* messages per second and seat */
    int64_t rate_scale;
    int64_t drain_s;
    char *log_level;
    char *log_format;
    enum config_source sources[CONFIG_OPTIONS_MAX]; /* by the option's index in the table */
};

enum option_type { OPTION_TEXT, OPTION_INT, OPTION_CHOICE, OPTION_LIST };
enum option_where { IN_FILE = 1, IN_ENVIRONMENT = 2, ON_COMMAND_LINE = 4, ANYWHERE = 7 };

struct config_option {
    const char *name; /* "turn-url"; in the environment PARLOUR_TURN_URL */
    enum option_type type;
    size_t offset;                    /* of the member of struct config */
    const char *value;                /* name of the value in help: "ADDR:PORT" */
    const char *fallback;             /* default as text; "" for none */
    int64_t min, max;                 /* OPTION_INT */
    const char *unit;                 /* of a number, "" without */
    const char *choices;              /* OPTION_CHOICE: "text|json" */
    bool (*valid)(const char *value); /* checks the form of each value; NULL: any text */
    const char *remedy;               /* form of a valid value, for the message */
    unsigned where;                   /* enum option_where bits */
    bool secret;                      /* never shown */
    const char *help;                 /* one sentence */
};
extern const struct config_option CONFIG_OPTIONS[]; /* ends with a zero entry */

/* All problems, collected. */
#define CONFIG_PROBLEMS_MAX 32
struct config_problem {
    const char *option; /* its name, or "" */
    char text[400];     /* the problem, its source, and the remedy */
};
struct config_report {
    struct config_problem items[CONFIG_PROBLEMS_MAX];
    size_t count;
};

/* One `--name value` of the command line; borrowed. */
struct config_flag {
    const char *name; /* without the dashes */
    const char *value;
};

/* Fills *out from all sources. Problems of form are added to *report; *out is usable (and to be cleared) in any case.
 * `environment` ends with NULL. Reads the files --config and --turn-secret-file. */
void config_load(const struct config_flag *flags, size_t flag_count, char *const *environment, struct config *out,
                 struct config_report *report);
/* Checks the rules between options that `serve` needs: adds to *report. */
void config_check(const struct config *config, struct config_report *report);
void config_clear(struct config *config); /* wipes secrets */

/* Do the listeners speak TLS? With a certificate that is signed by itself? */
bool config_has_tls(const struct config *config);
bool config_is_self_signed(const struct config *config);

/* Reads the text of a configuration file; `path` only for the messages. */
void config_read_text(struct config *config, const char *path, const char *text, size_t len,
                      struct config_report *report);

/* The option of this name (`_` counts as `-`), NULL for none. */
const struct config_option *config_option_find(const char *name);
/* PARLOUR_TURN_URL of "turn-url". */
void config_option_variable(const struct config_option *option, char to[64]);
/* The value in force as text, lists separated by commas, secrets as "(set)"; adds nothing when unset. */
void config_value_text(const struct config *config, const struct config_option *option, struct buf *out);
enum config_source config_value_source(const struct config *config, const struct config_option *option);
const char *config_source_name(enum config_source source);
void config_problem_add(struct config_report *report, const char *option, const char *text, ...) PRINTF_LIKE(3, 4);

/* The sample file: every option with its sentence and default, commented out. */
void config_sample(struct buf *out);

#endif
