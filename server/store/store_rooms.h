/* store_rooms.h - rooms with owner and co-hosts. See store.h for threads. */
#ifndef STORE_STORE_ROOMS_H
#define STORE_STORE_ROOMS_H

#include "domain/room_rules.h"
#include "store/store.h"

struct room_list {
    struct room_rules *items; /* heap; free with room_list_clear() */
    size_t count;
    bool more;
};

/* The caller gives everything but revision and owner_name, which are filled in. ERR_CONFLICT "slug_taken", ERR_INVALID with
 * field "owner" or "cohosts" when a user is unknown. */
MUST_CHECK enum err_code store_room_add(struct store *store, struct room_rules *rules, struct err *e);
MUST_CHECK enum err_code store_room_find(struct store *store, const char *id_or_slug, struct room_rules *out,
                                         struct err *e);
/* Writes everything but id, owner, kind and created if the stored revision is rules->revision (otherwise ERR_CHANGED); increments it in *rules. */
MUST_CHECK enum err_code store_room_update(struct store *store, struct room_rules *rules, struct err *e);
/* Increments the revision. */
MUST_CHECK enum err_code store_room_set_locked(struct store *store, const char *id, bool locked, struct err *e);
/* Deletes the room with its invitations and seats; revision 0: any. ERR_CONFLICT "room_in_use" while somebody is inside. */
MUST_CHECK enum err_code store_room_delete(struct store *store, const char *id, int64_t revision, struct err *e);
/* user_id "": all rooms; otherwise owned and co-hosted ones. By name, then id; `after_id` is the last id seen or "";
 * at most 200. ERR_INVALID field "after" when that room is gone. */
MUST_CHECK enum err_code store_room_list(struct store *store, const char *user_id, const char *after_id, int limit,
                                         struct room_list *out, struct err *e);
void room_list_clear(struct room_list *list);

#endif
