#include "domain/password.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "domain/nfc.h"
#include "util/mem.h"

#define OPS 3
#define MEMORY_BYTES (64u << 20)
#define QUEUE_MAX 32

_Static_assert(PASSWORD_HASH_SIZE >= crypto_pwhash_STRBYTES, "a hash fits");

/* The hash of random bytes that nobody knows, with the same cost as a real one. */
static const char DUMMY[crypto_pwhash_STRBYTES] =
    "$argon2id$v=19$m=65536,t=3,p=1$LVwngtNBsxkbw3A63gZo+A$5YlT9OUcpxdmhShx+sdyZyz4CzyItLdwNBJaBtdiEYQ";

/* The hash slots: 64 MiB and a core each, so two at a time; the others wait in line or are refused. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    int running, waiting;
} slots = { .lock = PTHREAD_MUTEX_INITIALIZER, .freed = PTHREAD_COND_INITIALIZER };

static _Thread_local bool may_hash;

bool password_may_hash(bool may)
{
    bool before = may_hash;

    may_hash = may;
    return before;
}

static enum err_code busy(struct err *e)
{
    enum err_code rc = err_set(e, ERR_BUSY, "busy", "too many people sign in at this moment; try again shortly");

    if (e)
        e->retry_after_s = 2;
    return rc;
}

/* The same password typed on another keyboard may arrive decomposed: the composed form is hashed. Text that is not UTF-8 or is
 * longer than any password may be is used unchanged; it will not match. */
struct typed {
    char composed[PASSWORD_MAX_BYTES * NFC_GROWTH + 1];
    const char *text;
};

static void type(struct typed *t, const char *password)
{
    t->text = nfc_text(password, t->composed, sizeof t->composed) ? t->composed : password;
}

static enum err_code slot_take(struct err *e)
{
    bool in;

    if (!may_hash)
        return err_set(e, ERR_INTERNAL, "internal", "a password is hashed on a thread that must not wait for it");
    pthread_mutex_lock(&slots.lock);
    in = slots.running < PASSWORD_HASH_SLOTS || slots.waiting < QUEUE_MAX;
    if (in) {
        slots.waiting++;
        while (slots.running == PASSWORD_HASH_SLOTS)
            pthread_cond_wait(&slots.freed, &slots.lock);
        slots.waiting--;
        slots.running++;
    }
    pthread_mutex_unlock(&slots.lock);
    return in ? ERR_OK : busy(e);
}

static void slot_give_back(void)
{
    pthread_mutex_lock(&slots.lock);
    slots.running--;
    pthread_cond_signal(&slots.freed);
    pthread_mutex_unlock(&slots.lock);
}

enum err_code password_hash(const char *password, char hash[PASSWORD_HASH_SIZE], struct err *e)
{
    struct typed t;
    enum err_code rc;
    int failed;

    hash[0] = '\0';
    rc = slot_take(e);
    if (rc != ERR_OK)
        return rc;
    type(&t, password);
    failed = crypto_pwhash_str(hash, t.text, strlen(t.text), OPS, MEMORY_BYTES);
    mem_wipe(&t, sizeof t);
    slot_give_back();
    return failed ? busy(e) : ERR_OK; /* it fails only without memory */
}

enum err_code password_verify(const char *password, const char *hash, struct err *e)
{
    bool known = hash && hash[0];
    struct typed t;
    enum err_code rc = slot_take(e);
    bool right;

    if (rc != ERR_OK)
        return rc;
    type(&t, password);
    right = crypto_pwhash_str_verify(known ? hash : DUMMY, t.text, strlen(t.text)) == 0;
    mem_wipe(&t, sizeof t);
    slot_give_back();
    if (right && known)
        return ERR_OK;
    return err_set(e, ERR_AUTH, "bad_credentials", "the e-mail address or the password is wrong");
}

bool password_needs_rehash(const char *hash)
{
    return crypto_pwhash_str_needs_rehash(hash, OPS, MEMORY_BYTES) != 0;
}
