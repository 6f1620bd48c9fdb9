/* query.h - one run of a named statement: begin, bind in order, next, columns by name, end. Used inside server/store only.
 * An error sticks to the query: everything after it does nothing, and query_end() reports it once. Every query_begin() is
 * followed by one of the query_end functions. Thread: the store handle's.
 *
 *     struct query q = query_begin(s, Q_USER_BY_EMAIL);
 *
 *     query_text(&q, email);
 *     if (query_next(&q))
 *         user_from_row(&q, out);
 *     return query_end_one(&q, e); */
#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "store/statements.h"
#include "store/store.h"

struct query {
    struct store *store;
    struct connection *connection; /* the writing connection inside a write, otherwise the handle's */
    struct db_stmt *stmt;          /* NULL after an early error */
    enum statement id;
    int bound;        /* parameters so far */
    int column;       /* where the search for the next column begins: rows are read in order */
    int64_t rows;     /* rows given by query_next() */
    bool done;        /* no further row */
    enum err_code rc; /* the first error */
    struct err err;   /* its message */
};

struct query query_begin(struct store *store, enum statement id);

/* The next parameter. Text and bytes are borrowed until query_end(). */
void query_text(struct query *query, const char *text);
void query_i64(struct query *query, int64_t value);
void query_bytes(struct query *query, const void *bytes, size_t len);
void query_null(struct query *query);

bool query_next(struct query *query); /* false: no further row, or an error */

/* Columns of the current row. A missing name, a text or bytes of the wrong size, and a number outside an enumeration
 * are our own mistakes or a damaged file: ERR_INTERNAL sticks. */
int64_t col_i64(struct query *query, const char *name);
bool col_bool(struct query *query, const char *name);
int col_enum(struct query *query, const char *name, int count); /* 0 … count-1 */
void col_text(struct query *query, const char *name, char *to, size_t size);
void col_bytes(struct query *query, const char *name, void *to, size_t size); /* exactly `size` bytes */
bool col_is_null(struct query *query, const char *name);

/* Runs the statement if it has not run yet, resets it, and returns the error or ERR_OK. */
MUST_CHECK enum err_code query_end(struct query *query, struct err *e);
MUST_CHECK enum err_code query_end_one(struct query *query, struct err *e); /* ERR_NOT_FOUND without a row */
/* The number of rows inserted, changed or deleted. */
MUST_CHECK enum err_code query_end_changes(struct query *query, int64_t *changes, struct err *e);

#endif
