/* migrate.h - the embedded migrations (migrations/NNNN_name.sql), applied in order, each in a transaction with a line in
 * schema_history. A database newer than this binary is refused. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include <stdint.h>
#include "util/err.h"

struct migration {
    int number;       /* 1, 2, … */
    const char *name; /* "0001_users" */
    const char *sql;
};
extern const struct migration MIGRATIONS[]; /* ends with a zero entry; generated at build time */

struct db;
/* Brings the database behind the writing connection up to the last of `list`. ERR_CONFLICT "database_newer" changes nothing; any
 * other error leaves the migrations before the failed one applied. `now_ms`: wall clock. */
MUST_CHECK enum err_code migrate_apply(struct db *db, const struct migration *list, int64_t now_ms, struct err *e);
/* Applies the migrations up to `level` to the empty database `db`, without an entry in the history. */
MUST_CHECK enum err_code migrate_make(struct db *db, const struct migration *list, int level, struct err *e);
/* The number of the last migration applied. ERR_INVALID "not_parlour" when this is not a database of ours. */
MUST_CHECK enum err_code migrate_level(struct db *db, int *level, struct err *e);
/* ERR_CONFLICT "database_newer" when `level` is beyond the last of `list`. */
MUST_CHECK enum err_code migrate_check_level(const struct migration *list, int level, struct err *e);

#endif
