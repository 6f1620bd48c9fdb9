#include "domain/invitation.h"

#include <stdio.h>
#include <string.h>

#include "util/mem.h"
#include "util/str.h"

#define CODE_BYTES 16

static const char *const STATE_NAMES[] = {
    [INVITATION_VALID] = "valid", [INVITATION_EARLY] = "early",     [INVITATION_EXPIRED] = "expired",
    [INVITATION_USED] = "used",   [INVITATION_REVOKED] = "revoked",
};

static const char *const ACTION_NAMES[INVITATION_ACTIONS] = {
    [INVITATION_SHOW] = "show", [INVITATION_REVOKE] = "revoke", [INVITATION_RENEW] = "renew"
};

#define DOES(action) (1u << (action))
static const unsigned ALLOWED[] = {
    [INVITATION_VALID] = DOES(INVITATION_SHOW) | DOES(INVITATION_REVOKE) | DOES(INVITATION_RENEW),
    [INVITATION_EARLY] = DOES(INVITATION_SHOW) | DOES(INVITATION_REVOKE) | DOES(INVITATION_RENEW),
    [INVITATION_USED] = DOES(INVITATION_SHOW) | DOES(INVITATION_REVOKE) | DOES(INVITATION_RENEW),
    [INVITATION_EXPIRED] = DOES(INVITATION_REVOKE) | DOES(INVITATION_RENEW),
    [INVITATION_REVOKED] = DOES(INVITATION_RENEW),
};

void invitation_code(const uint8_t link_key[KEY_BYTES], const char *id, int64_t generation,
                     char code[INVITATION_CODE_SIZE])
{
    char number[24];
    const char *parts[] = { "invitation", id, number };
    uint8_t bytes[CODE_BYTES];

    snprintf(number, sizeof number, "%lld", (long long)generation);
    crypto_keyed(link_key, parts, 3, bytes, sizeof bytes);
    str_base32(code, bytes, sizeof bytes);
    mem_wipe(bytes, sizeof bytes);
}

bool invitation_code_plausible(const char *code)
{
    uint8_t bytes[CODE_BYTES];
    size_t len;

    return strlen(code) == INVITATION_CODE_SIZE - 1 &&
           str_from_base32(code, INVITATION_CODE_SIZE - 1, bytes, sizeof bytes, &len) && len == CODE_BYTES;
}

void invitation_code_hash(const char *code, uint8_t hash[HASH_BYTES])
{
    crypto_digest(code, strlen(code), hash);
}

enum invitation_state invitation_state_at(const struct invitation *invitation, int64_t now_ms,
                                          enum invitation_holder holder)
{
    if (invitation->revoked_ms != 0)
        return INVITATION_REVOKED;
    if (holder == HOLDER_SEATED)
        return INVITATION_VALID;
    if (invitation->expires_ms != 0 && now_ms >= invitation->expires_ms)
        return INVITATION_EXPIRED;
    if (holder == HOLDER_NEW && invitation->uses >= invitation->max_uses)
        return INVITATION_USED;
    if (now_ms < invitation->not_before_ms)
        return INVITATION_EARLY;
    return INVITATION_VALID;
}

const char *invitation_state_name(enum invitation_state state)
{
    return STATE_NAMES[state];
}

bool invitation_lets_in(enum invitation_state state)
{
    return state == INVITATION_VALID || state == INVITATION_EARLY;
}

bool invitation_allows(enum invitation_state state, enum invitation_action action)
{
    return (ALLOWED[state] & DOES(action)) != 0;
}

const char *invitation_action_name(enum invitation_action action)
{
    return ACTION_NAMES[action];
}

bool invitation_is_asked(const struct invitation *invitation)
{
    return invitation->asked_ms > invitation->answered_ms;
}

bool invitation_may_ask(const struct invitation *invitation, int64_t now_ms)
{
    return !invitation_is_asked(invitation) &&
           (invitation->asked_ms == 0 || now_ms >= invitation->asked_ms + INVITATION_ASK_AGAIN_MS);
}

void invitation_renew_times(struct invitation *invitation, int64_t now_ms)
{
    int64_t from_ms =
        invitation->not_before_ms > invitation->created_ms ? invitation->not_before_ms : invitation->created_ms;

    if (invitation->expires_ms == 0 || now_ms < invitation->expires_ms)
        return;
    invitation->expires_ms = now_ms + (invitation->expires_ms - from_ms);
    invitation->not_before_ms = now_ms;
}
