#include "fixture.h"
#include "store/db.h"
#include "store/store_inside.h"

static int64_t rows_of(struct fixture *f, const char *count_sql)
{
    struct db_stmt *s = NULL;
    int64_t n = -1;

    if (db_prepare(f->s->reader.db, count_sql, &s, &f->e) == ERR_OK && db_step(s) == DB_ROW)
        n = db_column_i64(s, 0);
    db_finalize(s);
    return n;
}

static void a_cookie_finds_its_session_and_user(void)
{
    struct fixture f = fixture_new();
    struct session x = make_session("s1", "u1", "cookie"), got;
    struct user u;
    uint8_t other[HASH_BYTES];

    fixture_fill(&f);
    CHECK_INT(WRITE(f, store_session_add(f.s, &x, &f.e)), ERR_OK);
    CHECK_INT(store_session_find(f.s, x.cookie_hash, NOW_MS, &got, &u, &f.e), ERR_OK);
    CHECK_STR(got.id, "s1");
    CHECK_STR(got.user_id, "u1");
    CHECK_STR(got.agent, "Firefox");
    CHECK_INT(got.expires_ms, x.expires_ms);
    CHECK_STR(u.id, "u1");
    CHECK_STR(u.email, "one@example.org");
    CHECK_INT(u.created_ms, NOW_MS);
    hash_of("another", other);
    CHECK_INT(store_session_find(f.s, other, NOW_MS, &got, &u, &f.e), ERR_AUTH);
    CHECK_INT(store_session_find(f.s, x.cookie_hash, x.expires_ms, &got, &u, &f.e), ERR_AUTH);
    fixture_end(&f);
}

static void a_disabled_user_has_no_session(void)
{
    struct fixture f = fixture_new();
    struct session x = make_session("s1", "u1", "cookie"), got;
    struct user u;

    fixture_fill(&f);
    CHECK_INT(WRITE(f, store_session_add(f.s, &x, &f.e)), ERR_OK);
    CHECK_INT(store_user_by_id(f.s, "u1", &u, &f.e), ERR_OK);
    u.state = USER_DISABLED;
    CHECK_INT(store_session_live(f.s, "s1", NOW_MS, &f.e), ERR_OK);
    CHECK_INT(WRITE(f, store_user_update(f.s, &u, &f.e)), ERR_OK);
    CHECK_INT(store_session_live(f.s, "s1", NOW_MS, &f.e), ERR_AUTH);
    CHECK_INT(store_session_find(f.s, x.cookie_hash, NOW_MS, &got, &u, &f.e), ERR_AUTH);
    fixture_end(&f);
}

static void a_sign_in_lives_until_it_ends(void)
{
    struct fixture f = fixture_new();
    struct session x = make_session("s1", "u1", "cookie");

    fixture_fill(&f);
    CHECK_INT(WRITE(f, store_session_add(f.s, &x, &f.e)), ERR_OK);
    CHECK_INT(store_session_live(f.s, "s1", x.expires_ms - 1, &f.e), ERR_OK);
    CHECK_INT(store_session_live(f.s, "s1", x.expires_ms, &f.e), ERR_AUTH);
    CHECK_INT(WRITE(f, store_session_end(f.s, "s1", "u1", &f.e)), ERR_OK);
    CHECK_INT(store_session_live(f.s, "s1", NOW_MS, &f.e), ERR_AUTH);
    CHECK_STR(f.e.code, "signed_out");
    CHECK_INT(store_session_live(f.s, "", NOW_MS, &f.e), ERR_OK); /* guests have none */
    fixture_end(&f);
}

static void an_idle_sign_in_is_over_and_use_is_noted_once_a_minute(void)
{
    const int64_t hour_ms = 3600000, limit_ms = 12 * hour_ms;
    struct fixture f = fixture_new();
    struct session x = make_session("s1", "u1", "cookie");

    fixture_fill(&f);
    x.expires_ms = NOW_MS + 2 * limit_ms;
    CHECK_INT(WRITE(f, store_session_add(f.s, &x, &f.e)), ERR_OK);
    CHECK_INT(store_session_live(f.s, "s1", NOW_MS + limit_ms, &f.e), ERR_OK);
    CHECK_INT(store_session_live(f.s, "s1", NOW_MS + limit_ms + 1, &f.e), ERR_AUTH);
    CHECK_STR(f.e.code, "signed_out");
    CHECK_INT(WRITE(f, store_session_seen(f.s, "s1", NOW_MS + 59999, &f.e)), ERR_OK);
    CHECK_INT(store_session_live(f.s, "s1", NOW_MS + limit_ms + 1, &f.e), ERR_AUTH);
    CHECK_INT(WRITE(f, store_session_seen(f.s, "s1", NOW_MS + 60000, &f.e)), ERR_OK);
    CHECK_INT(store_session_live(f.s, "s1", NOW_MS + limit_ms + 1, &f.e), ERR_OK);
    fixture_end(&f);
}

static void a_person_sees_and_ends_own_sessions(void)
{
    struct fixture f = fixture_new();
    struct session x;
    static struct session_list l;

    fixture_fill(&f);
    for (int i = 0; i < 4; i++) {
        char id[16];

        snprintf(id, sizeof id, "s%d", i);
        x = make_session(id, i == 3 ? "u2" : "u1", id);
        x.created_ms += i;
        CHECK_INT(WRITE(f, store_session_add(f.s, &x, &f.e)), ERR_OK);
    }
    CHECK_INT(WRITE(f, store_session_seen(f.s, "s1", NOW_MS + 60000, &f.e)), ERR_OK);
    CHECK_INT(store_session_list(f.s, "u1", NOW_MS, &l, &f.e), ERR_OK);
    CHECK_INT(l.count, 3);
    CHECK_STR(l.items[0].id, "s2");
    CHECK_INT(l.items[1].seen_ms, NOW_MS + 60000);
    CHECK_INT(WRITE(f, store_session_end(f.s, "s3", "u1", &f.e)), ERR_NOT_FOUND);
    CHECK_INT(WRITE(f, store_session_end(f.s, "s0", "u1", &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_session_end(f.s, "s0", "u1", &f.e)), ERR_NOT_FOUND);
    CHECK_INT(WRITE(f, store_session_end_all(f.s, "u1", "s2", &l, &f.e)), ERR_OK);
    CHECK_INT(l.count, 1);
    CHECK_STR(l.items[0].id, "s1");
    CHECK_INT(WRITE(f, store_session_end_all(f.s, "u1", "", &l, &f.e)), ERR_OK);
    CHECK_INT(l.count, 1);
    CHECK_STR(l.items[0].id, "s2");
    CHECK_INT(rows_of(&f, "SELECT count(*) AS n FROM sessions"), 1);
    fixture_end(&f);
}

static void a_person_has_a_hundred_sessions_at_most(void)
{
    struct fixture f = fixture_new();
    static struct session_list l;

    fixture_fill(&f);
    CHECK_INT(store_write_begin(f.s, &f.e), ERR_OK);
    for (int i = 0; i < 103; i++) {
        struct session x;
        char id[16];

        snprintf(id, sizeof id, "s%03d", i);
        x = make_session(id, "u1", id);
        x.created_ms += i;
        CHECK_INT(store_session_add(f.s, &x, &f.e), ERR_OK);
    }
    CHECK_INT(store_write_end(f.s, ERR_OK, &f.e), ERR_OK);
    CHECK_INT(store_session_list(f.s, "u1", NOW_MS, &l, &f.e), ERR_OK);
    CHECK_INT(l.count, 100);
    CHECK_STR(l.items[0].id, "s102");
    CHECK_STR(l.items[99].id, "s003");
    CHECK_INT(WRITE(f, store_session_end_all(f.s, "u1", "", &l, &f.e)), ERR_OK);
    CHECK_INT(l.count, 100);
    CHECK_INT(rows_of(&f, "SELECT count(*) AS n FROM sessions"), 0);
    fixture_end(&f);
}

static void expired_sessions_go_with_later_sign_ins(void)
{
    struct fixture f = fixture_new();
    uint8_t code[HASH_BYTES];
    struct session x;

    fixture_fill(&f);
    hash_of("code", code);
    CHECK_INT(WRITE(f, store_user_link_add(f.s, "u2", code, NOW_MS + 5, &f.e)), ERR_OK);
    for (int i = 0; i < 30; i++) {
        char id[16];

        snprintf(id, sizeof id, "s%d", i);
        x = make_session(id, "u1", id);
        x.expires_ms = NOW_MS + 10;
        CHECK_INT(WRITE(f, store_session_add(f.s, &x, &f.e)), ERR_OK);
    }
    x = make_session("t1", "u1", "t1");
    x.created_ms = NOW_MS + 100;
    CHECK_INT(WRITE(f, store_session_add(f.s, &x, &f.e)), ERR_OK);
    CHECK_INT(rows_of(&f, "SELECT count(*) AS n FROM sessions"), 15); /* 30 - 16 + 1: one write deletes only a few */
    CHECK_INT(rows_of(&f, "SELECT count(*) AS n FROM user_links"), 0);
    x = make_session("t2", "u1", "t2");
    x.created_ms = NOW_MS + 100;
    CHECK_INT(WRITE(f, store_session_add(f.s, &x, &f.e)), ERR_OK);
    CHECK_INT(rows_of(&f, "SELECT count(*) AS n FROM sessions"), 2);
    fixture_end(&f);
}

static void sessions_go_with_their_user(void)
{
    struct fixture f = fixture_new();
    struct session x = make_session("s1", "u2", "cookie");

    fixture_fill(&f);
    CHECK_INT(WRITE(f, store_session_add(f.s, &x, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_user_delete(f.s, "u2", 0, &f.e)), ERR_OK);
    CHECK_INT(rows_of(&f, "SELECT count(*) AS n FROM sessions"), 0);
    CHECK_INT(WRITE(f, store_session_add(f.s, &x, &f.e)), ERR_NOT_FOUND);
    fixture_end(&f);
}

static const struct check_test TESTS[] = {
    TEST(a_cookie_finds_its_session_and_user),
    TEST(a_disabled_user_has_no_session),
    TEST(a_sign_in_lives_until_it_ends),
    TEST(an_idle_sign_in_is_over_and_use_is_noted_once_a_minute),
    TEST(a_person_sees_and_ends_own_sessions),
    TEST(a_person_has_a_hundred_sessions_at_most),
    TEST(expired_sessions_go_with_later_sign_ins),
    TEST(sessions_go_with_their_user),
    { 0 },
};
CHECK_MAIN(TESTS)
