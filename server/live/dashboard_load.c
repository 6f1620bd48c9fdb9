#include "live/dashboard_load.h"

#include <string.h>

#include "domain/permission.h"
#include "live/messages.h"
#include "store/store_rooms.h"
#include "store/store_sessions.h"
#include "store/store_users.h"
#include "util/mem.h"
#include "util/str.h"

#define DASHBOARD_ROOMS_MAX 500 /* empty rooms in the snapshot */

void dashboard_pieces_free(struct dashboard_piece *piece)
{
    while (piece) {
        struct dashboard_piece *next = piece->next;

        mem_free(piece->json);
        mem_free(piece);
        piece = next;
    }
}

void dashboard_load_free(struct dashboard_load *load)
{
    dashboard_pieces_free(load->pieces);
    mem_free(load);
}

/* ---- on the store's thread ---- */

static void add_empty_room(struct dashboard_load *load, const struct room_rules *rules)
{
    struct dashboard_piece *piece = mem_new(sizeof *piece);
    struct room_view v = { 0 };
    struct buf b = { .max = MESSAGES_MAX };

    room_view_set(&v, rules);
    messages_add_room(&b, &v, load->user.role, load->user.id);
    buf_add_text(&b, ",\"participants\":[]}");
    (void)str_copy(piece->room_id, sizeof piece->room_id, rules->id);
    piece->json = mem_copy_text(buf_text(&b));
    piece->next = load->pieces;
    load->pieces = piece;
    buf_clear(&b);
    room_view_clear(&v);
}

static enum err_code user_run(struct store *s, void *arg, struct err *e)
{
    struct dashboard_load *load = arg;
    enum err_code rc = store_session_live(s, load->session_id, load->now_ms, e);

    if (rc == ERR_OK)
        rc = store_user_by_id(s, load->user.id, &load->user, e);
    if (rc == ERR_OK && load->user.state != USER_ACTIVE)
        return err_set(e, ERR_AUTH, "bad_token", "This account is not active.");
    return rc;
}

static enum err_code rooms_run(struct store *s, void *arg, struct err *e)
{
    struct dashboard_load *load = arg;
    const char *whose = permission_allows(load->user.role, PART_NONE, MAY_SEE_LIVE) ? "" : load->user.id; /* "": all */
    char after[ID_SIZE] = "";
    enum err_code rc = ERR_OK;
    bool more = true;

    dashboard_pieces_free(load->pieces);
    load->pieces = NULL;
    for (int rooms = 0; rc == ERR_OK && more && rooms < DASHBOARD_ROOMS_MAX;) {
        struct room_list list = { 0 };

        rc = store_room_list(s, whose, after, 100, &list, e);
        more = rc == ERR_OK && list.more && list.count > 0;
        for (size_t i = 0; rc == ERR_OK && i < list.count; i++, rooms++) {
            add_empty_room(load, &list.items[i]);
            memcpy(after, list.items[i].id, ID_SIZE);
        }
        room_list_clear(&list);
    }
    return rc;
}

/* ---- on the shard ---- */

static void load_done(void *arg, enum err_code rc, const struct err *e)
{
    struct dashboard_load *load = arg;

    load->rc = rc;
    load->signed_out = e && strcmp(e->code, "signed_out") == 0;
    (void)load->shard->env.post(load->shard->env.ctx, load->shard->env.shard, true, load->then, load);
}

static bool post(struct dashboard_load *load, enum err_code (*run)(struct store *s, void *arg, struct err *e))
{
    struct live_shard *shard = load->shard;
    struct store_job job = { .run = run, .done = load_done, .arg = load };

    if (shard->env.post_job(shard->env.ctx, &job) == ERR_OK)
        return true;
    dashboard_load_free(load);
    return false;
}

static struct dashboard_load *load_new(struct live_shard *shard, int64_t dashboard_id, const char *user_id,
                                       void (*then)(struct live_shard *shard, void *load))
{
    struct dashboard_load *load = mem_new(sizeof *load);

    load->shard = shard;
    load->then = then;
    load->dashboard_id = dashboard_id;
    (void)str_copy(load->user.id, ID_SIZE, user_id);
    return load;
}

bool dashboard_load_user(struct live_shard *shard, int64_t dashboard_id, const char *user_id, const char *session_id,
                         void (*then)(struct live_shard *shard, void *load))
{
    struct dashboard_load *load = load_new(shard, dashboard_id, user_id, then);

    (void)str_copy(load->session_id, ID_SIZE, session_id);
    load->now_ms = shard->env.wall_ms(shard->env.ctx);
    return post(load, user_run);
}

bool dashboard_load_rooms(struct live_shard *shard, int64_t dashboard_id, const char *user_id, enum user_role role,
                          void (*then)(struct live_shard *shard, void *load))
{
    struct dashboard_load *load = load_new(shard, dashboard_id, user_id, then);

    load->user.role = role;
    return post(load, rooms_run);
}
