#include "http/http_session.h"

#include <string.h>

#include "domain/device.h"
#include "http/http_exchange.h"
#include "http/http_session_find.h"
#include "store/store_devices.h"
#include "util/mem.h"
#include "util/str.h"

#define SECOND_MS 1000LL
#define HOUR_MS (3600 * SECOND_MS)
#define ABSOLUTE_MS (24 * HOUR_MS)
/* Says that the page asks by itself: that is no sign that anybody sits before it. */
#define UNATTENDED "X-Parlour-Unattended"
#define GUEST_COOKIE_MS (24 * HOUR_MS)

static const char *cookie_of(const struct http_request *request, const struct http_reply *reply, const char *name)
{
    const char *full = reply->site->https ? arena_printf(reply->arena, "__Host-%s", name) : name;

    return http_request_cookie(request, full);
}

static const char *cookie_text(const struct call *c, const char *name)
{
    return cookie_of(c->request, c->reply, name);
}

/* The hash of the cookie `name` when the request brings one that could be ours. */
static bool cookie_hash(const struct call *c, const char *name, uint8_t hash[HASH_BYTES])
{
    const char *text = cookie_text(c, name);
    uint8_t secret[SECRET_BYTES];
    size_t len;

    if (!text || !str_from_base64url(text, strlen(text), secret, sizeof secret, &len) || len != sizeof secret)
        return false;
    mem_wipe(secret, sizeof secret);
    crypto_digest(text, strlen(text), hash);
    return true;
}

/* The person's own list shows it: printable, whole characters only. */
static void copy_agent(const char *from, char to[120])
{
    size_t len = 0;

    for (; from && *from && len < 119; from++)
        if (*from >= ' ' && *from < 0x7f)
            to[len++] = *from;
    to[len] = '\0';
}

enum err_code http_session_start(struct call *c, const char *user_id, struct session *out, struct err *e)
{
    char secret[SECRET_TEXT_SIZE];
    enum err_code rc = ERR_OK;

    *out = (struct session){ .created_ms = c->now_ms, .seen_ms = c->now_ms, .expires_ms = c->now_ms + ABSOLUTE_MS };
    crypto_new_id(out->id);
    crypto_new_secret(secret, out->cookie_hash);
    copy_agent(http_request_header(c->request, "User-Agent"), out->agent);
    if (!str_copy(out->user_id, sizeof out->user_id, user_id))
        rc = err_set(e, ERR_INTERNAL, "internal", "the user id is too long");
    if (rc == ERR_OK && c->session) /* whoever knew the old cookie gets nothing from the new sign-in */
        rc = store_session_end(c->store, c->session->id, c->session->user_id, e);
    if (rc == ERR_NOT_FOUND)
        rc = ERR_OK;
    if (rc == ERR_OK)
        rc = store_session_add(c->store, out, e);
    if (rc == ERR_OK)
        http_reply_cookie(c->reply, "sid", secret, ABSOLUTE_MS / SECOND_MS);
    mem_wipe(secret, sizeof secret);
    return rc;
}

void http_session_drop_cookie(struct call *c)
{
    http_reply_cookie(c->reply, "sid", "", 0);
}

void http_guest_identity(struct call *c, uint8_t hash[HASH_BYTES])
{
    char secret[SECRET_TEXT_SIZE];

    if (http_guest_known(c, hash))
        return;
    crypto_new_secret(secret, hash);
    http_reply_cookie(c->reply, "guest", secret, GUEST_COOKIE_MS / SECOND_MS);
    mem_wipe(secret, sizeof secret);
}

bool http_guest_known(const struct call *c, uint8_t hash[HASH_BYTES])
{
    return cookie_hash(c, "guest", hash);
}

enum err_code http_device_find(struct call *c, uint8_t hash[HASH_BYTES], struct err *e)
{
    bool known = false;
    enum err_code rc = ERR_OK;

    if (cookie_hash(c, "device", hash))
        rc = store_device_known(c->store, hash, c->now_ms, &known, e);
    if (rc == ERR_OK && known)
        c->device = hash;
    return rc;
}

const char *http_device_ours(const struct http_exchange *x)
{
    const char *text = cookie_of(&x->request, &x->reply, "device");

    return text && x->core->device_key && device_is_ours(x->core->device_key, text) ? text : NULL;
}

void http_device_identity(struct call *c, const uint8_t key[KEY_BYTES], uint8_t hash[HASH_BYTES])
{
    char secret[SECRET_TEXT_SIZE];

    if (c->device && device_is_ours(key, cookie_text(c, "device"))) {
        memcpy(hash, c->device, HASH_BYTES);
        http_reply_cookie(c->reply, "device", cookie_text(c, "device"), DEVICE_MEMORY_MS / SECOND_MS);
        return;
    }
    device_make(key, secret, hash);
    http_reply_cookie(c->reply, "device", secret, DEVICE_MEMORY_MS / SECOND_MS);
    mem_wipe(secret, sizeof secret);
}

/* A write of its own, so that it happens at most once a minute and never holds the handler's transaction. */
static enum err_code touch(struct call *c, struct session *s, bool over, struct err *e)
{
    enum err_code rc = store_write_begin(c->store, e);

    if (rc != ERR_OK)
        return rc;
    rc = over ? store_session_end(c->store, s->id, s->user_id, e) : store_session_seen(c->store, s->id, c->now_ms, e);
    rc = store_write_end(c->store, rc, e);
    if (rc == ERR_OK)
        s->seen_ms = c->now_ms;
    return rc;
}

/* What is over is refused in any case. It ends for good only when the clock is believed: one that is a year ahead for a minute
 * would sign everybody out. */
static void forget(struct call *c, struct session *idle)
{
    struct err unused;

    if (!store_clock_agrees(c->store, c->now_ms))
        return;
    if (idle)
        (void)!touch(c, idle, true, &unused); /* the cookie is refused whether or not the row could go */
    http_session_drop_cookie(c);
}

enum err_code http_session_find(struct call *c, struct session *session, struct user *user, struct err *e)
{
    uint8_t hash[HASH_BYTES];
    struct err unused;
    enum err_code rc;

    if (!cookie_hash(c, "sid", hash))
        return ERR_OK;
    rc = store_session_find(c->store, hash, c->now_ms, session, user, e);
    if (rc == ERR_AUTH || rc == ERR_NOT_FOUND) {
        forget(c, NULL);
        return ERR_OK;
    }
    if (rc != ERR_OK)
        return rc;
    if (user_is_idle(user->role, session->seen_ms, c->now_ms)) {
        forget(c, session);
        return ERR_OK;
    }
    if (c->now_ms - session->seen_ms >= SESSION_SEEN_EVERY_MS && !http_request_header(c->request, UNATTENDED))
        (void)!touch(c, session, false, &unused); /* a full disk must not sign people out */
    c->session = session;
    c->user = user;
    return ERR_OK;
}
