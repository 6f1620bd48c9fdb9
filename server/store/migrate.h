/* migrate.h - the embedded migrations (migrations/NNNN_name.sql), applied in order, each in a transaction with a line in
 * schema_history. A database newer than this binary is refused. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include <stdint.h>
#include "util/err.h"

struct migration {
    int number;        /* 1, 2, … */
    const char *name;  /* "0001_users" */
    const char *sql;
};
extern const struct migration MIGRATIONS[]; /* ends with a zero entry; generated at build time */

#endif
