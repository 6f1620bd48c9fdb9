/* store.h - the database: opening, one handle per thread, transactions. The only layer that knows SQL.
 *
 * One `struct store_db` per process. It owns THE only writing connection (only it commits and checkpoints: Debian's SQLite
 * 3.40.1 has the WAL-reset bug) behind a gate that admits one thread, and hands out `struct store` handles. A handle belongs to one
 * thread at a time and holds its own reading connection. Between store_write_begin() and store_write_end() its queries go through
 * the writing connection. All calls block; never on an event loop. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "util/err.h"

struct store_db;
struct store;

/* Opens (creates, migrates) `<data>/parlour.db` under the lock `<data>/lock`. WAL, synchronous=FULL. Files up to 64 MiB get the
 * full check first, in larger ones only tables with few rows are checked; a thread of the store checks everything hourly, and
 * tries a write each second while the disk is full or failing. The file must hold exactly what the migrations make.
 * ERR_IO "database_lost": the database is missing or empty, but there was one. ERR_INVALID "not_parlour".
 * ERR_CONFLICT "in_use" (another process holds the lock), ERR_CONFLICT "database_newer", ERR_IO "database_corrupt" with the
 * remedy, ERR_FULL. `now_ms`: wall clock, for schema_history. */
MUST_CHECK enum err_code store_db_open(const char *data_folder, int64_t now_ms, struct store_db **out, struct err *e);
void store_db_close(struct store_db *db); /* checkpoints; every handle must be closed first */

MUST_CHECK enum err_code store_open(struct store_db *db, struct store **out, struct err *e);
void store_close(struct store *store);

/* Waits in line for the writer (at most 5 s: ERR_BUSY). After ERR_OK, store_write_end() must follow in every case, soon:
 * nothing slow and no waiting for another thread in between. ERR_FULL, ERR_IO at once while the disk is full or failing. */
MUST_CHECK enum err_code store_write_begin(struct store *store, struct err *e);
/* rc ERR_OK: commits, durable when it returns ERR_OK. Otherwise undoes this write and returns rc with *e untouched.
 * Writes waiting in line share a commit; a failed commit undoes all of them: ERR_FULL, ERR_IO. */
MUST_CHECK enum err_code store_write_end(struct store *store, enum err_code rc, struct err *e);
/* Savepoints inside a write, for batches (store_worker). */
MUST_CHECK enum err_code store_savepoint(struct store *store, struct err *e);
enum err_code store_savepoint_end(struct store *store, enum err_code rc, struct err *e);

/* Online copy, in two parts: a server may write only in its data folder, and the command that asks for a backup stores it where
 * its user may. take: a complete database without WAL, in a file without a name; the caller closes *fd, -1 after an error.
 * Writers go on; the log grows meanwhile, because it cannot be reset under a reader. Outside a write. ERR_FULL when it does
 * not temporarily fit beside the database. */
MUST_CHECK enum err_code store_backup_take(struct store *store, int *fd, struct err *e);
/* keep, in any process: stores the copy at `path` (mode 0600), checked and synced, or not at all. ERR_CONFLICT when
 * the file exists; ERR_NOT_FOUND, ERR_IO, ERR_FULL. */
MUST_CHECK enum err_code store_backup_keep(int fd, const char *path, struct err *e);

/* The ageing clock (domain/age.h): the time by which rows may be deleted when the wall clock says `now_ms`, and whether expired
 * things may end for good. */
int64_t store_due_ms(const struct store *store, int64_t now_ms);
bool store_clock_agrees(const struct store *store, int64_t now_ms);
/* How far the wall clock is not trusted; 0: it is trusted. Any thread. */
int64_t store_db_clock_ahead_ms(const struct store_db *db);

/* Results of the file's checks since the process began; for the metrics. */
struct store_checks {
    int64_t done, failed; /* full checks, and those that found damage or failed to read */
    int64_t whole_ms;     /* wall clock: the last full check that found nothing; 0 none yet */
    bool damaged;         /* no more writes until a restore */
};
void store_db_checks(const struct store_db *db, struct store_checks *out); /* any thread; never waits */

/* Checks the file now: its structure, and up to 64 MiB also the indexes and references. Outside a write; about 5 ms a MB. ERR_IO
 * "database_corrupt"; ERR_BUSY once *stop (may be NULL) is set. Changes nothing. */
MUST_CHECK enum err_code store_check(struct store *store, const atomic_bool *stop, struct err *e);

/* For /readyz and the metrics: can the store be written to? Tried again each second after a failure. Any thread; never waits. */
bool store_db_writable(const struct store_db *db);

#endif
