#include "util/map.h"

#include <stdio.h>

#include "tests/support/check.h"

static int values[2000];

static void keys_are_copied_and_values_found(void)
{
    struct map m = { 0 };
    char key[20] = "one";

    CHECK(map_get(&m, "one") == NULL && map_remove(&m, "one") == NULL);
    CHECK(map_put(&m, key, &values[1]) == NULL);
    key[0] = 'x';
    CHECK(map_get(&m, "one") == &values[1]);
    CHECK(map_put(&m, "one", &values[2]) == &values[1]);
    CHECK_INT(m.used, 1);
    CHECK(map_remove(&m, "one") == &values[2]);
    CHECK(map_get(&m, "one") == NULL);
    map_clear(&m);
}

static void many_keys_come_and_go(void)
{
    struct map m = { 0 };
    char key[20];

    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 2000; i++) {
            snprintf(key, sizeof key, "key-%d", i);
            CHECK(map_put(&m, key, &values[i]) == NULL);
        }
        for (int i = 0; i < 2000; i += 2) {
            snprintf(key, sizeof key, "key-%d", i);
            CHECK(map_remove(&m, key) == &values[i]);
        }
        CHECK_INT(m.used, 1000);
        for (int i = 0; i < 2000; i++) {
            snprintf(key, sizeof key, "key-%d", i);
            CHECK(map_get(&m, key) == (i % 2 ? &values[i] : NULL));
            if (i % 2)
                map_remove(&m, key);
        }
    }
    CHECK_INT(m.used, 0);
    map_clear(&m);
}

static void a_walk_sees_each_once_and_may_remove(void)
{
    struct map m = { 0 };
    char key[20];
    const char *name;
    size_t at = 0, seen = 0;
    void *value;

    for (int i = 0; i < 500; i++) {
        snprintf(key, sizeof key, "%d", i);
        map_put(&m, key, &values[i]);
    }
    while (map_next(&m, &at, &name, &value)) {
        seen++;
        if (seen % 2) {
            snprintf(key, sizeof key, "%s", name);
            map_remove(&m, key);
        }
    }
    CHECK_INT(seen, 500);
    CHECK_INT(m.used, 250);
    map_clear(&m);
    at = 0;
    CHECK(!map_next(&m, &at, &name, &value));
}

static const struct check_test TESTS[] = {
    TEST(keys_are_copied_and_values_found),
    TEST(many_keys_come_and_go),
    TEST(a_walk_sees_each_once_and_may_remove),
    { 0 },
};
CHECK_MAIN(TESTS)
