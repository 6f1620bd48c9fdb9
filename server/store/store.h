/* store.h - the database: opening, one handle per thread, transactions. The only layer that knows SQL.
 *
 * One `struct store_db` a process. It owns THE writing connection (which alone commits and checkpoints: Debian's SQLite
 * 3.40.1 has the WAL-reset bug) behind a mutex, and hands out `struct store` handles. A handle belongs to one thread at a
 * time and holds a reading connection of its own. Between store_write_begin() and store_write_end() its queries go through
 * the writing connection. All calls block; never on an event loop. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "util/err.h"

struct store_db;
struct store;

/* Opens (makes, migrates) `<data>/parlour.db` under the lock `<data>/lock`; quick_check first. WAL, synchronous=FULL.
 * ERR_CONFLICT "in_use" (another process holds the lock), ERR_CONFLICT "database_newer", ERR_IO "database_corrupt" with the
 * remedy, ERR_FULL. `now_ms`: wall clock, for schema_history. */
MUST_CHECK enum err_code store_db_open(const char *data_folder, int64_t now_ms, struct store_db **out, struct err *e);
void store_db_close(struct store_db *db); /* checkpoints; every handle is closed before */

MUST_CHECK enum err_code store_open(struct store_db *db, struct store **out, struct err *e);
void store_close(struct store *s);

/* Waits for the writer (at most 5 s: ERR_BUSY), then BEGIN IMMEDIATE. Pair with store_write_end() in every case. */
MUST_CHECK enum err_code store_write_begin(struct store *s, struct err *e);
/* rc ERR_OK: commits, durable when it returns ERR_OK. Otherwise rolls back and returns rc with *e untouched.
 * A failed commit is rolled back: ERR_FULL, ERR_IO. */
MUST_CHECK enum err_code store_write_end(struct store *s, enum err_code rc, struct err *e);
/* Savepoints inside a write, for batches (store_worker). */
MUST_CHECK enum err_code store_savepoint(struct store *s, struct err *e);
enum err_code store_savepoint_end(struct store *s, enum err_code rc, struct err *e);

/* Online copy into `path` (a complete, checked database without WAL). ERR_CONFLICT when the file exists. */
MUST_CHECK enum err_code store_backup(struct store *s, const char *path, struct err *e);
/* Puts the backup `path` in the place of `<data>/parlour.db`; refuses while a process holds the lock. */
MUST_CHECK enum err_code store_restore(const char *data_folder, const char *path, struct err *e);

/* For /readyz and the metrics: can the store be written to? Tried lazily after a failure. Any thread. */
bool store_db_writable(const struct store_db *db);

#endif
