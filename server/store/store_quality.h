/* store_quality.h - how well people in calls received the others, a row for each stretch. Written by the shards' jobs, read by the API.
 * See store.h for threads. */
#ifndef STORE_STORE_QUALITY_H
#define STORE_STORE_QUALITY_H

#include "domain/call_quality.h"
#include "store/store.h"

#define QUALITY_ROWS_MAX 1000 /* of one list */

struct call_stretch_list {
    struct call_stretch *items; /* heap; free with call_stretch_list_clear() */
    size_t count;
};

/* Inserts the stretch, or replaces its figures, name and path. Inside a write. ERR_NOT_FOUND when the room is gone. */
MUST_CHECK enum err_code store_quality_put(struct store *store, const struct call_stretch *stretch, struct err *e);
/* The stretches of the last `visits` of a room: the newest visit first, in it the hosts first, the stretches of a person together and in
 * order. Not more than QUALITY_ROWS_MAX, so the last visit may be in part. */
MUST_CHECK enum err_code store_quality_list(struct store *store, const char *room_id, int visits,
                                            struct call_stretch_list *out, struct err *e);
void call_stretch_list_clear(struct call_stretch_list *list);

#endif
