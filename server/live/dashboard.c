/* A dashboard at its home: joins, gathers the rooms of every shard, then numbers the changes. */
#include "live/dashboard.h"

#include <stdio.h>
#include <string.h>

#include "live/dashboard_load.h"
#include "live/dashboard_watch.h"
#include "live/roster.h"
#include "live/signin.h"
#include "store/store_sessions.h"
#include "util/json_write.h"
#include "util/mem.h"
#include "util/str.h"
#include "ws/numbers.h"
#include "ws/resume.h"

#define DASHBOARD_EARLY_MAX 256 /* changes while the snapshot is gathered */
#define DASHBOARD_WELCOME_MAX (4 * 1024 * 1024)
#define SIGN_IN_CHECK_MS (5 * 60 * 1000) /* how often an open dashboard's sign-in is checked */

struct dashboard {
    struct live_shard *shard;
    struct client_owner owner; /* of `client` */
    struct client *client;     /* NULL once it is gone */
    struct retired retired;    /* then */
    struct dashboard_viewer viewer;
    char key[24];                               /* its id as text, in shard.dashboards */
    struct resume queue;                        /* nothing is kept for resuming */
    struct numbers own;                         /* the numbers of its messages */
    bool live;                                  /* has its welcome */
    int64_t checked_ms;                         /* monotonic: when its sign-in was last checked */
    int64_t used_ms;                            /* monotonic: when its sign-in was last noted as in use; 0 never */
    bool watched;                               /* the shards were told to watch for it */
    int snapshots_due;                          /* shards that have not answered */
    struct map rooms;                           /* room id → its JSON until the welcome, then KNOWN */
    struct payload *early[DASHBOARD_EARLY_MAX]; /* changes before the welcome */
    int early_count;
};

static char KNOWN[] = "";

static void key_of(char key[24], int64_t id)
{
    snprintf(key, 24, "%lld", (long long)id);
}

static struct dashboard *find(struct live_shard *shard, int64_t id)
{
    char key[24];

    key_of(key, id);
    return map_get(&shard->dashboards, key);
}

static void set_room(struct dashboard *dashboard, const char *room_id, char *json)
{
    char *before = map_put(&dashboard->rooms, room_id, json);

    if (before != KNOWN)
        mem_free(before);
}

static void forget_rooms(struct dashboard *dashboard)
{
    size_t at = 0;
    void *json;

    while (map_next(&dashboard->rooms, &at, NULL, &json))
        if (json != KNOWN)
            mem_free(json);
    map_clear(&dashboard->rooms);
}

static void dashboard_free(struct retired *retired)
{
    struct dashboard *dashboard = list_entry(retired, struct dashboard, retired);

    for (int i = 0; i < dashboard->early_count; i++)
        payload_unref(dashboard->early[i]);
    forget_rooms(dashboard);
    resume_clear(&dashboard->queue);
    mem_free(dashboard);
}

/* Its client is gone: it can no longer be found, and is freed at the end of this turn. */
static void retire(struct dashboard *dashboard)
{
    struct live_shard *shard = dashboard->shard;

    if (shard->counters->roster)
        roster_leave(shard->counters->roster,
                     (struct roster_dashboard){ dashboard->viewer.id, dashboard->viewer.home });
    (void)map_remove(&shard->dashboards, dashboard->key);
    dashboard->client = NULL;
    live_shard_retire(shard, &dashboard->retired, dashboard_free);
}

void dashboard_clear(struct live_shard *shard)
{
    struct list *it, *tmp;
    size_t at = 0;
    void *dashboard;

    list_each(it, tmp, &shard->watches)
    {
        list_remove(it);
        mem_free(it); /* a watch begins with its link */
    }
    while (map_next(&shard->dashboards, &at, NULL, &dashboard))
        retire(dashboard);
}

struct numbers *dashboard_numbers(struct dashboard *dashboard)
{
    return &dashboard->own;
}

struct live_shard *dashboard_shard(struct dashboard *dashboard)
{
    return dashboard->shard;
}

/* To every shard, a copy each. */
static void tell_shards(struct dashboard *dashboard, void (*fn)(struct live_shard *shard, void *viewer))
{
    struct live_shard *shard = dashboard->shard;

    for (int i = 0; i < shard->env.shards; i++)
        (void)shard->env.post(shard->env.ctx, i, true, fn, mem_copy(&dashboard->viewer, sizeof dashboard->viewer));
}

static void dashboard_message(struct client_owner *owner, struct client *client, const struct client_message *m)
{
    struct dashboard *dashboard = list_entry(owner, struct dashboard, owner);

    dashboard->shard->handlers->dashboard(dashboard, client, m);
}

static void dashboard_unreadable(struct client_owner *owner)
{
    (void)numbers_unread(&list_entry(owner, struct dashboard, owner)->own);
}

static void dashboard_lost(struct client_owner *owner, struct client *client)
{
    struct dashboard *dashboard = list_entry(owner, struct dashboard, owner);

    (void)client;
    if (dashboard->watched)
        tell_shards(dashboard, dashboard_watch_end);
    if (dashboard->live)
        atomic_fetch_sub(&dashboard->shard->counters->dashboards, 1);
    retire(dashboard);
}

static const struct client_owner_ops DASHBOARD = { dashboard_message, dashboard_unreadable, dashboard_lost };

void dashboard_say(struct dashboard *dashboard, struct payload *said)
{
    if (!dashboard->client) {
        payload_unref(said);
        return;
    }
    if (!dashboard->live) {
        if (dashboard->early_count < DASHBOARD_EARLY_MAX)
            dashboard->early[dashboard->early_count++] = said;
        else
            payload_unref(said);
        if (dashboard->early_count == DASHBOARD_EARLY_MAX)
            client_close(dashboard->client, CLOSE_BUSY, "busy");
        return;
    }
    resume_forget(&dashboard->queue, 0, said->len);
    resume_add(&dashboard->queue, said);
    atomic_fetch_add(&dashboard->shard->clients->counters->queued_bytes, (long long)said->len);
    client_queued(dashboard->client);
}

/* ---- joining ---- */

static void home_snapshot(struct live_shard *shard, void *arg);
static void home_delivery(struct live_shard *shard, void *arg);
static const struct dashboard_home HOME = { home_snapshot, home_delivery };

static void user_loaded(struct live_shard *shard, void *arg)
{
    struct dashboard_load *load = arg;
    struct dashboard *dashboard = find(shard, load->dashboard_id);

    if (dashboard && load->rc != ERR_OK) {
        bool unknown = load->rc == ERR_AUTH || load->rc == ERR_NOT_FOUND;

        live_shard_refuse(dashboard->shard, dashboard->client,
                          !unknown           ? "busy"
                          : load->signed_out ? "signed_out"
                                             : "bad_token",
                          "The dashboard cannot be opened.");
    } else if (dashboard) {
        dashboard->viewer.role = load->user.role;
        memcpy(dashboard->viewer.name, load->user.name, NAME_SIZE);
        dashboard->snapshots_due = shard->env.shards;
        dashboard->watched = true;
        tell_shards(dashboard, dashboard_watch_begin);
    }
    dashboard_load_free(load);
}

static void refuse_busy(struct dashboard *dashboard)
{
    live_shard_refuse(dashboard->shard, dashboard->client, "busy", "The server is busy saving; come back in a moment.");
}

/* Another one was opened, beyond the limit. */
static void close_oldest(struct live_shard *shard, void *arg)
{
    struct dashboard *dashboard = find(shard, ((struct roster_dashboard *)arg)->id);

    if (dashboard)
        client_close(dashboard->client, CLOSE_REPLACED, "replaced");
    mem_free(arg);
}

static void enter_roster(const struct dashboard *dashboard, const char *session_id)
{
    struct live_shard *shard = dashboard->shard;
    struct roster_dashboard self = { dashboard->viewer.id, dashboard->viewer.home }, victim;

    if (!shard->counters->roster)
        return;
    roster_enter(shard->counters->roster, session_id, dashboard->viewer.user_id, self, &victim);
    if (victim.id)
        (void)shard->env.post(shard->env.ctx, victim.shard, true, close_oldest, mem_copy(&victim, sizeof victim));
}

static bool is_fresh(struct live_shard *shard, const struct token_claims *c)
{
    return !shard->counters->roster ||
           roster_claim(shard->counters->roster, c->jti, c->exp_ms, shard->env.wall_ms(shard->env.ctx));
}

void dashboard_join(struct live_shard *shard, struct client *client, const struct token_claims *claims)
{
    struct dashboard *dashboard;

    if (!is_fresh(shard, claims)) {
        live_shard_refuse(shard, client, "bad_token", "This token has already opened a dashboard; ask for a new one.");
        return;
    }
    dashboard = mem_new(sizeof *dashboard);
    dashboard->shard = shard;
    dashboard->client = client;
    dashboard->checked_ms = live_shard_mono_ms(shard);
    dashboard->viewer.id = ++shard->next_dashboard;
    dashboard->viewer.home = shard->env.shard;
    dashboard->viewer.to = &HOME;
    memcpy(dashboard->viewer.user_id, claims->sub, ID_SIZE);
    key_of(dashboard->key, dashboard->viewer.id);
    (void)map_put(&shard->dashboards, dashboard->key, dashboard);
    dashboard->owner.ops = &DASHBOARD;
    client_joining(client, &dashboard->owner);
    enter_roster(dashboard, claims->session_id);
    if (!dashboard_load_user(shard, dashboard->viewer.id, claims->sub, claims->session_id, user_loaded))
        refuse_busy(dashboard);
}

/* ---- while it is open ---- */

/* When no job can be started now, the next tick tries again. */
static void look_at_sign_in(struct dashboard *dashboard, bool used, int64_t mono_ms)
{
    if (!signin_look(dashboard->shard, dashboard->client->session_id, used))
        return;
    dashboard->checked_ms = mono_ms;
    if (used)
        dashboard->used_ms = mono_ms;
}

void dashboard_used(struct dashboard *dashboard)
{
    int64_t mono_ms = live_shard_mono_ms(dashboard->shard);

    if (dashboard->used_ms == 0 || mono_ms - dashboard->used_ms >= SESSION_SEEN_EVERY_MS)
        look_at_sign_in(dashboard, true, mono_ms);
}

static void close_signed_out(struct live_shard *shard, const char *session_id)
{
    size_t at = 0;
    void *value;

    while (map_next(&shard->dashboards, &at, NULL, &value)) {
        struct dashboard *dashboard = value;

        if (strcmp(dashboard->client->session_id, session_id) == 0)
            client_close(dashboard->client, CLOSE_AUTH, "signed_out");
    }
}

static int dashboard_hear(struct live_shard *shard, const struct live_event *ev)
{
    if (ev->kind == LIVE_SIGNED_OUT)
        close_signed_out(shard, ev->session_id);
    return dashboard_watch_hear(shard, ev);
}

void dashboard_serve(struct live_shard *shard)
{
    live_shard_observe(shard, dashboard_hear);
}

/* People in a call finish it when the sign-in expires; a dashboard would go on forever. */
void dashboard_tick(struct live_shard *shard, int64_t mono_ms)
{
    int every_ms = shard->settings->dashboard_check_ms > 0 ? shard->settings->dashboard_check_ms : SIGN_IN_CHECK_MS;
    size_t at = 0;
    void *value;

    while (map_next(&shard->dashboards, &at, NULL, &value)) {
        struct dashboard *dashboard = value;

        if (dashboard->live && mono_ms - dashboard->checked_ms >= every_ms)
            look_at_sign_in(dashboard, false, mono_ms);
    }
}

/* ---- the snapshot ---- */

static struct payload *welcome(struct dashboard *dashboard)
{
    struct buf b = { .max = DASHBOARD_WELCOME_MAX };
    struct payload *said;
    const char *comma = "";
    size_t at = 0;
    void *json;

    buf_add_text(&b, "\"self\":");
    json_write_string(&b, dashboard->viewer.user_id);
    buf_printf(&b, ",\"role\":\"%s\",\"epoch\":\"%s\",\"seq\":0,\"n\":0,\"resumed\":false,\"rooms\":[",
               user_role_name(dashboard->viewer.role), dashboard->shard->epoch);
    while (map_next(&dashboard->rooms, &at, NULL, &json)) {
        if (json == KNOWN)
            continue; /* new since then: it is among the following changes */
        if (!buf_add_text(&b, comma) || !buf_add_text(&b, json))
            break;
        comma = ",";
    }
    buf_add_text(&b, "]}");
    said = b.overflow ? NULL : payload_from("welcome", &b);
    buf_clear(&b);
    return said;
}

static void go_live(struct dashboard *dashboard)
{
    struct payload *said = welcome(dashboard);
    size_t at = 0;
    const char *room_id;
    void *json;

    if (!said) {
        live_shard_refuse(dashboard->shard, dashboard->client, "busy", "There is too much to show.");
        return;
    }
    while (map_next(&dashboard->rooms, &at, &room_id, &json))
        set_room(dashboard, room_id, KNOWN);
    dashboard->live = true;
    atomic_fetch_add(&dashboard->shard->counters->dashboards, 1);
    for (int i = 0; i < dashboard->early_count; i++)
        resume_add(&dashboard->queue, dashboard->early[i]);
    dashboard->early_count = 0;
    /* writes the welcome, then these: nothing may be added unwritten afterwards */
    client_joined(dashboard->client, &dashboard->owner, &dashboard->queue, said);
}

static void rooms_loaded(struct live_shard *shard, void *arg)
{
    struct dashboard_load *load = arg;
    struct dashboard *dashboard = find(shard, load->dashboard_id);

    if (dashboard && load->rc != ERR_OK)
        live_shard_refuse(dashboard->shard, dashboard->client, "busy", "The dashboard cannot be opened.");
    for (struct dashboard_piece *p = load->pieces; dashboard && load->rc == ERR_OK && p; p = p->next)
        if (!map_get(&dashboard->rooms, p->room_id)) {
            set_room(dashboard, p->room_id, p->json);
            p->json = NULL;
        }
    if (dashboard && load->rc == ERR_OK)
        go_live(dashboard);
    dashboard_load_free(load);
}

static void load_rooms(struct dashboard *dashboard)
{
    if (!dashboard_load_rooms(dashboard->shard, dashboard->viewer.id, dashboard->viewer.user_id, dashboard->viewer.role,
                              rooms_loaded))
        refuse_busy(dashboard);
}

static void home_snapshot(struct live_shard *shard, void *arg)
{
    struct dashboard_snapshot *snapshot = arg;
    struct dashboard *dashboard = find(shard, snapshot->dashboard_id);

    for (struct dashboard_piece *p = snapshot->pieces; dashboard && p; p = p->next) {
        set_room(dashboard, p->room_id, p->json);
        p->json = NULL;
    }
    dashboard_pieces_free(snapshot->pieces);
    mem_free(snapshot);
    if (dashboard && --dashboard->snapshots_due == 0)
        load_rooms(dashboard);
}

static void home_delivery(struct live_shard *shard, void *arg)
{
    struct dashboard_delivery *delivery = arg;
    struct dashboard *dashboard = find(shard, delivery->dashboard_id);
    bool known = dashboard && delivery->room_id[0] && map_get(&dashboard->rooms, delivery->room_id);

    if (dashboard && delivery->kind == DELIVER_SHOWN && !known)
        set_room(dashboard, delivery->room_id, KNOWN);
    if (dashboard && delivery->kind == DELIVER_GONE && known && dashboard->live)
        (void)map_remove(&dashboard->rooms, delivery->room_id);
    if (dashboard && delivery->kind == DELIVER_CUT) {
        client_close(dashboard->client, CLOSE_BUSY, "busy");
    } else if (dashboard && (delivery->kind != DELIVER_GONE || known)) {
        dashboard_say(dashboard, delivery->said);
        delivery->said = NULL;
    }
    payload_unref(delivery->said);
    mem_free(delivery);
}

/* ---- requests -- */

void dashboard_ask(struct dashboard *dashboard, enum permission may, const json_t *m, const char *of, int64_t n)
{
    struct dashboard_request *q = mem_new(sizeof *q);
    const char *text = json_text(m, "text", "");
    struct live_shard *shard = dashboard->shard;

    q->by = dashboard->viewer;
    q->may = may;
    q->verb = room_verb_of(may);
    q->of = of;
    q->n = n;
    q->block = json_bool(m, "block", false);
    q->beside = json_bool(m, "beside", false);
    q->instead = json_bool(m, "instead", false);
    (void)str_copy(q->room_id, sizeof q->room_id, json_text(m, "room", ""));
    (void)str_copy(q->participant, sizeof q->participant,
                   json_text(m, q->verb == ROOM_VERBS ? "to" : "participant", ""));
    (void)str_copy(q->id, sizeof q->id, json_text(m, "id", ""));
    q->text = text[0] ? mem_copy_text(text) : NULL;
    if (shard->env.post(shard->env.ctx, live_shard_of_room(shard, q->room_id), false, dashboard_watch_ask, q))
        return;
    mem_free(q->text);
    mem_free(q);
    dashboard_say(dashboard, live_shard_error(shard, "busy", "The server is busy; try again in a moment.", of, n));
}
