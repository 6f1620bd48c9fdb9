#include "live/roster.h"

#include <pthread.h>
#include <stddef.h>
#include <string.h>

#include "domain/id.h"
#include "util/list.h"
#include "util/map.h"
#include "util/mem.h"
#include "util/str.h"

struct entry {
    struct list here; /* oldest first */
    struct roster_dashboard dashboard;
    char session_id[ID_SIZE], user_id[ID_SIZE];
};
struct token {
    struct list here; /* in the order taken */
    int64_t exp_ms;
    char jti[ID_SIZE];
};
/* Everything is under the lock. */
struct roster {
    pthread_mutex_t lock;
    struct list dashboards;
    struct list tokens;
    struct map by_jti; /* jti → struct token */
};

struct roster *roster_new(void)
{
    struct roster *roster = mem_new(sizeof *roster);

    pthread_mutex_init(&roster->lock, NULL);
    list_init(&roster->dashboards);
    list_init(&roster->tokens);
    return roster;
}

static void forget_token(struct roster *roster, struct token *t)
{
    list_remove(&t->here);
    (void)map_remove(&roster->by_jti, t->jti);
    mem_free(t);
}

void roster_free(struct roster *roster)
{
    struct list *it, *tmp;

    if (!roster)
        return;
    list_each(it, tmp, &roster->tokens) forget_token(roster, list_entry(it, struct token, here));
    list_each(it, tmp, &roster->dashboards) mem_free(list_entry(it, struct entry, here));
    map_clear(&roster->by_jti);
    pthread_mutex_destroy(&roster->lock);
    mem_free(roster);
}

/* ---- tokens ---- */

static void prune(struct roster *roster, int64_t now_ms)
{
    struct list *it, *tmp;

    list_each(it, tmp, &roster->tokens)
    {
        struct token *t = list_entry(it, struct token, here);

        if (t->exp_ms >= now_ms && roster->by_jti.used < ROSTER_TOKENS_MAX)
            break;
        forget_token(roster, t);
    }
}

bool roster_claim(struct roster *roster, const char *jti, int64_t exp_ms, int64_t now_ms)
{
    bool fresh;

    pthread_mutex_lock(&roster->lock);
    prune(roster, now_ms);
    fresh = !map_get(&roster->by_jti, jti);
    if (fresh) {
        struct token *t = mem_new(sizeof *t);

        (void)str_copy(t->jti, sizeof t->jti, jti);
        t->exp_ms = exp_ms;
        list_add_tail(&roster->tokens, &t->here);
        (void)map_put(&roster->by_jti, t->jti, t);
    }
    pthread_mutex_unlock(&roster->lock);
    return fresh;
}

/* ---- dashboards ---- */

/* The oldest entry with this id at `offset`, when there are `max` of them; otherwise NULL. */
static struct entry *oldest_of(struct roster *roster, size_t offset, const char *id, int max)
{
    struct entry *first = NULL;
    struct list *it, *tmp;
    int count = 0;

    if (!id[0])
        return NULL;
    list_each(it, tmp, &roster->dashboards)
    {
        struct entry *x = list_entry(it, struct entry, here);

        if (strcmp((const char *)x + offset, id) != 0)
            continue;
        first = first ? first : x;
        count++;
    }
    return count >= max ? first : NULL;
}

static void remove_entry(struct entry *x)
{
    list_remove(&x->here);
    mem_free(x);
}

void roster_enter(struct roster *roster, const char *session_id, const char *user_id, struct roster_dashboard dashboard,
                  struct roster_dashboard *victim)
{
    struct entry *x = mem_new(sizeof *x), *old;

    *victim = (struct roster_dashboard){ 0 };
    x->dashboard = dashboard;
    (void)str_copy(x->session_id, sizeof x->session_id, session_id);
    (void)str_copy(x->user_id, sizeof x->user_id, user_id);
    pthread_mutex_lock(&roster->lock);
    old = oldest_of(roster, offsetof(struct entry, session_id), session_id, ROSTER_PER_SESSION);
    if (!old)
        old = oldest_of(roster, offsetof(struct entry, user_id), user_id, ROSTER_PER_USER);
    if (old) {
        *victim = old->dashboard;
        remove_entry(old);
    }
    list_add_tail(&roster->dashboards, &x->here);
    pthread_mutex_unlock(&roster->lock);
}

void roster_leave(struct roster *roster, struct roster_dashboard dashboard)
{
    struct list *it, *tmp;

    pthread_mutex_lock(&roster->lock);
    list_each(it, tmp, &roster->dashboards)
    {
        struct entry *x = list_entry(it, struct entry, here);

        if (x->dashboard.id == dashboard.id && x->dashboard.shard == dashboard.shard)
            remove_entry(x);
    }
    pthread_mutex_unlock(&roster->lock);
}
