#include "fixture.h"
#include "store/db.h"
#include "store/migrate.h"
#include "store/store_inside.h"

static const struct migration TWO[] = {
    { 1, "0001_a", "CREATE TABLE a (x BIGINT); INSERT INTO a VALUES (1);" },
    { 2, "0002_b", "ALTER TABLE a ADD COLUMN y BIGINT; UPDATE a SET y = x + 1;" },
    { 0 },
};
static const struct migration ONE[] = { { 1, "0001_a", "CREATE TABLE a (x BIGINT)" }, { 0 } };
static const struct migration BROKEN[] = {
    { 1, "0001_a", "CREATE TABLE a (x BIGINT)" },
    { 2, "0002_b", "CREATE TABLE b (x BIGINT); INSERT INTO nowhere VALUES (1);" },
    { 3, "0003_c", "CREATE TABLE c (x BIGINT)" },
    { 0 },
};

static struct db *open_file(struct fixture *f)
{
    struct db *c = NULL;
    char path[PATH_MAX];

    CHECK_INT(db_open(fixture_path(f, "x.db", path), DB_WRITE, &c, &f->e), ERR_OK);
    return c;
}

static void migrations_are_applied_once_and_noted(void)
{
    struct fixture f;
    struct db *c;
    int level;

    fixture_folder(&f);
    c = open_file(&f);
    CHECK_INT(migrate_apply(c, TWO, NOW_MS, &f.e), ERR_OK);
    CHECK_INT(migrate_apply(c, TWO, NOW_MS + 1, &f.e), ERR_OK);
    CHECK_INT(migrate_level(c, &level, &f.e), ERR_OK);
    CHECK_INT(level, 2);
    CHECK_INT(fixture_number(c, "SELECT y FROM a"), 2);
    CHECK_INT(
        fixture_number(
            c, "SELECT count(*) FROM schema_history WHERE applied_ms = 1790000000000 AND name IN ('0001_a', '0002_b')"),
        2);
    db_close(c);
    fixture_end(&f);
}

static void an_older_database_is_brought_up(void)
{
    struct fixture f;
    struct db *c;

    fixture_folder(&f);
    c = open_file(&f);
    CHECK_INT(migrate_apply(c, ONE, NOW_MS, &f.e), ERR_OK);
    CHECK_INT(db_exec(c, "INSERT INTO a VALUES (4)", &f.e), ERR_OK);
    CHECK_INT(migrate_apply(c, TWO, NOW_MS + 1, &f.e), ERR_OK);
    CHECK_INT(fixture_number(c, "SELECT y FROM a"), 5);
    db_close(c);
    fixture_end(&f);
}

static void a_newer_database_is_refused_and_left_alone(void)
{
    struct fixture f;
    struct db *c;

    fixture_folder(&f);
    c = open_file(&f);
    CHECK_INT(migrate_apply(c, TWO, NOW_MS, &f.e), ERR_OK);
    CHECK_INT(migrate_apply(c, ONE, NOW_MS, &f.e), ERR_CONFLICT);
    CHECK_STR(f.e.code, "database_newer");
    CHECK(strstr(f.e.detail, "level 2, this one knows 1") != NULL);
    CHECK_INT(fixture_number(c, "SELECT y FROM a"), 2);
    db_close(c);
    fixture_end(&f);
}

static void a_broken_migration_is_undone_whole_and_stops_the_rest(void)
{
    struct fixture f;
    struct db *c;
    int level;

    fixture_folder(&f);
    c = open_file(&f);
    CHECK_INT(migrate_apply(c, BROKEN, NOW_MS, &f.e), ERR_INTERNAL);
    CHECK(!db_in_transaction(c));
    CHECK_INT(migrate_level(c, &level, &f.e), ERR_OK);
    CHECK_INT(level, 1);
    CHECK_INT(fixture_number(c, "SELECT count(*) FROM sqlite_schema WHERE name IN ('b', 'c')"), 0);
    db_close(c);
    fixture_end(&f);
}

/* 0015: two people at the same time, one of them later with somebody else, and a visit in another room. */
static void stretches_from_before_visits_are_put_together_by_their_times(void)
{
    struct fixture f;
    struct db *c;

    fixture_folder(&f);
    c = open_file(&f);
    CHECK_INT(migrate_make(c, MIGRATIONS, 14, &f.e), ERR_OK);
    CHECK_INT(
        db_exec(c,
                "PRAGMA foreign_keys = OFF;"
                "INSERT INTO call_quality VALUES ('guest', 1000, 'r1', 'G', 0, 5000, 1, 0, 0, 0, 0, 0, 0, 0, '');"
                "INSERT INTO call_quality VALUES ('host', 1100, 'r1', 'H', 1, 5200, 1, 0, 0, 0, 0, 0, 0, 0, '');"
                "INSERT INTO call_quality VALUES ('other', 9000, 'r1', 'O', 0, 9900, 1, 0, 0, 0, 0, 0, 0, 0, '');"
                "INSERT INTO call_quality VALUES ('guest', 1200, 'r2', 'G', 0, 5000, 1, 0, 0, 0, 0, 0, 0, 0, '');",
                &f.e),
        ERR_OK);
    CHECK_INT(db_exec(c, MIGRATIONS[14].sql, &f.e), ERR_OK);
    CHECK_INT(fixture_number(c, "SELECT count(*) FROM call_quality WHERE room_id = 'r1' AND visit_ms = 1000"), 2);
    CHECK_INT(fixture_number(c, "SELECT visit_ms FROM call_quality WHERE participant_id = 'other'"), 9000);
    CHECK_INT(fixture_number(c, "SELECT visit_ms FROM call_quality WHERE room_id = 'r2'"), 1200);
    db_close(c);
    fixture_end(&f);
}

static void numbers_have_no_gaps(void)
{
    for (int i = 0; MIGRATIONS[i].number; i++)
        CHECK_INT(MIGRATIONS[i].number, i + 1);
    CHECK(MIGRATIONS[0].number == 1);
}

static void another_programs_database_is_recognized(void)
{
    struct fixture f;
    struct db *c;
    int level;

    fixture_folder(&f);
    c = open_file(&f);
    CHECK_INT(migrate_level(c, &level, &f.e), ERR_INVALID);
    CHECK_STR(f.e.code, "not_parlour");
    db_close(c);
    fixture_end(&f);
}

static const struct check_test TESTS[] = {
    TEST(migrations_are_applied_once_and_noted),
    TEST(an_older_database_is_brought_up),
    TEST(a_newer_database_is_refused_and_left_alone),
    TEST(a_broken_migration_is_undone_whole_and_stops_the_rest),
    TEST(stretches_from_before_visits_are_put_together_by_their_times),
    TEST(numbers_have_no_gaps),
    TEST(another_programs_database_is_recognized),
    { 0 },
};
CHECK_MAIN(TESTS)
