#include "util/list.h"

#include "tests/support/check.h"

struct item {
    int number;
    struct list link;
};

static void elements_keep_their_order(void)
{
    struct item items[3] = { { .number = 1 }, { .number = 2 }, { .number = 3 } };
    struct list head, *it, *tmp;
    int expected = 1;

    list_init(&head);
    CHECK(list_empty(&head));
    for (int i = 0; i < 3; i++)
        list_add_tail(&head, &items[i].link);
    list_each(it, tmp, &head) CHECK_INT(list_entry(it, struct item, link)->number, expected++);
    CHECK_INT(expected, 4);
}

static void the_current_element_may_go_during_a_walk(void)
{
    struct item items[3] = { { .number = 1 }, { .number = 2 }, { .number = 3 } };
    struct list head, *it, *tmp;

    list_init(&head);
    for (int i = 0; i < 3; i++)
        list_add_tail(&head, &items[i].link);
    list_each(it, tmp, &head) list_remove(it);
    CHECK(list_empty(&head));
    CHECK(!list_linked(&items[1].link));
    list_remove(&items[1].link);
    list_add_tail(&head, &items[1].link);
    CHECK(list_linked(&items[1].link) && !list_empty(&head));
}

static const struct check_test TESTS[] = {
    TEST(elements_keep_their_order),
    TEST(the_current_element_may_go_during_a_walk),
    { 0 },
};
CHECK_MAIN(TESTS)
