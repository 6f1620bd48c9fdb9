/* Places for waiting guests: finding one, and giving way. */
#include "tests/unit/domain/room_scene.h"

/* This many waiting guests without a decision: `id` and a number, by this link, from this site. */
static void fill(struct room *r, int count, const char *id, bool crowd, const char *link, const char *site)
{
    for (int i = 0; i < count; i++) {
        struct seat s = { .state = SEAT_WAITING, .crowd = crowd, .since_ms = T0 };
        struct room_member *m;

        snprintf(s.id, ID_SIZE, "%s%d", id, i);
        snprintf(s.invitation_id, ID_SIZE, "%s", link);
        m = room_restore(r, &s, T0 + i);
        m->seat.state = SEAT_WAITING;
        m->connected = true;
        snprintf(m->site, sizeof m->site, "%s", site);
    }
}

static void lost(struct room *r, const char *id, int64_t at_ms)
{
    struct room_member *m = room_find(r, id);

    m->seat.state = SEAT_WAITING_AWAY;
    m->seat.away_ms = at_ms;
    m->connected = false;
}

/* "" there is a place, "full", or the id of the guest who gives way. */
static const char *door(const struct room *r, bool crowd, const char *link, const char *site)
{
    static char answer[ID_SIZE];
    struct door d;

    room_door(r, crowd, link, site, &d);
    snprintf(answer, sizeof answer, "%s", d.full ? "full" : d.gives_way ? d.leaver.id : "");
    return answer;
}

static void a_site_and_a_link_have_their_shares_of_the_crowds_places(void)
{
    struct room r;

    room_init(&r, "r1");
    fill(&r, ROOM_SITE_MAX, "a", true, "i1", "192.0.2.1");
    CHECK_STR(door(&r, true, "i1", "192.0.2.1"), "full");
    CHECK_STR(door(&r, true, "i2", "192.0.2.1"), "full");
    CHECK_STR(door(&r, true, "i1", "192.0.2.2"), "");
    CHECK_STR(door(&r, true, "i1", ""), "");
    fill(&r, ROOM_LINK_MAX - ROOM_SITE_MAX, "b", true, "i1", "192.0.2.2");
    CHECK_STR(door(&r, true, "i1", "192.0.2.3"), "full");
    CHECK_STR(door(&r, true, "i2", "192.0.2.3"), "");
    fill(&r, ROOM_CROWD_MAX - ROOM_LINK_MAX, "c", true, "", "");
    CHECK_STR(door(&r, true, "i2", "192.0.2.3"), "full");
    CHECK_STR(door(&r, false, "i3", "192.0.2.1"), "");
    room_clear(&r);
}

static void the_guest_longest_gone_of_a_full_share_gives_way(void)
{
    struct room r;

    room_init(&r, "r1");
    fill(&r, ROOM_SITE_MAX, "a", true, "i1", "192.0.2.1");
    fill(&r, 2, "b", true, "i1", "192.0.2.2");
    lost(&r, "b0", T0);
    lost(&r, "a5", T0 + 2);
    lost(&r, "a3", T0 + 1);
    CHECK_STR(door(&r, true, "i1", "192.0.2.1"), "a3"); /* b0 has been gone longer, but is of another site */
    CHECK_STR(door(&r, true, "i1", "192.0.2.2"), "");
    room_clear(&r);
}

static void nobody_outside_a_crowd_gives_way_to_it(void)
{
    struct room r;

    room_init(&r, "r1");
    fill(&r, ROOM_SEATS_MAX, "p", false, "own", "");
    lost(&r, "p7", T0);
    CHECK_STR(door(&r, true, "i1", "192.0.2.1"), "full");
    CHECK_STR(door(&r, false, "i9", "192.0.2.1"), "p7");
    room_clear(&r);
}

static void a_guest_by_a_link_of_their_own_comes_before_a_crowd_that_is_gone(void)
{
    struct room r;

    room_init(&r, "r1");
    fill(&r, ROOM_CROWD_MAX, "a", true, "i1", "");
    fill(&r, ROOM_SEATS_MAX - ROOM_CROWD_MAX, "p", false, "own", "");
    CHECK_STR(door(&r, false, "i9", ""), "full");
    lost(&r, "p0", T0);
    CHECK_STR(door(&r, false, "i9", ""), "p0");
    lost(&r, "a1", T0 + 5);
    CHECK_STR(door(&r, false, "i9", ""), "a1");
    room_clear(&r);
}

static const struct check_test TESTS[] = {
    TEST(a_site_and_a_link_have_their_shares_of_the_crowds_places),
    TEST(the_guest_longest_gone_of_a_full_share_gives_way),
    TEST(nobody_outside_a_crowd_gives_way_to_it),
    TEST(a_guest_by_a_link_of_their_own_comes_before_a_crowd_that_is_gone),
    { 0 },
};
CHECK_MAIN(TESTS)
