#include "live/refusal.h"

#include <string.h>

const struct refusal REFUSALS[] = {
    /* The token or ticket is not accepted: the front door (`POST …/join`) gives another, or the reason. */
    { "join_first", CLOSE_AUTH },
    { "invalid_field", CLOSE_AUTH },
    { "bad_token", CLOSE_AUTH },
    { "token_expired", CLOSE_AUTH },
    { "wrong_room", CLOSE_AUTH },
    { "bad_ticket", CLOSE_AUTH },
    { "seat_over", CLOSE_AUTH },
    { "signed_out", CLOSE_AUTH },
    { "not_host", CLOSE_AUTH },
    { "invitation_revoked", CLOSE_AUTH },
    { "invitation_used", CLOSE_AUTH },
    { "not_found", CLOSE_AUTH },
    /* A person has decided it. */
    { "blocked", CLOSE_REFUSED },
    { "try_later", CLOSE_REFUSED },
    /* By the current state of the room. */
    { "no_room", CLOSE_OVER },
    { "room_locked", CLOSE_POLICY },
    { "room_full", CLOSE_POLICY },
    /* By the current state of the server: repeat it later. */
    { "busy", CLOSE_BUSY },
    { "storage", CLOSE_BUSY },
    { "storage_full", CLOSE_BUSY },
    { NULL, CLOSE_POLICY },
};

enum close_code refusal_close(const char *code)
{
    const struct refusal *r = REFUSALS;

    while (r->code && strcmp(r->code, code) != 0)
        r++;
    return r->close;
}
