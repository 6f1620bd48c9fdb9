/* store_audit.h - the hash-chained record. See store.h for threads, domain/audit.h for the chain. */
#ifndef STORE_STORE_AUDIT_H
#define STORE_STORE_AUDIT_H

#include "domain/audit.h"
#include "store/store.h"

/* Appends to the chain, inside the write that it records. */
MUST_CHECK enum err_code store_audit_add(struct store *store, const struct audit_event *event, struct err *e);

/* When this was last recorded, wall clock; 0: never. Walks the record backwards. */
MUST_CHECK enum err_code store_audit_last(struct store *store, enum audit_action action, int64_t *at_ms, struct err *e);

struct audit_check {
    int64_t rows;                  /* rows walked */
    int64_t bad_seq;               /* first row that breaks the chain, 0 none */
    char head[HASH_BYTES * 2 + 1]; /* hex of the last hash, "" when empty */
};
/* Walks the whole chain in one read. ERR_CONFLICT "chain_broken" with bad_seq set. `expect_head` NULL or hex: the head must be
 * that row's or a later one's (this detects a cut tail). */
MUST_CHECK enum err_code store_audit_verify(struct store *store, const char *expect_head, struct audit_check *out,
                                            struct err *e);
/* Calls `row` for each row in order; stops when it returns false. */
MUST_CHECK enum err_code store_audit_each(struct store *store, int64_t after_seq,
                                          bool (*row)(const struct audit_row *row, void *arg), void *arg,
                                          struct err *e);

#endif
