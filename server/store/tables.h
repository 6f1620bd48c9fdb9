/* tables.h - the tables of the database, by name. Statements about "every table" take the names from here, never from the file:
 * a restored one is foreign. tests/unit/store/test_tables compares the list with the tables that the migrations make.
 * Used inside server/store only. */
#ifndef STORE_TABLES_H
#define STORE_TABLES_H

#include "store/db.h"

/* A migration that makes a table adds its line. */
#define TABLES_EACH(TABLE)                                                                                             \
    TABLE(schema_history)                                                                                              \
    TABLE(settings)                                                                                                    \
    TABLE(users)                                                                                                       \
    TABLE(user_links)                                                                                                  \
    TABLE(sessions)                                                                                                    \
    TABLE(rooms)                                                                                                       \
    TABLE(room_cohosts)                                                                                                \
    TABLE(invites)                                                                                                     \
    TABLE(invite_uses)                                                                                                 \
    TABLE(pin_failures)                                                                                                \
    TABLE(devices)                                                                                                     \
    TABLE(idempotency_keys)                                                                                            \
    TABLE(call_quality)                                                                                                \
    TABLE(selftests)                                                                                                   \
    TABLE(seats)                                                                                                       \
    TABLE(blocks)                                                                                                      \
    TABLE(audit)                                                                                                       \
    TABLE(audit_detail)                                                                                                \
    TABLE(signing_keys)

extern const struct db_table TABLES[]; /* ends with a zero entry */

/* Are the tables, indexes and all other objects in `db` as the migrations up to `level` made them, and are there no others?
 * A trigger or view added by somebody would run inside our statements. ERR_IO "database_corrupt". */
MUST_CHECK enum err_code tables_check(struct db *db, int level, struct err *e);
/* Is it still without any object? */
MUST_CHECK enum err_code tables_none(struct db *db, bool *none, struct err *e);

#endif
