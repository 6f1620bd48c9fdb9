#include "api/room_fields.h"

#include <string.h>

#include "domain/user.h"
#include "domain/visible.h"
#include "util/json_fields.h"
#include "util/str.h"

#define NAME_CHARACTERS_MAX 80
#define PIN_MIN 4
#define PIN_MAX 12
#define PIN_GIVEN_SIZE 260 /* bytes that a guest may send for a PIN */

void room_fields_defaults(struct room_rules *rules)
{
    memset(rules, 0, sizeof *rules);
    rules->kind = ROOM_MEETING;
    rules->access = ROOM_INVITED;
    rules->topology = TOPOLOGY_AUTO;
    rules->max_participants = ROOM_PARTICIPANTS_MAX;
#define DEFAULT(name, by_default, ...) rules->name = by_default;
    ROOM_SWITCHES(DEFAULT)
#undef DEFAULT
}

/* A PIN pasted with invisible marks is the same PIN. */
void room_pin_hash(const uint8_t pin_key[KEY_BYTES], const char *room_id, const char *pin, uint8_t hash[HASH_BYTES])
{
    char plain[PIN_GIVEN_SIZE];
    const char *parts[] = { room_id, visible_text(pin, plain, sizeof plain) ? plain : pin };

    crypto_keyed(pin_key, parts, 2, hash, HASH_BYTES);
}

static enum err_code apply_pin(struct room_rules *rules, const char *given, const uint8_t pin_key[KEY_BYTES],
                               struct err *e)
{
    char pin[PIN_MAX + 1];

    rules->has_pin = given != NULL;
    memset(rules->pin_hash, 0, sizeof rules->pin_hash);
    if (!given)
        return ERR_OK;
    if (!visible_text(given, pin, sizeof pin) || strlen(pin) < PIN_MIN || pin[strspn(pin, "0123456789")] != '\0')
        return err_field(e, "pin", "a PIN has %d to %d digits", PIN_MIN, PIN_MAX);
    room_pin_hash(pin_key, rules->id, pin, rules->pin_hash);
    return ERR_OK;
}

/* The version names a text that was shown, so it never decreases, not even when the text is removed. */
static void apply_consent(struct room_rules *rules, const char *text)
{
    if (strcmp(rules->consent_text, text) == 0)
        return;
    (void)str_copy(rules->consent_text, sizeof rules->consent_text, text); /* the field table bounds it */
    rules->consent_version++;
}

static bool has_cohost(const struct room_rules *rules, const char *id)
{
    for (int i = 0; i < rules->cohost_count; i++)
        if (strcmp(rules->cohosts[i], id) == 0)
            return true;
    return false;
}

/* Checks only the form of ids; leaves out the owner and repetitions. */
static enum err_code apply_cohosts(struct room_rules *rules, const json_t *list, struct err *e)
{
    size_t i;
    json_t *one;

    rules->cohost_count = 0;
    memset(rules->cohosts, 0, sizeof rules->cohosts);
    json_array_foreach((json_t *)list, i, one)
    {
        const char *id = json_string_value(one);

        if (!id || !id[0] || strlen(id) >= ID_SIZE || rules->cohost_count == ROOM_COHOSTS_MAX)
            return err_field(e, "cohosts", "co-hosts are a list of at most %d user ids", ROOM_COHOSTS_MAX);
        if (strcmp(id, rules->owner_id) != 0 && !has_cohost(rules, id))
            strcpy(rules->cohosts[rules->cohost_count++], id);
    }
    return ERR_OK;
}

static enum err_code apply_slug(struct room_rules *rules, const char *given, struct err *e)
{
    char slug[SLUG_SIZE];

    if (!visible_text(given, slug, sizeof slug) || !room_slug_valid(slug))
        return err_field(e, "slug", "an address has 2 to 63 small letters, digits and single hyphens");
    (void)str_copy(rules->slug, sizeof rules->slug, slug);
    return ERR_OK;
}

/* Members that the field table has checked completely. */
static void apply_plain(struct room_rules *rules, const json_t *body)
{
    const char *access = json_text(body, "access", room_access_name(rules->access));

    (void)room_topology_from_name(json_text(body, "topology", ""), &rules->topology); /* absent: stays */
    rules->access = strcmp(access, room_access_name(ROOM_LINK)) == 0 ? ROOM_LINK : ROOM_INVITED;
    rules->max_participants = (int)json_int(body, "max_participants", rules->max_participants);
#define TAKE(name, ...) rules->name = json_bool(body, #name, rules->name);
    ROOM_SWITCHES(TAKE)
#undef TAKE
}

enum err_code room_fields_name(struct room_rules *rules, const char *name, struct err *e)
{
    return user_clean_label("name", name, NAME_CHARACTERS_MAX, rules->name, e);
}

enum err_code room_fields_apply(struct room_rules *rules, const json_t *body, const uint8_t pin_key[KEY_BYTES],
                                struct err *e)
{
    enum err_code rc = ERR_OK;

    apply_plain(rules, body);
    if (json_given(body, "consent_text"))
        apply_consent(rules, json_text(body, "consent_text", ""));
    if (json_has(body, "name"))
        rc = room_fields_name(rules, json_text(body, "name", ""), e);
    if (rc == ERR_OK && json_has(body, "slug"))
        rc = apply_slug(rules, json_text(body, "slug", ""), e);
    if (rc == ERR_OK && json_given(body, "pin"))
        rc = apply_pin(rules, json_text(body, "pin", NULL), pin_key, e);
    if (rc == ERR_OK && json_has(body, "cohosts"))
        rc = apply_cohosts(rules, json_object_get(body, "cohosts"), e);
    return rc;
}
