/* Reading: file, environment, command line, in this order, so that the last wins. */
#include "config/config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config_form.h"
#include "config/config_lan.h"
#include "config/config_set.h"
#include "config/nearest.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/str.h"

#define INSTALLED_CONFIG "/etc/parlour/parlour.conf"
#define INSTALLED_DATA "/var/lib/parlour"
#define VARIABLE_PREFIX "PARLOUR_"

static const char *nearest_option(const char *name, unsigned where)
{
    for (const struct config_option *option = CONFIG_OPTIONS; option->name; option++)
        if ((option->where & where) && nearest_is_slip(name, option->name))
            return option->name;
    return NULL;
}

static void unknown_option(const char *name, unsigned where, const char *origin, struct config_report *report)
{
    const char *near = nearest_option(name, where);

    if (near)
        config_problem_add(report, "", "%s: there is no option \"%.60s\". Did you mean \"%s\"?", origin, name, near);
    else
        config_problem_add(report, "", "%s: there is no option \"%.60s\". `parlour help serve` lists them.", origin,
                           name);
}

static void misplaced_option(const struct config_option *option, const char *origin, struct config_report *report)
{
    char variable[64];

    config_option_variable(option, variable);
    if (option->where & IN_ENVIRONMENT)
        config_problem_add(report, option->name, "%s: %s cannot stand here. Set it in the environment, as %s.", origin,
                           option->name, variable);
    else
        config_problem_add(report, option->name, "%s: %s cannot stand here.", origin, option->name);
}

static void set_by_name(struct config *config, const char *name, const char *value, unsigned where,
                        const struct config_origin *from, struct config_report *report)
{
    const struct config_option *option = config_option_find(name);

    if (!option)
        unknown_option(name, where, from->text, report);
    else if (!(option->where & where))
        misplaced_option(option, from->text, report);
    else
        config_set_value(config, option, value, from, report);
}

/* A comment may follow a value after a blank, as `config show` prints it. */
static void cut_remark(char *value)
{
    for (char *p = value; (p = strchr(p, '#')) != NULL; p++) {
        if (p == value || p[-1] == ' ' || p[-1] == '\t') {
            *p = '\0';
            return;
        }
    }
}

static void read_line(struct config *config, char *line, const char *origin_text, struct config_report *report)
{
    struct config_origin from = { FROM_FILE, origin_text };
    char *equals;

    line = config_trimmed(line);
    if (!*line || *line == '#')
        return;
    equals = strchr(line, '=');
    if (!equals) {
        config_problem_add(report, "", "%s: this line is not `name = value`. Begin a remark with #.", origin_text);
        return;
    }
    *equals = '\0';
    cut_remark(equals + 1);
    set_by_name(config, config_trimmed(line), equals + 1, IN_FILE, &from, report);
}

void config_read_text(struct config *config, const char *path, const char *text, size_t len,
                      struct config_report *report)
{
    char *copy, *rest, *line;
    char where[300];

    if (memchr(text, '\0', len) || !str_is_utf8(text, len)) {
        config_problem_add(report, "config", "%s is not a text file in UTF-8.", path);
        return;
    }
    copy = rest = mem_new(len + 1);
    memcpy(copy, text, len);
    for (int number = 1; (line = strsep(&rest, "\n")) != NULL; number++) {
        snprintf(where, sizeof where, "%.280s:%d", path, number);
        read_line(config, line, where, report);
    }
    mem_wipe(copy, len);
    mem_free(copy);
}

static void read_file(struct config *config, struct config_report *report)
{
    struct buf text = { .max = CONFIG_FILE_MAX_BYTES };
    struct err e = { 0 };

    if (file_read(config->config, &text, &e) == ERR_OK)
        config_read_text(config, config->config, buf_text(&text), text.len, report);
    else
        config_problem_add(report, "config", "%s. Name a readable file with --config, or leave it out.", e.detail);
    buf_wipe(&text);
}

static void read_environment(struct config *config, char *const *environment, struct config_report *report)
{
    for (; *environment; environment++) {
        const char *equals = strchr(*environment, '=');
        char variable[64], name[64];
        struct config_origin from = { FROM_ENVIRONMENT, variable };

        if (!str_starts(*environment, VARIABLE_PREFIX) || !equals ||
            !str_copy_n(variable, sizeof variable, *environment, (size_t)(equals - *environment)))
            continue;
        str_copy(name, sizeof name, variable + strlen(VARIABLE_PREFIX));
        for (char *p = name; *p; p++)
            *p = *p == '_' ? '-' : *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
        /* Other programs may use the prefix too, so only probable typing errors are refused. */
        if (config_option_find(name) || nearest_option(name, IN_ENVIRONMENT))
            set_by_name(config, name, equals + 1, IN_ENVIRONMENT, &from, report);
    }
}

static void read_flags(struct config *config, const struct config_flag *flags, size_t count,
                       struct config_report *report)
{
    for (size_t i = 0; i < count; i++) {
        char text[64];
        struct config_origin from = { FROM_COMMAND_LINE, text };

        snprintf(text, sizeof text, "--%s", flags[i].name);
        set_by_name(config, flags[i].name, flags[i].value, ON_COMMAND_LINE, &from, report);
    }
}

/* A binary under /usr is installed; one in a build folder is not. */
static bool is_installed(void)
{
    char path[256];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

    if (n <= 0)
        return false;
    path[n] = '\0';
    return str_starts(path, "/usr/");
}

static void set_defaults(struct config *config, struct config_report *report)
{
    struct config_origin from = { FROM_DEFAULT, "default" };

    for (const struct config_option *option = CONFIG_OPTIONS; option->name; option++)
        if (*option->fallback)
            config_set_value(config, option, option->fallback, &from, report);
    if (is_installed()) {
        config_set_value(config, config_option_find("data"), INSTALLED_DATA, &from, report);
        if (file_exists(INSTALLED_CONFIG))
            config_set_value(config, config_option_find("config"), INSTALLED_CONFIG, &from, report);
    }
}

/* The file's path must be known before it is read, although it has the lowest precedence. */
static void find_config_file(struct config *config, const struct config_flag *flags, size_t count,
                             char *const *environment)
{
    const struct config_option *option = config_option_find("config");

    for (; *environment; environment++)
        if (str_starts(*environment, VARIABLE_PREFIX "CONFIG="))
            config_set_text(config, option, *environment + strlen(VARIABLE_PREFIX "CONFIG="));
    for (size_t i = 0; i < count; i++)
        if (strcmp(flags[i].name, "config") == 0)
            config_set_text(config, option, flags[i].value);
}

static void read_secret_lines(struct config *config, char *text, struct config_report *report)
{
    const struct config_option *option = config_option_find("turn-secret");
    char *rest = text, *line;

    while ((line = strsep(&rest, "\n")) != NULL) {
        struct config_origin from = { FROM_FILE, config->turn_secret_file };

        line = config_trimmed(line);
        if (*line && *line != '#')
            config_add_to_list(config, option, line, &from, report);
    }
    config->sources[(option - CONFIG_OPTIONS)] = FROM_FILE;
}

/* A reader of this file can use the relay, so the file is refused when others can read it. A group may read it: systemd's credentials
 * carry an access list that shows as group bits. */
static void read_secret_file(struct config *config, struct config_report *report)
{
    struct buf text = { .max = CONFIG_VALUE_MAX_BYTES };
    struct stat st;
    struct err e = { 0 };

    if (stat(config->turn_secret_file, &st) != 0)
        config_problem_add(report, "turn-secret-file",
                           "cannot read %.200s: %s. Make it: `openssl rand -hex 32 > FILE; chmod 600 FILE`.",
                           config->turn_secret_file, strerror(errno));
    else if (st.st_mode & 0027)
        config_problem_add(report, "turn-secret-file",
                           "%.200s can be read or changed by others (mode %03o). Mend it: `chmod 600 %.100s`.",
                           config->turn_secret_file, (unsigned)st.st_mode & 0777u, config->turn_secret_file);
    else if (file_read(config->turn_secret_file, &text, &e) != ERR_OK)
        config_problem_add(report, "turn-secret-file", "%s.", e.detail);
    else if (text.len > 0)
        read_secret_lines(config, text.data, report);
    else
        config_problem_add(report, "turn-secret-file", "%.200s is empty. Put a secret into it: `openssl rand -hex 32`.",
                           config->turn_secret_file);
    buf_wipe(&text);
}

/* Two options for one thing: the last source wins here, too. */
static void settle_turn_secrets(struct config *config, struct config_report *report)
{
    const struct config_option *file = config_option_find("turn-secret-file"),
                               *secret = config_option_find("turn-secret");
    const struct config_origin from = { FROM_DEFAULT, "default" };
    enum config_source of_file = config_value_source(config, file), of_secret = config_value_source(config, secret);
    bool both = config->turn_secret_file && config->turn_secrets.items[0];

    if (both && of_file == of_secret) {
        config_problem_add(report, "turn-secret-file",
                           "PARLOUR_TURN_SECRET and PARLOUR_TURN_SECRET_FILE are both set. Leave one of them out.");
    } else if (both && of_file < of_secret) {
        config_set_text(config, file, "");
    } else if (config->turn_secret_file) {
        config_set_value(config, secret, "", &from, report);
        read_secret_file(config, report);
    }
}

bool config_is_self_signed(const struct config *config)
{
    return config->tls && strcmp(config->tls, "self-signed") == 0;
}

bool config_has_tls(const struct config *config)
{
    return config->tls_cert || config_is_self_signed(config);
}

/* A first try is meant for the phones of the same network. */
static void default_listen(struct config *config, const char *host)
{
    if (!config_is_self_signed(config) || config_value_source(config, config_option_find("listen")) != FROM_DEFAULT)
        return;
    mem_free(config->listen.items[0]); /* the default is one */
    config->listen.items[0] = mem_copy_text(host[0] == '[' ? "[::]:8443" : "0.0.0.0:8443");
}

static void default_public_url(struct config *config, const char *host)
{
    struct form_address first = { .port =
                                      8080 }; /* links printed by commands need an address even without a listener */
    char url[CONFIG_LAN_SIZE + 32];

    if (config->public_url || (config->listen.items[0] && !form_address(config->listen.items[0], &first)))
        return;
    if (config_is_self_signed(config))
        snprintf(url, sizeof url, "https://%s:%d", first.loopback ? "localhost" : host, first.port);
    else
        snprintf(url, sizeof url, "http://localhost:%d", first.port);
    config->public_url = mem_copy_text(url);
}

static void settle_addresses(struct config *config)
{
    char host[CONFIG_LAN_SIZE] = "localhost";

    if (config_is_self_signed(config))
        (void)!config_lan_address(host);
    default_listen(config, host);
    default_public_url(config, host);
}

void config_load(const struct config_flag *flags, size_t flag_count, char *const *environment, struct config *out,
                 struct config_report *report)
{
    memset(out, 0, sizeof *out);
    set_defaults(out, report);
    find_config_file(out, flags, flag_count, environment);
    if (out->config)
        read_file(out, report);
    read_environment(out, environment, report);
    read_flags(out, flags, flag_count, report);
    settle_turn_secrets(out, report);
    settle_addresses(out);
    if (!out->data) /* every command needs it, not only serve */
        config_problem_add(report, "data",
                           "There is no data folder. Set data = /var/lib/parlour, or leave the option out.");
}
