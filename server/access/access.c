#include "access/access.h"

#include "access/access_device_cookie.h"
#include "access/access_limit.h"
#include "access/access_parts.h"
#include "access/access_repeat.h"
#include "access/access_session.h"
#include "domain/permission.h"
#include "domain/user.h"
#include "store/store_users.h"
#include "util/mem.h"

#define BUCKETS_MAX 100000

struct access *access_new(int rate_scale, const uint8_t *device_key)
{
    struct access *a = mem_new(sizeof *a);

    a->buckets = bucket_table_new(BUCKETS_MAX);
    a->rate_scale = rate_scale > 0 ? rate_scale : 1;
    a->device_key = device_key;
    return a;
}

void access_free(struct access *a)
{
    if (!a)
        return;
    bucket_table_free(a->buckets);
    mem_free(a);
}

/* Before there is a user, only the setup works. */
static enum err_code check_set_up(const struct call *c, const struct route *route, struct err *e)
{
    int64_t users = 0, admins = 0;
    enum err_code rc;

    if (atomic_load_explicit(&c->access->set_up, memory_order_relaxed))
        return ERR_OK;
    rc = store_user_count(c->store, &users, &admins, e);
    if (rc != ERR_OK)
        return rc;
    if (users > 0)
        atomic_store_explicit(&c->access->set_up, true, memory_order_relaxed);
    else if (!route->works_before_setup)
        return err_set(e, ERR_CONFLICT, "setup_due",
                       "Nobody has set this installation up yet; open the setup link first");
    return ERR_OK;
}

static enum err_code check_access(const struct call *c, const struct route *route, struct err *e)
{
    bool allowed = false;

    if (route->access == ACCESS_ANYONE)
        return ERR_OK;
    if (!c->user)
        return err_set(e, ERR_AUTH, "not_signed_in", "Please sign in");
    switch (route->access) {
    case ACCESS_ADMIN: allowed = permission_practice_allows(c->user->role, MAY_ADMINISTER); break;
    case ACCESS_HOST: allowed = permission_practice_allows(c->user->role, MAY_CREATE_ROOM); break;
    case ACCESS_USER:
    case ACCESS_ANYONE: allowed = true; break;
    case ACCESSES: break;
    }
    return allowed ? ERR_OK : err_set(e, ERR_FORBIDDEN, "forbidden", "Your account may not do this");
}

static enum err_code admit(struct call *c, const struct route *route, struct err *e)
{
    enum err_code rc = check_set_up(c, route, e);

    if (rc == ERR_OK)
        rc = access_session_find(c, e);
    if (rc == ERR_OK && route->hashes)
        rc = access_device_cookie_find(c, e);
    return rc == ERR_OK ? check_access(c, route, e) : rc;
}

static enum err_code run(struct call *c, const struct route *route, struct err *e)
{
    enum err_code rc = access_repeat_read(c, route, e);

    return rc == ERR_OK ? access_limit_run(c, route, e) : rc;
}

const struct http_guard ACCESS_GUARD = { admit, run, access_device_cookie_ours };
