#include "api/room_make.h"

#include <stdio.h>
#include <string.h>

#include "api/room_fields.h"
#include "domain/crypto.h"
#include "store/store_rooms.h"
#include "util/str.h"

#define SLUG_TRIES 20 /* names with the same slug get numbers up to this; then random letters */

void room_make_begin(struct room_rules *rules, const struct user *owner, int64_t now_ms)
{
    room_fields_defaults(rules);
    crypto_new_id(rules->id);
    rules->created_ms = now_ms;
    memcpy(rules->owner_id, owner->id, sizeof rules->owner_id);
    memcpy(rules->owner_name, owner->name, sizeof rules->owner_name);
}

static enum err_code slug_free(struct store *s, const char *slug, bool *is_free, struct err *e)
{
    struct room_rules other;
    enum err_code rc = store_room_find(s, slug, &other, e);

    *is_free = rc == ERR_NOT_FOUND;
    return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

/* As much of `base` as fits before the ending; a cut after a dash would leave two dashes, which no address may have. */
static void with_ending(char slug[SLUG_SIZE], const char *base, const char *ending)
{
    size_t len = strnlen(base, SLUG_SIZE - 2 - strlen(ending));

    while (len > 0 && base[len - 1] == '-')
        len--;
    snprintf(slug, SLUG_SIZE, "%.*s-%s", (int)len, base, ending);
}

/* An address from the name: as it is, or with a number, or with random letters. */
static enum err_code find_slug(struct store *s, struct room_rules *rules, struct err *e)
{
    char base[SLUG_SIZE], id[ID_SIZE], ending[11];
    bool is_free = false;
    enum err_code rc = ERR_OK;

    room_slug_from_name(rules->name, base);
    crypto_new_id(id);
    if (!base[0]) /* a name in another script, say */
        snprintf(base, sizeof base, "room-%.6s", id);
    str_copy(rules->slug, sizeof rules->slug, base);
    for (int n = 2; n < SLUG_TRIES && rc == ERR_OK; n++) {
        rc = slug_free(s, rules->slug, &is_free, e);
        if (is_free)
            return ERR_OK;
        snprintf(ending, sizeof ending, "%d", n);
        with_ending(rules->slug, base, ending);
    }
    str_copy_n(ending, sizeof ending, id, sizeof ending - 1);
    with_ending(rules->slug, base, ending);
    return rc;
}

enum err_code room_make_store(struct store *s, struct room_rules *rules, struct err *e)
{
    enum err_code rc = rules->slug[0] ? ERR_OK : find_slug(s, rules, e);

    return rc == ERR_OK ? store_room_add(s, rules, e) : rc;
}
