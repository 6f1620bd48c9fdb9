#include "api/guest.h"

#include <string.h>

#include "access/access_cookie.h"
#include "access/access_limit.h"
#include "api/api_call.h"
#include "api/api_json.h"
#include "api/room_fields.h"
#include "domain/crypto.h"
#include "domain/room.h"
#include "store/store_invitations.h"
#include "store/store_seats.h"
#include "store/store_users.h"
#include "util/arena.h"
#include "util/json_fields.h"
#include "util/str.h"

static enum err_code unknown_code(struct err *e)
{
    return admission_refuse(ADMISSION_UNKNOWN_LINK, ADMISSION_JOIN, NULL, 0, e);
}

enum err_code guest_invitation_by_code(struct store *s, const char *code, struct invitation *out, struct err *e)
{
    char lower[INVITATION_CODE_SIZE];
    uint8_t hash[HASH_BYTES];
    enum err_code rc = ERR_NOT_FOUND;

    if (str_copy(lower, sizeof lower, code)) {
        for (char *p = lower; *p; p++)
            if (*p >= 'A' && *p <= 'Z')
                *p = (char)(*p + 32);
        if (invitation_code_plausible(lower)) {
            invitation_code_hash(lower, hash);
            rc = store_invitation_by_code(s, hash, out, e);
        }
    }
    return rc == ERR_NOT_FOUND ? unknown_code(e) : rc;
}

/* --- the seat and the link ----------------------------------------------------------------------------------------- */

static enum err_code find_seat(struct call *c, struct entry *entry, struct err *e)
{
    struct seat *row = &entry->who.row;
    enum err_code rc = store_seat_find(c->store, entry->who.as.id, row, e);

    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    if (rc == ERR_OK)
        rc = store_seat_count_inside(c->store, row->room_id, &entry->here.inside, &entry->here.hosts, e);
    if (rc == ERR_OK)
        rc = store_seat_host_lost(c->store, row->room_id, &entry->here.host_lost_ms, e);
    if (rc != ERR_OK)
        return rc;
    entry->here.has_seat = seat_is_open(row->state);
    entry->here.seat = *row;
    entry->who.has_row = !entry->here.has_seat;
    entry->who.as.gen = row->gen;
    return ERR_OK;
}

static enum err_code find_link(struct call *c, struct entry *entry, struct err *e)
{
    enum err_code rc =
        store_invitation_known(c->store, entry->invitation.id, entry->guest_hash, &entry->who.known_jar, e);

    if (rc == ERR_OK && entry->invitation.max_uses == 1)
        rc =
            store_invitation_is_anothers(c->store, entry->invitation.id, entry->guest_hash, &entry->who.another_jar, e);
    return rc;
}

static enum err_code find_jars(struct call *c, struct entry *entry, struct err *e)
{
    struct seat_list list;
    enum err_code rc = store_seat_list_room(c->store, entry->room.id, &list, e);

    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < list.count; i++)
        entry->who.jars_open += strcmp(list.items[i].invitation_id, entry->invitation.id) == 0;
    seat_list_clear(&list);
    return ERR_OK;
}

static enum err_code find_blocks(struct call *c, struct entry *entry, struct err *e)
{
    struct block_list list;
    enum err_code rc = store_block_list(c->store, entry->room.id, c->now_ms, &list, e);

    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < list.count; i++)
        admission_add_block(api_of(c)->keys->participant, entry->guest_hash, &list.items[i], &entry->who);
    block_list_clear(&list);
    return ERR_OK;
}

/* --- the room ------------------------------------------------------------------------------------------------------ */

static enum err_code count_inside(struct call *c, struct entry *entry, struct err *e)
{
    return store_seat_count_inside(c->store, entry->room.id, &entry->here.inside, &entry->here.hosts, e);
}

/* Only the live room knows who has left, but while few people are there it need not be asked. */
static enum err_code find_place(struct call *c, struct entry *entry, struct err *e)
{
    struct hub_newcomer n = { .crowd = entry->who.as.crowd };
    int open = 0;
    enum err_code rc = store_seat_count_open(c->store, entry->room.id, n.crowd, &open, e);

    if (rc != ERR_OK || open < ROOM_SITE_MAX)
        return rc;
    memcpy(n.room_id, entry->room.id, sizeof n.room_id);
    memcpy(n.invitation_id, entry->invitation.id, sizeof n.invitation_id);
    (void)str_copy(n.address, sizeof n.address, http_request_address(c->request));
    entry->here.door[n.crowd].full = !hub_has_place(api_of(c)->hub, &n);
    return ERR_OK;
}

static enum err_code count_return(struct call *c, struct entry *entry, struct err *e)
{
    return access_limit_address(c, LIMIT_AGAIN, entry->who.as.id, e);
}

static enum err_code count_arrival(struct call *c, struct entry *entry, struct err *e)
{
    return access_limit_address(c, LIMIT_NEWCOMER, entry->room.id, e);
}

/* --- the form ------------------------------------------------------------------------------------------------------ */

static enum err_code find_host_names(struct call *c, struct entry *entry, struct err *e)
{
    struct arena *arena = http_request_arena(c->request);
    const char **names = arena_new(arena, (ROOM_COHOSTS_MAX + 2) * sizeof *names);
    int count = 0;

    names[count++] = entry->room.owner_name;
    for (int i = 0; i < entry->room.cohost_count; i++) {
        struct user *u = arena_new(arena, sizeof *u);
        enum err_code rc = store_user_by_id(c->store, entry->room.cohosts[i], u, e);

        if (rc == ERR_OK)
            names[count++] = u->name;
        else if (rc != ERR_NOT_FOUND)
            return rc;
    }
    entry->form.host_names = names;
    return ERR_OK;
}

static enum err_code find_name(struct call *c, struct entry *entry, struct err *e)
{
    const json_t *body = api_body(c);
    enum err_code rc = ERR_OK;

    if (json_has(body, "name")) {
        rc = user_clean_name("name", json_text(body, "name", ""), entry->typed, e);
        entry->form.typed = entry->typed;
    }
    if (rc == ERR_OK)
        rc = find_host_names(c, entry, e);
    if (rc == ERR_OK)
        admission_compare_name(&entry->here, &entry->who, c->now_ms, &entry->form);
    return rc;
}

/* A version sent as text is understood, too. */
static int64_t given_version(const json_t *body)
{
    const json_t *consent = json_object_get(body, "consent");
    int64_t version = json_int(consent, "version", 0);

    if (version == 0)
        (void)str_to_i64(json_text(consent, "version", "0"), 0, INT64_MAX, &version);
    return version;
}

struct pin_try {
    struct entry *entry;
    /* Which link, and from which site: a stranger's wrong PIN does not count against the right person. */
    uint8_t from[HASH_BYTES];
};

/* Not by the cookie: a person who guesses leaves it out. */
static void find_origin(struct call *c, struct pin_try *try)
{
    char site[IP_SITE_SIZE];
    const char *const parts[] = { try->entry->room.id, try->entry->invitation.id, site };

    api_site(c, site);
    crypto_keyed(api_of(c)->keys->pin, parts, 3, try->from, sizeof try->from);
}

static enum err_code count_tries(struct call *c, const struct pin_try *try, bool *locked, struct err *e)
{
    struct entry *entry = try->entry;
    struct admission_form *form = &entry->form;
    enum err_code rc =
        store_pin_failures(c->store, entry->room.id, try->from, c->now_ms, &form->of_origin, &form->of_room, e);

    *locked = admission_pin_locked(!entry->invitation.id[0], form->of_origin, form->of_room);
    return rc;
}

/* Counting and comparing are one write, so that simultaneous attempts all count. A wrong attempt is committed as well. */
static enum err_code compare_pin(struct call *c, void *arg, struct err *e)
{
    struct pin_try *try = arg;
    struct entry *entry = try->entry;
    uint8_t hash[HASH_BYTES];
    bool locked;
    enum err_code rc = count_tries(c, try, &locked, e);

    if (rc != ERR_OK || locked)
        return rc;
    room_pin_hash(api_of(c)->keys->pin, entry->room.id, json_text(api_body(c), "pin", ""), hash);
    entry->form.pin_right = crypto_equal(hash, entry->room.pin_hash, sizeof hash);
    return entry->form.pin_right ? ERR_OK : store_pin_failed(c->store, entry->room.id, try->from, c->now_ms, e);
}

static enum err_code try_pin(struct call *c, struct entry *entry, struct err *e)
{
    struct pin_try try = { .entry = entry };
    bool locked;
    enum err_code rc;

    find_origin(c, &try);
    rc = count_tries(c, &try, &locked, e); /* a read: attempts at a locked PIN must not hold up writers */
    return rc == ERR_OK && !locked ? api_write(c, compare_pin, &try, e) : rc;
}

/* --- all of it ----------------------------------------------------------------------------------------------------- */

static enum err_code (*const FIND[ADMISSION_NEEDS_END])(struct call *c, struct entry *entry, struct err *e) = {
    [ADMISSION_NEEDS_SEAT] = find_seat,     [ADMISSION_NEEDS_LINK] = find_link,
    [ADMISSION_NEEDS_BLOCKS] = find_blocks, [ADMISSION_NEEDS_PACE] = count_return,
    [ADMISSION_NEEDS_JARS] = find_jars,     [ADMISSION_NEEDS_INSIDE] = count_inside,
    [ADMISSION_NEEDS_PLACES] = find_place,  [ADMISSION_NEEDS_NAME] = find_name,
    [ADMISSION_NEEDS_PIN] = try_pin,        [ADMISSION_NEEDS_ARRIVAL] = count_arrival,
};

static void hold_link(struct entry *entry)
{
    entry->who.link = entry->invitation.id[0] ? &entry->invitation : NULL;
    entry->who.link_gen = entry->invitation.generation;
    entry->who.as.crowd = entry->invitation.max_uses != 1;
    memcpy(entry->who.as.invitation_id, entry->invitation.id, ID_SIZE);
}

void entry_begin(struct call *c, struct entry *entry)
{
    const uint8_t *key = api_of(c)->keys->participant;
    struct room_join *who = &entry->who;

    if (who->as.role == SEAT_HOST)
        seat_id_of_user(key, entry->room.id, c->user->id, who->as.id);
    else
        seat_id_of_guest(key, entry->room.id, entry->invitation.id, entry->guest_hash, who->as.id);
    memcpy(who->as.room_id, entry->room.id, ID_SIZE);
    hold_link(entry);
    who->unknown = ADMISSION_EVERYTHING & ~ADMISSION_BIT(ADMISSION_NEEDS_RULES);
    who->closed = entry->room.access != ROOM_LINK;
    who->account = c->user ? c->user->role : USER_ROLES;
    who->form = &entry->form;
    entry->here.capacity = room_rules_capacity(&entry->room);
    ROOM_COPY_SWITCHES(&entry->here, &entry->room);
    entry->form.asks_consent = entry->room.consent_text[0] != '\0';
    entry->form.consent_version = entry->room.consent_version;
    entry->form.consent_given = given_version(api_body(c));
    entry->form.has_pin = entry->room.has_pin;
    entry->form.pin_given = json_text(api_body(c), "pin", NULL) != NULL;
}

static enum err_code refuse(struct call *c, const struct entry *entry, enum admission refusal, struct err *e)
{
    /* a guest who comes by the address of an open room has no invitation to read it in */
    if (refusal == ADMISSION_CONSENT_REQUIRED || refusal == ADMISSION_CONSENT_OUTDATED)
        http_reply_facts(c->reply, json_pack("{s:o}", "consent", api_json_consent(&entry->room)));
    return admission_refuse(refusal, ADMISSION_JOIN, &entry->who, c->now_ms, e);
}

enum err_code entry_admit(struct call *c, struct entry *entry, struct err *e)
{
    enum admission answer = admission_ask(ADMISSION_JOIN, &entry->here, &entry->who, c->now_ms);
    enum err_code rc = ERR_OK;

    while (admission_needs(answer)) {
        rc = FIND[answer](c, entry, e);
        if (rc != ERR_OK)
            return rc;
        entry->who.unknown &= ~ADMISSION_BIT(answer);
        answer = admission_ask(ADMISSION_JOIN, &entry->here, &entry->who, c->now_ms);
    }
    if (answer != ADMISSION_GRANTED)
        return refuse(c, entry, answer, e);
    if (entry->who.as.role == SEAT_GUEST)
        (void)str_copy(entry->who.as.name, NAME_SIZE,
                       admission_name(&entry->here, &entry->who, c->now_ms, &entry->who.as.name_from));
    return ERR_OK;
}

enum err_code guest_invitation_state(struct call *c, const struct invitation *invitation, enum invitation_state *out,
                                     struct err *e)
{
    struct entry *entry = arena_new(http_request_arena(c->request), sizeof *entry);
    enum err_code rc = ERR_OK;

    entry->invitation = *invitation;
    hold_link(entry);
    if (access_guest_known(c, entry->guest_hash)) {
        seat_id_of_guest(api_of(c)->keys->participant, invitation->room_id, invitation->id, entry->guest_hash,
                         entry->who.as.id);
        rc = find_seat(c, entry, e);
        if (rc == ERR_OK)
            rc = find_link(c, entry, e);
    }
    *out = admission_link_state(&entry->here, &entry->who, c->now_ms);
    return rc;
}

enum err_code guest_count_use(struct call *c, struct entry *entry, struct err *e)
{
    int64_t gen = entry->invitation.generation; /* of the code shown */
    enum err_code rc = store_invitation_by_id(c->store, entry->invitation.id, &entry->invitation, e);
    enum admission answer;

    if (rc == ERR_OK)
        rc = find_link(c, entry, e);
    if (rc != ERR_OK)
        return rc;
    hold_link(entry);
    entry->who.link_gen = gen;
    answer = admission_ask(ADMISSION_USE, &entry->here, &entry->who, c->now_ms);
    if (answer != ADMISSION_GRANTED)
        return admission_refuse(answer, ADMISSION_USE, &entry->who, c->now_ms, e);
    if (entry->who.known_jar)
        return ERR_OK;
    rc = store_invitation_use(c->store, entry->invitation.id, entry->guest_hash, c->now_ms, e);
    return rc == ERR_OK ? api_audit_arrival(c, AUDIT_INVITATION_USE, entry->who.as.id, entry->invitation.id, "", e)
                        : rc;
}
