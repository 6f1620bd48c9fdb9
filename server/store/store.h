/* store.h - the database: opening, one handle per thread, transactions. The only layer that knows SQL.
 *
 * One `struct store_db` a process. It owns THE writing connection (which alone commits and checkpoints: Debian's SQLite
 * 3.40.1 has the WAL-reset bug) behind a gate that lets one in, and hands out `struct store` handles. A handle belongs to one thread at a
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

/* Opens (makes, migrates) `<data>/parlour.db` under the lock `<data>/lock`. WAL, synchronous=FULL. Files up to 64 MiB get the
 * full check before, of larger ones the tables with few rows; all is checked hourly in a thread of the store's own, which also
 * tries a write each second while the disk is full or failing. What the file holds must be what the migrations make.
 * ERR_IO "database_lost": there is none, or an empty one, where there was one. ERR_INVALID "not_parlour".
 * ERR_CONFLICT "in_use" (another process holds the lock), ERR_CONFLICT "database_newer", ERR_IO "database_corrupt" with the
 * remedy, ERR_FULL. `now_ms`: wall clock, for schema_history. */
MUST_CHECK enum err_code store_db_open(const char *data_folder, int64_t now_ms, struct store_db **out, struct err *e);
void store_db_close(struct store_db *db); /* checkpoints; every handle is closed before */

MUST_CHECK enum err_code store_open(struct store_db *db, struct store **out, struct err *e);
void store_close(struct store *s);

/* Waits in line for the writer (at most 5 s: ERR_BUSY). When it gives ERR_OK, store_write_end() follows in every case, soon:
 * nothing slow and no waiting for another thread in between. ERR_FULL, ERR_IO at once while the disk is full or failing. */
MUST_CHECK enum err_code store_write_begin(struct store *s, struct err *e);
/* rc ERR_OK: commits, durable when it returns ERR_OK. Otherwise undoes this write and returns rc with *e untouched.
 * Writes that stand in line share a commit; a commit that fails undoes all of them: ERR_FULL, ERR_IO. */
MUST_CHECK enum err_code store_write_end(struct store *s, enum err_code rc, struct err *e);
/* Savepoints inside a write, for batches (store_worker). */
MUST_CHECK enum err_code store_savepoint(struct store *s, struct err *e);
enum err_code store_savepoint_end(struct store *s, enum err_code rc, struct err *e);

/* Online copy, in two parts: a server may write in its data folder alone, and whoever asks for a backup keeps it where he may.
 * take: a complete database without WAL, in a file that has no name any more; *fd is the caller's to close, -1 after an error.
 * Writers go on; the log grows meanwhile, because it cannot be reset under a reader. Outside of a write. ERR_FULL when it does
 * not fit beside the database for the moment. */
MUST_CHECK enum err_code store_backup_take(struct store *s, int *fd, struct err *e);
/* keep, in any process: copies what was taken to `path` (mode 0600), checked and on the disk, or not at all. ERR_CONFLICT when
 * the file exists; ERR_NOT_FOUND, ERR_IO, ERR_FULL. */
MUST_CHECK enum err_code store_backup_keep(int fd, const char *path, struct err *e);

/* The clock by which things grow old (domain/age.h): by which time rows may be deleted when the wall clock says `now_ms`, and
 * whether what is over by it may end for good. */
int64_t store_due_ms(const struct store *s, int64_t now_ms);
bool store_clock_agrees(const struct store *s, int64_t now_ms);
int64_t store_db_clock_ahead_ms(
    const struct store_db *db); /* by how much the wall clock is not believed; 0 it is; any thread */

/* What the checks of the file have found since the process began; for the metrics. */
struct store_checks {
    int64_t done, failed; /* full checks, and those that found damage or could not read */
    int64_t whole_ms;     /* wall clock: the last full check that found nothing; 0 none yet */
    bool damaged;         /* no more writes until a restore */
};
void store_db_checks(const struct store_db *db, struct store_checks *out); /* any thread; never waits */

/* For /readyz and the metrics: can the store be written to? Tried again each second after a failure. Any thread; never waits. */
bool store_db_writable(const struct store_db *db);

#endif
