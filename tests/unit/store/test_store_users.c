#include "fixture.h"

static void a_user_is_found_by_id_and_by_address(void)
{
    struct fixture f = fixture_new();
    struct user u = make_user("u1", "one@example.org"), got;
    char hash[PASSWORD_HASH_SIZE];

    snprintf(u.language, sizeof u.language, "ar");
    snprintf(u.timezone, sizeof u.timezone, "Africa/Cairo");
    CHECK_INT(WRITE(f, store_user_add(f.s, &u, "argon", &f.e)), ERR_OK);
    CHECK_INT(store_user_by_id(f.s, "u1", &got, &f.e), ERR_OK);
    CHECK_STR(got.email, "one@example.org");
    CHECK_STR(got.name, "Dr u1");
    CHECK_STR(got.language, "ar");
    CHECK_STR(got.timezone, "Africa/Cairo");
    CHECK_INT(got.role, USER_HOST);
    CHECK_INT(got.state, USER_ACTIVE);
    CHECK_INT(got.created_ms, NOW_MS);
    CHECK_INT(got.revision, 1);
    CHECK_INT(store_user_by_email(f.s, "one@example.org", &got, &f.e), ERR_OK);
    CHECK_STR(got.id, "u1");
    CHECK_INT(store_user_by_email(f.s, "two@example.org", &got, &f.e), ERR_NOT_FOUND);
    CHECK_INT(store_user_password(f.s, "u1", hash, &f.e), ERR_OK);
    CHECK_STR(hash, "argon");
    fixture_end(&f);
}

static void an_address_is_taken_once(void)
{
    struct fixture f = fixture_new();
    struct user one = make_user("u1", "one@example.org"), two = make_user("u2", "one@example.org");

    CHECK_INT(WRITE(f, store_user_add(f.s, &one, NULL, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_user_add(f.s, &two, NULL, &f.e)), ERR_CONFLICT);
    CHECK_STR(f.e.code, "email_taken");
    CHECK_INT(store_user_by_id(f.s, "u2", &two, &f.e), ERR_NOT_FOUND);
    fixture_end(&f);
}

static void the_first_password_makes_an_invited_user_active(void)
{
    struct fixture f = fixture_new();
    struct user u = make_user("u1", "one@example.org");
    char hash[PASSWORD_HASH_SIZE];

    u.state = USER_INVITED;
    CHECK_INT(WRITE(f, store_user_add(f.s, &u, NULL, &f.e)), ERR_OK);
    CHECK_INT(store_user_password(f.s, "u1", hash, &f.e), ERR_OK);
    CHECK_STR(hash, "");
    CHECK_INT(WRITE(f, store_user_set_password(f.s, "u1", "argon", NOW_MS, &f.e)), ERR_OK);
    CHECK_INT(store_user_by_id(f.s, "u1", &u, &f.e), ERR_OK);
    CHECK_INT(u.state, USER_ACTIVE);
    CHECK_INT(WRITE(f, store_user_set_password(f.s, "nobody", "argon", NOW_MS, &f.e)), ERR_NOT_FOUND);
    u.state = USER_DISABLED;
    CHECK_INT(WRITE(f, store_user_update(f.s, &u, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_user_set_password(f.s, "u1", "argon2", NOW_MS, &f.e)), ERR_OK);
    CHECK_INT(store_user_by_id(f.s, "u1", &u, &f.e), ERR_OK);
    CHECK_INT(u.state, USER_DISABLED); /* a password does not lift a ban */
    fixture_end(&f);
}

static void a_change_needs_the_revision_that_was_read(void)
{
    struct fixture f = fixture_new();
    struct user u = make_user("u1", "one@example.org"), old;

    CHECK_INT(WRITE(f, store_user_add(f.s, &u, NULL, &f.e)), ERR_OK);
    old = u;
    u.role = USER_ADMIN;
    CHECK_INT(WRITE(f, store_user_update(f.s, &u, &f.e)), ERR_OK);
    CHECK_INT(u.revision, 2);
    CHECK_INT(WRITE(f, store_user_update(f.s, &old, &f.e)), ERR_CHANGED);
    CHECK_INT(old.revision, 1);
    snprintf(old.id, sizeof old.id, "nobody");
    CHECK_INT(WRITE(f, store_user_update(f.s, &old, &f.e)), ERR_NOT_FOUND);
    CHECK_INT(WRITE(f, store_user_delete(f.s, "u1", 1, &f.e)), ERR_CHANGED);
    CHECK_INT(WRITE(f, store_user_delete(f.s, "u1", 2, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_user_delete(f.s, "u1", 0, &f.e)), ERR_NOT_FOUND);
    fixture_end(&f);
}

static void an_owner_of_rooms_stays_and_a_cohost_leaves_them(void)
{
    struct fixture f = fixture_new();
    struct room_rules r;
    int64_t revision;

    fixture_fill(&f);
    CHECK_INT(store_room_find(f.s, "r1", &r, &f.e), ERR_OK);
    snprintf(r.cohosts[0], ID_SIZE, "u2");
    r.cohost_count = 1;
    CHECK_INT(WRITE(f, store_room_update(f.s, &r, &f.e)), ERR_OK);
    revision = r.revision;
    CHECK_INT(WRITE(f, store_user_delete(f.s, "u1", 0, &f.e)), ERR_CONFLICT);
    CHECK_STR(f.e.code, "owns_rooms");
    CHECK_INT(WRITE(f, store_user_delete(f.s, "u2", 0, &f.e)), ERR_OK);
    CHECK_INT(store_room_find(f.s, "r1", &r, &f.e), ERR_OK);
    CHECK_INT(r.cohost_count, 0);
    CHECK_INT(r.revision, revision + 1);
    fixture_end(&f);
}

static void lists_go_page_by_page_newest_first(void)
{
    struct fixture f = fixture_new();
    static struct user_list l;
    char after[ID_SIZE] = "";
    int64_t users, admins;
    int seen = 0, pages = 0;

    for (int i = 0; i < 7; i++) {
        char id[16], email[32];
        struct user u;

        snprintf(id, sizeof id, "u%d", i);
        snprintf(email, sizeof email, "%d@example.org", i);
        u = make_user(id, email);
        u.created_ms = NOW_MS + i / 2; /* some at the same moment */
        u.role = i == 3 ? USER_ADMIN : USER_HOST;
        CHECK_INT(WRITE(f, store_user_add(f.s, &u, NULL, &f.e)), ERR_OK);
    }
    do {
        CHECK_INT(store_user_list(f.s, after, 3, &l, &f.e), ERR_OK);
        for (size_t i = 0; i < l.count; i++, seen++)
            CHECK_INT(atoi(l.items[i].id + 1), 6 - seen);
        snprintf(after, sizeof after, "%s", l.items[l.count - 1].id);
    } while (l.more && ++pages < 9);
    CHECK_INT(seen, 7);
    CHECK_INT(pages, 2);
    CHECK_INT(store_user_list(f.s, "nobody", 3, &l, &f.e), ERR_INVALID);
    CHECK_STR(f.e.field, "after");
    CHECK_INT(store_user_count(f.s, &users, &admins, &f.e), ERR_OK);
    CHECK_INT(users, 7);
    CHECK_INT(admins, 1);
    fixture_end(&f);
}

static void disabling_and_a_new_password_void_the_link(void)
{
    struct fixture f = fixture_new();
    uint8_t first[HASH_BYTES], second[HASH_BYTES];
    const int64_t soon = NOW_MS + 1000;
    struct user u;
    char id[ID_SIZE];

    fixture_fill(&f);
    hash_of("first", first);
    hash_of("second", second);
    CHECK_INT(WRITE(f, store_user_link_add(f.s, "u2", first, soon, &f.e)), ERR_OK);
    CHECK_INT(store_user_by_id(f.s, "u2", &u, &f.e), ERR_OK);
    u.state = USER_DISABLED;
    CHECK_INT(WRITE(f, store_user_update(f.s, &u, &f.e)), ERR_OK);
    u.state = USER_INVITED;
    CHECK_INT(WRITE(f, store_user_update(f.s, &u, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_user_link_take(f.s, first, NOW_MS, id, &f.e)), ERR_AUTH);
    CHECK_INT(WRITE(f, store_user_link_add(f.s, "u2", second, soon, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_user_set_password(f.s, "u2", "$argon2id$", NOW_MS, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_user_link_take(f.s, second, NOW_MS, id, &f.e)), ERR_AUTH);
    fixture_end(&f);
}

static void a_password_link_works_once_and_voids_older_ones(void)
{
    struct fixture f = fixture_new();
    uint8_t first[HASH_BYTES], second[HASH_BYTES], late[HASH_BYTES];
    char id[ID_SIZE] = "";
    int64_t soon = NOW_MS + 1000;

    fixture_fill(&f);
    hash_of("first", first);
    hash_of("second", second);
    hash_of("late", late);
    CHECK_INT(WRITE(f, store_user_link_add(f.s, "u2", first, soon, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_user_link_add(f.s, "u2", second, soon, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_user_link_add(f.s, "u1", late, soon, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_user_link_take(f.s, first, NOW_MS, id, &f.e)), ERR_AUTH);
    CHECK_STR(f.e.code, "bad_code");
    CHECK_INT(WRITE(f, store_user_link_take(f.s, late, soon, id, &f.e)), ERR_AUTH);
    CHECK_INT(WRITE(f, store_user_link_take(f.s, second, NOW_MS, id, &f.e)), ERR_OK);
    CHECK_STR(id, "u2");
    CHECK_INT(WRITE(f, store_user_link_take(f.s, second, NOW_MS, id, &f.e)), ERR_AUTH);
    CHECK_INT(WRITE(f, store_user_link_add(f.s, "nobody", first, soon, &f.e)), ERR_NOT_FOUND);
    fixture_end(&f);
}

static void settings_are_texts_by_name(void)
{
    struct fixture f = fixture_new();
    char value[32] = "x", small[4];

    CHECK_INT(store_setting_get(f.s, "practice", value, sizeof value, &f.e), ERR_OK);
    CHECK_STR(value, "");
    CHECK_INT(WRITE(f, store_setting_set(f.s, "practice", "Hill Clinic", &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_setting_set(f.s, "practice", "Dale Clinic", &f.e)), ERR_OK);
    CHECK_INT(store_setting_get(f.s, "practice", value, sizeof value, &f.e), ERR_OK);
    CHECK_STR(value, "Dale Clinic");
    CHECK_INT(store_setting_get(f.s, "practice", small, sizeof small, &f.e), ERR_INTERNAL); /* never cut in silence */
    fixture_end(&f);
}

static const struct check_test TESTS[] = {
    TEST(a_user_is_found_by_id_and_by_address),
    TEST(an_address_is_taken_once),
    TEST(the_first_password_makes_an_invited_user_active),
    TEST(a_change_needs_the_revision_that_was_read),
    TEST(an_owner_of_rooms_stays_and_a_cohost_leaves_them),
    TEST(lists_go_page_by_page_newest_first),
    TEST(disabling_and_a_new_password_void_the_link),
    TEST(a_password_link_works_once_and_voids_older_ones),
    TEST(settings_are_texts_by_name),
    { 0 },
};
CHECK_MAIN(TESTS)
