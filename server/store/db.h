/* db.h - the driver: the functions of a database that the store needs, and no more. db_sqlite.c implements it and is the
 * only file that knows SQLite. Used inside server/store only.
 *
 * A connection belongs to one thread at a time (the writing one: to the holder of the gate). All calls block.
 * Parameters of a statement are written $1, $2, … and appear in that order for the first time. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "util/err.h"

struct db;      /* a connection */
struct db_stmt; /* a prepared statement of one connection */

enum db_use {
    DB_WRITE, /* the one writing connection: creates the file; only it commits and checkpoints */
    DB_READ,  /* reads beside it; never commits or checkpoints, not even when it closes */
    DB_ALONE, /* a file that is open nowhere else: a copy being checked */
};

/* ERR_FULL, ERR_BUSY (locked for 5 s), ERR_IO; code "database_corrupt" when it is not a database or a damaged one. */
MUST_CHECK enum err_code db_open(const char *path, enum db_use use, struct db **out, struct err *e);
/* All statements must be finalized first; NULL is fine. DB_WRITE checkpoints and removes the log. */
void db_close(struct db *db);

/* Runs statements without parameters or results, separated by ';'. */
MUST_CHECK enum err_code db_exec(struct db *db, const char *sql, struct err *e);
/* Also false after an error that made the database roll back by itself (storage full, i/o). */
bool db_in_transaction(const struct db *db);

MUST_CHECK enum err_code db_prepare(struct db *db, const char *sql, struct db_stmt **out, struct err *e);
void db_finalize(struct db_stmt *statement); /* NULL is fine */
bool db_reads_only(const struct db_stmt *statement);
void db_reset(struct db_stmt *statement); /* ends the run, forgets the bound values */

/* `at`: 1, 2, … Text and bytes are borrowed until db_reset(). False: db_failure() says why. */
bool db_bind_text(struct db_stmt *statement, int at, const char *text);
bool db_bind_i64(struct db_stmt *statement, int at, int64_t value);
bool db_bind_bytes(struct db_stmt *statement, int at, const void *bytes, size_t len);
bool db_bind_null(struct db_stmt *statement, int at);

enum db_step { DB_ROW, DB_DONE, DB_FAILED };
enum db_step db_step(struct db_stmt *statement);
int64_t db_changes(const struct db_stmt *statement); /* rows changed by the statement just finished */

/* Columns of the current row; borrowed until the next step or reset. */
int db_columns(const struct db_stmt *statement);
const char *db_column_name(const struct db_stmt *statement, int at); /* at: 0, 1, … */
bool db_column_is_null(const struct db_stmt *statement, int at);
int64_t db_column_i64(const struct db_stmt *statement, int at);
const char *db_column_text(const struct db_stmt *statement, int at);               /* "" for NULL */
const void *db_column_bytes(const struct db_stmt *statement, int at, size_t *len); /* NULL for NULL */

/* The last failure of this statement's connection: ERR_FULL (no room, read-only), ERR_IO (also "database_corrupt"), ERR_BUSY,
 * ERR_CONFLICT "duplicate" or "no_such_reference", otherwise ERR_INTERNAL. Logs it, without values. */
enum err_code db_failure(const struct db_stmt *statement, struct err *e);

enum db_depth {
    DB_CHECK_QUICK, /* the whole structure: about 1 ms a MB */
    DB_CHECK_FULL,  /* also every index against its table, and every reference: about 5 ms a MB */
};
/* ERR_IO "database_corrupt". Ends early with ERR_BUSY once *stop (may be NULL) is set. */
MUST_CHECK enum err_code db_check(struct db *db, enum db_depth depth, const atomic_bool *stop, struct err *e);

/* A table, and the question about it. */
struct db_table {
    const char *name;
    const char *rows_sql;  /* at least the number of its rows, read in a few pages */
    const char *check_sql; /* its structure */
};
/* For the start with a large file: checks the structure of existing tables of at most `rows_max` rows; a few
 * milliseconds. `tables` ends with a zero entry. ERR_IO "database_corrupt". */
MUST_CHECK enum err_code db_check_tables(struct db *db, const struct db_table *tables, int64_t rows_max, struct err *e);
MUST_CHECK enum err_code db_size(struct db *db, int64_t *bytes, struct err *e);
/* Returns ERR_IO "database_corrupt" with the remedy. */
enum err_code db_fail_corrupt(struct err *e);

/* Copies the current state as `db` (DB_READ, outside a transaction) sees it into the empty file `path`, as one plain file, while
 * writers go on. The copy is complete, but neither checked nor synced. */
MUST_CHECK enum err_code db_copy(struct db *db, const char *path, struct err *e);

#endif
