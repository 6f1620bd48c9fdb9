#include "tls/tls_own.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/check.h"
#include "tls/tls_certificate.h"
#include "util/file.h"

#define NOW_S INT64_C(1800000000)
#define DAY_S (24 * 3600)

static char folder[] = "/tmp/parlour-own-XXXXXX";
static char file[64];

/* The certificate at this time; its fingerprint is static. */
static const char *keep(const char *host, int64_t now_s, bool expected_new)
{
    static struct tls_facts facts;
    struct tls_certificate *c = NULL;
    struct err e = { 0 };
    bool made;

    if (!CHECK_INT(tls_own_keep(file, host, now_s, &made, &e), ERR_OK))
        return "";
    CHECK_INT(made, expected_new);
    if (!CHECK_INT(tls_certificate_read(file, file, now_s, &c, &e), ERR_OK))
        return "";
    CHECK(tls_certificate_names(c, host));
    CHECK(tls_certificate_names(c, "localhost"));
    CHECK(tls_certificate_names(c, "127.0.0.1"));
    CHECK(!tls_certificate_names(c, "other.example"));
    tls_certificate_facts(c, &facts);
    CHECK(!facts.lacks_chain);
    CHECK(facts.until_s - facts.from_s <= 397 * DAY_S); /* phones refuse more */
    CHECK(facts.from_s < now_s);
    tls_certificate_free(c);
    return facts.fingerprint;
}

static void it_is_made_once_and_kept_from_others(void)
{
    char first[TLS_FINGERPRINT_SIZE];
    struct stat st;

    snprintf(first, sizeof first, "%s", keep("192.168.1.5", NOW_S, true));
    CHECK_INT(strlen(first), TLS_FINGERPRINT_SIZE - 1);
    CHECK_STR(keep("192.168.1.5", NOW_S + DAY_S, false), first);
    CHECK(stat(file, &st) == 0 && (st.st_mode & 0777) == 0600);
}

static void it_is_renewed_a_month_before_its_end_and_for_another_address(void)
{
    keep("192.168.1.5", NOW_S + 360 * DAY_S, false);
    keep("192.168.1.5", NOW_S + 370 * DAY_S, true);
    keep("192.168.1.6", NOW_S + 370 * DAY_S, true);
    keep("[fd00::7]", NOW_S + 370 * DAY_S, true);
    keep("desk.lan", NOW_S + 370 * DAY_S, true);
}

static void a_damaged_file_is_replaced(void)
{
    CHECK_INT(file_write(file, "half", 4, 0600, NULL), ERR_OK);
    keep("desk.lan", NOW_S, true);
}

static void a_folder_that_cannot_be_written_to_is_an_error(void)
{
    struct err e = { 0 };
    bool made;

    CHECK(tls_own_keep("/nowhere/at/all.pem", "desk.lan", NOW_S, &made, &e) != ERR_OK);
    CHECK(!made && e.detail[0]);
}

static const struct check_test TESTS[] = {
    TEST(it_is_made_once_and_kept_from_others),
    TEST(it_is_renewed_a_month_before_its_end_and_for_another_address),
    TEST(a_damaged_file_is_replaced),
    TEST(a_folder_that_cannot_be_written_to_is_an_error),
    { 0 },
};

int main(int argc, char **argv)
{
    int failed;

    if (!mkdtemp(folder))
        return 1;
    snprintf(file, sizeof file, "%s/own.pem", folder);
    failed = check_run(TESTS, argc, argv);
    unlink(file);
    rmdir(folder);
    return failed;
}
