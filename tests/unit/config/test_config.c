#include "config/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/check.h"
#include "util/file.h"

static char folder[] = "/tmp/parlour-config-XXXXXX";
static struct config_report report;

static const char *write_file(const char *name, const char *text, unsigned mode)
{
    static char path[200];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    CHECK_INT(file_write(path, text, strlen(text), mode, NULL), ERR_OK);
    return path;
}

static void load(struct config *c, const struct config_flag *flags, size_t count, const char *const *environment)
{
    static const char *const NOTHING[] = { NULL };

    report.count = 0;
    config_load(flags, count, (char *const *)(environment ? environment : NOTHING), c, &report);
}

/* Whether a complaint about this option contains all of `words`. */
static bool complains(const char *words)
{
    for (size_t i = 0; i < report.count; i++)
        if (strstr(report.items[i].text, words))
            return true;
    printf("    no complaint holds \"%s\"; there are %zu:\n", words, report.count);
    for (size_t i = 0; i < report.count; i++)
        printf("    %s\n", report.items[i].text);
    return false;
}

static void without_anything_the_defaults_hold(void)
{
    struct config c;

    load(&c, NULL, 0, NULL);
    CHECK_INT(report.count, 0);
    CHECK_STR(c.listen.items[0], "127.0.0.1:8080");
    CHECK(c.listen.items[1] == NULL);
    CHECK_STR(c.data, "data");
    CHECK_STR(c.public_url, "http://localhost:8080");
    CHECK_INT(c.signal_threads, 1);
    CHECK_INT(c.signal_rate, 50);
    CHECK_STR(c.log_format, "text");
    CHECK(c.turn_urls.items[0] == NULL && c.turn_secret_file == NULL);
    config_check(&c, &report);
    CHECK_INT(report.count, 0);
    config_clear(&c);
}

static void the_last_source_wins(void)
{
    const char *file = write_file("a.conf",
                                  "log-level = debug  # remark\nweb-dir = /a#b\nsignal_threads=2\n  # remark\n\nlisten "
                                  "= 127.0.0.1:1\nlisten=127.0.0.1:2\n"
                                  "drain-s = 1\r\n",
                                  0600);
    const char *const environment[] = { "PARLOUR_SIGNAL_THREADS=3", "PARLOUR_DRAIN_S=2", "HOME=/", NULL };
    const struct config_flag flags[] = { { "config", file }, { "drain-s", "3" } };
    struct config c;

    load(&c, flags, 2, environment);
    CHECK_INT(report.count, 0);
    CHECK_STR(c.log_level, "debug");
    CHECK_STR(c.web_dir, "/a#b");
    CHECK_INT(c.signal_threads, 3);
    CHECK_INT(c.drain_s, 3);
    CHECK_STR(c.listen.items[1], "127.0.0.1:2");
    CHECK_STR(c.public_url, "http://localhost:1");
    CHECK_INT(config_value_source(&c, config_option_find("log-level")), FROM_FILE);
    CHECK_INT(config_value_source(&c, config_option_find("drain-s")), FROM_COMMAND_LINE);
    CHECK_INT(config_value_source(&c, config_option_find("workers")), FROM_DEFAULT);
    config_clear(&c);
}

static void a_list_of_a_later_source_replaces_the_earlier_one(void)
{
    const char *const environment[] = { "PARLOUR_TURN_URL=turn:a, turn:b:1?transport=tcp ,", NULL };
    const struct config_flag flags[] = { { "turn-url", "turn:c" }, { "turn-url", "turn:d,turn:e" } };
    struct config c;

    load(&c, flags, 0, environment);
    CHECK_STR(c.turn_urls.items[1], "turn:b:1?transport=tcp");
    CHECK(c.turn_urls.items[2] == NULL);
    config_clear(&c);
    load(&c, flags, 2, environment);
    CHECK_STR(c.turn_urls.items[0], "turn:c");
    CHECK_STR(c.turn_urls.items[2], "turn:e");
    CHECK(c.turn_urls.items[3] == NULL);
    config_clear(&c);
}

static void an_empty_value_unsets(void)
{
    const char *const environment[] = { "PARLOUR_TURN_URL=", "PARLOUR_WEB_DIR=", NULL };
    const char *file = write_file("b.conf", "turn-url = turn:a\nweb-dir = /tmp\n", 0600);
    const struct config_flag flags[] = { { "config", file } };
    struct config c;

    load(&c, flags, 1, environment);
    CHECK_INT(report.count, 0);
    CHECK(c.turn_urls.items[0] == NULL && c.web_dir == NULL);
    config_clear(&c);
}

static void options_that_every_command_needs_cannot_be_unset(void)
{
    const char *const environment[] = { "PARLOUR_DATA=", "PARLOUR_LISTEN=", NULL };
    struct config c;

    load(&c, NULL, 0, environment);
    CHECK(complains("no data folder"));
    CHECK_STR(c.public_url, "http://localhost:8080");
    config_check(&c, &report);
    CHECK(complains("no address to listen on"));
    config_clear(&c);
}

static void all_errors_come_at_once_with_place_and_remedy(void)
{
    const char *file = write_file("c.conf",
                                  "signal-threads = many\nlissten = 127.0.0.1:1\nnonsense\nlog-level = loud\n"
                                  "turn-secret = a-long-enough-secret\nworkers = 65\n",
                                  0600);
    const char *const environment[] = { "PARLOUR_SIGNAL_THREDS=2", "PARLOUR_BIN=/bin/true",
                                        "PARLOUR_LISTEN=localhost:80", NULL };
    const struct config_flag flags[] = { { "config", file },
                                         { "public-url", "visits.example.org" },
                                         { "no-such-thing", "1" } };
    struct config c;

    load(&c, flags, 3, environment);
    CHECK(complains("c.conf:1: \"many\" does not fit signal-threads. Write a whole number from 1 to 16"));
    CHECK(complains("c.conf:2: there is no option \"lissten\". Did you mean \"listen\"?"));
    CHECK(complains("c.conf:3: this line is not `name = value`"));
    CHECK(complains("Write one of error|warn|info|debug"));
    CHECK(complains("Set it in the environment, as PARLOUR_TURN_SECRET"));
    CHECK(complains("c.conf:6"));
    CHECK(complains("PARLOUR_SIGNAL_THREDS"));
    CHECK(complains("PARLOUR_LISTEN: \"localhost:80\" is not a valid listen"));
    CHECK(complains("--public-url: \"visits.example.org\" is not a valid public-url"));
    CHECK(complains("--no-such-thing"));
    CHECK_INT(report.count, 10); /* PARLOUR_BIN is not an option of ours */
    config_clear(&c);
}

static void numbers_keep_their_limits(void)
{
    static const char *const WRONG[] = { "0", "17", "-1", "+1", "1.5", "0x1", "", "99999999999999999999" };
    struct config c;

    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        const struct config_flag flag = { "signal-threads", WRONG[i] };

        load(&c, &flag, 1, NULL);
        CHECK_INT(report.count, 1);
        CHECK_INT(c.signal_threads, 1);
        config_clear(&c);
    }
}

static void a_choice_is_one_word(void)
{
    static const char *const WRONG[] = { "", "tex", "texts", "text|json", "TEXT" };
    struct config c;

    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        const struct config_flag flag = { "log-format", WRONG[i] };

        load(&c, &flag, 1, NULL);
        CHECK_INT(report.count, 1);
        CHECK_STR(c.log_format, "text");
        config_clear(&c);
    }
}

static void too_many_values_are_refused(void)
{
    struct config_flag flags[CONFIG_LIST_MAX + 1];
    struct config c;

    for (size_t i = 0; i <= CONFIG_LIST_MAX; i++)
        flags[i] = (struct config_flag){ "trusted-proxy", "10.0.0.1" };
    load(&c, flags, CONFIG_LIST_MAX, NULL);
    CHECK_INT(report.count, 0);
    config_clear(&c);
    load(&c, flags, CONFIG_LIST_MAX + 1, NULL);
    CHECK_INT(report.count, 1);
    config_clear(&c);
}

static void secrets_come_from_a_file_that_others_cannot_read(void)
{
    const char *file =
        write_file("secret", "# two, while rotating\nfirst-secret-0123456789\n\nsecond-secret-0123456789\n", 0600);
    const struct config_flag flags[] = { { "turn-secret-file", file } };
    struct config c;

    load(&c, flags, 1, NULL);
    CHECK_INT(report.count, 0);
    CHECK_STR(c.turn_secrets.items[0], "first-secret-0123456789");
    CHECK_STR(c.turn_secrets.items[1], "second-secret-0123456789");
    config_clear(&c);
    chmod(file, 0644);
    load(&c, flags, 1, NULL);
    CHECK(complains("chmod 600"));
    CHECK(c.turn_secrets.items[0] == NULL);
    config_clear(&c);
    unlink(file);
    load(&c, flags, 1, NULL);
    CHECK(complains("openssl rand"));
    config_clear(&c);
}

static void between_secrets_and_a_file_of_secrets_the_last_source_wins(void)
{
    char secrets[200], line[300], variable[300];
    const struct config_flag secret_file = { "turn-secret-file", secrets };
    const char *const environment[] = { "PARLOUR_TURN_SECRET=from-the-environment-1", NULL };
    const char *const both[] = { environment[0], variable, NULL };
    const char *file;
    struct config c;

    strcpy(secrets, write_file("secret", "of-the-secret-file-1\n", 0600));
    load(&c, &secret_file, 1, environment);
    CHECK_INT(report.count, 0);
    CHECK_STR(c.turn_secrets.items[0], "of-the-secret-file-1");
    CHECK(c.turn_secrets.items[1] == NULL);
    config_clear(&c);

    snprintf(line, sizeof line, "turn-secret-file = %s\n", secrets);
    file = write_file("f.conf", line, 0600);
    load(&c, &(struct config_flag){ "config", file }, 1, environment);
    CHECK_INT(report.count, 0);
    CHECK_STR(c.turn_secrets.items[0], "from-the-environment-1");
    CHECK(c.turn_secrets.items[1] == NULL && c.turn_secret_file == NULL);
    config_clear(&c);

    snprintf(variable, sizeof variable, "PARLOUR_TURN_SECRET_FILE=%s", secrets);
    load(&c, NULL, 0, both); /* neither is the last */
    CHECK(complains("both set"));
    config_clear(&c);
    load(&c, &secret_file, 1, both);
    CHECK_INT(report.count, 0);
    CHECK_STR(c.turn_secrets.items[0], "of-the-secret-file-1");
    config_clear(&c);
}

static void a_weak_secret_is_refused_and_never_repeated(void)
{
    const char *const environment[] = { "PARLOUR_TURN_SECRET=short,with blank inside it,a\"quote-inside-the-secret",
                                        NULL };
    struct buf shown = { .max = 1000 };
    struct config c;

    load(&c, NULL, 0, environment);
    CHECK_INT(report.count, 3);
    for (size_t i = 0; i < report.count; i++)
        CHECK(!strstr(report.items[i].text, "short") && !strstr(report.items[i].text, "inside"));
    config_clear(&c);

    const char *const good[] = { "PARLOUR_TURN_SECRET=0123456789abcdef,fedcba9876543210", NULL };
    load(&c, NULL, 0, good);
    config_value_text(&c, config_option_find("turn-secret"), &shown);
    CHECK_STR(buf_text(&shown), "(set),(set)");
    buf_clear(&shown);
    config_clear(&c);
}

static void check_with(const struct config_flag *flags, size_t count, const char *words)
{
    struct config c;

    load(&c, flags, count, NULL);
    CHECK_INT(report.count, 0);
    config_check(&c, &report);
    if (words)
        CHECK(complains(words));
    else
        CHECK_INT(report.count, 0);
    config_clear(&c);
}

static void a_certificate_needs_its_key_and_an_https_address(void)
{
    const struct config_flag whole[] = { { "tls-cert", "c.pem" },
                                         { "tls-key", "k.pem" },
                                         { "public-url", "https://visits.example.org" },
                                         { "redirect-listen", "0.0.0.0:80" } };
    const struct config_flag redirect[] = { { "redirect-listen", "127.0.0.1:80" } };

    check_with(whole, 4, NULL);
    check_with(whole, 1, "not its key");
    check_with(whole + 1, 1, "not its certificate");
    check_with(whole, 2, "begins with https");
    check_with(redirect, 1, "without TLS");
}

static void listening_beyond_loopback_needs_https(void)
{
    const struct config_flag open[] = { { "listen", "127.0.0.1:1" },
                                        { "listen", "0.0.0.0:80" },
                                        { "public-url", "http://localhost:80" } };
    const struct config_flag secure[] = { { "listen", "0.0.0.0:80" }, { "public-url", "https://visits.example.org" } };
    const struct config_flag plain[] = { { "public-url", "http://visits.example.org" } };

    check_with(open, 3, "0.0.0.0:80 can be reached from other machines");
    CHECK(complains("proxy with a certificate"));
    CHECK(!strstr(report.items[0].text, "--tls"));
    check_with(&(struct config_flag){ "listen", "0.0.0.0:0" }, 1, "https");
    check_with(secure, 2, NULL);
    check_with(plain, 1, "browsers give no camera");
}

static void turn_servers_need_a_secret(void)
{
    const struct config_flag flags[] = { { "turn-url", "turn:turn.example.org" } };

    check_with(flags, 1, "openssl rand -hex 32");
}

static void metrics_stay_on_the_machine(void)
{
    const struct config_flag flags[] = { { "metrics-listen", "10.0.0.1:9100" } };
    const struct config_flag good[] = { { "metrics-listen", "127.0.0.1:0" } };

    check_with(flags, 1, "loopback");
    check_with(good, 1, NULL);
}

static void a_file_that_is_not_text_is_refused(void)
{
    struct config c;

    load(&c, NULL, 0, NULL);
    config_read_text(&c, "x", "a\0b", 3, &report);
    config_read_text(&c, "x", "\xff\xfe", 2, &report);
    CHECK_INT(report.count, 2);
    config_read_text(&c, "x", "", 0, &report);
    CHECK_INT(report.count, 2);
    config_clear(&c);
}

static void the_sample_holds_each_option_and_is_valid_when_uncommented(void)
{
    struct buf sample = { .max = 100000 }, lines = { .max = 100000 };
    struct config c;

    config_sample(&sample);
    for (const struct config_option *o = CONFIG_OPTIONS; o->name; o++) {
        char line[80];

        snprintf(line, sizeof line, "\n#%s = ", o->name);
        CHECK(!!strstr(buf_text(&sample), line) == !!(o->where & IN_FILE));
        if ((o->where & IN_FILE) && *o->fallback)
            buf_printf(&lines, "%s = %s\n", o->name, o->fallback);
    }
    load(&c, NULL, 0, NULL);
    config_read_text(&c, "sample", buf_text(&sample), sample.len, &report);
    config_read_text(&c, "lines", buf_text(&lines), lines.len, &report);
    CHECK_INT(report.count, 0);
    config_clear(&c);
    buf_clear(&sample);
    buf_clear(&lines);
}

static void the_table_is_complete(void)
{
    char variable[64];

    for (const struct config_option *o = CONFIG_OPTIONS; o->name; o++) {
        CHECK(o->help && o->fallback && o->value && o->where);
        CHECK(o->type != OPTION_INT || (o->max > o->min && o->unit));
        CHECK(o->type != OPTION_CHOICE || o->choices);
        CHECK(!o->valid || o->remedy);
        CHECK(!o->secret || !(o->where & ON_COMMAND_LINE));
        CHECK(config_option_find(o->name) == o);
    }
    config_option_variable(config_option_find("turn_url"), variable);
    CHECK_STR(variable, "PARLOUR_TURN_URL");
}

static const struct check_test TESTS[] = {
    TEST(without_anything_the_defaults_hold),
    TEST(the_last_source_wins),
    TEST(a_list_of_a_later_source_replaces_the_earlier_one),
    TEST(an_empty_value_unsets),
    TEST(options_that_every_command_needs_cannot_be_unset),
    TEST(all_errors_come_at_once_with_place_and_remedy),
    TEST(numbers_keep_their_limits),
    TEST(a_choice_is_one_word),
    TEST(too_many_values_are_refused),
    TEST(secrets_come_from_a_file_that_others_cannot_read),
    TEST(between_secrets_and_a_file_of_secrets_the_last_source_wins),
    TEST(a_weak_secret_is_refused_and_never_repeated),
    TEST(a_certificate_needs_its_key_and_an_https_address),
    TEST(listening_beyond_loopback_needs_https),
    TEST(turn_servers_need_a_secret),
    TEST(metrics_stay_on_the_machine),
    TEST(a_file_that_is_not_text_is_refused),
    TEST(the_sample_holds_each_option_and_is_valid_when_uncommented),
    TEST(the_table_is_complete),
    { 0 },
};

int main(int argc, char **argv)
{
    char command[100];
    int failed;

    if (!mkdtemp(folder))
        return 1;
    failed = check_run(TESTS, argc, argv);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) != 0 || failed;
}
