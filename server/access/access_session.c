#include "access/access_session.h"

#include <string.h>

#include "access/access_cookie.h"
#include "domain/crypto.h"
#include "domain/user.h"
#include "util/mem.h"
#include "util/str.h"

#define SECOND_MS 1000LL
#define HOUR_MS (3600 * SECOND_MS)
#define ABSOLUTE_MS (24 * HOUR_MS)
/* Says that the page asks by itself: no sign that a person is there. */
#define UNATTENDED "X-Parlour-Unattended"

/* A person's list of sign-ins shows it: printable, whole characters only. */
static void copy_agent(const char *from, char to[120])
{
    size_t len = 0;

    for (; from && *from && len < 119; from++)
        if (*from >= ' ' && *from < 0x7f)
            to[len++] = *from;
    to[len] = '\0';
}

enum err_code access_session_start(struct call *c, const char *user_id, struct session *out, struct err *e)
{
    char secret[SECRET_TEXT_SIZE];
    enum err_code rc = ERR_OK;

    *out = (struct session){ .created_ms = c->now_ms, .seen_ms = c->now_ms, .expires_ms = c->now_ms + ABSOLUTE_MS };
    crypto_new_id(out->id);
    crypto_new_secret(secret, out->cookie_hash);
    copy_agent(http_request_header(c->request, "User-Agent"), out->agent);
    if (!str_copy(out->user_id, sizeof out->user_id, user_id))
        rc = err_set(e, ERR_INTERNAL, "internal", "the user id is too long");
    if (rc == ERR_OK && c->session) /* a thief of the old cookie gains nothing from the new sign-in */
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

void access_session_drop_cookie(struct call *c)
{
    http_reply_cookie(c->reply, "sid", "", 0);
}

/* A separate write, so that it happens at most once a minute and never holds the handler's transaction. */
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

/* An expired sign-in is always refused. It ends for good only when the clock is trusted: a clock that is a year ahead for a
 * minute would sign everybody out. */
static void forget(struct call *c, struct session *idle)
{
    struct err unused;

    if (!store_clock_agrees(c->store, c->now_ms))
        return;
    if (idle)
        (void)!touch(c, idle, true, &unused); /* the cookie is refused whether or not the row could be removed */
    access_session_drop_cookie(c);
}

enum err_code access_session_find(struct call *c, struct err *e)
{
    struct session *session;
    struct user *user;
    uint8_t hash[HASH_BYTES];
    struct err unused;
    enum err_code rc;

    if (!access_cookie_hash(c, "sid", hash))
        return ERR_OK;
    session = arena_new(http_request_arena(c->request), sizeof *session);
    user = arena_new(http_request_arena(c->request), sizeof *user);
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
