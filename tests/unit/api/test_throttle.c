#include "api/throttle.h"

#include <stdio.h>

#include "domain/crypto.h"
#include "tests/support/check.h"

#define MINUTE_MS 60000

static struct throttle_who at(const char *account)
{
    return (struct throttle_who){ .account = account, .from = "192.0.2.1" };
}

static bool fail(struct throttle *t, struct throttle_who who, int64_t now_ms)
{
    return throttle_failed(t, &who, now_ms);
}

static int wait_there(struct throttle *t, struct throttle_who who, int64_t now_ms)
{
    struct err e = { 0 };
    enum err_code rc = throttle_check(t, &who, now_ms, &e);

    CHECK(rc == ERR_OK || strcmp(e.code, "too_many_attempts") == 0);
    return rc == ERR_OK ? 0 : e.retry_after_s;
}

static int wait_of(struct throttle *t, const char *account, int64_t now_ms)
{
    return wait_there(t, at(account), now_ms);
}

static void nine_failures_cost_nothing_and_the_tenth_a_second(void)
{
    struct throttle *t = throttle_new(10);

    for (int i = 0; i < 9; i++) {
        CHECK(!fail(t, at("a@b.c"), 1000));
        CHECK_INT(wait_of(t, "a@b.c", 1000), 0);
    }
    CHECK(fail(t, at("a@b.c"), 1000));
    CHECK_INT(wait_of(t, "a@b.c", 1000), 1);
    CHECK_INT(wait_of(t, "a@b.c", 1999), 1);
    CHECK_INT(wait_of(t, "a@b.c", 2000), 0);
    CHECK_INT(wait_of(t, "other@b.c", 1000), 0);
    throttle_free(t);
}

static void the_wait_doubles_up_to_thirty_seconds_and_never_locks(void)
{
    static const int WAITS[] = { 1, 2, 4, 8, 16, 30, 30, 30 };
    struct throttle *t = throttle_new(10);
    int64_t now = 5000;

    for (int i = 0; i < 9; i++)
        fail(t, at("a"), now);
    for (size_t i = 0; i < sizeof WAITS / sizeof WAITS[0]; i++) {
        CHECK(fail(t, at("a"), now) == (i == 0)); /* it begins once */
        CHECK_INT(wait_of(t, "a", now), WAITS[i]);
        now += WAITS[i] * 1000;
        CHECK_INT(wait_of(t, "a", now), 0);
    }
    throttle_free(t);
}

static void success_or_a_quarter_of_an_hour_forgets_failures(void)
{
    struct throttle *t = throttle_new(10);

    for (int i = 0; i < 10; i++)
        fail(t, at("a"), 0);
    throttle_passed(t, &(struct throttle_who){ .account = "a", .from = "192.0.2.1" });
    fail(t, at("a"), 1);
    CHECK_INT(wait_of(t, "a", 1), 0);
    for (int i = 0; i < 9; i++)
        fail(t, at("a"), 2);
    CHECK(wait_of(t, "a", 2) > 0);
    fail(t, at("a"), 2 + 16 * MINUTE_MS);
    CHECK_INT(wait_of(t, "a", 2 + 16 * MINUTE_MS), 0);
    throttle_free(t);
}

static struct throttle_who from(const char *place)
{
    return (struct throttle_who){ .account = "owner@example.org", .from = place };
}

static void guesses_from_elsewhere_do_not_make_the_owner_wait(void)
{
    struct throttle *t = throttle_new(100);
    struct throttle_who device = from("device");

    device.own_device = true;
    for (int i = 0; i < 200; i++)
        fail(t, from("attacker"), 1000);
    CHECK(wait_there(t, from("attacker"), 1000) > 0);
    CHECK_INT(wait_there(t, from("home"), 1000), 0);
    CHECK_INT(wait_there(t, device, 1000), 0);
    for (int i = 0; i < 9; i++)
        CHECK(!fail(t, device, 1000)); /* mistakes of others add no wait here */
    CHECK_INT(wait_there(t, device, 1000), 0);
    CHECK(fail(t, device, 1000));
    CHECK_INT(wait_there(t, device, 1000), 1);
    throttle_free(t);
}

static void an_account_guessed_at_from_many_addresses_gives_each_three_tries(void)
{
    struct throttle *t = throttle_new(100);
    struct throttle_who device = from("device");
    char place[16];

    device.own_device = true;
    for (int i = 0; i < 40; i++)
        fail(t, device, 1000); /* does not count for the others */
    CHECK(!fail(t, from("home"), 1000) && !fail(t, from("home"), 1000) && !fail(t, from("home"), 1000));
    CHECK_INT(wait_there(t, from("home"), 1000), 0);
    for (int i = 0; i < 30; i++) {
        snprintf(place, sizeof place, "p%d", i);
        fail(t, from(place), 1000);
    }
    CHECK(!fail(t, from("new"), 1000) && !fail(t, from("new"), 1000));
    CHECK_INT(wait_there(t, from("new"), 1000), 0);
    CHECK(fail(t, from("new"), 1000) && !fail(t, from("new"), 1000));
    CHECK_INT(wait_there(t, from("new"), 1000), 2);
    CHECK_INT(wait_there(t, from("new"), 3000), 0);
    throttle_free(t);
}

static void a_limited_number_of_accounts_is_remembered(void)
{
    struct throttle *t = throttle_new(3);
    char name[16];

    for (int i = 0; i < 10; i++)
        fail(t, at("first"), 0);
    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "n%d", i);
        fail(t, at(name), 0);
    }
    CHECK_INT(wait_of(t, "first", 0), 0);
    throttle_free(t);
    throttle_free(NULL);
}

static const struct check_test TESTS[] = {
    TEST(nine_failures_cost_nothing_and_the_tenth_a_second),
    TEST(the_wait_doubles_up_to_thirty_seconds_and_never_locks),
    TEST(success_or_a_quarter_of_an_hour_forgets_failures),
    TEST(guesses_from_elsewhere_do_not_make_the_owner_wait),
    TEST(an_account_guessed_at_from_many_addresses_gives_each_three_tries),
    TEST(a_limited_number_of_accounts_is_remembered),
    { 0 },
};

int main(int argc, char **argv)
{
    return crypto_start(NULL) == ERR_OK ? check_run(TESTS, argc, argv) : 1;
}
