#include "store/db.h"

#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "observe/log.h"
#include "util/mem.h"

#define BUSY_MS 5000
#define VALUE_MAX_BYTES (1 << 20) /* far above any text or blob of ours */
#define COPY_PAGES 512            /* a step of the online copy */

struct db {
    sqlite3 *raw;
    enum db_use use;
};

/* A prepared statement is SQLite's; our type is only an opaque name for it. */
static sqlite3_stmt *raw(const struct db_stmt *statement)
{
    return (sqlite3_stmt *)(uintptr_t)statement;
}

static sqlite3 *connection_of(const struct db_stmt *statement)
{
    return sqlite3_db_handle(raw(statement));
}

/* --- errors --------------------------------------------------------------------------------------------------------- */

static bool is_out_of_room(int code, int system_errno)
{
    int primary = code & 0xff;

    if (primary == SQLITE_FULL || primary == SQLITE_READONLY)
        return true;
    if (primary != SQLITE_IOERR && primary != SQLITE_CANTOPEN)
        return false;
    return system_errno == ENOSPC || system_errno == EDQUOT || system_errno == EROFS || system_errno == EFBIG;
}

enum err_code db_fail_corrupt(struct err *e)
{
    return err_set(e, ERR_IO, "database_corrupt",
                   "the database is damaged: stop the server and put the newest backup in its place with "
                   "'parlour restore FILE'; the damaged file is kept beside it");
}

static enum err_code map_failure(int code, int system_errno, struct err *e)
{
    int primary = code & 0xff;

    if (is_out_of_room(code, system_errno))
        return err_set(e, ERR_FULL, "storage_full",
                       "the disk that holds the database is full or read-only: make room, then try again");
    if (primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB)
        return db_fail_corrupt(e);
    if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED)
        return err_set(e, ERR_BUSY, "database_busy", "another program holds the database: close it");
    if (primary == SQLITE_INTERRUPT)
        return err_set(e, ERR_BUSY, "busy", "stopped before the end");
    if (code == SQLITE_CONSTRAINT_FOREIGNKEY)
        return err_set(e, ERR_CONFLICT, "no_such_reference", "what this refers to is not there");
    if (primary == SQLITE_CONSTRAINT)
        return err_set(e, ERR_CONFLICT, "duplicate", "this is there already");
    if (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN || primary == SQLITE_NOMEM || primary == SQLITE_PROTOCOL)
        return err_set(e, ERR_IO, "database_failed",
                       "the database could not be read or written: see the log and the disk");
    return err_set(e, ERR_INTERNAL, "internal", "the database refused a statement (%d)", code);
}

/* A failed commit does not keep the system's error, but nothing after the failed call changes errno; every call that may commit
 * clears it first. */
static int system_error(sqlite3 *handle)
{
    int noted = sqlite3_system_errno(handle);

    return noted ? noted : errno;
}

/* SQLite's messages may hold values, so only numbers go to the log. */
static enum err_code failure(sqlite3 *handle, struct err *e)
{
    int code = sqlite3_extended_errcode(handle), system_errno = system_error(handle);
    enum err_code kind = map_failure(code, system_errno, e);

    if (kind == ERR_FULL || kind == ERR_IO || kind == ERR_INTERNAL)
        log_event(LOG_ERROR, "store.failed", "sqlite=%d errno=%d", code, system_errno);
    return kind;
}

enum err_code db_failure(const struct db_stmt *statement, struct err *e)
{
    return failure(connection_of(statement), e);
}

/* --- connections ---------------------------------------------------------------------------------------------------- */

/* Statistics cost a lock shared by all connections at each allocation. */
static void set_up_library(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* No mmap and one committing connection: Debian's 3.40.1 has the WAL-reset bug. secure_delete: erased data is overwritten. */
static const char COMMON[] =
    "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA trusted_schema=OFF; PRAGMA foreign_keys=ON;"
    "PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON;";
static const char *const PRAGMAS[] = {
    [DB_WRITE] = ("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=1000;"
                  "PRAGMA journal_size_limit=67108864;"),
    [DB_READ] = "PRAGMA query_only=ON; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-1000;",
    [DB_ALONE] = "PRAGMA cache_size=-1000;",
};
static const int FLAGS[] = {
    [DB_WRITE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
    [DB_READ] = SQLITE_OPEN_READONLY,
    [DB_ALONE] = SQLITE_OPEN_READWRITE,
};

static void harden(sqlite3 *handle, enum db_use use)
{
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, BUSY_MS);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, VALUE_MAX_BYTES);
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, use == DB_READ, NULL);
}

static int keep_first(void *to, int columns, char **values, char **names)
{
    char *text = to;

    (void)names;
    if (columns > 0 && values[0] && !text[0])
        snprintf(text, 16, "%.15s", values[0]);
    return 0;
}

/* Some file systems (network, some containers') cannot share memory; SQLite then silently keeps a rollback journal. */
static enum err_code expect_wal(sqlite3 *handle, struct err *e)
{
    char mode[16] = "";

    if (sqlite3_exec(handle, "PRAGMA journal_mode", keep_first, mode, NULL) != SQLITE_OK)
        return failure(handle, e);
    if (strcmp(mode, "wal") != 0)
        return err_set(e, ERR_IO, "database_failed",
                       "the data folder lies on a file system without shared memory for files: use a local disk");
    return ERR_OK;
}

static enum err_code prepare_connection(sqlite3 *handle, enum db_use use, struct err *e)
{
    harden(handle, use);
    if (sqlite3_exec(handle, COMMON, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(handle, PRAGMAS[use], NULL, NULL, NULL) != SQLITE_OK)
        return failure(handle, e);
    /* The first read: it shows whether this is a database at all. */
    if (sqlite3_exec(handle, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) != SQLITE_OK)
        return failure(handle, e);
    return use == DB_WRITE ? expect_wal(handle, e) : ERR_OK;
}

enum err_code db_open(const char *path, enum db_use use, struct db **out, struct err *e)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    sqlite3 *handle = NULL;
    enum err_code rc;

    pthread_once(&once, set_up_library);
    errno = 0;
    if (sqlite3_open_v2(path, &handle, FLAGS[use] | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL) != SQLITE_OK)
        rc = handle ? failure(handle, e) : err_set(e, ERR_IO, "database_failed", "no memory to open the database");
    else
        rc = prepare_connection(handle, use, e);
    if (rc != ERR_OK) {
        sqlite3_close(handle);
        return rc;
    }
    *out = mem_new(sizeof **out);
    (*out)->raw = handle;
    (*out)->use = use;
    return ERR_OK;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    if (sqlite3_close(db->raw) != SQLITE_OK) /* a statement was not finalized */
        log_event(LOG_ERROR, "store.close", "sqlite=%d", sqlite3_extended_errcode(db->raw));
    mem_free(db);
}

enum err_code db_exec(struct db *db, const char *sql, struct err *e)
{
    errno = 0;
    return sqlite3_exec(db->raw, sql, NULL, NULL, NULL) == SQLITE_OK ? ERR_OK : failure(db->raw, e);
}

bool db_in_transaction(const struct db *db)
{
    return !sqlite3_get_autocommit(db->raw);
}

/* --- statements ----------------------------------------------------------------------------------------------------- */

/* SQLite counts $names by first appearance; PostgreSQL by their number. A bind means the same only where both agree. */
static bool parameters_in_order(sqlite3_stmt *statement)
{
    for (int i = 1; i <= sqlite3_bind_parameter_count(statement); i++) {
        const char *name = sqlite3_bind_parameter_name(statement, i);
        char expected[12];

        snprintf(expected, sizeof expected, "$%d", i);
        if (!name || strcmp(name, expected) != 0)
            return false;
    }
    return true;
}

enum err_code db_prepare(struct db *db, const char *sql, struct db_stmt **out, struct err *e)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v3(db->raw, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
        return failure(db->raw, e);
    if (!parameters_in_order(statement)) {
        sqlite3_finalize(statement);
        return err_set(e, ERR_INTERNAL, "internal", "the parameters of a statement are out of order");
    }
    *out = (struct db_stmt *)(void *)statement;
    return ERR_OK;
}

void db_finalize(struct db_stmt *statement)
{
    sqlite3_finalize(raw(statement));
}

bool db_reads_only(const struct db_stmt *statement)
{
    return sqlite3_stmt_readonly(raw(statement));
}

void db_reset(struct db_stmt *statement)
{
    sqlite3_reset(raw(statement));
    sqlite3_clear_bindings(raw(statement));
}

bool db_bind_text(struct db_stmt *statement, int at, const char *text)
{
    return sqlite3_bind_text(raw(statement), at, text, -1, SQLITE_STATIC) == SQLITE_OK;
}

bool db_bind_i64(struct db_stmt *statement, int at, int64_t value)
{
    return sqlite3_bind_int64(raw(statement), at, value) == SQLITE_OK;
}

bool db_bind_bytes(struct db_stmt *statement, int at, const void *bytes, size_t len)
{
    return sqlite3_bind_blob64(raw(statement), at, bytes, len, SQLITE_STATIC) == SQLITE_OK;
}

bool db_bind_null(struct db_stmt *statement, int at)
{
    return sqlite3_bind_null(raw(statement), at) == SQLITE_OK;
}

enum db_step db_step(struct db_stmt *statement)
{
    int rc;

    errno = 0;
    rc = sqlite3_step(raw(statement));
    return rc == SQLITE_ROW ? DB_ROW : rc == SQLITE_DONE ? DB_DONE : DB_FAILED;
}

int64_t db_changes(const struct db_stmt *statement)
{
    return sqlite3_changes64(connection_of(statement));
}

int db_columns(const struct db_stmt *statement)
{
    return sqlite3_column_count(raw(statement));
}

const char *db_column_name(const struct db_stmt *statement, int at)
{
    return sqlite3_column_name(raw(statement), at);
}

bool db_column_is_null(const struct db_stmt *statement, int at)
{
    return sqlite3_column_type(raw(statement), at) == SQLITE_NULL;
}

int64_t db_column_i64(const struct db_stmt *statement, int at)
{
    return sqlite3_column_int64(raw(statement), at);
}

const char *db_column_text(const struct db_stmt *statement, int at)
{
    const char *text = (const char *)sqlite3_column_text(raw(statement), at);

    return text ? text : "";
}

const void *db_column_bytes(const struct db_stmt *statement, int at, size_t *len)
{
    const void *bytes = sqlite3_column_blob(raw(statement), at);

    *len = (size_t)sqlite3_column_bytes(raw(statement), at);
    return bytes;
}

/* --- checks --------------------------------------------------------------------------------------------------------- */

static int on_progress(void *stop)
{
    return atomic_load_explicit((const atomic_bool *)stop, memory_order_relaxed);
}

static enum err_code run_check(sqlite3 *handle, const char *pragma, struct err *e)
{
    char first[16] = "";

    if (sqlite3_exec(handle, pragma, keep_first, first, NULL) != SQLITE_OK)
        return failure(handle, e);
    return strcmp(first, "ok") == 0 ? ERR_OK : db_fail_corrupt(e);
}

static enum err_code read_number(sqlite3 *handle, const char *sql, int64_t *out, struct err *e)
{
    sqlite3_stmt *statement = NULL;
    enum err_code rc = ERR_OK;

    *out = 0;
    if (sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) != SQLITE_OK)
        return failure(handle, e);
    if (sqlite3_step(statement) == SQLITE_ROW)
        *out = sqlite3_column_int64(statement, 0);
    if (sqlite3_finalize(statement) != SQLITE_OK)
        rc = failure(handle, e);
    return rc;
}

/* Is there a row? Each row is a reference to a missing row. */
static enum err_code check_references(sqlite3 *handle, struct err *e)
{
    sqlite3_stmt *statement = NULL;
    int step;

    if (sqlite3_prepare_v2(handle, "PRAGMA foreign_key_check", -1, &statement, NULL) != SQLITE_OK)
        return failure(handle, e);
    step = sqlite3_step(statement);
    if (sqlite3_finalize(statement) != SQLITE_OK)
        return failure(handle, e);
    return step == SQLITE_DONE ? ERR_OK : db_fail_corrupt(e);
}

enum err_code db_check(struct db *db, enum db_depth depth, const atomic_bool *stop, struct err *e)
{
    enum err_code rc = ERR_INTERNAL;

    if (stop)
        sqlite3_progress_handler(db->raw, 1000, on_progress, (void *)(uintptr_t)stop);
    switch (depth) {
    case DB_CHECK_QUICK: rc = run_check(db->raw, "PRAGMA quick_check(1)", e); break;
    case DB_CHECK_FULL:
        rc = run_check(db->raw, "PRAGMA integrity_check(1)", e);
        if (rc == ERR_OK)
            rc = check_references(db->raw, e);
        break;
    }
    sqlite3_progress_handler(db->raw, 0, NULL, NULL);
    return rc;
}

/* An older database does not have all tables yet. */
static enum err_code check_table(struct db *db, const struct db_table *table, int64_t rows_max, struct err *e)
{
    int64_t rows;
    enum err_code rc;

    if (sqlite3_table_column_metadata(db->raw, "main", table->name, NULL, NULL, NULL, NULL, NULL, NULL) != SQLITE_OK)
        return (sqlite3_errcode(db->raw) & 0xff) == SQLITE_ERROR ? ERR_OK : failure(db->raw, e);
    rc = read_number(db->raw, table->rows_sql, &rows, e);
    return rc == ERR_OK && rows <= rows_max ? run_check(db->raw, table->check_sql, e) : rc;
}

enum err_code db_check_tables(struct db *db, const struct db_table *tables, int64_t rows_max, struct err *e)
{
    enum err_code rc = ERR_OK;

    for (const struct db_table *table = tables; table->name && rc == ERR_OK; table++)
        rc = check_table(db, table, rows_max, e);
    return rc;
}

enum err_code db_size(struct db *db, int64_t *bytes, struct err *e)
{
    int64_t pages, page;
    enum err_code rc = read_number(db->raw, "PRAGMA page_count", &pages, e);

    if (rc == ERR_OK)
        rc = read_number(db->raw, "PRAGMA page_size", &page, e);
    *bytes = rc == ERR_OK ? pages * page : 0;
    return rc;
}

/* --- online copy ---------------------------------------------------------------------------------------------------- */

static enum err_code copy_pages(sqlite3 *from, sqlite3 *to, struct err *e)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    int rc;

    if (!backup)
        return failure(to, e);
    errno = 0;
    do
        rc = sqlite3_backup_step(backup, COPY_PAGES);
    while (rc == SQLITE_OK);
    rc = sqlite3_backup_finish(backup);
    return rc == SQLITE_OK ? ERR_OK : map_failure(rc, system_error(to), e);
}

enum err_code db_copy(struct db *db, const char *path, struct err *e)
{
    struct db *to = NULL;
    enum err_code rc = db_open(path, DB_ALONE, &to, e);

    /* One transaction of the source around all steps: a single state, and no restart after a write. */
    if (rc == ERR_OK)
        rc = db_exec(to, "PRAGMA synchronous=OFF", e);
    if (rc == ERR_OK)
        rc = db_exec(db, "BEGIN", e);
    if (rc == ERR_OK)
        rc = copy_pages(db->raw, to->raw, e);
    if (db_in_transaction(db) && db_exec(db, "COMMIT", NULL) != ERR_OK)
        log_event(LOG_WARN, "store.copy", "sqlite=%d", sqlite3_extended_errcode(db->raw));
    if (rc == ERR_OK) /* the copy's header says WAL; a plain file is easier to store */
        rc = db_exec(to, "PRAGMA journal_mode=DELETE", e);
    db_close(to);
    return rc;
}
