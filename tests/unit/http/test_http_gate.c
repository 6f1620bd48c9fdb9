/* The gate's verdicts on a head beyond those of its parts, each of which has tests of its own. */
#include <stdatomic.h>

#include "http/http_gate.h"
#include "tests/support/check.h"

static atomic_bool ready = true;
static struct http_core core;
static const struct http_gate GATE = {
    .core = &core,
    .files = (struct http_files *)&core, /* any address: an upgrade does not look at the files */
    .ready = &ready,
};

/* The address to which an upgrade from `peer` is counted; "" when it is refused. */
static const char *counted_for(const char *peer)
{
    static struct http_decision d;
    struct http_head head = {
        .method = "GET", .method_len = 3, .target = "/ws/abcd2345", .target_len = 12, .version = "HTTP/1.1"
    };
    static const char *const LINES[][2] = { { "Host", "visits.example.org" },
                                            { "Upgrade", "websocket" },
                                            { "Connection", "Upgrade" },
                                            { "Sec-WebSocket-Version", "13" },
                                            { "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==" },
                                            { "Sec-WebSocket-Protocol", "parlour.v1" } };

    for (size_t i = 0; i < sizeof LINES / sizeof LINES[0]; i++)
        http_head_add(&head, LINES[i][0], strlen(LINES[i][0]), LINES[i][1], strlen(LINES[i][1]));
    http_gate_decide(&GATE, &head, peer, &d);
    return CHECK_INT(d.kind, DECIDE_UPGRADE) ? d.address : "";
}

/* Otherwise one client with a /64 could hold every place for sockets that have not joined. */
static void sockets_of_one_v6_network_count_together(void)
{
    CHECK_STR(counted_for("192.0.2.7"), "192.0.2.7");
    CHECK_STR(counted_for("2001:db8:1:2::7"), "2001:db8:1:2::");
    CHECK_STR(counted_for("2001:db8:1:2:ffff::1"), "2001:db8:1:2::");
    CHECK_STR(counted_for("2001:db8:1:3::7"), "2001:db8:1:3::");
}

static const struct check_test TESTS[] = {
    TEST(sockets_of_one_v6_network_count_together),
    { 0 },
};

int main(int argc, char **argv)
{
    struct err e = { 0 };

    if (!CHECK_INT(http_site_parse("https://visits.example.org", 0, &core.site, &e), ERR_OK))
        return 1;
    return check_run(TESTS, argc, argv);
}
