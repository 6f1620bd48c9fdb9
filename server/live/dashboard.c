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
    struct client *client;     /* NULL once it is gone; then the dashboard is in shard.dashboards_over */
    struct list over;
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

static struct dashboard *find(struct live_shard *f, int64_t id)
{
    char key[24];

    key_of(key, id);
    return map_get(&f->dashboards, key);
}

static void set_room(struct dashboard *d, const char *room_id, char *json)
{
    char *before = map_put(&d->rooms, room_id, json);

    if (before != KNOWN)
        mem_free(before);
}

static void forget_rooms(struct dashboard *d)
{
    size_t at = 0;
    void *json;

    while (map_next(&d->rooms, &at, NULL, &json))
        if (json != KNOWN)
            mem_free(json);
    map_clear(&d->rooms);
}

static void dashboard_free(struct dashboard *d)
{
    for (int i = 0; i < d->early_count; i++)
        payload_unref(d->early[i]);
    forget_rooms(d);
    resume_clear(&d->queue);
    mem_free(d);
}

/* Its client is gone: it can no longer be found, and is freed at the end of this turn. */
static void retire(struct dashboard *d)
{
    struct live_shard *f = d->shard;

    if (f->counters->roster)
        roster_leave(f->counters->roster, (struct roster_dashboard){ d->viewer.id, d->viewer.home });
    (void)map_remove(&f->dashboards, d->key);
    list_add_tail(&f->dashboards_over, &d->over);
    d->client = NULL;
}

static void free_retired(struct live_shard *f)
{
    struct list *it, *tmp;

    list_each(it, tmp, &f->dashboards_over)
    {
        list_remove(it);
        dashboard_free(list_entry(it, struct dashboard, over));
    }
}

void dashboard_clear(struct live_shard *f)
{
    struct list *it, *tmp;
    size_t at = 0;
    void *dashboard;

    list_each(it, tmp, &f->watches)
    {
        list_remove(it);
        mem_free(it); /* a watch begins with its link */
    }
    while (map_next(&f->dashboards, &at, NULL, &dashboard))
        retire(dashboard);
    free_retired(f);
}

struct numbers *dashboard_numbers(struct dashboard *d)
{
    return &d->own;
}

struct live_shard *dashboard_shard(struct dashboard *d)
{
    return d->shard;
}

/* To every shard, a copy each. */
static void tell_shards(struct dashboard *d, void (*fn)(struct live_shard *f, void *viewer))
{
    struct live_shard *f = d->shard;

    for (int i = 0; i < f->env.shards; i++)
        (void)f->env.post(f->env.ctx, i, true, fn, mem_copy(&d->viewer, sizeof d->viewer));
}

static void dashboard_message(struct client_owner *owner, struct client *c, const struct client_message *m)
{
    struct dashboard *d = list_entry(owner, struct dashboard, owner);

    d->shard->handlers->dashboard(d, c, m);
}

static void dashboard_unreadable(struct client_owner *owner)
{
    (void)numbers_unread(&list_entry(owner, struct dashboard, owner)->own);
}

static void dashboard_lost(struct client_owner *owner, struct client *c)
{
    struct dashboard *d = list_entry(owner, struct dashboard, owner);

    (void)c;
    if (d->watched)
        tell_shards(d, dashboard_watch_end);
    if (d->live)
        atomic_fetch_sub(&d->shard->counters->dashboards, 1);
    retire(d);
}

static const struct client_owner_ops DASHBOARD = { dashboard_message, dashboard_unreadable, dashboard_lost };

void dashboard_say(struct dashboard *d, struct payload *said)
{
    if (!d->client) {
        payload_unref(said);
        return;
    }
    if (!d->live) {
        if (d->early_count < DASHBOARD_EARLY_MAX)
            d->early[d->early_count++] = said;
        else
            payload_unref(said);
        if (d->early_count == DASHBOARD_EARLY_MAX)
            client_close(d->client, CLOSE_BUSY, "busy");
        return;
    }
    resume_forget(&d->queue, 0, said->len);
    resume_add(&d->queue, said);
    atomic_fetch_add(&d->shard->clients->counters->queued_bytes, (long long)said->len);
    client_queued(d->client);
}

/* ---- joining ---- */

static void home_snapshot(struct live_shard *f, void *arg);
static void home_delivery(struct live_shard *f, void *arg);
static const struct dashboard_home HOME = { home_snapshot, home_delivery };

static void user_loaded(struct live_shard *f, void *arg)
{
    struct dashboard_load *load = arg;
    struct dashboard *d = find(f, load->dashboard_id);

    if (d && load->rc != ERR_OK) {
        bool unknown = load->rc == ERR_AUTH || load->rc == ERR_NOT_FOUND;

        live_shard_refuse(d->shard, d->client,
                          !unknown           ? "busy"
                          : load->signed_out ? "signed_out"
                                             : "bad_token",
                          "The dashboard cannot be opened.");
    } else if (d) {
        d->viewer.role = load->user.role;
        memcpy(d->viewer.name, load->user.name, NAME_SIZE);
        d->snapshots_due = f->env.shards;
        d->watched = true;
        tell_shards(d, dashboard_watch_begin);
    }
    dashboard_load_free(load);
}

static void refuse_busy(struct dashboard *d)
{
    live_shard_refuse(d->shard, d->client, "busy", "The server is busy saving; come back in a moment.");
}

/* Another one was opened, beyond the limit. */
static void close_oldest(struct live_shard *f, void *arg)
{
    struct dashboard *d = find(f, ((struct roster_dashboard *)arg)->id);

    if (d)
        client_close(d->client, CLOSE_REPLACED, "replaced");
    mem_free(arg);
}

static void enter_roster(const struct dashboard *d, const char *session_id)
{
    struct live_shard *f = d->shard;
    struct roster_dashboard self = { d->viewer.id, d->viewer.home }, victim;

    if (!f->counters->roster)
        return;
    roster_enter(f->counters->roster, session_id, d->viewer.user_id, self, &victim);
    if (victim.id)
        (void)f->env.post(f->env.ctx, victim.shard, true, close_oldest, mem_copy(&victim, sizeof victim));
}

static bool is_fresh(struct live_shard *f, const struct token_claims *c)
{
    return !f->counters->roster || roster_claim(f->counters->roster, c->jti, c->exp_ms, f->env.wall_ms(f->env.ctx));
}

void dashboard_join(struct live_shard *f, struct client *p, const struct token_claims *claims)
{
    struct dashboard *d;

    if (!is_fresh(f, claims)) {
        live_shard_refuse(f, p, "bad_token", "This token has already opened a dashboard; ask for a new one.");
        return;
    }
    d = mem_new(sizeof *d);
    d->shard = f;
    d->client = p;
    d->checked_ms = live_shard_mono_ms(f);
    d->viewer.id = ++f->next_dashboard;
    d->viewer.home = f->env.shard;
    d->viewer.to = &HOME;
    memcpy(d->viewer.user_id, claims->sub, ID_SIZE);
    key_of(d->key, d->viewer.id);
    (void)map_put(&f->dashboards, d->key, d);
    d->owner.ops = &DASHBOARD;
    client_joining(p, &d->owner);
    enter_roster(d, claims->session_id);
    if (!dashboard_load_user(f, d->viewer.id, claims->sub, claims->session_id, user_loaded))
        refuse_busy(d);
}

/* ---- while it is open ---- */

/* When no job can be started now, the next tick tries again. */
static void look_at_sign_in(struct dashboard *d, bool used, int64_t mono_ms)
{
    if (!signin_look(d->shard, d->client->session_id, used))
        return;
    d->checked_ms = mono_ms;
    if (used)
        d->used_ms = mono_ms;
}

void dashboard_used(struct dashboard *d)
{
    int64_t mono_ms = live_shard_mono_ms(d->shard);

    if (d->used_ms == 0 || mono_ms - d->used_ms >= SESSION_SEEN_EVERY_MS)
        look_at_sign_in(d, true, mono_ms);
}

static void close_signed_out(struct live_shard *f, const char *session_id)
{
    size_t at = 0;
    void *value;

    while (map_next(&f->dashboards, &at, NULL, &value)) {
        struct dashboard *d = value;

        if (strcmp(d->client->session_id, session_id) == 0)
            client_close(d->client, CLOSE_AUTH, "signed_out");
    }
}

static int dashboard_hear(struct live_shard *f, const struct live_event *ev)
{
    if (ev->kind == LIVE_SIGNED_OUT)
        close_signed_out(f, ev->session_id);
    return dashboard_watch_hear(f, ev);
}

void dashboard_serve(struct live_shard *f)
{
    live_shard_observe(f, dashboard_hear);
}

/* People in a call finish it when the sign-in expires; a dashboard would go on forever. */
void dashboard_tick(struct live_shard *f, int64_t mono_ms)
{
    int every_ms = f->settings->dashboard_check_ms > 0 ? f->settings->dashboard_check_ms : SIGN_IN_CHECK_MS;
    size_t at = 0;
    void *value;

    while (map_next(&f->dashboards, &at, NULL, &value)) {
        struct dashboard *d = value;

        if (d->live && mono_ms - d->checked_ms >= every_ms)
            look_at_sign_in(d, false, mono_ms);
    }
    free_retired(f);
}

/* ---- the snapshot ---- */

static struct payload *welcome(struct dashboard *d)
{
    struct buf b = { .max = DASHBOARD_WELCOME_MAX };
    struct payload *said;
    const char *comma = "";
    size_t at = 0;
    void *json;

    buf_add_text(&b, "\"self\":");
    json_write_string(&b, d->viewer.user_id);
    buf_printf(&b, ",\"role\":\"%s\",\"epoch\":\"%s\",\"seq\":0,\"n\":0,\"resumed\":false,\"rooms\":[",
               user_role_name(d->viewer.role), d->shard->epoch);
    while (map_next(&d->rooms, &at, NULL, &json)) {
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

static void go_live(struct dashboard *d)
{
    struct payload *said = welcome(d);
    size_t at = 0;
    const char *room_id;
    void *json;

    if (!said) {
        live_shard_refuse(d->shard, d->client, "busy", "There is too much to show.");
        return;
    }
    while (map_next(&d->rooms, &at, &room_id, &json))
        set_room(d, room_id, KNOWN);
    d->live = true;
    atomic_fetch_add(&d->shard->counters->dashboards, 1);
    for (int i = 0; i < d->early_count; i++)
        resume_add(&d->queue, d->early[i]);
    d->early_count = 0;
    /* writes the welcome, then these: nothing may be added unwritten afterwards */
    client_joined(d->client, &d->owner, &d->queue, said);
}

static void rooms_loaded(struct live_shard *f, void *arg)
{
    struct dashboard_load *load = arg;
    struct dashboard *d = find(f, load->dashboard_id);

    if (d && load->rc != ERR_OK)
        live_shard_refuse(d->shard, d->client, "busy", "The dashboard cannot be opened.");
    for (struct dashboard_piece *p = load->pieces; d && load->rc == ERR_OK && p; p = p->next)
        if (!map_get(&d->rooms, p->room_id)) {
            set_room(d, p->room_id, p->json);
            p->json = NULL;
        }
    if (d && load->rc == ERR_OK)
        go_live(d);
    dashboard_load_free(load);
}

static void load_rooms(struct dashboard *d)
{
    if (!dashboard_load_rooms(d->shard, d->viewer.id, d->viewer.user_id, d->viewer.role, rooms_loaded))
        refuse_busy(d);
}

static void home_snapshot(struct live_shard *f, void *arg)
{
    struct dashboard_snapshot *snapshot = arg;
    struct dashboard *d = find(f, snapshot->dashboard_id);

    for (struct dashboard_piece *p = snapshot->pieces; d && p; p = p->next) {
        set_room(d, p->room_id, p->json);
        p->json = NULL;
    }
    dashboard_pieces_free(snapshot->pieces);
    mem_free(snapshot);
    if (d && --d->snapshots_due == 0)
        load_rooms(d);
}

static void home_delivery(struct live_shard *f, void *arg)
{
    struct dashboard_delivery *delivery = arg;
    struct dashboard *d = find(f, delivery->dashboard_id);
    bool known = d && delivery->room_id[0] && map_get(&d->rooms, delivery->room_id);

    if (d && delivery->kind == DELIVER_SHOWN && !known)
        set_room(d, delivery->room_id, KNOWN);
    if (d && delivery->kind == DELIVER_GONE && known && d->live)
        (void)map_remove(&d->rooms, delivery->room_id);
    if (d && delivery->kind == DELIVER_CUT) {
        client_close(d->client, CLOSE_BUSY, "busy");
    } else if (d && (delivery->kind != DELIVER_GONE || known)) {
        dashboard_say(d, delivery->said);
        delivery->said = NULL;
    }
    payload_unref(delivery->said);
    mem_free(delivery);
}

/* ---- requests -- */

void dashboard_ask(struct dashboard *d, enum permission may, enum room_verb verb, const json_t *m, const char *of,
                   int64_t n)
{
    struct dashboard_request *q = mem_new(sizeof *q);
    const char *text = json_text(m, "text", "");
    struct live_shard *f = d->shard;

    q->by = d->viewer;
    q->may = may;
    q->verb = verb;
    q->of = of;
    q->n = n;
    q->block = json_bool(m, "block", false);
    q->beside = json_bool(m, "beside", false);
    q->instead = json_bool(m, "instead", false);
    (void)str_copy(q->room_id, sizeof q->room_id, json_text(m, "room", ""));
    (void)str_copy(q->participant, sizeof q->participant, json_text(m, verb == ROOM_VERBS ? "to" : "participant", ""));
    (void)str_copy(q->id, sizeof q->id, json_text(m, "id", ""));
    q->text = text[0] ? mem_copy_text(text) : NULL;
    if (f->env.post(f->env.ctx, live_shard_of_room(f, q->room_id), false, dashboard_watch_ask, q))
        return;
    mem_free(q->text);
    mem_free(q);
    dashboard_say(d, live_shard_error(f, "busy", "The server is busy; try again in a moment.", of, n));
}
