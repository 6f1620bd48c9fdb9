/* How often changes of one person are announced to others. */
#include "live/coalesce.h"

#include "tests/unit/live/house.h"

static const char *quality(const json_t *m)
{
    return member(json_object_get(json_object_get(m, "participant"), "status"), "quality");
}

static void a_status_that_flaps_is_announced_at_once_and_then_in_its_last_value(void)
{
    struct house h;
    struct visitor *host, *guest;
    int64_t from_ms;
    json_t *m;

    house_open(&h, 1);
    host = host_in(&h, "r1");
    guest = guest_at(&h, "r1", "gina");
    json_decref(visitor_expect(host, "participant"));
    from_ms = clock_mono_ms();
    for (int i = 1; i <= 40; i++) {
        char text[60];

        snprintf(text, sizeof text, "{\"type\":\"status\",\"quality\":\"q%d\"}", i);
        visitor_say(guest, text);
    }
    m = visitor_expect(host, "participant");
    CHECK_STR(quality(m), "q1");
    json_decref(m);
    m = visitor_expect(host, "participant");
    CHECK_STR(quality(m), "q40");
    CHECK_STR(member(m, "event"), "changed");
    CHECK(clock_mono_ms() - from_ms >= COALESCE_WAITING_MS);
    json_decref(m);
    visitor_free(host);
    visitor_free(guest);
    house_close(&h);
}

/* Pending news goes with the seat, and an admission announces everything. */
static void pending_news_comes_with_an_admission_and_goes_with_the_seat(void)
{
    struct house h;
    struct visitor *host, *guest;
    char last[20] = "";
    json_t *m;

    house_open(&h, 1);
    host = host_in(&h, "r1");
    guest = guest_at(&h, "r1", "gina");
    visitor_say(guest, "{\"type\":\"status\",\"quality\":\"q1\"}");
    visitor_say(guest, "{\"type\":\"status\",\"quality\":\"q2\"}");
    visitor_say(guest, "{\"type\":\"chat\",\"text\":\"hello\"}");
    json_decref(visitor_expect(host, "chat"));
    visitor_decide(host, "admit", "gina");
    m = visitor_expect(host, "participant");
    CHECK_STR(member(m, "event"), "admitted");
    CHECK_STR(quality(m), "q2");
    json_decref(m);
    visitor_say(guest, "{\"type\":\"status\",\"quality\":\"q3\"}");
    visitor_say(guest, "{\"type\":\"status\",\"quality\":\"q4\"}");
    visitor_say(guest, "{\"type\":\"leave\"}");
    while ((m = visitor_next(host, 1500))) {
        CHECK(strcmp(quality(m), "q1") != 0 && strcmp(member(m, "event"), "waiting") != 0);
        snprintf(last, sizeof last, "%s", member(m, "event"));
        json_decref(m);
    }
    CHECK_STR(last, "left");
    visitor_free(host);
    visitor_free(guest);
    house_close(&h);
}

static const struct check_test TESTS[] = {
    TEST(a_status_that_flaps_is_announced_at_once_and_then_in_its_last_value),
    TEST(pending_news_comes_with_an_admission_and_goes_with_the_seat),
    { 0 },
};
CHECK_MAIN(TESTS)
