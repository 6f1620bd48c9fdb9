#include "store/store_devices.h"

#include "fixture.h"

static bool is_of(struct fixture *f, const uint8_t hash[HASH_BYTES], const char *user_id, int64_t now_ms)
{
    bool known = false;

    CHECK_INT(store_device_is_of(f->s, hash, user_id, now_ms, &known, &f->e), ERR_OK);
    return known;
}

static bool known(struct fixture *f, const uint8_t hash[HASH_BYTES], int64_t now_ms)
{
    bool found = false;

    CHECK_INT(store_device_known(f->s, hash, now_ms, &found, &f->e), ERR_OK);
    return found;
}

static void a_shared_device_belongs_to_everyone_who_signed_in_there(void)
{
    struct fixture f = fixture_new();
    uint8_t shared[HASH_BYTES], other[HASH_BYTES];

    fixture_fill(&f);
    hash_of("shared", shared);
    hash_of("other", other);
    CHECK(!known(&f, shared, NOW_MS));
    CHECK_INT(WRITE(f, store_device_seen(f.s, "u1", shared, NOW_MS, &f.e)), ERR_OK);
    CHECK(known(&f, shared, NOW_MS) && !known(&f, other, NOW_MS));
    CHECK(is_of(&f, shared, "u1", NOW_MS) && !is_of(&f, shared, "u2", NOW_MS) && !is_of(&f, shared, "", NOW_MS));
    CHECK_INT(WRITE(f, store_device_seen(f.s, "u2", shared, NOW_MS, &f.e)), ERR_OK);
    CHECK(is_of(&f, shared, "u1", NOW_MS) && is_of(&f, shared, "u2", NOW_MS));
    CHECK_INT(WRITE(f, store_device_seen(f.s, "nobody", shared, NOW_MS, &f.e)), ERR_NOT_FOUND);
    fixture_end(&f);
}

static void half_a_year_after_the_newest_sign_in_it_is_forgotten(void)
{
    struct fixture f = fixture_new();
    uint8_t old[HASH_BYTES], young[HASH_BYTES];

    fixture_fill(&f);
    hash_of("old", old);
    hash_of("young", young);
    CHECK_INT(WRITE(f, store_device_seen(f.s, "u1", old, NOW_MS, &f.e)), ERR_OK);
    CHECK(is_of(&f, old, "u1", NOW_MS + DEVICE_MEMORY_MS - 1) && !is_of(&f, old, "u1", NOW_MS + DEVICE_MEMORY_MS));
    CHECK_INT(WRITE(f, store_device_seen(f.s, "u1", young, NOW_MS + DEVICE_MEMORY_MS, &f.e)), ERR_OK);
    CHECK(!known(&f, old, NOW_MS) && known(&f, young, NOW_MS));
    fixture_end(&f);
}

static void the_longest_unused_makes_room(void)
{
    struct fixture f = fixture_new();
    uint8_t hash[HASH_BYTES];
    char name[8];

    fixture_fill(&f);
    for (int i = 0; i <= DEVICES_OF_USER_MAX; i++) {
        snprintf(name, sizeof name, "d%d", i);
        hash_of(name, hash);
        CHECK_INT(WRITE(f, store_device_seen(f.s, "u1", hash, NOW_MS + i, &f.e)), ERR_OK);
    }
    hash_of("d0", hash);
    CHECK(!known(&f, hash, NOW_MS));
    hash_of("d1", hash);
    CHECK(known(&f, hash, NOW_MS));
    fixture_end(&f);
}

static void all_but_one_are_forgotten_on_demand(void)
{
    struct fixture f = fixture_new();
    uint8_t one[HASH_BYTES], two[HASH_BYTES];

    fixture_fill(&f);
    hash_of("one", one);
    hash_of("two", two);
    CHECK_INT(WRITE(f, store_device_seen(f.s, "u1", one, NOW_MS, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_device_seen(f.s, "u1", two, NOW_MS, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_device_seen(f.s, "u2", two, NOW_MS, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_device_forget(f.s, "u1", one, &f.e)), ERR_OK);
    CHECK(is_of(&f, one, "u1", NOW_MS) && !is_of(&f, two, "u1", NOW_MS) && is_of(&f, two, "u2", NOW_MS));
    CHECK_INT(WRITE(f, store_device_forget(f.s, "u1", NULL, &f.e)), ERR_OK);
    CHECK(!is_of(&f, one, "u1", NOW_MS));
    fixture_end(&f);
}

static const struct check_test TESTS[] = {
    TEST(a_shared_device_belongs_to_everyone_who_signed_in_there),
    TEST(half_a_year_after_the_newest_sign_in_it_is_forgotten),
    TEST(the_longest_unused_makes_room),
    TEST(all_but_one_are_forgotten_on_demand),
    { 0 },
};
CHECK_MAIN(TESTS)
