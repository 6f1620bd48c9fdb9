#include "api/throttle.h"

#include <pthread.h>
#include <string.h>

#include "domain/crypto.h"
#include "util/mem.h"
#include "util/recent.h"
#include "util/str.h"

#define FREE_FAILURES 10    /* from one origin */
#define FREE_WHEN_PRESSED 3 /* from one origin, while many guess at the account */
#define PRESSED_FAILURES 30 /* failures of an account from all origins */
#define FORGET_MS (15 * 60 * 1000)
#define WAIT_FIRST_MS 1000
#define WAIT_MAX_MS 30000
#define KEY_SIZE STR_HEX_SIZE(16)

/* An account from one origin, or (`from` empty) from all of them. */
struct record {
    struct recent_item item; /* by a hash: the typed text may be long, or a password in the wrong field */
    int failures;
    int64_t last_ms;       /* monotonic, of the newest failure */
    int64_t wait_until_ms; /* monotonic; 0: need not wait */
};

struct throttle {
    pthread_mutex_t lock;
    struct recent records;
};

struct throttle *throttle_new(size_t max_kept)
{
    struct throttle *throttle = mem_new(sizeof *throttle);

    pthread_mutex_init(&throttle->lock, NULL);
    recent_init(&throttle->records, max_kept, sizeof(struct record));
    return throttle;
}

void throttle_free(struct throttle *throttle)
{
    if (!throttle)
        return;
    recent_clear(&throttle->records);
    pthread_mutex_destroy(&throttle->lock);
    mem_free(throttle);
}

static void key_of(const char *account, const char *from, char key[KEY_SIZE])
{
    uint8_t parts[2 * HASH_BYTES], hash[HASH_BYTES];

    crypto_digest(account, strlen(account), parts);
    crypto_digest(from, strlen(from), parts + HASH_BYTES);
    crypto_digest(parts, sizeof parts, hash);
    str_hex(key, hash, 16);
}

enum err_code throttle_check(struct throttle *throttle, const struct throttle_who *who, int64_t mono_ms, struct err *e)
{
    char key[KEY_SIZE];
    const struct record *a;
    int64_t wait_ms = 0;

    key_of(who->account, who->from, key);
    pthread_mutex_lock(&throttle->lock);
    a = recent_find(&throttle->records, key);
    if (a && a->wait_until_ms > mono_ms)
        wait_ms = a->wait_until_ms - mono_ms;
    pthread_mutex_unlock(&throttle->lock);
    if (wait_ms == 0)
        return ERR_OK;
    err_set(e, ERR_LIMIT, "too_many_attempts", "Too many wrong passwords for this account; please wait a moment.");
    if (e)
        e->retry_after_s = (int)((wait_ms + 999) / 1000);
    return ERR_LIMIT;
}

static int64_t wait_after(int failures, int free)
{
    int doublings = failures - free;

    if (doublings < 0)
        return 0;
    return doublings < 5 ? (int64_t)WAIT_FIRST_MS << doublings : WAIT_MAX_MS;
}

/* Under lock. */
static struct record *count_one(struct throttle *throttle, const char *account, const char *from, int64_t mono_ms)
{
    char key[KEY_SIZE];
    struct record *record;

    key_of(account, from, key);
    record = recent_touch(&throttle->records, key);
    if (mono_ms - record->last_ms > FORGET_MS)
        record->failures = 0;
    if (record->failures < PRESSED_FAILURES) /* further failures change nothing */
        record->failures++;
    record->last_ms = mono_ms;
    return record;
}

bool throttle_failed(struct throttle *throttle, const struct throttle_who *who, int64_t mono_ms)
{
    int free = FREE_FAILURES;
    struct record *here;
    bool waited, waits;

    pthread_mutex_lock(&throttle->lock);
    if (!who->own_device && count_one(throttle, who->account, "", mono_ms)->failures >= PRESSED_FAILURES)
        free = FREE_WHEN_PRESSED;
    here = count_one(throttle, who->account, who->from, mono_ms);
    waited = here->failures > 1 && here->wait_until_ms > 0; /* the first one begins anew */
    waits = here->failures >= free;
    here->wait_until_ms = waits ? mono_ms + wait_after(here->failures, free) : 0;
    pthread_mutex_unlock(&throttle->lock);
    return waits && !waited;
}

void throttle_passed(struct throttle *throttle, const struct throttle_who *who)
{
    char key[KEY_SIZE];
    struct record *record;

    key_of(who->account, who->from, key);
    pthread_mutex_lock(&throttle->lock);
    record = recent_find(&throttle->records, key);
    if (record)
        recent_forget(&throttle->records, record);
    pthread_mutex_unlock(&throttle->lock);
}
