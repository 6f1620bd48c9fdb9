#include "store/store_quality.h"

#include "fixture.h"
#include "util/str.h"

static struct call_stretch stretch(const char *participant, int64_t began_ms, int64_t good_s)
{
    struct call_stretch t = { .role = SEAT_GUEST,
                              .visit_ms = began_ms - 30000,
                              .began_ms = began_ms,
                              .at_ms = began_ms + 1000 * good_s,
                              .quality = { .good_s = good_s, .rtt_ms = 40, .path = "srflx" } };

    str_copy(t.participant_id, sizeof t.participant_id, participant);
    str_copy(t.room_id, sizeof t.room_id, "r1");
    str_copy(t.name, sizeof t.name, "Gina Guest");
    return t;
}

static void each_report_replaces_the_one_before_and_the_newest_visit_comes_first(void)
{
    struct fixture f = fixture_new();
    struct call_stretch first = stretch("p1", NOW_MS, 30), host = stretch("p0", NOW_MS + 7, 30),
                        second = stretch("p2", NOW_MS + 900000, 60);
    struct call_stretch_list list;

    fixture_fill(&f);
    host.visit_ms = first.visit_ms;
    host.role = SEAT_HOST;
    CHECK_INT(WRITE(f, store_quality_put(f.s, &first, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_quality_put(f.s, &host, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_quality_put(f.s, &second, &f.e)), ERR_OK);
    first.quality.good_s = 90;
    first.quality.worst_ms = NOW_MS + 60000;
    first.quality.worst_bad_s = 3;
    first.quality.worst_fair_s = 4;
    first.at_ms = NOW_MS + 9000000; /* a late report does not move the visit */
    CHECK_INT(WRITE(f, store_quality_put(f.s, &first, &f.e)), ERR_OK);
    CHECK_INT(store_quality_list(f.s, "r1", 10, &list, &f.e), ERR_OK);
    CHECK_INT(list.count, 3);
    CHECK_STR(list.items[0].participant_id, "p2");
    CHECK_STR(list.items[1].participant_id, "p0");
    CHECK_STR(list.items[2].participant_id, "p1");
    CHECK_INT(list.items[2].visit_ms, first.visit_ms);
    CHECK_INT(list.items[2].quality.good_s, 90);
    CHECK_INT(list.items[2].quality.worst_ms, NOW_MS + 60000);
    CHECK_INT(list.items[2].quality.worst_bad_s, 3);
    CHECK_INT(list.items[2].quality.worst_fair_s, 4);
    CHECK_STR(list.items[2].quality.path, "srflx");
    call_stretch_list_clear(&list);
    CHECK_INT(store_quality_list(f.s, "r1", 1, &list, &f.e), ERR_OK);
    CHECK_INT(list.count, 1); /* visits are counted, */
    call_stretch_list_clear(&list);
    CHECK_INT(store_quality_list(f.s, "r1", 2, &list, &f.e), ERR_OK);
    CHECK_INT(list.count, 3); /* and come whole */
    call_stretch_list_clear(&list);
    fixture_end(&f);
}

static void the_figures_go_with_their_room_and_a_room_that_is_gone_takes_none(void)
{
    struct fixture f = fixture_new();
    struct call_stretch t = stretch("p1", NOW_MS, 30);
    struct call_stretch_list list;

    fixture_fill(&f);
    CHECK_INT(WRITE(f, store_quality_put(f.s, &t, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_room_delete(f.s, "r1", 0, &f.e)), ERR_OK);
    CHECK_INT(store_quality_list(f.s, "r1", 10, &list, &f.e), ERR_OK);
    CHECK_INT(list.count, 0);
    call_stretch_list_clear(&list);
    CHECK_INT(WRITE(f, store_quality_put(f.s, &t, &f.e)), ERR_NOT_FOUND);
    fixture_end(&f);
}

static const struct check_test TESTS[] = {
    TEST(each_report_replaces_the_one_before_and_the_newest_visit_comes_first),
    TEST(the_figures_go_with_their_room_and_a_room_that_is_gone_takes_none),
    { 0 },
};
CHECK_MAIN(TESTS)
