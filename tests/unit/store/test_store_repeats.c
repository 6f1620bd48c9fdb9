#include "store/store_repeats.h"

#include "fixture.h"
#include "util/str.h"

#define HOUR_MS INT64_C(3600000)

static struct repeat question(const char *key, const char *asked)
{
    struct repeat r;

    str_copy(r.key, sizeof r.key, key);
    hash_of(asked, r.asked);
    return r;
}

static void a_repeated_request_gets_what_the_first_made_for_a_day(void)
{
    struct fixture f = fixture_new();
    struct repeat r = question("key", "a link");
    char id[ID_SIZE];

    CHECK_INT(store_repeat_find(f.s, "u1", &r, NOW_MS, id, &f.e), ERR_NOT_FOUND);
    CHECK_INT(WRITE(f, store_repeat_add(f.s, "u1", &r, "i1", NOW_MS, &f.e)), ERR_OK);
    CHECK_INT(store_repeat_find(f.s, "u1", &r, NOW_MS + 23 * HOUR_MS, id, &f.e), ERR_OK);
    CHECK_STR(id, "i1");
    CHECK_INT(store_repeat_find(f.s, "u2", &r, NOW_MS, id, &f.e), ERR_NOT_FOUND);
    CHECK_INT(store_repeat_find(f.s, "u1", &r, NOW_MS + 24 * HOUR_MS, id, &f.e), ERR_NOT_FOUND);
    CHECK_INT(WRITE(f, store_repeat_add(f.s, "u1", &r, "i2", NOW_MS + 24 * HOUR_MS, &f.e)), ERR_OK);
    CHECK_INT(store_repeat_find(f.s, "u1", &r, NOW_MS + 24 * HOUR_MS, id, &f.e), ERR_OK);
    CHECK_STR(id, "i2");
    fixture_end(&f);
}

static void the_same_key_for_another_request_is_refused(void)
{
    struct fixture f = fixture_new();
    struct repeat first = question("key", "a link"), other = question("key", "another link");
    char id[ID_SIZE];

    CHECK_INT(WRITE(f, store_repeat_add(f.s, "u1", &first, "i1", NOW_MS, &f.e)), ERR_OK);
    CHECK_INT(store_repeat_find(f.s, "u1", &other, NOW_MS, id, &f.e), ERR_INVALID);
    CHECK_STR(f.e.code, "idempotency_mismatch");
    CHECK_INT(store_repeat_find(f.s, "u2", &other, NOW_MS, id, &f.e), ERR_NOT_FOUND);
    fixture_end(&f);
}

static void a_limited_number_of_keys_of_a_caller_is_kept(void)
{
    struct fixture f = fixture_new();
    char key[16], id[ID_SIZE];
    struct repeat r = question("0", "x");

    CHECK_INT(store_write_begin(f.s, &f.e), ERR_OK);
    for (int i = 0; i <= REPEATS_OF_CALLER_MAX; i++) {
        snprintf(key, sizeof key, "%d", i);
        r = question(key, "x");
        CHECK_INT(store_repeat_add(f.s, "u1", &r, "i1", NOW_MS + i, &f.e), ERR_OK);
    }
    CHECK_INT(store_write_end(f.s, ERR_OK, &f.e), ERR_OK);
    r = question("0", "x");
    CHECK_INT(store_repeat_find(f.s, "u1", &r, NOW_MS, id, &f.e), ERR_NOT_FOUND);
    r = question("1", "x");
    CHECK_INT(store_repeat_find(f.s, "u1", &r, NOW_MS, id, &f.e), ERR_OK);
    fixture_end(&f);
}

static const struct check_test TESTS[] = {
    TEST(a_repeated_request_gets_what_the_first_made_for_a_day),
    TEST(the_same_key_for_another_request_is_refused),
    TEST(a_limited_number_of_keys_of_a_caller_is_kept),
    { 0 },
};
CHECK_MAIN(TESTS)
