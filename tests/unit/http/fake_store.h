/* fake_store.h - a store that has only handles: all that http/ needs of it, so the linker takes nothing from the real one.
 * Include in one .c a program. */
#ifndef TESTS_UNIT_HTTP_FAKE_STORE_H
#define TESTS_UNIT_HTTP_FAKE_STORE_H

#include <stdatomic.h>

#include "store/store.h"

static char fake_handle;
static atomic_int fake_handles;  /* open */
static atomic_bool fake_refuses; /* store_open() fails while set */

enum err_code store_open(struct store_db *db, struct store **out, struct err *e)
{
    (void)db;
    if (atomic_load(&fake_refuses))
        return err_set(e, ERR_IO, "no_store", "the store cannot be opened");
    atomic_fetch_add(&fake_handles, 1);
    *out = (struct store *)(void *)&fake_handle;
    return ERR_OK;
}

void store_close(struct store *s)
{
    (void)s;
    atomic_fetch_sub(&fake_handles, 1);
}

#endif
