#include "live/signin.h"

#include <string.h>

#include "store/store_sessions.h"
#include "util/mem.h"

struct look {
    struct live_shard *shard;
    char session_id[ID_SIZE];
    int64_t now_ms; /* wall clock */
    bool used, over;
};

/* An ended sign-in does not become valid again when a person comes back to it. */
static enum err_code run(struct store *s, void *arg, struct err *e)
{
    const struct look *look = arg;
    enum err_code rc = store_session_live(s, look->session_id, look->now_ms, e);

    return rc == ERR_OK && look->used ? store_session_seen(s, look->session_id, look->now_ms, e) : rc;
}

static void looked(struct live_shard *shard, void *arg)
{
    struct look *look = arg;

    if (look->over)
        (void)live_shard_publish(shard,
                                 &(struct live_event){ .kind = LIVE_SIGNED_OUT, .session_id = look->session_id });
    mem_free(look);
}

static void done(void *arg, enum err_code rc, const struct err *e)
{
    struct look *look = arg;

    (void)e;
    look->over = rc == ERR_AUTH;
    (void)look->shard->env.post(look->shard->env.ctx, look->shard->env.shard, true, looked, look);
}

bool signin_look(struct live_shard *shard, const char *session_id, bool used)
{
    struct look *look = mem_new(sizeof *look);
    struct store_job job = { .run = run, .done = done, .arg = look };

    look->shard = shard;
    memcpy(look->session_id, session_id, ID_SIZE);
    look->now_ms = shard->env.wall_ms(shard->env.ctx);
    look->used = used;
    if (shard->env.post_job(shard->env.ctx, &job) == ERR_OK)
        return true;
    mem_free(look);
    return false;
}
