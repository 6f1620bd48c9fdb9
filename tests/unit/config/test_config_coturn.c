#include "config/config_coturn.h"

#include <string.h>

#include "tests/support/check.h"

static struct config config;
static struct buf text = { .max = 100000 };

static enum err_code print_with(const struct coturn_host *host, struct err *e)
{
    buf_reset(&text);
    return config_coturn(&config, host, &text, e);
}

static bool has_line(const char *line)
{
    size_t len = strlen(line);

    for (const char *p = buf_text(&text); p; p = strchr(p, '\n') ? strchr(p, '\n') + 1 : NULL)
        if (strncmp(p, line, len) == 0 && (p[len] == '\n' || p[len] == '\0'))
            return true;
    printf("    no line: %s\n", line);
    return false;
}

static void both_secrets_stand_in_the_file_while_rotating(void)
{
    struct coturn_host host = { 0 };

    CHECK_INT(print_with(&host, NULL), ERR_OK);
    CHECK(has_line("static-auth-secret=first-secret-0123456789"));
    CHECK(has_line("static-auth-secret=second-secret-012345678"));
    CHECK(has_line("use-auth-secret"));
    CHECK(has_line("realm=visits.example.org"));
}

static void features_that_are_not_needed_are_off(void)
{
    static const char *const LINES[] = { "no-cli",        "no-tcp-relay",   "no-multicast-peers",
                                         "no-rfc5780",    "fingerprint",    "stale-nonce=600",
                                         "user-quota=12", "max-bps=625000", "no-dtls" };
    struct coturn_host host = { 0 };

    CHECK_INT(print_with(&host, NULL), ERR_OK);
    for (size_t i = 0; i < sizeof LINES / sizeof *LINES; i++)
        CHECK(has_line(LINES[i]));
}

static void every_internal_range_is_denied_and_none_begins_at_zero(void)
{
    static const char *const RANGES[] = {
        "0.0.0.0-0.255.255.255",       "10.0.0.0-10.255.255.255",     "100.64.0.0-100.127.255.255",
        "127.0.0.0-127.255.255.255",   "169.254.0.0-169.254.255.255", "172.16.0.0-172.31.255.255",
        "192.0.0.0-192.0.0.255",       "192.0.2.0-192.0.2.255",       "192.88.99.0-192.88.99.255",
        "192.168.0.0-192.168.255.255", "198.18.0.0-198.19.255.255",   "198.51.100.0-198.51.100.255",
        "203.0.113.0-203.0.113.255",   "240.0.0.0-255.255.255.255",   "::1-ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    };
    struct coturn_host host = { 0 };
    char line[100];

    CHECK_INT(print_with(&host, NULL), ERR_OK);
    for (size_t i = 0; i < sizeof RANGES / sizeof *RANGES; i++) {
        snprintf(line, sizeof line, "denied-peer-ip=%s", RANGES[i]);
        CHECK(has_line(line));
    }
    CHECK(strstr(buf_text(&text), "denied-peer-ip=::-") == NULL);
    CHECK(strstr(buf_text(&text), "\nallowed-peer-ip") == NULL);
}

static void without_a_certificate_it_starts_without_tls(void)
{
    struct coturn_host host = { 0 };

    CHECK_INT(print_with(&host, NULL), ERR_OK);
    CHECK(has_line("no-tls"));
    CHECK(has_line("listening-port=3479"));
    CHECK(strstr(buf_text(&text), "\ncert=") == NULL);
}

static void with_a_certificate_it_offers_tls_on_the_port_of_the_url(void)
{
    struct coturn_host host = { "/etc/c.pem", "/etc/k.pem", "198.51.100.7" };

    CHECK_INT(print_with(&host, NULL), ERR_OK);
    CHECK(has_line("cert=/etc/c.pem"));
    CHECK(has_line("pkey=/etc/k.pem"));
    CHECK(has_line("tls-listening-port=443"));
    CHECK(has_line("no-tlsv1"));
    CHECK(has_line("external-ip=198.51.100.7"));
    CHECK(strstr(buf_text(&text), "\nno-tls\n") == NULL);
}

static void half_a_certificate_or_no_secret_is_refused(void)
{
    struct coturn_host host = { "/etc/c.pem", NULL, NULL }, none = { 0 };
    struct config empty = { 0 };
    struct err e = { 0 };

    CHECK_INT(print_with(&host, &e), ERR_INVALID);
    CHECK_INT(config_coturn(&empty, &none, &text, &e), ERR_INVALID);
    CHECK(strstr(e.detail, "turn-secret-file") != NULL);
}

static void an_external_address_is_numeric(void)
{
    struct coturn_host good = { NULL, NULL, "198.51.100.7/10.0.0.7" }, name = { NULL, NULL, "turn.example.org" },
                       half = { NULL, NULL, "198.51.100.7/" }, lines = { NULL, NULL, "198.51.100.7\nuser=a:b" };

    CHECK_INT(print_with(&good, NULL), ERR_OK);
    CHECK(has_line("external-ip=198.51.100.7/10.0.0.7"));
    CHECK_INT(print_with(&name, NULL), ERR_INVALID);
    CHECK_INT(print_with(&half, NULL), ERR_INVALID);
    CHECK_INT(print_with(&lines, NULL), ERR_INVALID);
}

static const struct check_test TESTS[] = {
    TEST(both_secrets_stand_in_the_file_while_rotating),
    TEST(features_that_are_not_needed_are_off),
    TEST(every_internal_range_is_denied_and_none_begins_at_zero),
    TEST(without_a_certificate_it_starts_without_tls),
    TEST(with_a_certificate_it_offers_tls_on_the_port_of_the_url),
    TEST(half_a_certificate_or_no_secret_is_refused),
    TEST(an_external_address_is_numeric),
    { 0 },
};

int main(int argc, char **argv)
{
    static struct config_report report;
    static const char *const ENVIRONMENT[] = { "PARLOUR_TURN_SECRET=first-secret-0123456789,second-secret-012345678",
                                               "PARLOUR_PUBLIC_URL=https://visits.example.org",
                                               "PARLOUR_TURN_URL=turn:t:3479,turns:t:443?transport=tcp", NULL };
    int failed;

    config_load(NULL, 0, (char *const *)ENVIRONMENT, &config, &report);
    failed = report.count > 0 || check_run(TESTS, argc, argv);
    config_clear(&config);
    buf_clear(&text);
    return failed;
}
