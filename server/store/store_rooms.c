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

static void room_from_row(struct query *query, struct room_rules *rules)
{
    memset(rules, 0, sizeof *rules);
    col_text(query, "id", rules->id, sizeof rules->id);
    col_text(query, "owner_id", rules->owner_id, sizeof rules->owner_id);
    col_text(query, "owner_name", rules->owner_name, sizeof rules->owner_name);
    col_text(query, "name", rules->name, sizeof rules->name);
    col_text(query, "slug", rules->slug, sizeof rules->slug);
    rules->kind = (enum room_kind)col_enum(query, "kind", ROOM_KINDS);
    rules->access = (enum room_access)col_enum(query, "access", ROOM_ACCESSES);
    rules->topology = (enum room_topology)col_enum(query, "topology", TOPOLOGIES);
    rules->max_participants = (int)col_i64(query, "max_participants");
#define READ(name, ...) rules->name = col_bool(query, #name);
    ROOM_SWITCHES(READ)
#undef READ
    rules->has_pin = !col_is_null(query, "pin_hash");
    if (rules->has_pin)
        col_bytes(query, "pin_hash", rules->pin_hash, sizeof rules->pin_hash);
    rules->consent_version = col_i64(query, "consent_version");
    col_text(query, "consent_text", rules->consent_text, sizeof rules->consent_text);
    rules->created_ms = col_i64(query, "created_ms");
    rules->revision = col_i64(query, "revision");
}

static enum err_code read_cohosts(struct store *store, struct room_rules *rules, struct err *e)
{
    struct query q = query_begin(store, Q_ROOM_COHOSTS);

    query_text(&q, rules->id);
    query_i64(&q, ROOM_COHOSTS_MAX);
    while (query_next(&q))
        col_text(&q, "user_id", rules->cohosts[rules->cohost_count++], ID_SIZE);
    return query_end(&q, e);
}

static enum err_code add_cohosts(struct store *store, const struct room_rules *rules, struct err *e)
{
    enum err_code rc = run_with_text(store, Q_ROOM_COHOSTS_DROP, rules->id, e);

    for (int i = 0; i < rules->cohost_count && rc == ERR_OK; i++) {
        struct query q = query_begin(store, Q_ROOM_COHOST_ADD);

        query_text(&q, rules->id);
        query_text(&q, rules->cohosts[i]);
        query_i64(&q, i);
        rc = query_end(&q, e);
        if (rc == ERR_CONFLICT)
            rc = err_field(e, "cohosts", "a co-host is not a user of this practice, or is named twice");
    }
    return rc;
}

/* The members of a room that may change; Q_ROOM_ADD and Q_ROOM_UPDATE name these columns in this order. */
static void bind_rules(struct query *query, const struct room_rules *rules)
{
    query_text(query, rules->name);
    query_text(query, rules->slug);
    query_i64(query, rules->access);
    query_i64(query, rules->topology);
    query_i64(query, rules->max_participants);
#define BIND(name, ...) query_i64(query, rules->name);
    ROOM_SWITCHES(BIND)
#undef BIND
    if (rules->has_pin)
        query_bytes(query, rules->pin_hash, sizeof rules->pin_hash);
    else
        query_null(query);
    query_i64(query, rules->consent_version);
    query_text(query, rules->consent_text);
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

static enum err_code insert(struct store *store, const struct room_rules *rules, struct err *e)
{
    struct query q = query_begin(store, Q_ROOM_ADD);

    query_text(&q, rules->id);
    query_text(&q, rules->owner_id);
    query_i64(&q, rules->kind);
    bind_rules(&q, rules);
    query_i64(&q, rules->created_ms);
    query_i64(&q, rules->revision);
    return query_end(&q, e);
}

static enum err_code read_owner_name(struct store *store, struct room_rules *rules, struct err *e)
{
    struct query q = query_begin(store, Q_USER_BY_ID);

    query_text(&q, rules->owner_id);
    if (query_next(&q))
        col_text(&q, "name", rules->owner_name, sizeof rules->owner_name);
    return query_end(&q, e);
}

enum err_code store_room_add(struct store *store, struct room_rules *rules, struct err *e)
{
    struct err words = { .code = "" };
    enum err_code rc;

    rules->revision = 1;
    rc = name_conflict(insert(store, rules, &words), &words);
    if (rc == ERR_OK)
        rc = add_cohosts(store, rules, &words);
    if (rc == ERR_OK)
        rc = read_owner_name(store, rules, &words);
    if (rc != ERR_OK && e)
        *e = words;
    return rc;
}

static enum err_code find(struct store *store, const char *id_or_slug, struct room_rules *out, struct err *e)
{
    struct query q = query_begin(store, Q_ROOM_FIND);
    enum err_code rc;

    query_text(&q, id_or_slug);
    if (query_next(&q))
        room_from_row(&q, out);
    rc = query_end_one(&q, e);
    return rc == ERR_OK ? read_cohosts(store, out, e) : rc;
}

enum err_code store_room_find(struct store *store, const char *id_or_slug, struct room_rules *out, struct err *e)
{
    enum err_code rc = store_read_begin(store, e);

    return rc == ERR_OK ? store_read_end(store, find(store, id_or_slug, out, e), e) : rc;
}

static enum err_code update(struct store *store, const struct room_rules *rules, struct err *e)
{
    struct query q = query_begin(store, Q_ROOM_UPDATE);

    bind_rules(&q, rules);
    query_text(&q, rules->id);
    query_i64(&q, rules->revision);
    return end_changed(&q, e);
}

enum err_code store_room_update(struct store *store, struct room_rules *rules, struct err *e)
{
    struct err words = { .code = "" };
    enum err_code rc = name_conflict(update(store, rules, &words), &words);

    if (rc == ERR_NOT_FOUND)
        rc = check_revision(store, Q_ROOM_REVISION, rules->id, rules->revision, &words);
    else if (rc == ERR_OK)
        rc = add_cohosts(store, rules, &words);
    if (rc == ERR_OK)
        rules->revision++;
    else if (e)
        *e = words;
    return rc;
}

enum err_code store_room_set_locked(struct store *store, const char *id, bool locked, struct err *e)
{
    struct query q = query_begin(store, Q_ROOM_SET_LOCKED);

    query_i64(&q, locked);
    query_text(&q, id);
    return end_changed(&q, e);
}

static enum err_code check_empty(struct store *store, const char *id, struct err *e)
{
    struct query q = query_begin(store, Q_SEAT_COUNT_INSIDE);
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

enum err_code store_room_delete(struct store *store, const char *id, int64_t revision, struct err *e)
{
    enum err_code rc = check_revision(store, Q_ROOM_REVISION, id, revision, e);

    if (rc == ERR_OK)
        rc = check_empty(store, id, e);
    return rc == ERR_OK ? run_with_text(store, Q_ROOM_DELETE, id, e) : rc;
}

/* --- lists ---------------------------------------------------------------------------------------------------------- */

static enum err_code read_page(struct store *store, const char *user_id, const char *after_id, int limit,
                               struct room_list *out, struct err *e)
{
    struct query q = query_begin(store, user_id[0] ? Q_ROOM_LIST_OF_USER : Q_ROOM_LIST_ALL);

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

static enum err_code list(struct store *store, const char *user_id, const char *after_id, int limit,
                          struct room_list *out, struct err *e)
{
    enum err_code rc = check_cursor(store, Q_ROOM_REVISION, after_id, e);

    if (rc == ERR_OK)
        rc = read_page(store, user_id, after_id, limit, out, e);
    for (size_t i = 0; i < out->count && rc == ERR_OK; i++)
        rc = read_cohosts(store, &out->items[i], e);
    return rc;
}

enum err_code store_room_list(struct store *store, const char *user_id, const char *after_id, int limit,
                              struct room_list *out, struct err *e)
{
    enum err_code rc;

    memset(out, 0, sizeof *out);
    limit = limit < 1 ? 1 : limit > PAGE_MAX ? PAGE_MAX : limit;
    rc = store_read_begin(store, e);
    if (rc != ERR_OK)
        return rc;
    rc = store_read_end(store, list(store, user_id, after_id, limit, out, e), e);
    if (rc != ERR_OK)
        room_list_clear(out);
    return rc;
}

void room_list_clear(struct room_list *list)
{
    mem_free(list->items);
    memset(list, 0, sizeof *list);
}
