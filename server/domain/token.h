/* token.h - room tokens: JWT with EdDSA (RFC 7519, RFC 8037). `alg` comes from our key record, never from the token.
 * A ring of at most a few keys; signing uses the newest. A ring is never changed; a new one takes its place: any thread. */
#ifndef DOMAIN_TOKEN_H
#define DOMAIN_TOKEN_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include "domain/crypto.h"
#include "domain/id.h"
#include "domain/seat.h"
#include "util/err.h"

#define TOKEN_MAX 2048
#define TOKEN_TTL_MS (10 * 60 * 1000)
#define TOKEN_KEYS_MAX 4
#define TOKEN_KEY_MS (90LL * 24 * 3600 * 1000) /* how long a key signs */

struct signing_key {
    char kid[ID_SIZE];
    uint8_t public_key[SIGN_PUBLIC_BYTES];
    uint8_t secret_key[SIGN_SECRET_BYTES];
    int64_t created_ms;
};
struct key_ring {
    struct signing_key keys[TOKEN_KEYS_MAX]; /* newest first */
    int count;
};

#define TOKEN_DASHBOARD "@desk" /* in place of a room: opens a dashboard */

enum token_grant { GRANT_PUBLISH = 1, GRANT_CHAT = 2, GRANT_SHARE = 4, GRANT_MODERATE = 8 };

struct token_claims {
    char sub[ID_SIZE];  /* participant id */
    char room[ID_SIZE]; /* room id, or TOKEN_DASHBOARD */
    char name[NAME_SIZE];
    char jti[ID_SIZE];
    enum seat_role role;
    enum seat_name_from name_from; /* private claim */
    unsigned grants;               /* enum token_grant bits */
    int64_t gen;                   /* private claim: the seat's generation this token is for */
    char user_id[ID_SIZE];         /* private claim `uid`; "" for guests */
    char invitation_id[ID_SIZE];   /* private claim `inv` */
    int64_t invitation_gen;        /* private claim `inv_gen`: the link's generation; 0 without an invitation */
    uint8_t
        guest_hash[HASH_BYTES]; /* private claim `jar`: of the guest cookie, so that a block holds; zeros for hosts */
    bool back;                  /* private claim `back`: passed the front door because they were lost a moment ago */
    bool another_jar;           /* private claim `inv_other`: another person was the first to use the one-person link */
    char session_id
        [ID_SIZE]; /* private claim `sid`: the sign-in that made it; the socket closes when it ends. "" for guests */
    int64_t iat_ms, nbf_ms, exp_ms; /* whole seconds in the token */
};

/* Signs with ring->keys[0]; iss = aud = public_url. `out` holds TOKEN_MAX. ERR_LIMIT when it would not fit. */
MUST_CHECK enum err_code token_sign(const struct key_ring *ring, const char *public_url, const struct token_claims *c,
                                    char out[TOKEN_MAX], struct err *e);
/* Signature, typ, kid, iss, aud, times (leeway 30 s), sizes, no crit/jku/jwk/x5u. ERR_AUTH, code "bad_token" or "token_expired". */
MUST_CHECK enum err_code token_verify(const struct key_ring *ring, const char *public_url, const char *text, size_t len,
                                      int64_t now_ms, struct token_claims *out, struct err *e);
/* Is it time for a new key, or is there none? */
bool token_key_due(const struct key_ring *ring, int64_t now_ms);
/* How many keys, counted from the newest, may have signed a token that is still valid. The others may be deleted. */
int token_keys_live(const struct key_ring *ring, int64_t now_ms);
/* RFC 7517 set of the public keys; the caller's reference. */
json_t *token_jwks(const struct key_ring *ring);

#endif
