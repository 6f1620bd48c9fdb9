#include "tests/unit/signaling/house.h"

static void a_guest_waits_is_admitted_and_signals(void)
{
    struct house h;
    struct client *host, *guest;
    json_t *m;

    house_open(&h, 1);
    host = host_in(&h, "r1");
    guest = guest_at(&h, "r1", "gina");
    json_decref(client_expect(host, "participant"));
    client_decide(host, "admit", "gina");
    m = client_expect(guest, "state");
    CHECK_STR(member(m, "state"), "inside");
    CHECK_INT(json_array_size(json_object_get(m, "participants")), 1);
    CHECK_INT(json_array_size(json_object_get(m, "ice_servers")), 1);
    json_decref(m);
    m = client_expect(host, "participant");
    CHECK_STR(member(m, "event"), "admitted");
    json_decref(m);
    client_say(guest, "{\"type\":\"signal\",\"to\":\"host\",\"data\":{\"pc\" : \"main\", \"x\":[1.50]}}");
    m = client_expect(host, "signal");
    CHECK_STR(member(m, "from"), "gina");
    json_decref(m);
    client_free(host);
    client_free(guest);
    house_close(&h);
}

static const struct check_test TESTS[] = {
    TEST(a_guest_waits_is_admitted_and_signals),
    { 0 },
};
CHECK_MAIN(TESTS)
