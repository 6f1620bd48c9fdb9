#include "store/tables.h"

#include "fixture.h"
#include "store/migrate.h"
#include "store/store_inside.h"

static int level_now(void)
{
    int level = 0;

    for (const struct migration *m = MIGRATIONS; m->number; m++)
        level = m->number;
    return level;
}

static void the_list_names_the_tables_that_the_migrations_make(void)
{
    struct fixture f = fixture_new();
    int listed = 0;

    for (const struct db_table *t = TABLES; t->name; t++, listed++) {
        char sql[200];

        snprintf(sql, sizeof sql, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '%s'", t->name);
        if (!CHECK_INT(fixture_number(f.db->writer.db, sql), 1))
            printf("%s is listed, but no migration makes it\n", t->name);
    }
    CHECK_INT(fixture_number(f.db->writer.db, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'"), listed);
    CHECK_INT(db_check_tables(f.db->writer.db, TABLES, INT64_MAX, &f.e), ERR_OK);
    fixture_end(&f);
}

static void each_level_has_its_own_form(void)
{
    for (int level = 0; level <= level_now(); level++) {
        struct db *c = NULL;
        struct err e;

        CHECK_INT(db_open(":memory:", DB_ALONE, &c, &e), ERR_OK);
        CHECK_INT(migrate_make(c, MIGRATIONS, level, &e), ERR_OK);
        for (int other = 0; other <= level_now(); other++)
            if (tables_check(c, other, &e) == ERR_OK &&
                other != level) /* a migration of data alone leaves the schema as it is */
                CHECK_INT(tables_check(c, other > level ? level : other, &e), ERR_OK);
        CHECK_INT(tables_check(c, level, &e), ERR_OK);
        db_close(c);
    }
}

static void an_object_added_or_removed_is_found(void)
{
    static const char *const CHANGES[] = {
        "CREATE TRIGGER spy AFTER INSERT ON sessions BEGIN DELETE FROM audit; END",
        "CREATE VIEW v AS SELECT * FROM users",
        "CREATE TABLE \"x', 'y\" (z TEXT)",
        "CREATE INDEX mine ON users (name)",
        "DROP INDEX users_newest",
        "DROP TABLE blocks",
        "ALTER TABLE users ADD COLUMN z TEXT",
    };

    for (size_t i = 0; i < sizeof CHANGES / sizeof *CHANGES; i++) {
        struct fixture f = fixture_new();

        CHECK_INT(tables_check(f.db->writer.db, level_now(), &f.e), ERR_OK);
        CHECK_INT(db_exec(f.db->writer.db, CHANGES[i], &f.e), ERR_OK);
        CHECK_INT(tables_check(f.db->writer.db, level_now(), &f.e), ERR_IO);
        CHECK_STR(f.e.code, "database_corrupt");
        fixture_shut(&f);
        CHECK_INT(fixture_try_open(&f), ERR_IO);
        CHECK_STR(f.e.code, "database_corrupt");
        fixture_end(&f);
    }
}

static void statistics_of_the_database_itself_are_accepted(void)
{
    struct fixture f = fixture_new();

    CHECK_INT(db_exec(f.db->writer.db, "ANALYZE", &f.e), ERR_OK);
    fixture_shut(&f);
    fixture_open(&f);
    fixture_end(&f);
}

static const struct check_test TESTS[] = {
    TEST(the_list_names_the_tables_that_the_migrations_make),
    TEST(each_level_has_its_own_form),
    TEST(an_object_added_or_removed_is_found),
    TEST(statistics_of_the_database_itself_are_accepted),
    { 0 },
};
CHECK_MAIN(TESTS)
