/* dashboard_load.h - what a dashboard needs from the store: first its user, later the rooms. The shards begin to watch in between: a
 * room made meanwhile is read, or told, or both, but never missed. On the home's thread; only for
 * dashboard.c. */
#ifndef LIVE_DASHBOARD_LOAD_H
#define LIVE_DASHBOARD_LOAD_H

#include "domain/user.h"
#include "live/dashboard_watch.h"

struct dashboard_load {
    struct live_shard *shard;
    void (*then)(struct live_shard *shard, void *load);
    int64_t dashboard_id;
    char session_id[ID_SIZE];
    int64_t now_ms;                 /* wall clock */
    struct user user;               /* as read; for rooms: their viewer */
    struct dashboard_piece *pieces; /* rooms, as if they were empty; owned */
    enum err_code rc;
    bool signed_out; /* the reason for ERR_AUTH in rc */
};

/* Both end with `then(shard, load)` on this thread, which frees the load. False: no job can be started now, and nothing follows. */
bool dashboard_load_user(struct live_shard *shard, int64_t dashboard_id, const char *user_id, const char *session_id,
                         void (*then)(struct live_shard *shard, void *load));
bool dashboard_load_rooms(struct live_shard *shard, int64_t dashboard_id, const char *user_id, enum user_role role,
                          void (*then)(struct live_shard *shard, void *load));
void dashboard_load_free(struct dashboard_load *load);
void dashboard_pieces_free(struct dashboard_piece *pieces); /* NULL is fine */

#endif
