/* store_rows.h - small steps shared by several families of tables. Used inside server/store only. */
#ifndef STORE_STORE_ROWS_H
#define STORE_STORE_ROWS_H

#include "domain/user.h"
#include "store/query.h"

/* A statement with one parameter and no rows. */
MUST_CHECK enum err_code run_with_text(struct store *store, enum statement id, const char *text, struct err *e);
/* Ends a change of one row: ERR_NOT_FOUND when it changed none. */
MUST_CHECK enum err_code end_changed(struct query *query, struct err *e);
/* Compares the `revision` of row `id`: ERR_NOT_FOUND, ERR_CHANGED when it differs; `revision` 0: any. */
MUST_CHECK enum err_code check_revision(struct store *store, enum statement id_of_select, const char *id,
                                        int64_t revision, struct err *e);
/* A page can only continue after an existing row: ERR_INVALID field "after". "" is the first page. */
MUST_CHECK enum err_code check_cursor(struct store *store, enum statement id_of_select, const char *after_id,
                                      struct err *e);
/* A foreign key that points nowhere: the object of the row is gone. */
enum err_code not_found_without_reference(enum err_code rc, struct err *e);

void user_from_row(struct query *query, struct user *user); /* store_users.c */

/* Deletes rows that ended at least `kept_ms` ago by the ageing clock. Inside a write. */
MUST_CHECK enum err_code run_prune(struct store *store, enum statement id, int64_t now_ms, int64_t kept_ms,
                                   struct err *e);

#endif
