/* fake_people.h - accounts, sign-ins and devices that are a few variables, beside the store of fake_store.h: all that access/ needs of
 * the store, so the linker takes nothing from the real one. Include in one .c a program. */
#ifndef TESTS_UNIT_ACCESS_FAKE_PEOPLE_H
#define TESTS_UNIT_ACCESS_FAKE_PEOPLE_H

#include <pthread.h>
#include <string.h>

#include "store/store_devices.h"
#include "store/store_sessions.h"
#include "store/store_users.h"

static struct fake_people {
    pthread_mutex_t lock;
    int64_t users;          /* number of accounts */
    struct session session; /* the only sign-in; id "" for none */
    struct user user;
    bool has_device; /* a person has signed in on the device with the cookie of this hash */
    uint8_t device[HASH_BYTES];
    int seen, ended, added; /* calls */
} fake = { .lock = PTHREAD_MUTEX_INITIALIZER };

bool store_clock_agrees(const struct store *s, int64_t now_ms)
{
    (void)s;
    (void)now_ms;
    return true;
}

enum err_code store_write_begin(struct store *s, struct err *e)
{
    (void)s;
    (void)e;
    return ERR_OK;
}

enum err_code store_write_end(struct store *s, enum err_code rc, struct err *e)
{
    (void)s;
    (void)e;
    return rc;
}

enum err_code store_user_count(struct store *s, int64_t *users, int64_t *admins, struct err *e)
{
    (void)s;
    (void)e;
    pthread_mutex_lock(&fake.lock);
    *users = *admins = fake.users;
    pthread_mutex_unlock(&fake.lock);
    return ERR_OK;
}

enum err_code store_session_add(struct store *s, const struct session *x, struct err *e)
{
    (void)s;
    (void)e;
    pthread_mutex_lock(&fake.lock);
    fake.session = *x;
    fake.added++;
    pthread_mutex_unlock(&fake.lock);
    return ERR_OK;
}

enum err_code store_device_known(struct store *s, const uint8_t cookie_hash[HASH_BYTES], int64_t now_ms, bool *known,
                                 struct err *e)
{
    (void)s;
    (void)now_ms;
    (void)e;
    pthread_mutex_lock(&fake.lock);
    *known = fake.has_device && memcmp(fake.device, cookie_hash, HASH_BYTES) == 0;
    pthread_mutex_unlock(&fake.lock);
    return ERR_OK;
}

enum err_code store_session_find(struct store *s, const uint8_t cookie_hash[HASH_BYTES], int64_t now_ms,
                                 struct session *out, struct user *user, struct err *e)
{
    enum err_code rc = ERR_AUTH;

    (void)s;
    pthread_mutex_lock(&fake.lock);
    if (fake.session.id[0] && memcmp(fake.session.cookie_hash, cookie_hash, HASH_BYTES) == 0 &&
        now_ms < fake.session.expires_ms) {
        *out = fake.session;
        *user = fake.user;
        rc = ERR_OK;
    }
    pthread_mutex_unlock(&fake.lock);
    return rc == ERR_OK ? ERR_OK : err_set(e, rc, "no_session", "no such sign-in");
}

enum err_code store_session_seen(struct store *s, const char *id, int64_t now_ms, struct err *e)
{
    (void)s;
    (void)id;
    (void)e;
    pthread_mutex_lock(&fake.lock);
    fake.session.seen_ms = now_ms;
    fake.seen++;
    pthread_mutex_unlock(&fake.lock);
    return ERR_OK;
}

enum err_code store_session_end(struct store *s, const char *id, const char *user_id, struct err *e)
{
    (void)s;
    (void)user_id;
    (void)e;
    pthread_mutex_lock(&fake.lock);
    if (strcmp(fake.session.id, id) == 0)
        fake.session.id[0] = '\0';
    fake.ended++;
    pthread_mutex_unlock(&fake.lock);
    return ERR_OK;
}

#endif
