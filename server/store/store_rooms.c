#include "store/store_rooms.h"

#include <assert.h>
#include <string.h>

#include "store/query.h"
#include "store/store_inside.h"
#include "store/store_rows.h"
#include "util/mem.h"

#define PAGE_MAX 200

static_assert(ROOM_MEETING == 0 && ROOM_RECEPTION == 1, "stored in rooms.kind");
static_assert(ROOM_INVITED == 0 && ROOM_LINK == 1, "stored in rooms.access");
static_assert(TOPOLOGY_AUTO == 0 && TOPOLOGY_P2P == 1 && TOPOLOGY_SFU == 2 && TOPOLOGY_MIXED == 3,
              "stored in rooms.topology");

static void room_from_row(struct query *q, struct room_rules *r)
{
    memset(r, 0, sizeof *r);
    col_text(q, "id", r->id, sizeof r->id);
    col_text(q, "owner_id", r->owner_id, sizeof r->owner_id);
    col_text(q, "owner_name", r->owner_name, sizeof r->owner_name);
    col_text(q, "name", r->name, sizeof r->name);
    col_text(q, "slug", r->slug, sizeof r->slug);
    r->kind = (enum room_kind)col_enum(q, "kind", ROOM_KINDS);
    r->access = (enum room_access)col_enum(q, "access", ROOM_ACCESSES);
    r->topology = (enum room_topology)col_enum(q, "topology", TOPOLOGIES);
    r->max_participants = (int)col_i64(q, "max_participants");
#define READ(name, ...) r->name = col_bool(q, #name);
    ROOM_SWITCHES(READ)
#undef READ
    r->has_pin = !col_is_null(q, "pin_hash");
    if (r->has_pin)
        col_bytes(q, "pin_hash", r->pin_hash, sizeof r->pin_hash);
    r->consent_version = col_i64(q, "consent_version");
    col_text(q, "consent_text", r->consent_text, sizeof r->consent_text);
    r->created_ms = col_i64(q, "created_ms");
    r->revision = col_i64(q, "revision");
}

static enum err_code read_cohosts(struct store *s, struct room_rules *r, struct err *e)
{
    struct query q = query_begin(s, Q_ROOM_COHOSTS);

    query_text(&q, r->id);
    query_i64(&q, ROOM_COHOSTS_MAX);
    while (query_next(&q))
        col_text(&q, "user_id", r->cohosts[r->cohost_count++], ID_SIZE);
    return query_end(&q, e);
}

static enum err_code add_cohosts(struct store *s, const struct room_rules *r, struct err *e)
{
    enum err_code rc = run_with_text(s, Q_ROOM_COHOSTS_DROP, r->id, e);

    for (int i = 0; i < r->cohost_count && rc == ERR_OK; i++) {
        struct query q = query_begin(s, Q_ROOM_COHOST_ADD);

        query_text(&q, r->id);
        query_text(&q, r->cohosts[i]);
        query_i64(&q, i);
        rc = query_end(&q, e);
        if (rc == ERR_CONFLICT)
            rc = err_field(e, "cohosts", "a co-host is not a user of this practice, or is named twice");
    }
    return rc;
}

/* The members of a room that may change; Q_ROOM_ADD and Q_ROOM_UPDATE name these columns in this order. */
static void bind_rules(struct query *q, const struct room_rules *r)
{
    query_text(q, r->name);
    query_text(q, r->slug);
    query_i64(q, r->access);
    query_i64(q, r->topology);
    query_i64(q, r->max_participants);
#define BIND(name, ...) query_i64(q, r->name);
    ROOM_SWITCHES(BIND)
#undef BIND
    if (r->has_pin)
        query_bytes(q, r->pin_hash, sizeof r->pin_hash);
    else
        query_null(q);
    query_i64(q, r->consent_version);
    query_text(q, r->consent_text);
}

/* The code distinguishes unique and foreign keys: the slug is the only text that a person chooses. */
static enum err_code name_conflict(enum err_code rc, struct err *e)
{
    if (rc != ERR_CONFLICT)
        return rc;
    if (e && strcmp(e->code, "no_such_reference") == 0)
        return err_field(e, "owner", "the owner is not a user of this practice");
    err_set(e, rc, "slug_taken", "another room has this address: choose another one");
    if (e)
        strcpy(e->field, "slug");
    return rc;
}

static enum err_code insert(struct store *s, const struct room_rules *r, struct err *e)
{
    struct query q = query_begin(s, Q_ROOM_ADD);

    query_text(&q, r->id);
    query_text(&q, r->owner_id);
    query_i64(&q, r->kind);
    bind_rules(&q, r);
    query_i64(&q, r->created_ms);
    query_i64(&q, r->revision);
    return query_end(&q, e);
}

static enum err_code read_owner_name(struct store *s, struct room_rules *r, struct err *e)
{
    struct query q = query_begin(s, Q_USER_BY_ID);

    query_text(&q, r->owner_id);
    if (query_next(&q))
        col_text(&q, "name", r->owner_name, sizeof r->owner_name);
    return query_end(&q, e);
}

enum err_code store_room_add(struct store *s, struct room_rules *r, struct err *e)
{
    struct err words = { .code = "" };
    enum err_code rc;

    r->revision = 1;
    rc = name_conflict(insert(s, r, &words), &words);
    if (rc == ERR_OK)
        rc = add_cohosts(s, r, &words);
    if (rc == ERR_OK)
        rc = read_owner_name(s, r, &words);
    if (rc != ERR_OK && e)
        *e = words;
    return rc;
}

static enum err_code find(struct store *s, const char *id_or_slug, struct room_rules *out, struct err *e)
{
    struct query q = query_begin(s, Q_ROOM_FIND);
    enum err_code rc;

    query_text(&q, id_or_slug);
    if (query_next(&q))
        room_from_row(&q, out);
    rc = query_end_one(&q, e);
    return rc == ERR_OK ? read_cohosts(s, out, e) : rc;
}

enum err_code store_room_find(struct store *s, const char *id_or_slug, struct room_rules *out, struct err *e)
{
    enum err_code rc = store_read_begin(s, e);

    return rc == ERR_OK ? store_read_end(s, find(s, id_or_slug, out, e), e) : rc;
}

static enum err_code update(struct store *s, const struct room_rules *r, struct err *e)
{
    struct query q = query_begin(s, Q_ROOM_UPDATE);

    bind_rules(&q, r);
    query_text(&q, r->id);
    query_i64(&q, r->revision);
    return end_changed(&q, e);
}

enum err_code store_room_update(struct store *s, struct room_rules *r, struct err *e)
{
    struct err words = { .code = "" };
    enum err_code rc = name_conflict(update(s, r, &words), &words);

    if (rc == ERR_NOT_FOUND)
        rc = check_revision(s, Q_ROOM_REVISION, r->id, r->revision, &words);
    else if (rc == ERR_OK)
        rc = add_cohosts(s, r, &words);
    if (rc == ERR_OK)
        r->revision++;
    else if (e)
        *e = words;
    return rc;
}

enum err_code store_room_set_locked(struct store *s, const char *id, bool locked, struct err *e)
{
    struct query q = query_begin(s, Q_ROOM_SET_LOCKED);

    query_i64(&q, locked);
    query_text(&q, id);
    return end_changed(&q, e);
}

static enum err_code check_empty(struct store *s, const char *id, struct err *e)
{
    struct query q = query_begin(s, Q_SEAT_COUNT_INSIDE);
    int64_t inside = 0;
    enum err_code rc;

    query_text(&q, id);
    if (query_next(&q))
        inside = col_i64(&q, "inside");
    rc = query_end(&q, e);
    if (rc == ERR_OK && inside > 0)
        rc = err_set(e, ERR_CONFLICT, "room_in_use", "somebody is in this room: end the visit first");
    return rc;
}

enum err_code store_room_delete(struct store *s, const char *id, int64_t revision, struct err *e)
{
    enum err_code rc = check_revision(s, Q_ROOM_REVISION, id, revision, e);

    if (rc == ERR_OK)
        rc = check_empty(s, id, e);
    return rc == ERR_OK ? run_with_text(s, Q_ROOM_DELETE, id, e) : rc;
}

/* --- lists ---------------------------------------------------------------------------------------------------------- */

static enum err_code read_page(struct store *s, const char *user_id, const char *after_id, int limit,
                               struct room_list *out, struct err *e)
{
    struct query q = query_begin(s, user_id[0] ? Q_ROOM_LIST_OF_USER : Q_ROOM_LIST_ALL);

    if (user_id[0])
        query_text(&q, user_id);
    query_text(&q, after_id);
    query_i64(&q, limit + 1);
    while (query_next(&q)) {
        if (out->count == (size_t)limit) {
            out->more = true;
            break;
        }
        out->items = mem_resize(out->items, (out->count + 1) * sizeof *out->items);
        room_from_row(&q, &out->items[out->count++]);
    }
    return query_end(&q, e);
}

static enum err_code list(struct store *s, const char *user_id, const char *after_id, int limit, struct room_list *out,
                          struct err *e)
{
    enum err_code rc = check_cursor(s, Q_ROOM_REVISION, after_id, e);

    if (rc == ERR_OK)
        rc = read_page(s, user_id, after_id, limit, out, e);
    for (size_t i = 0; i < out->count && rc == ERR_OK; i++)
        rc = read_cohosts(s, &out->items[i], e);
    return rc;
}

enum err_code store_room_list(struct store *s, const char *user_id, const char *after_id, int limit,
                              struct room_list *out, struct err *e)
{
    enum err_code rc;

    memset(out, 0, sizeof *out);
    limit = limit < 1 ? 1 : limit > PAGE_MAX ? PAGE_MAX : limit;
    rc = store_read_begin(s, e);
    if (rc != ERR_OK)
        return rc;
    rc = store_read_end(s, list(s, user_id, after_id, limit, out, e), e);
    if (rc != ERR_OK)
        room_list_clear(out);
    return rc;
}

void room_list_clear(struct room_list *l)
{
    mem_free(l->items);
    memset(l, 0, sizeof *l);
}
