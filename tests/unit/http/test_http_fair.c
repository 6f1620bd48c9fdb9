/* The line of requests that hash: the one with the fewest recent failures is next, whatever addresses the others come from. */
#include "http/http_fair.h"

#include <stdio.h>

#include "http/http_exchange.h"
#include "tests/support/check.h"
#include "util/str.h"

#define MINUTE_MS 60000

static struct http_exchange items[400];

static struct http_exchange *from(size_t i, const char *address)
{
    str_copy(items[i].request.address, sizeof items[i].request.address, address);
    return &items[i];
}

static struct http_exchange *number(size_t i)
{
    char address[32];

    snprintf(address, sizeof address, "192.0.%zu.%zu", i / 200, 1 + i % 200);
    return from(i, address);
}

static void run_one(struct http_fair *f, bool failed, int64_t now_ms)
{
    struct http_exchange *x = http_fair_take(f, now_ms);

    if (CHECK(x != NULL))
        http_fair_done(f, x->site, failed, now_ms);
}

static void empty(struct http_fair *f)
{
    while (http_fair_waiting(f) > 0)
        run_one(f, false, 0);
    http_fair_free(f);
}

static void requests_with_equal_failures_go_in_their_order(void)
{
    struct http_fair *f = http_fair_new(10, 100);

    CHECK(http_fair_take(f, 0) == NULL);
    for (size_t i = 0; i < 3; i++)
        CHECK(http_fair_add(f, number(i), 0) == NULL);
    for (size_t i = 0; i < 3; i++) {
        struct http_exchange *x = http_fair_take(f, 0);

        CHECK(x == &items[i]);
        http_fair_done(f, x->site, false, 0);
    }
    http_fair_free(f);
    http_fair_free(NULL);
}

static void the_hundred_and_first_address_is_next_after_a_flood_from_a_hundred(void)
{
    struct http_fair *f = http_fair_new(300, 1000);
    struct http_exchange *x;

    for (size_t i = 0; i < 100; i++)
        http_fair_add(f, number(i), 0);
    for (size_t i = 0; i < 100; i++)
        run_one(f, true, 0);
    for (size_t i = 0; i < 100; i++)
        http_fair_add(f, number(i), 0);
    http_fair_add(f, from(300, "198.51.100.7"), 0);
    x = http_fair_take(f, 0);
    CHECK(x == &items[300]);
    http_fair_done(f, x->site, false, 0);
    empty(f);
}

static void many_from_one_address_wait_behind_one_from_another(void)
{
    struct http_fair *f = http_fair_new(300, 1000);
    struct http_exchange *first, *second;

    for (size_t i = 0; i < 40; i++)
        http_fair_add(f, from(i, "192.0.2.1"), 0);
    first = http_fair_take(f, 0);
    http_fair_add(f, from(40, "198.51.100.7"), 0);
    second = http_fair_take(f, 0);
    CHECK(first == &items[0] && second == &items[40]);
    http_fair_done(f, first->site, false, 0);
    http_fair_done(f, second->site, false, 0);
    empty(f);
}

static void the_networks_of_one_ipv6_site_are_counted_together(void)
{
    struct http_fair *f = http_fair_new(300, 1000);
    char address[64];

    for (size_t i = 0; i < 20; i++) {
        snprintf(address, sizeof address, "2001:db8:1:%zx::1", i);
        http_fair_add(f, from(i, address), 0);
        run_one(f, true, 0);
    }
    http_fair_add(f, from(20, "2001:db8:1:ffff::1"), 0);
    http_fair_add(f, from(21, "2001:db8:2::1"), 0);
    CHECK(http_fair_take(f, 0) == &items[21]);
    http_fair_done(f, items[21].site, false, 0);
    empty(f);
}

static void failures_weigh_half_after_a_minute_and_are_forgotten(void)
{
    struct http_fair *f = http_fair_new(300, 1000);

    for (int i = 0; i < 3; i++) {
        http_fair_add(f, number(0), 0);
        run_one(f, true, 0);
    }
    for (int i = 0; i < 2; i++) {
        http_fair_add(f, number(1), 0);
        run_one(f, true, MINUTE_MS);
    }
    http_fair_add(f, number(1), MINUTE_MS);
    http_fair_add(f, number(0), MINUTE_MS);
    CHECK(http_fair_take(f, MINUTE_MS) == &items[0]);
    http_fair_done(f, items[0].site, false, MINUTE_MS);
    http_fair_add(f, number(2), 10 * MINUTE_MS);
    CHECK(http_fair_take(f, 10 * MINUTE_MS) == &items[1]); /* in their order again */
    http_fair_done(f, items[1].site, false, 10 * MINUTE_MS);
    empty(f);
}

static void in_a_full_line_the_last_of_the_worst_site_gives_way(void)
{
    struct http_fair *f = http_fair_new(3, 1000);

    http_fair_add(f, from(0, "192.0.2.1"), 0);
    http_fair_add(f, from(1, "192.0.2.1"), 0);
    http_fair_add(f, from(2, "192.0.2.2"), 0);
    CHECK(http_fair_add(f, from(3, "192.0.2.3"), 0) == &items[1]);
    CHECK(http_fair_add(f, from(4, "192.0.2.3"), 0) == &items[4]); /* nobody ranks below a second one */
    CHECK_INT((int)http_fair_waiting(f), 3);
    empty(f);
}

static void a_device_that_we_know_comes_before_strangers_and_pays_for_its_own_failures(void)
{
    struct http_fair *f = http_fair_new(3, 1000);
    struct http_exchange *mine;

    for (size_t i = 0; i < 3; i++)
        http_fair_add(f, number(i), 0);
    mine = from(3, "192.0.0.1"); /* at an address of the attacker's */
    mine->known_as = "mine";
    CHECK(http_fair_add(f, mine, 0) == &items[2]);
    CHECK(http_fair_take(f, 0) == mine);
    http_fair_done(f, mine->site, true, 0);
    http_fair_add(f, mine, 0);
    CHECK(http_fair_take(f, 0) == &items[0]);
    http_fair_done(f, items[0].site, false, 0);
    mine->known_as = NULL;
    empty(f);
}

static void a_limited_number_of_sites_is_remembered_and_those_at_work_stay(void)
{
    struct http_fair *f = http_fair_new(400, 5);
    struct http_exchange *at_work;

    http_fair_add(f, from(399, "203.0.113.9"), 0);
    at_work = http_fair_take(f, 0);
    for (size_t i = 0; i < 300; i++) {
        http_fair_add(f, number(i), 0);
        run_one(f, true, 0);
    }
    http_fair_done(f, at_work->site, true, 0);
    http_fair_free(f);
}

static const struct check_test TESTS[] = {
    TEST(requests_with_equal_failures_go_in_their_order),
    TEST(the_hundred_and_first_address_is_next_after_a_flood_from_a_hundred),
    TEST(many_from_one_address_wait_behind_one_from_another),
    TEST(the_networks_of_one_ipv6_site_are_counted_together),
    TEST(failures_weigh_half_after_a_minute_and_are_forgotten),
    TEST(in_a_full_line_the_last_of_the_worst_site_gives_way),
    TEST(a_device_that_we_know_comes_before_strangers_and_pays_for_its_own_failures),
    TEST(a_limited_number_of_sites_is_remembered_and_those_at_work_stay),
    { 0 },
};
CHECK_MAIN(TESTS)
