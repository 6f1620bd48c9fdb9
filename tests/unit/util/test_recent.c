#include "util/recent.h"

#include "tests/support/check.h"

struct record {
    struct recent_item item;
    int number;
};

static void number(struct recent *r, const char *key, int number)
{
    struct record *record = recent_touch(r, key);

    record->number = number;
}

static int number_of(const struct recent *r, const char *key)
{
    const struct record *record = recent_find(r, key);

    return record ? record->number : -1;
}

static void a_record_is_found_by_its_key(void)
{
    struct recent r;

    recent_init(&r, 3, sizeof(struct record));
    CHECK_INT(number_of(&r, "a"), -1);
    number(&r, "a", 1);
    number(&r, "b", 2);
    CHECK_INT(((struct record *)recent_touch(&r, "c"))->number, 0);
    CHECK_INT(number_of(&r, "a"), 1);
    CHECK_INT(((struct record *)recent_touch(&r, "b"))->number, 2);
    recent_clear(&r);
}

static void the_longest_untouched_gives_way(void)
{
    struct recent r;

    recent_init(&r, 2, sizeof(struct record));
    number(&r, "a", 1);
    number(&r, "b", 2);
    recent_touch(&r, "a");
    CHECK_INT(number_of(&r, "b"), 2); /* looking does not count as use */
    number(&r, "c", 3);
    CHECK_INT(number_of(&r, "b"), -1);
    CHECK_INT(number_of(&r, "a"), 1);
    CHECK_INT(number_of(&r, "c"), 3);
    recent_clear(&r);
}

static void a_held_record_stays_and_goes_once_it_is_released(void)
{
    struct recent r;

    recent_init(&r, 2, sizeof(struct record));
    ((struct record *)recent_touch(&r, "a"))->item.held = 1;
    ((struct record *)recent_touch(&r, "b"))->item.held = 1;
    number(&r, "c", 3);
    CHECK_INT((int)r.count, 3);
    ((struct record *)recent_find(&r, "a"))->item.held = 0;
    number(&r, "d", 4);
    CHECK_INT((int)r.count, 2);
    CHECK_INT(number_of(&r, "a"), -1);
    CHECK_INT(number_of(&r, "b"), 0);
    CHECK_INT(number_of(&r, "d"), 4);
    recent_clear(&r);
}

static void a_forgotten_record_begins_anew(void)
{
    struct recent r;

    recent_init(&r, 0, sizeof(struct record)); /* one at least */
    number(&r, "a", 1);
    recent_forget(&r, recent_find(&r, "a"));
    CHECK_INT((int)r.count, 0);
    CHECK_INT(((struct record *)recent_touch(&r, "a"))->number, 0);
    CHECK_INT((int)r.count, 1);
    recent_clear(&r);
}

static const struct check_test TESTS[] = {
    TEST(a_record_is_found_by_its_key),
    TEST(the_longest_untouched_gives_way),
    TEST(a_held_record_stays_and_goes_once_it_is_released),
    TEST(a_forgotten_record_begins_anew),
    { 0 },
};
CHECK_MAIN(TESTS)
