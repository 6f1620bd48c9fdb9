/* Data that is deleted when its time is over, and data that never is. */
#include "fixture.h"
#include "store/query.h"
#include "store/store_audit.h"
#include "store/store_inside.h"
#include "store/store_quality.h"
#include "store/store_repeats.h"
#include "store/store_retention.h"
#include "util/clock.h"

#define DAY INT64_C(86400000)

static atomic_bool go_on; /* never set: false */

static struct retention_counts forget(struct fixture *f, int64_t now_ms)
{
    struct retention_counts c;

    CHECK_INT(store_retention_run(f->s, now_ms, &go_on, &c, &f->e), ERR_OK);
    return c;
}

static void put_seat(struct fixture *f, const char *id, enum seat_state state, int64_t ended_ms, const char *invitation)
{
    struct seat t = make_seat(id, "r1", state);

    t.ended_ms = ended_ms;
    snprintf(t.invitation_id, sizeof t.invitation_id, "%s", invitation);
    CHECK_INT(WRITE(*f, store_seat_put(f->s, &t, &f->e)), ERR_OK);
}

static bool has_seat(struct fixture *f, const char *id)
{
    struct seat t;

    return store_seat_find(f->s, id, &t, &f->e) == ERR_OK;
}

static void put_invitation(struct fixture *f, const char *id, int64_t expires_ms, int64_t revoked_ms)
{
    struct invitation i = make_invitation(id, "r1", id);

    i.expires_ms = expires_ms;
    i.revoked_ms = revoked_ms;
    CHECK_INT(WRITE(*f, store_invitation_add(f->s, &i, &f->e)), ERR_OK);
}

static bool has_invitation(struct fixture *f, const char *id)
{
    struct invitation i;

    return store_invitation_by_id(f->s, id, &i, &f->e) == ERR_OK;
}

static int64_t rows(struct fixture *f, const char *count_sql)
{
    struct db_stmt *s = NULL;
    int64_t n = -1;

    if (db_prepare(f->s->reader.db, count_sql, &s, &f->e) == ERR_OK && db_step(s) == DB_ROW)
        n = db_column_i64(s, 0);
    db_finalize(s);
    return n;
}

static void an_ended_seat_goes_after_ninety_days_an_open_one_never(void)
{
    struct fixture f = fixture_new();

    fixture_fill(&f);
    put_seat(&f, "over", SEAT_ENDED, NOW_MS, "");
    put_seat(&f, "open", SEAT_WAITING, 0, "");
    CHECK_INT(forget(&f, NOW_MS + 90 * DAY - 1).seats, 0);
    CHECK(has_seat(&f, "over"));
    CHECK_INT(forget(&f, NOW_MS + 90 * DAY).seats, 1);
    CHECK(!has_seat(&f, "over"));
    forget(&f, NOW_MS + 9000 * DAY);
    CHECK(has_seat(&f, "open"));
    fixture_end(&f);
}

static void dead_links_go_with_their_uses_and_living_ones_stay(void)
{
    struct fixture f = fixture_new();
    uint8_t guest[HASH_BYTES];

    fixture_fill(&f);
    hash_of("gina", guest);
    put_invitation(&f, "expired", NOW_MS, 0);
    put_invitation(&f, "revoked", 0, NOW_MS);
    put_invitation(&f, "later", NOW_MS + DAY, 0);
    put_invitation(&f, "endless", 0, 0);
    put_invitation(&f, "seated", NOW_MS, 0);
    put_seat(&f, "sitting", SEAT_INSIDE, 0, "seated");
    CHECK_INT(WRITE(f, store_invitation_use(f.s, "expired", guest, NOW_MS, &f.e)), ERR_OK);
    CHECK_INT(forget(&f, NOW_MS + 90 * DAY - 1).invitations, 0);
    CHECK_INT(forget(&f, NOW_MS + 90 * DAY).invitations, 2);
    CHECK(!has_invitation(&f, "expired") && !has_invitation(&f, "revoked"));
    CHECK(has_invitation(&f, "later") && has_invitation(&f, "endless") && has_invitation(&f, "seated"));
    CHECK_INT(rows(&f, "SELECT count(*) FROM invite_uses"), 0);
    fixture_end(&f);
}

static void the_quality_of_calls_goes_with_the_seats(void)
{
    struct fixture f = fixture_new();
    struct call_stretch old = { .participant_id = "p1", .room_id = "r1", .began_ms = NOW_MS, .at_ms = NOW_MS };
    struct call_stretch late = { .participant_id = "p1", .room_id = "r1", .began_ms = NOW_MS + 1, .at_ms = NOW_MS + 1 };

    fixture_fill(&f);
    CHECK_INT(WRITE(f, store_quality_put(f.s, &old, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_quality_put(f.s, &late, &f.e)), ERR_OK);
    CHECK_INT(forget(&f, NOW_MS + 90 * DAY - 1).void_rows, 0);
    CHECK_INT(rows(&f, "SELECT count(*) FROM call_quality"), 2);
    forget(&f, NOW_MS + 90 * DAY);
    CHECK_INT(rows(&f, "SELECT count(*) FROM call_quality"), 1);
    fixture_end(&f);
}

static void the_practice_sets_how_long(void)
{
    struct fixture f = fixture_new();
    int64_t days;

    fixture_fill(&f);
    CHECK_INT(store_retention_days(f.s, &days, &f.e), ERR_OK);
    CHECK_INT(days, RETENTION_DAYS_DEFAULT);
    CHECK_INT(WRITE(f, store_retention_set_days(f.s, 7, &f.e)), ERR_OK);
    CHECK_INT(store_retention_days(f.s, &days, &f.e), ERR_OK);
    CHECK_INT(days, 7);
    put_seat(&f, "over", SEAT_ENDED, NOW_MS, "");
    CHECK_INT(forget(&f, NOW_MS + 7 * DAY - 1).seats, 0);
    CHECK_INT(forget(&f, NOW_MS + 7 * DAY).seats, 1);
    CHECK_INT(WRITE(f, store_setting_set(f.s, "retention_meetings_days", "0", &f.e)), ERR_OK); /* never by us */
    CHECK_INT(store_retention_days(f.s, &days, &f.e), ERR_OK);
    CHECK_INT(days, RETENTION_DAYS_DEFAULT);
    fixture_end(&f);
}

static void void_rows_go_without_another_insert(void)
{
    struct fixture f = fixture_new();
    struct session x = make_session("s1", "u1", "cookie");
    struct repeat repeat = { .key = "key" };
    uint8_t hash[HASH_BYTES];
    char id[ID_SIZE];

    fixture_fill(&f);
    hash_of("x", hash);
    CHECK_INT(WRITE(f, store_session_add(f.s, &x, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_user_link_add(f.s, "u2", hash, NOW_MS + 1000, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_pin_failed(f.s, "r1", hash, NOW_MS, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_repeat_add(f.s, "u1", &repeat, "i1", NOW_MS, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_block_add(f.s, "r1", "p1", "", NOW_MS + DAY, &f.e)), ERR_OK);
    CHECK_INT(forget(&f, NOW_MS).void_rows, 0);
    CHECK_INT(forget(&f, x.expires_ms).void_rows, 2); /* and the password link */
    CHECK_INT(store_repeat_find(f.s, "u1", &repeat, NOW_MS, id, &f.e), ERR_OK);
    CHECK_INT(forget(&f, NOW_MS + DAY).void_rows, 3);
    CHECK_INT(rows(&f, "SELECT (SELECT count(*) FROM sessions) + (SELECT count(*) FROM user_links) + (SELECT count(*) "
                       "FROM pin_failures) + (SELECT count(*) FROM idempotency_keys) + (SELECT count(*) FROM blocks)"),
              0);
    fixture_end(&f);
}

static void many_rows_go_in_short_writes_and_the_record_stays(void)
{
    struct fixture f = fixture_new();
    struct audit_event event = { .action = AUDIT_SEAT_LEAVE, .actor = "system", .at_ms = NOW_MS };
    struct audit_check check;
    atomic_bool stop = true;
    struct retention_counts c;
    enum { MANY = 1234 };

    fixture_fill(&f);
    CHECK_INT(store_write_begin(f.s, &f.e), ERR_OK);
    for (int i = 0; i < MANY; i++) {
        struct seat t = make_seat("", "r1", SEAT_ENDED);

        snprintf(t.id, sizeof t.id, "p%d", i);
        t.ended_ms = NOW_MS + i;
        CHECK_INT(store_seat_put(f.s, &t, &f.e), ERR_OK);
    }
    CHECK_INT(store_audit_add(f.s, &event, &f.e), ERR_OK);
    CHECK_INT(store_write_end(f.s, ERR_OK, &f.e), ERR_OK);
    CHECK_INT(store_retention_run(f.s, NOW_MS + 900 * DAY, &stop, &c, &f.e), ERR_OK);
    CHECK_INT(c.seats, 0); /* stopped before it began */
    CHECK_INT(forget(&f, NOW_MS + 900 * DAY).seats, MANY);
    CHECK_INT(rows(&f, "SELECT count(*) FROM seats"), 0);
    CHECK_INT(store_audit_verify(f.s, NULL, &check, &f.e), ERR_OK);
    CHECK_INT(rows(&f, "SELECT count(*) FROM audit"), 1);
    fixture_end(&f);
}

static void the_upkeep_deletes_by_the_wall_clock(void)
{
    struct fixture f = fixture_new();

    fixture_fill(&f);
    put_seat(&f, "long over", SEAT_ENDED, NOW_MS - 900 * DAY, "");
    upkeep_forget(f.db);
    CHECK(!has_seat(&f, "long over"));
    fixture_end(&f);
}

static bool has_session(struct fixture *f, const char *cookie)
{
    uint8_t hash[HASH_BYTES];
    struct session x;
    struct user u;

    hash_of(cookie, hash);
    return store_session_find(f->s, hash, NOW_MS, &x, &u, &f->e) == ERR_OK;
}

static void a_clock_that_is_a_year_ahead_for_a_minute_deletes_nothing(void)
{
    struct fixture f = fixture_new();
    struct session first = make_session("s1", "u1", "first"), ahead = make_session("s2", "u1", "ahead");
    int64_t year_ms = 365 * DAY;

    fixture_fill(&f);
    CHECK_INT(WRITE(f, store_session_add(f.s, &first, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_user_link_add(f.s, "u1", first.cookie_hash, NOW_MS + DAY, &f.e)), ERR_OK);
    put_seat(&f, "gone", SEAT_ENDED, NOW_MS - DAY, "");
    put_invitation(&f, "over", NOW_MS - DAY, 0);
    CHECK_INT(WRITE(f, store_block_add(f.s, "r1", "p1", "", clock_wall_ms() + DAY, &f.e)), ERR_OK);

    upkeep_age(f.db, NOW_MS + year_ms, clock_boot_ms() + 60000);
    CHECK(!store_clock_agrees(f.s, NOW_MS + year_ms));
    ahead.created_ms = ahead.seen_ms = NOW_MS + year_ms;
    ahead.expires_ms = NOW_MS + year_ms + DAY;
    CHECK_INT(WRITE(f, store_session_add(f.s, &ahead, &f.e)), ERR_OK); /* an insert prunes */
    CHECK_INT(forget(&f, store_due_ms(f.s, NOW_MS + year_ms)).seats, 0);
    CHECK(has_seat(&f, "gone"));
    CHECK(has_session(&f, "first"));

    upkeep_age(f.db, NOW_MS + 120000, clock_boot_ms() + 120000);
    CHECK(store_clock_agrees(f.s, NOW_MS + 120000));
    CHECK(has_session(&f, "first"));
    CHECK(!has_session(&f, "ahead")); /* it would last for a year */
    fixture_end(&f);
}

static void after_an_hour_of_running_the_clock_is_followed_and_stored(void)
{
    struct fixture f = fixture_new();
    int64_t boot_ms = clock_boot_ms();

    fixture_fill(&f);
    put_seat(&f, "gone", SEAT_ENDED, NOW_MS, "");
    for (int minute = 1; minute <= 60 * 24 * 12; minute++) /* off for 100 days: twelve running days are enough */
        upkeep_age(f.db, NOW_MS + 100 * DAY + minute * INT64_C(60000), boot_ms + minute * INT64_C(60000));
    CHECK(store_clock_agrees(f.s, NOW_MS + 112 * DAY));
    fixture_shut(&f);
    CHECK_INT(store_db_open(f.folder, NOW_MS + 112 * DAY, &f.db, &f.e), ERR_OK);
    CHECK_INT(store_open(f.db, &f.s, &f.e), ERR_OK);
    CHECK(store_clock_agrees(f.s, NOW_MS + 112 * DAY));
    CHECK_INT(forget(&f, store_due_ms(f.s, NOW_MS + 112 * DAY)).seats, 1);
    fixture_end(&f);
}

static const struct check_test TESTS[] = {
    TEST(an_ended_seat_goes_after_ninety_days_an_open_one_never),
    TEST(dead_links_go_with_their_uses_and_living_ones_stay),
    TEST(the_quality_of_calls_goes_with_the_seats),
    TEST(the_practice_sets_how_long),
    TEST(void_rows_go_without_another_insert),
    TEST(many_rows_go_in_short_writes_and_the_record_stays),
    TEST(the_upkeep_deletes_by_the_wall_clock),
    TEST(a_clock_that_is_a_year_ahead_for_a_minute_deletes_nothing),
    TEST(after_an_hour_of_running_the_clock_is_followed_and_stored),
    { 0 },
};
CHECK_MAIN(TESTS)
