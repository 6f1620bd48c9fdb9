/* Errors stick to a query, and our own mistakes are found instead of passing for data. */
#include "fixture.h"
#include "store/query.h"
#include "store/store_inside.h"

static void a_row_is_read_by_column_name_in_any_order(void)
{
    struct fixture f = fixture_new();
    char email[EMAIL_SIZE], name[NAME_SIZE];
    struct query q;

    fixture_fill(&f);
    q = query_begin(f.s, Q_USER_BY_ID);
    query_text(&q, "u1");
    CHECK(query_next(&q));
    CHECK_INT(col_i64(&q, "revision"), 1);
    col_text(&q, "name", name, sizeof name);
    col_text(&q, "email", email, sizeof email);
    CHECK_STR(name, "Dr u1");
    CHECK_STR(email, "one@example.org");
    CHECK(!query_next(&q));
    CHECK(!query_next(&q));
    CHECK_INT(query_end_one(&q, &f.e), ERR_OK);
    fixture_end(&f);
}

static void no_row_is_distinguished_from_an_error(void)
{
    struct fixture f = fixture_new();
    struct query q = query_begin(f.s, Q_USER_BY_ID);

    query_text(&q, "nobody");
    CHECK_INT(query_end_one(&q, &f.e), ERR_NOT_FOUND);
    q = query_begin(f.s, Q_USER_BY_ID);
    query_text(&q, "nobody");
    CHECK_INT(query_end(&q, &f.e), ERR_OK);
    fixture_end(&f);
}

/* Begins the query for u1 and reads its row. */
static struct query at_u1(struct fixture *f)
{
    struct query q = query_begin(f->s, Q_USER_BY_ID);

    query_text(&q, "u1");
    CHECK(query_next(&q));
    return q;
}

static void columns_that_do_not_fit_stick(void)
{
    struct fixture f = fixture_new();
    char small[3] = "x";
    uint8_t bytes[HASH_BYTES];
    struct query q;

    fixture_fill(&f);
    q = at_u1(&f);
    CHECK_INT(col_i64(&q, "no_such_column"), 0);
    CHECK(!query_next(&q));
    CHECK_INT(query_end_one(&q, &f.e), ERR_INTERNAL);
    CHECK(strstr(f.e.detail, "no_such_column") != NULL);
    q = at_u1(&f);
    col_text(&q, "name", small, sizeof small);
    CHECK_STR(small, "");
    CHECK_INT(query_end_one(&q, &f.e), ERR_INTERNAL);
    q = at_u1(&f);
    CHECK_INT(col_enum(&q, "created_ms", 3), 0);
    CHECK_INT(query_end_one(&q, &f.e), ERR_INTERNAL);
    q = at_u1(&f);
    col_bytes(&q, "name", bytes, sizeof bytes);
    CHECK_INT(bytes[0], 0);
    CHECK_INT(query_end_one(&q, NULL), ERR_INTERNAL);
    fixture_end(&f);
}

static void a_parameter_too_many_sticks(void)
{
    struct fixture f = fixture_new();
    struct query q = query_begin(f.s, Q_USER_BY_ID);

    query_text(&q, "u1");
    query_i64(&q, 2);
    CHECK(!query_next(&q));
    CHECK_INT(query_end(&q, &f.e), ERR_INTERNAL);
    fixture_end(&f);
}

static void a_statement_cannot_be_used_inside_itself(void)
{
    struct fixture f = fixture_new();
    struct query outer, inner;

    fixture_fill(&f);
    outer = at_u1(&f);
    inner = query_begin(f.s, Q_USER_BY_ID);
    query_text(&inner, "u2");
    CHECK(!query_next(&inner));
    CHECK_INT(query_end(&inner, &f.e), ERR_INTERNAL);
    CHECK_INT(col_i64(&outer, "revision"), 1);
    CHECK_INT(query_end_one(&outer, &f.e), ERR_OK);
    outer = at_u1(&f); /* and is free again */
    CHECK_INT(query_end_one(&outer, &f.e), ERR_OK);
    fixture_end(&f);
}

static void a_change_outside_of_a_write_is_refused(void)
{
    struct fixture f = fixture_new();

    CHECK_INT(store_setting_set(f.s, "a", "b", &f.e), ERR_INTERNAL);
    CHECK(strstr(f.e.detail, "store_write_begin") != NULL);
    CHECK(store_db_writable(f.db)); /* our mistake, not the disk's */
    fixture_end(&f);
}

static void changes_are_counted(void)
{
    struct fixture f = fixture_new();
    struct query q;
    int64_t n;

    CHECK_INT(store_write_begin(f.s, &f.e), ERR_OK);
    for (int i = 0; i < 2; i++) {
        q = query_begin(f.s, Q_SETTING_SET);
        query_text(&q, "name");
        query_text(&q, "value");
        CHECK_INT(query_end_changes(&q, &n, &f.e), ERR_OK);
        CHECK_INT(n, 1);
    }
    q = query_begin(f.s, Q_USER_DELETE);
    query_text(&q, "nobody");
    CHECK_INT(query_end_changes(&q, &n, &f.e), ERR_OK);
    CHECK_INT(n, 0);
    CHECK_INT(store_write_end(f.s, ERR_OK, &f.e), ERR_OK);
    fixture_end(&f);
}

static const struct check_test TESTS[] = {
    TEST(a_row_is_read_by_column_name_in_any_order),
    TEST(no_row_is_distinguished_from_an_error),
    TEST(columns_that_do_not_fit_stick),
    TEST(a_parameter_too_many_sticks),
    TEST(a_statement_cannot_be_used_inside_itself),
    TEST(a_change_outside_of_a_write_is_refused),
    TEST(changes_are_counted),
    { 0 },
};
CHECK_MAIN(TESTS)
