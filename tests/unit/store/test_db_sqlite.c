#include <fcntl.h>

#include "fixture.h"
#include "store/db.h"

static struct db *open_as(struct fixture *f, enum db_use use)
{
    struct db *c = NULL;
    char path[PATH_MAX];

    CHECK_INT(db_open(fixture_path(f, "x.db", path), use, &c, &f->e), ERR_OK);
    return c;
}

static void check_text(struct db *c, const char *sql, const char *expected)
{
    struct db_stmt *s = NULL;

    if (!CHECK_INT(db_prepare(c, sql, &s, NULL), ERR_OK))
        return;
    CHECK_INT(db_step(s), DB_ROW);
    if (!CHECK_STR(db_column_text(s, 0), expected))
        printf("  %s\n", sql);
    db_finalize(s);
}

static void connections_are_set_up_as_promised(void)
{
    struct fixture f;
    struct db *w, *r;

    fixture_folder(&f);
    w = open_as(&f, DB_WRITE);
    r = open_as(&f, DB_READ);
    check_text(w, "PRAGMA journal_mode", "wal");
    check_text(w, "PRAGMA synchronous", "2");
    check_text(w, "PRAGMA foreign_keys", "1");
    check_text(w, "PRAGMA trusted_schema", "0");
    check_text(w, "PRAGMA cell_size_check", "1");
    check_text(w, "PRAGMA mmap_size", "0");
    check_text(w, "PRAGMA busy_timeout", "5000");
    check_text(w, "PRAGMA wal_autocheckpoint", "1000");
    check_text(r, "PRAGMA wal_autocheckpoint", "0");
    check_text(r, "PRAGMA query_only", "1");
    check_text(r, "PRAGMA mmap_size", "0");
    CHECK_INT(db_exec(r, "CREATE TABLE t (x)", &f.e), ERR_FULL); /* read-only */
    db_close(r);
    db_close(w);
    fixture_end(&f);
}

static void a_reader_leaves_the_log_alone_and_the_writer_empties_it(void)
{
    struct fixture f;
    struct db *w, *r;
    char path[PATH_MAX];
    struct stat st;

    fixture_folder(&f);
    w = open_as(&f, DB_WRITE);
    CHECK_INT(db_exec(w, "CREATE TABLE t (x); INSERT INTO t VALUES (1)", &f.e), ERR_OK);
    r = open_as(&f, DB_READ);
    check_text(r, "SELECT x FROM t", "1");
    db_close(r);
    CHECK_INT(stat(fixture_path(&f, "x.db-wal", path), &st), 0);
    CHECK(st.st_size > 0);
    CHECK_INT(db_exec(w, "PRAGMA wal_checkpoint(PASSIVE)", &f.e), ERR_OK);
    db_close(w);
    CHECK_INT(access(path, F_OK), -1);
    r = open_as(&f, DB_ALONE);
    check_text(r, "SELECT x FROM t", "1");
    db_close(r);
    fixture_end(&f);
}

static void parameters_out_of_order_are_refused(void)
{
    struct fixture f;
    struct db *c;
    struct db_stmt *s = NULL;

    fixture_folder(&f);
    c = open_as(&f, DB_WRITE);
    CHECK_INT(db_prepare(c, "SELECT $2, $1", &s, &f.e), ERR_INTERNAL);
    CHECK_INT(db_prepare(c, "SELECT ?", &s, &f.e), ERR_INTERNAL);
    CHECK_INT(db_prepare(c, "SELECT \"no_such\"", &s, &f.e), ERR_INTERNAL); /* a misspelt name is not a text */
    CHECK_INT(db_prepare(c, "SELECT $1 AS a, $1 AS b, $2 AS c", &s, &f.e), ERR_OK);
    CHECK(db_reads_only(s));
    CHECK(db_bind_text(s, 1, "t") && db_bind_null(s, 2) && !db_bind_i64(s, 3, 1));
    CHECK_INT(db_step(s), DB_ROW);
    CHECK_INT(db_columns(s), 3);
    CHECK_STR(db_column_name(s, 1), "b");
    CHECK_STR(db_column_text(s, 1), "t");
    CHECK(db_column_is_null(s, 2));
    CHECK_STR(db_column_text(s, 2), "");
    db_finalize(s);
    db_finalize(NULL);
    db_close(c);
    db_close(NULL);
    fixture_end(&f);
}

static enum err_code step_fails(struct db *c, const char *sql, struct err *e)
{
    struct db_stmt *s = NULL;
    enum err_code rc = db_prepare(c, sql, &s, e);

    if (rc == ERR_OK)
        rc = db_step(s) == DB_FAILED ? db_failure(s, e) : ERR_OK;
    db_finalize(s);
    return rc;
}

static void failures_have_codes(void)
{
    struct fixture f;
    struct db *c;

    fixture_folder(&f);
    c = open_as(&f, DB_WRITE);
    CHECK_INT(db_exec(c,
                      "CREATE TABLE t (x TEXT NOT NULL PRIMARY KEY); CREATE TABLE u (x TEXT REFERENCES t (x)); INSERT "
                      "INTO t VALUES ('a')",
                      &f.e),
              ERR_OK);
    CHECK_INT(step_fails(c, "INSERT INTO t VALUES ('a')", &f.e), ERR_CONFLICT);
    CHECK_STR(f.e.code, "duplicate");
    CHECK_INT(step_fails(c, "INSERT INTO u VALUES ('b')", &f.e), ERR_CONFLICT);
    CHECK_STR(f.e.code, "no_such_reference");
    CHECK_INT(step_fails(c, "SELECT hex(zeroblob(2000000))", &f.e), ERR_INTERNAL); /* larger than any value of ours */
    db_close(c);
    fixture_end(&f);
}

static void a_file_that_is_not_a_database_is_refused(void)
{
    struct fixture f;
    struct db *c = NULL;
    char path[PATH_MAX];
    FILE *to;

    fixture_folder(&f);
    to = fopen(fixture_path(&f, "x.db", path), "w");
    for (int i = 0; i < 2000; i++)
        fputs("not a database ", to);
    fclose(to);
    for (int use = DB_WRITE; use <= DB_ALONE; use++) {
        CHECK_INT(db_open(path, (enum db_use)use, &c, &f.e), ERR_IO);
        CHECK_STR(f.e.code, "database_corrupt");
    }
    unlink(path);
    CHECK_INT(db_open(path, DB_READ, &c, &f.e), ERR_IO);
    CHECK_INT(db_open("/nowhere/x.db", DB_WRITE, &c, &f.e), ERR_IO);
    fixture_end(&f);
}

/* Rows enough that the start does not check everything, and one small table. */
static void fill(struct db *c, int rows)
{
    char sql[400];

    snprintf(sql, sizeof sql,
             "CREATE TABLE big (x TEXT); CREATE TABLE small (x TEXT NOT NULL PRIMARY KEY, y TEXT);"
             "INSERT INTO small VALUES ('a', 'b');"
             "INSERT INTO big WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT "
             "hex(zeroblob(500)) FROM n",
             rows);
    CHECK_INT(db_exec(c, sql, NULL), ERR_OK);
}

static void spoil_page(struct fixture *f, int64_t page)
{
    char path[PATH_MAX];
    int fd = open(fixture_path(f, "x.db", path), O_WRONLY);
    char junk[4096];

    memset(junk, 0x5a, sizeof junk);
    CHECK_INT(pwrite(fd, junk, sizeof junk, (page - 1) * 4096), 4096);
    close(fd);
}

#define OF_SMALL "SELECT rootpage FROM sqlite_schema WHERE name = 'small'"
#define OF_BIG "SELECT page_count / 2 FROM pragma_page_count" /* it fills nearly all of the file */

static const struct db_table OURS[] = {
    { "big", "SELECT max(rowid) FROM big", "PRAGMA quick_check('big')" },
    { "not_yet_made", "SELECT max(rowid) FROM not_yet_made", "PRAGMA quick_check('not_yet_made')" },
    { "small", "SELECT max(rowid) FROM small", "PRAGMA quick_check('small')" },
    { 0 },
};

static void damage_is_found_early_in_tables_that_matter_and_late_in_the_rest(void)
{
    static const struct {
        const char *page; /* to spoil */
        enum err_code of_few_rows;
    } CASES[] = { { OF_SMALL, ERR_IO }, { OF_BIG, ERR_OK } };

    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct fixture f;
        struct db *c;
        int64_t page, bytes;

        fixture_folder(&f);
        c = open_as(&f, DB_WRITE);
        fill(c, 20000);
        CHECK_INT(db_check(c, DB_CHECK_FULL, NULL, &f.e), ERR_OK);
        CHECK_INT(db_check_tables(c, OURS, INT64_MAX, &f.e), ERR_OK);
        CHECK_INT(db_size(c, &bytes, &f.e), ERR_OK);
        CHECK_INT(bytes, fixture_number(c, "SELECT page_count FROM pragma_page_count") * 4096);
        page = fixture_number(c, CASES[i].page);
        db_close(c);
        spoil_page(&f, page);
        c = open_as(&f, DB_WRITE);
        CHECK_INT(db_check_tables(c, OURS, 10000, &f.e), CASES[i].of_few_rows);
        CHECK_INT(db_check_tables(c, OURS, INT64_MAX, &f.e), ERR_IO);
        CHECK_INT(db_check(c, DB_CHECK_QUICK, NULL, &f.e), ERR_IO);
        CHECK_STR(f.e.code, "database_corrupt");
        CHECK_INT(db_check(c, DB_CHECK_FULL, NULL, &f.e), ERR_IO);
        db_close(c);
        fixture_end(&f);
    }
}

/* Each looks sound to a check that only walks the trees. */
static void the_full_check_compares_indexes_and_references_with_the_tables(void)
{
    static const char *const HARM[] = {
        "UPDATE sqlite_schema SET sql = replace(sql, '(a)', '(b)') WHERE name = 'of_a'",
        "PRAGMA foreign_keys = OFF; DELETE FROM parent",
    };

    for (size_t i = 0; i < sizeof HARM / sizeof *HARM; i++) {
        struct fixture f;
        char path[PATH_MAX], command[PATH_MAX + 200];
        struct db *c;

        fixture_folder(&f);
        c = open_as(&f, DB_WRITE);
        CHECK_INT(db_exec(c,
                          "CREATE TABLE parent (x TEXT NOT NULL PRIMARY KEY);"
                          "CREATE TABLE t (a TEXT, b TEXT REFERENCES parent (x)); CREATE INDEX of_a ON t (a);"
                          "INSERT INTO parent VALUES ('c'); INSERT INTO t VALUES ('z', 'c')",
                          &f.e),
                  ERR_OK);
        CHECK_INT(db_check(c, DB_CHECK_FULL, NULL, &f.e), ERR_OK);
        db_close(c);
        snprintf(command, sizeof command, "sqlite3 %s \"PRAGMA writable_schema = ON; %s\"",
                 fixture_path(&f, "x.db", path), HARM[i]);
        CHECK_INT(system(command), 0); /* NOLINT: a command of the test's own */
        c = open_as(&f, DB_WRITE);
        CHECK_INT(db_check(c, DB_CHECK_QUICK, NULL, &f.e), ERR_OK);
        CHECK_INT(db_check(c, DB_CHECK_FULL, NULL, &f.e), ERR_IO);
        CHECK_STR(f.e.code, "database_corrupt");
        db_close(c);
        fixture_end(&f);
    }
}

static void a_check_stops_when_told(void)
{
    struct fixture f;
    struct db *c;
    atomic_bool stop = true;

    fixture_folder(&f);
    c = open_as(&f, DB_WRITE);
    fill(c, 20000);
    CHECK_INT(db_check(c, DB_CHECK_QUICK, &stop, &f.e), ERR_BUSY);
    stop = false;
    CHECK_INT(db_check(c, DB_CHECK_QUICK, &stop, &f.e), ERR_OK);
    db_close(c);
    fixture_end(&f);
}

static void a_copy_is_one_plain_file_of_one_moment(void)
{
    struct fixture f;
    struct db *w, *r, *c = NULL;
    char path[PATH_MAX], log[PATH_MAX];

    fixture_folder(&f);
    w = open_as(&f, DB_WRITE);
    fill(w, 100);
    r = open_as(&f, DB_READ);
    fclose(fopen(fixture_path(&f, "copy.db", path), "w"));
    CHECK_INT(db_copy(r, path, &f.e), ERR_OK);
    CHECK(!db_in_transaction(r));
    CHECK_INT(db_exec(w, "DELETE FROM big", &f.e), ERR_OK);
    CHECK_INT(access(fixture_path(&f, "copy.db-wal", log), F_OK), -1);
    CHECK_INT(db_open(path, DB_ALONE, &c, &f.e), ERR_OK);
    check_text(c, "SELECT count(*) FROM big", "100");
    check_text(c, "PRAGMA journal_mode", "delete");
    CHECK_INT(db_check(c, DB_CHECK_FULL, NULL, &f.e), ERR_OK);
    db_close(c);
    CHECK_INT(db_copy(r, "/nowhere/copy.db", &f.e), ERR_IO);
    db_close(r);
    db_close(w);
    fixture_end(&f);
}

static const struct check_test TESTS[] = {
    TEST(connections_are_set_up_as_promised),
    TEST(a_reader_leaves_the_log_alone_and_the_writer_empties_it),
    TEST(parameters_out_of_order_are_refused),
    TEST(failures_have_codes),
    TEST(a_file_that_is_not_a_database_is_refused),
    TEST(damage_is_found_early_in_tables_that_matter_and_late_in_the_rest),
    TEST(the_full_check_compares_indexes_and_references_with_the_tables),
    TEST(a_check_stops_when_told),
    TEST(a_copy_is_one_plain_file_of_one_moment),
    { 0 },
};
CHECK_MAIN(TESTS)
