/* api_desk.c - access to the dashboard's live feed. */
#include <string.h>

#include "api/api_call.h"
#include "api/api_fields.h"
#include "api/api_json.h"
#include "domain/crypto.h"

static enum err_code api_desk_join(struct call *c, struct err *e)
{
    const struct api *a = api_of(c);
    struct token_claims t = {
        .room = TOKEN_DASHBOARD, .role = SEAT_HOST, .name_from = NAME_FROM_ACCOUNT, .grants = GRANT_CHAT
    };
    char token[TOKEN_MAX];
    enum err_code rc;

    memcpy(t.sub, c->user->id, sizeof t.sub);
    memcpy(t.user_id, c->user->id, sizeof t.user_id);
    memcpy(t.session_id, c->session->id, sizeof t.session_id);
    memcpy(t.name, c->user->name, sizeof t.name);
    crypto_new_id(t.jti);
    t.iat_ms = t.nbf_ms = c->now_ms / 1000 * 1000;
    t.exp_ms = t.iat_ms + TOKEN_TTL_MS;
    rc = token_sign(a->ring, a->public_url, &t, token, e);
    if (rc == ERR_OK)
        http_reply_json(
            c->reply, 200,
            json_pack("{s:s, s:o, s:s}", "token", token, "expires_at", api_json_time(t.exp_ms), "ws", "/ws/@desk"));
    return rc;
}

/* ---- the table ---- */

/* clang-format off */
const struct route ROUTES_DESK[] = {
    { "POST", V1 "/desk/join", ACCESS_USER, .body = NOTHING, .run = api_desk_join,
      .help = "Open the dashboard's live feed", .answer = "{token, expires_at, ws}" },
    { 0 },
};
/* clang-format on */
