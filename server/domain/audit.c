#include "domain/audit.h"

#include <string.h>

#include "domain/crypto.h"

/* Stable: stored rows hold them, and programs filter by them. */
static const char *const NAMES[AUDIT_ACTIONS] = {
    [AUDIT_SETUP] = "setup",
    [AUDIT_SIGN_IN] = "session.start",
    [AUDIT_SIGN_IN_FAILED] = "session.refuse",
    [AUDIT_SIGN_IN_THROTTLE] = "session.throttle",
    [AUDIT_SIGN_OUT] = "session.sign_out",
    [AUDIT_SESSION_END] = "session.end",
    [AUDIT_PASSWORD_CHANGE] = "password.change",
    [AUDIT_PASSWORD_LINK] = "password.link",
    [AUDIT_USER_CREATE] = "user.create",
    [AUDIT_USER_CHANGE] = "user.change",
    [AUDIT_USER_DISABLE] = "user.disable",
    [AUDIT_USER_DELETE] = "user.delete",
    [AUDIT_ROOM_CREATE] = "room.create",
    [AUDIT_ROOM_CHANGE] = "room.change",
    [AUDIT_ROOM_DELETE] = "room.delete",
    [AUDIT_ROOM_LOCK] = "room.lock",
    [AUDIT_COHOST_ADD] = "cohost.add",
    [AUDIT_COHOST_REMOVE] = "cohost.remove",
    [AUDIT_INVITATION_CREATE] = "invitation.create",
    [AUDIT_INVITATION_SHOW] = "invitation.show",
    [AUDIT_INVITATION_RENEW] = "invitation.renew",
    [AUDIT_INVITATION_REVOKE] = "invitation.revoke",
    [AUDIT_INVITATION_USE] = "invitation.use",
    [AUDIT_INVITATION_ASK] = "invitation.ask",
    [AUDIT_INVITATION_DISMISS] = "invitation.dismiss",
    [AUDIT_SEAT_JOIN] = "seat.join",
    [AUDIT_SEAT_ADMIT] = "seat.admit",
    [AUDIT_SEAT_HOLD] = "seat.hold",
    [AUDIT_SEAT_RETURN] = "seat.return",
    [AUDIT_SEAT_DENY] = "seat.deny",
    [AUDIT_SEAT_REMOVE] = "seat.remove",
    [AUDIT_SEAT_LEAVE] = "seat.leave",
    [AUDIT_SEAT_EXPIRE] = "seat.expire",
    [AUDIT_SEAT_REPLACE] = "seat.replace",
    [AUDIT_VISIT_END] = "visit.end",
    [AUDIT_KEYS_ROTATE] = "keys.rotate",
    [AUDIT_BACKUP] = "backup",
    [AUDIT_RESTORE] = "restore",
    [AUDIT_SETTINGS] = "settings.change",
};

const char *audit_action_name(enum audit_action action)
{
    return NAMES[action];
}

int audit_action_from_name(const char *name)
{
    for (int i = 0; i < AUDIT_ACTIONS; i++)
        if (strcmp(NAMES[i], name) == 0)
            return i;
    return -1;
}

/* Collects the bytes to hash: every part is bounded by struct audit_row. */
struct parts {
    uint8_t bytes[1024];
    size_t len;
};

static void add_number(struct parts *p, int64_t value)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        p->bytes[p->len++] = (uint8_t)((uint64_t)value >> shift);
}

/* Length first, so that moving a character from one part to the next changes the hash. */
static void add_part(struct parts *p, const void *bytes, size_t len)
{
    add_number(p, (int64_t)len);
    memcpy(p->bytes + p->len, bytes, len);
    p->len += len;
}

static void add_text(struct parts *p, const char *text)
{
    add_part(p, text, strlen(text));
}

void audit_detail_hash(const struct audit_row *row, uint8_t hash[HASH_BYTES])
{
    struct parts p = { .len = 0 };

    add_part(&p, row->salt, sizeof row->salt);
    add_text(&p, row->event.detail);
    crypto_digest(p.bytes, p.len, hash);
}

_Static_assert(sizeof(((struct audit_row *)0)->event) + 2 * HASH_BYTES + 10 * sizeof(int64_t) < sizeof(struct parts),
               "a row fits");

void audit_row_hash(const struct audit_row *row, uint8_t hash[HASH_BYTES])
{
    struct parts p = { .len = 0 };

    add_part(&p, row->prev, sizeof row->prev);
    add_number(&p, row->seq);
    add_number(&p, row->event.at_ms);
    add_text(&p, row->event.actor);
    add_text(&p, audit_action_name(row->event.action));
    add_text(&p, row->event.object);
    add_text(&p, row->event.facts);
    add_part(&p, row->detail_hash, sizeof row->detail_hash);
    crypto_digest(p.bytes, p.len, hash);
}

void audit_row_seal(struct audit_row *row)
{
    audit_detail_hash(row, row->detail_hash);
    audit_row_hash(row, row->hash);
}
