/* Every statement compiles against the schema, and no statement that people wait for walks a whole table. */
#include "fixture.h"
#include "store/db.h"
#include "store/store_inside.h"

/* Statements that read everything, because that is their task. */
static const enum statement WALKS[] = { Q_AUDIT_WALK, Q_AUDIT_LAST, Q_USER_COUNT };

/* Lists in the order of an index: SQLite says SCAN, and LIMIT ends it after a page, or the index holds open seats alone. */
static const enum statement PAGES[] = { Q_USER_FIRST_PAGE, Q_SEAT_LIST_OPEN, Q_AUDIT_HEAD, Q_AGE_SEED, Q_KEY_NEWEST };

static bool is_in(enum statement id, const enum statement *set, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (set[i] == id)
            return true;
    return false;
}

static bool is_fine(enum statement id, const char *plan)
{
    if (strncmp(plan, "SCAN", 4) != 0 || strcmp(plan, "SCAN CONSTANT ROW") == 0)
        return strstr(plan, "AUTOMATIC") == NULL;
    if (is_in(id, WALKS, sizeof WALKS / sizeof *WALKS))
        return true;
    return is_in(id, PAGES, sizeof PAGES / sizeof *PAGES) &&
           (strstr(plan, "USING INDEX") || id == Q_AUDIT_HEAD || id == Q_AGE_SEED);
}

static void check_plan(struct db *c, enum statement id)
{
    char sql[8192];
    struct db_stmt *s = NULL;
    struct err e;

    snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN %s", STATEMENT_SQL[id]);
    if (!CHECK_INT(db_prepare(c, sql, &s, &e), ERR_OK)) {
        printf("statement %d: %s\n%s\n", (int)id, e.detail, STATEMENT_SQL[id]);
        return;
    }
    while (db_step(s) == DB_ROW) {
        const char *plan = db_column_text(s, 3);

        if (!CHECK(is_fine(id, plan)))
            printf("  %s\n  in %s\n", plan, STATEMENT_SQL[id]);
    }
    db_finalize(s);
}

static void no_statement_walks_a_table(void)
{
    struct fixture f = fixture_new();

    for (int id = 0; id < STATEMENTS; id++)
        if (CHECK(STATEMENT_SQL[id] != NULL))
            check_plan(f.s->reader.db, (enum statement)id);
    fixture_end(&f);
}

static void every_statement_can_be_prepared_by_both_kinds_of_connection(void)
{
    struct fixture f = fixture_new();

    for (int id = 0; id < STATEMENTS; id++) {
        struct db_stmt *s = NULL;

        CHECK_INT(db_prepare(f.db->writer.db, STATEMENT_SQL[id], &s, &f.e), ERR_OK);
        db_finalize(s);
        CHECK_INT(db_prepare(f.s->reader.db, STATEMENT_SQL[id], &s, &f.e), ERR_OK);
        db_finalize(s);
    }
    fixture_end(&f);
}

static const struct check_test TESTS[] = {
    TEST(no_statement_walks_a_table),
    TEST(every_statement_can_be_prepared_by_both_kinds_of_connection),
    { 0 },
};
CHECK_MAIN(TESTS)
