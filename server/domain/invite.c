#include "domain/invite.h"

#include <stdio.h>
#include <string.h>

#include "util/mem.h"
#include "util/str.h"

#define CODE_BYTES 16

static const char *const STATE_NAMES[] = {
    [INVITE_VALID] = "valid", [INVITE_EARLY] = "early",     [INVITE_EXPIRED] = "expired",
    [INVITE_USED] = "used",   [INVITE_REVOKED] = "revoked",
};

static const char *const ACTION_NAMES[INVITE_ACTIONS] = {
    [INVITE_SHOW] = "show", [INVITE_REVOKE] = "revoke", [INVITE_RENEW] = "renew"
};

#define DOES(action) (1u << (action))
static const unsigned ALLOWED[] = {
    [INVITE_VALID] = DOES(INVITE_SHOW) | DOES(INVITE_REVOKE) | DOES(INVITE_RENEW),
    [INVITE_EARLY] = DOES(INVITE_SHOW) | DOES(INVITE_REVOKE) | DOES(INVITE_RENEW),
    [INVITE_USED] = DOES(INVITE_SHOW) | DOES(INVITE_REVOKE) | DOES(INVITE_RENEW),
    [INVITE_EXPIRED] = DOES(INVITE_REVOKE) | DOES(INVITE_RENEW),
    [INVITE_REVOKED] = DOES(INVITE_RENEW),
};

void invite_code(const uint8_t link_key[KEY_BYTES], const char *id, int64_t generation, char code[INVITE_CODE_SIZE])
{
    char number[24];
    const char *parts[] = { "invitation", id, number };
    uint8_t bytes[CODE_BYTES];

    snprintf(number, sizeof number, "%lld", (long long)generation);
    crypto_keyed(link_key, parts, 3, bytes, sizeof bytes);
    str_base32(code, bytes, sizeof bytes);
    mem_wipe(bytes, sizeof bytes);
}

bool invite_code_plausible(const char *code)
{
    uint8_t bytes[CODE_BYTES];
    size_t len;

    return strlen(code) == INVITE_CODE_SIZE - 1 &&
           str_from_base32(code, INVITE_CODE_SIZE - 1, bytes, sizeof bytes, &len) && len == CODE_BYTES;
}

void invite_code_hash(const char *code, uint8_t hash[HASH_BYTES])
{
    crypto_digest(code, strlen(code), hash);
}

enum invite_state invite_state_at(const struct invite *i, int64_t now_ms, enum invite_holder holder)
{
    if (i->revoked_ms != 0)
        return INVITE_REVOKED;
    if (holder == HOLDER_SEATED)
        return INVITE_VALID;
    if (i->expires_ms != 0 && now_ms >= i->expires_ms)
        return INVITE_EXPIRED;
    if (holder == HOLDER_NEW && i->uses >= i->max_uses)
        return INVITE_USED;
    if (now_ms < i->not_before_ms)
        return INVITE_EARLY;
    return INVITE_VALID;
}

const char *invite_state_name(enum invite_state state)
{
    return STATE_NAMES[state];
}

bool invite_lets_in(enum invite_state state)
{
    return state == INVITE_VALID || state == INVITE_EARLY;
}

bool invite_allows(enum invite_state state, enum invite_action action)
{
    return (ALLOWED[state] & DOES(action)) != 0;
}

const char *invite_action_name(enum invite_action action)
{
    return ACTION_NAMES[action];
}

bool invite_is_asked(const struct invite *i)
{
    return i->asked_ms > i->answered_ms;
}

bool invite_may_ask(const struct invite *i, int64_t now_ms)
{
    return !invite_is_asked(i) && (i->asked_ms == 0 || now_ms >= i->asked_ms + INVITE_ASK_AGAIN_MS);
}

void invite_renew_times(struct invite *i, int64_t now_ms)
{
    int64_t from_ms = i->not_before_ms > i->created_ms ? i->not_before_ms : i->created_ms;

    if (i->expires_ms == 0 || now_ms < i->expires_ms)
        return;
    i->expires_ms = now_ms + (i->expires_ms - from_ms);
    i->not_before_ms = now_ms;
}
