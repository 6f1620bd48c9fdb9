#include "api/throttle.h"

#include <pthread.h>
#include <string.h>

#include "domain/crypto.h"
#include "util/list.h"
#include "util/map.h"
#include "util/mem.h"
#include "util/str.h"

#define FREE_FAILURES 10
#define FORGET_MS (15 * 60 * 1000)
#define WAIT_FIRST_MS 1000
#define WAIT_MAX_MS 30000
#define KEY_SIZE STR_HEX_SIZE(16)

struct account {
    struct list link;   /* in throttle.by_use, longest untouched first */
    char key[KEY_SIZE]; /* of a hash: what was typed may be long, or a password in the wrong field */
    int failures;
    int64_t last_ms;       /* monotonic, of the newest failure */
    int64_t wait_until_ms; /* monotonic; 0: need not wait */
};

struct throttle {
    pthread_mutex_t lock;
    struct map accounts; /* by key */
    struct list by_use;
    size_t count, max;
};

struct throttle *throttle_new(size_t max_accounts)
{
    struct throttle *t = mem_new(sizeof *t);

    pthread_mutex_init(&t->lock, NULL);
    list_init(&t->by_use);
    t->max = max_accounts > 0 ? max_accounts : 1;
    return t;
}

static void forget(struct throttle *t, struct account *a)
{
    map_remove(&t->accounts, a->key);
    list_remove(&a->link);
    mem_free(a);
    t->count--;
}

void throttle_free(struct throttle *t)
{
    if (!t)
        return;
    while (!list_empty(&t->by_use))
        forget(t, list_entry(t->by_use.next, struct account, link));
    map_clear(&t->accounts);
    pthread_mutex_destroy(&t->lock);
    mem_free(t);
}

static void key_of(const char *account, char key[KEY_SIZE])
{
    uint8_t hash[HASH_BYTES];

    crypto_digest(account, strlen(account), hash);
    str_hex(key, hash, 16);
}

enum err_code throttle_check(struct throttle *t, const char *account, int64_t mono_ms, struct err *e)
{
    char key[KEY_SIZE];
    const struct account *a;
    int64_t wait_ms = 0;

    key_of(account, key);
    pthread_mutex_lock(&t->lock);
    a = map_get(&t->accounts, key);
    if (a && a->wait_until_ms > mono_ms)
        wait_ms = a->wait_until_ms - mono_ms;
    pthread_mutex_unlock(&t->lock);
    if (wait_ms == 0)
        return ERR_OK;
    err_set(e, ERR_LIMIT, "too_many_attempts", "Too many wrong passwords for this account; please wait a moment.");
    if (e)
        e->retry_after_s = (int)((wait_ms + 999) / 1000);
    return ERR_LIMIT;
}

static struct account *find_or_make(struct throttle *t, const char *key)
{
    struct account *a = map_get(&t->accounts, key);

    if (!a) {
        if (t->count == t->max)
            forget(t, list_entry(t->by_use.next, struct account, link));
        a = mem_new(sizeof *a);
        memcpy(a->key, key, sizeof a->key);
        map_put(&t->accounts, a->key, a);
        t->count++;
    }
    list_remove(&a->link);
    list_add_tail(&t->by_use, &a->link);
    return a;
}

static int64_t wait_after(int failures)
{
    int doublings = failures - FREE_FAILURES;

    if (doublings < 0)
        return 0;
    return doublings < 5 ? (int64_t)WAIT_FIRST_MS << doublings : WAIT_MAX_MS;
}

bool throttle_failed(struct throttle *t, const char *account, int64_t mono_ms)
{
    char key[KEY_SIZE];
    struct account *a;
    bool begins;

    key_of(account, key);
    pthread_mutex_lock(&t->lock);
    a = find_or_make(t, key);
    if (mono_ms - a->last_ms > FORGET_MS)
        a->failures = 0;
    if (a->failures < FREE_FAILURES + 5) /* from there on the wait no longer grows */
        a->failures++;
    a->last_ms = mono_ms;
    begins = a->failures == FREE_FAILURES;
    a->wait_until_ms = mono_ms + wait_after(a->failures);
    pthread_mutex_unlock(&t->lock);
    return begins;
}

void throttle_passed(struct throttle *t, const char *account)
{
    char key[KEY_SIZE];
    struct account *a;

    key_of(account, key);
    pthread_mutex_lock(&t->lock);
    a = map_get(&t->accounts, key);
    if (a)
        forget(t, a);
    pthread_mutex_unlock(&t->lock);
}
